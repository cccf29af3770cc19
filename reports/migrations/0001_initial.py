import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kpis", "0003_replies_and_comments_on_the_page"),
        ("priorities", "0005_the_two_frameworks"),
        ("schools", "0004_trust_approves_own"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("kpis", models.ManyToManyField(blank=True, related_name="+", to="kpis.kpi")),
                ("priorities", models.ManyToManyField(related_name="+", to="priorities.node")),
                (
                    "trust",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cuts",
                        to="schools.trust",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("on", models.DateField(verbose_name="date")),
                (
                    "papers_on",
                    models.DateField(blank=True, null=True, verbose_name="papers go out on"),
                ),
                ("committee", models.CharField(blank=True, max_length=80)),
                (
                    "trust",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="schools.trust",
                    ),
                ),
            ],
            options={
                "ordering": ["-on", "name"],
            },
        ),
        migrations.CreateModel(
            name="Published",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("place", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("correction", models.CharField(blank=True, max_length=400)),
                ("title", models.CharField(max_length=200)),
                ("snapshot", models.TextField()),
                ("snapshot_digest", models.CharField(max_length=64)),
                ("html", models.TextField()),
                ("html_digest", models.CharField(max_length=64)),
                ("sheet", models.TextField()),
                ("sheet_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "trust",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published",
                        to="schools.trust",
                    ),
                ),
            ],
            options={
                "verbose_name": "published",
                "verbose_name_plural": "published",
                "ordering": ["-place"],
            },
        ),
        migrations.CreateModel(
            name="PublishedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "published",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="reports.published",
                    ),
                ),
            ],
            options={
                "ordering": ["published", "kind"],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("for_decision", models.BooleanField(default=False, verbose_name="decision")),
                ("for_assurance", models.BooleanField(default=True, verbose_name="assurance")),
                ("for_information", models.BooleanField(default=False, verbose_name="information")),
                ("summary", models.TextField(blank=True)),
                (
                    "provisional",
                    models.CharField(
                        choices=[
                            ("mark", "Show them, marked as provisional"),
                            ("leave_out", "Leave them out"),
                        ],
                        default="mark",
                        max_length=9,
                    ),
                ),
                ("shows_results", models.BooleanField(default=True, verbose_name="all results")),
                (
                    "shows_milestones",
                    models.BooleanField(default=True, verbose_name="milestones and actions"),
                ),
                ("shows_risks", models.BooleanField(default=True, verbose_name="risks")),
                ("edition", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "begun_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("publishing_since", models.DateTimeField(editable=False, null=True)),
                ("correction", models.CharField(blank=True, max_length=400)),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cut",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reports.cut",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reports.meeting",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="priorities.plan",
                    ),
                ),
                (
                    "priorities",
                    models.ManyToManyField(blank=True, related_name="+", to="priorities.node"),
                ),
                (
                    "publishing_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="schools.term",
                    ),
                ),
            ],
            options={
                "ordering": ["-meeting__on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(blank=True, max_length=120)),
                ("words", models.CharField(max_length=400)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="published",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="reports.report",
            ),
        ),
        migrations.CreateModel(
            name="PrivateNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="private_notes",
                        to="reports.report",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("why", models.CharField(blank=True, max_length=400)),
                ("what_next", models.CharField(blank=True, max_length=400)),
                ("who", models.CharField(blank=True, max_length=120)),
                ("by_when", models.CharField(blank=True, max_length=120)),
                ("rule", models.CharField(blank=True, max_length=80)),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="priorities.node",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schools.unit",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="picks",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ["report", "order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("words", models.CharField(max_length=300)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asks",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ["report", "order"],
            },
        ),
        migrations.AddConstraint(
            model_name="cut",
            constraint=models.UniqueConstraint(fields=("trust", "name"), name="cut_once"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(fields=("trust", "name", "on"), name="meeting_once"),
        ),
        migrations.AddConstraint(
            model_name="publishedfile",
            constraint=models.UniqueConstraint(
                fields=("published", "kind"), name="published_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("meeting", "term"), name="report_once"),
        ),
        migrations.AddConstraint(
            model_name="published",
            constraint=models.UniqueConstraint(fields=("report", "number"), name="published_once"),
        ),
        migrations.AddConstraint(
            model_name="published",
            constraint=models.UniqueConstraint(
                fields=("trust", "place"), name="published_in_a_row"
            ),
        ),
        migrations.AddConstraint(
            model_name="published",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number", 1), models.Q(("correction", ""), _negated=True), _connector="OR"
                ),
                name="published_again_says_why",
                violation_error_message="Say what this version corrects.",
            ),
        ),
        migrations.AddConstraint(
            model_name="privatenote",
            constraint=models.UniqueConstraint(fields=("report", "user"), name="private_note_once"),
        ),
        migrations.AddConstraint(
            model_name="pick",
            constraint=models.UniqueConstraint(fields=("report", "node", "unit"), name="pick_once"),
        ),
        migrations.AddConstraint(
            model_name="ask",
            constraint=models.UniqueConstraint(fields=("report", "order"), name="ask_once"),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0004_measures_that_keep_a_log"),
        ("schools", "0004_trust_approves_own"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=120)),
                ("opened", models.DateField()),
                ("planned", models.DateField(blank=True, null=True)),
                ("closed", models.DateField(blank=True, null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="kpis.entry",
                    ),
                ),
            ],
            options={"ordering": ["opened", "pk"]},
        ),
    ]

"""No term of a trust that is there already becomes history by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0006_trust_wants_comments"),
    ]

    operations = [
        migrations.AddField(
            model_name="term",
            name="is_history",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Its returns were due before the trust began here: nobody is late with them or reminded, and no timer closes it.",
            ),
        ),
    ]

"""SQLite writes a table anew for a new column, and no trigger may look at it meanwhile."""

from django.db import migrations, models

NEVER_DELETED = """
    CREATE TRIGGER auditrow_never_deleted BEFORE DELETE ON schools_auditrow
    WHEN NOT EXISTS (SELECT 1 FROM schools_trust WHERE id = OLD.trust_id AND is_example)
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
"""


def let_go(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER auditrow_never_deleted", params=None)


def hold_again(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(NEVER_DELETED, params=None)


class Migration(migrations.Migration):
    dependencies = [("schools", "0005_full_copies")]
    operations = [
        migrations.RunPython(let_go, hold_again),
        migrations.AddField(
            model_name="trust",
            name="wants_comments",
            field=models.BooleanField(
                default=True,
                db_default=True,
                help_text="A return is submitted only with why and what next beside each figure that "
                "is off target or got worse.",
            ),
        ),
        migrations.RunPython(hold_again, let_go),
    ]

"""The database itself refuses to change or delete a row of the history.

Example data may go with its trust: only its rows can be deleted.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER auditrow_never_updated BEFORE UPDATE ON schools_auditrow
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
    """,
    """
    CREATE TRIGGER auditrow_never_deleted BEFORE DELETE ON schools_auditrow
    WHEN NOT EXISTS (SELECT 1 FROM schools_trust WHERE id = OLD.trust_id AND is_example)
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
    """,
]

POSTGRESQL = [
    """
    CREATE FUNCTION schools_auditrow_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM schools_trust WHERE id = OLD.trust_id AND is_example) THEN
          RETURN OLD;
        END IF;
      END IF;
      RAISE EXCEPTION 'the history is append-only' USING ERRCODE = '23514';
    END $$
    """,
    """
    CREATE TRIGGER auditrow_append_only BEFORE UPDATE OR DELETE ON schools_auditrow
    FOR EACH ROW EXECUTE FUNCTION schools_auditrow_append_only()
    """,
    """
    CREATE TRIGGER auditrow_never_truncated BEFORE TRUNCATE ON schools_auditrow
    FOR EACH STATEMENT EXECUTE FUNCTION schools_auditrow_append_only()
    """,
]


def create(apps, editor):
    for sql in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[editor.connection.vendor]:
        editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]

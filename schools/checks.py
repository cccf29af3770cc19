"""What must be true before the site starts: secrets, and that a saved figure is on disk."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections

SQLITE_LEAST = {"transaction_mode": "IMMEDIATE", "timeout": 20}


@register(Tags.security)
def secret_key_is_strong(app_configs, **kwargs):
    """Django only warns of this, and only when asked to check a deployment."""
    key = settings.SECRET_KEY
    if len(key) >= 50 and len(set(key)) >= 10 and not key.startswith("django-insecure-"):
        return []
    return [
        Error(
            "SECRET_KEY is missing or weak.",
            hint="Give at least 50 random characters in .env; `make setup` makes a file with some.",
            id="trustplan.E001",
        )
    ]


@register(Tags.security)
def debug_stays_at_home(app_configs, **kwargs):
    """An error page that shows the source must not be public."""
    public = set(settings.ALLOWED_HOSTS) - {*settings.LOCAL_HOSTS, "testserver"}
    if not settings.DEBUG or not public:
        return []
    return [
        Error(
            f"DEBUG is on for {', '.join(sorted(public))}.",
            hint="Set DEBUG=false, or keep ALLOWED_HOSTS to this machine.",
            id="trustplan.E002",
        )
    ]


@register(Tags.security, deploy=True)
def mail_leaves_the_house(app_configs, **kwargs):
    if not settings.DELIVERY_BACKEND.endswith("console.EmailBackend"):
        return []
    return [
        Caution(
            "The worker prints mails instead of sending them.",
            hint="Set EMAIL_URL.",
            id="trustplan.W001",
        )
    ]


@register(Tags.database)
def saved_means_on_disk(app_configs, databases=None, **kwargs):
    """Ask the open database itself how it is set, not only the settings."""
    for alias in databases or []:
        connection = connections[alias]
        ask = {"sqlite": ask_sqlite, "postgresql": ask_postgresql}[connection.vendor]
        yield from ask(connection)


def ask_sqlite(connection):
    """Writers wait for each other, and an answered save survives a power cut."""
    options = connection.settings_dict["OPTIONS"]
    if options.get("transaction_mode") != SQLITE_LEAST["transaction_mode"]:
        yield not_safe("Transactions of SQLite must begin IMMEDIATE.")
    if options.get("timeout", 5) < SQLITE_LEAST["timeout"]:
        yield not_safe("SQLite must wait 20 seconds for another writer.")
    if not connection.is_in_memory_db():
        if pragma(connection, "journal_mode") != "wal":
            yield not_safe("SQLite must keep a write-ahead log (journal_mode=WAL).")
        if pragma(connection, "synchronous") < 2:
            yield not_safe("SQLite must wait for the disk (synchronous=FULL).")


def ask_postgresql(connection):
    """The same promise, kept by the server's own settings."""
    with connection.cursor() as cursor:
        for setting in ("fsync", "synchronous_commit"):
            cursor.execute("SELECT current_setting(%s)", [setting])
            if cursor.fetchone()[0] == "off":
                yield not_safe(f"PostgreSQL runs with {setting} = off.")
        cursor.execute("SELECT current_setting('statement_timeout')")
        if cursor.fetchone()[0] == "0":
            yield Error(
                "PostgreSQL lets one question run for ever (statement_timeout = 0).",
                hint="The settings ask for 30 seconds; a pooler between may have dropped it.",
                id="trustplan.E005",
            )


def pragma(connection, name):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def not_safe(message):
    return Error(message, hint="A figure that was saved could be lost.", id="trustplan.E003")


@register(Tags.database)
def history_is_append_only(app_configs, databases=None, **kwargs):
    """SQLite forgets triggers when a migration makes a table anew."""
    for alias in databases or []:
        connection = connections[alias]
        with connection.cursor() as cursor:
            if "schools_auditrow" not in connection.introspection.table_names(cursor):
                continue
            cursor.execute(TRIGGERS[connection.vendor])
            if cursor.fetchone()[0] < 2:
                yield Error(
                    "The history can be changed: its triggers are missing.",
                    hint="Create them again, as migration schools.0002 does.",
                    id="trustplan.E004",
                )


TRIGGERS = {
    "sqlite": """
        SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'schools_auditrow'
    """,
    "postgresql": """
        SELECT count(*) FROM pg_trigger
        WHERE tgrelid = 'schools_auditrow'::regclass AND NOT tgisinternal AND tgenabled <> 'D'
    """,
}

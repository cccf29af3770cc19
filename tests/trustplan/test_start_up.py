"""What stops the site from starting, and that nothing does when all is well."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

from schools.checks import ask_sqlite, history_is_append_only, saved_means_on_disk

ROOT = Path(__file__).parents[2]
STRONG = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PRODUCTION = {
    "SECRET_KEY": STRONG,
    "SITE_ADDRESS": "https://plan.example.org",
    "EMAIL_URL": "smtp+tls://plan:secret@mail.example.org:587",
    "TRUSTED_PROXIES": "1",
}


def installation(settings):
    """The environment of an installation that has these settings and no others of ours."""
    ours = ("SECRET_KEY", "DEBUG", "SITE_ADDRESS", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Empty wins over a .env on this machine; the settings take it for missing.
    return {**kept, "SECRET_KEY": "", "DATABASE_URL": "sqlite:///:memory:", **settings}


def manage(*arguments, **settings):
    """Run manage.py as an installation with these settings does."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=installation(settings),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_production_installation_has_nothing_to_mend():
    run = manage("check", "--deploy", "--database", "default", **PRODUCTION)

    assert "no issues" in run.stdout, run.stderr
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or weak."),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY is missing or weak."),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is missing or weak."),
        ({"SECRET_KEY": f"django-insecure-{STRONG}"}, "SECRET_KEY is missing or weak."),
        ({"DEBUG": "true"}, "DEBUG is on for plan.example.org."),
    ],
)
def test_a_dangerous_setting_stops_it(wrong, said):
    run = manage("check", **PRODUCTION | wrong)

    assert said in run.stderr
    assert run.returncode == 1


def test_mail_that_would_only_be_printed_is_named_before_going_live():
    run = manage("check", "--deploy", **PRODUCTION | {"EMAIL_URL": "consolemail://"})

    assert "The worker prints mails instead of sending them." in run.stderr


def test_over_tls_cookies_are_bound_to_the_host():
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"
    ask = (
        f"from django.conf import settings as s; print(*(getattr(s, n) for n in '{names}'.split()))"
    )

    secure = manage("shell", "-v0", "-c", ask, **PRODUCTION)
    at_home = manage("shell", "-v0", "-c", ask, SECRET_KEY=STRONG)

    assert secure.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True"]
    assert at_home.stdout.split() == ["sessionid", "csrftoken", "False", "False"]


@pytest.mark.django_db
def test_the_database_as_we_set_it_is_safe():
    assert list(saved_means_on_disk(None, databases=["default"])) == []


def sqlite_file(path, **options):
    settings = {**connections.settings["default"], "ENGINE": "django.db.backends.sqlite3"}
    safe = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    return DatabaseWrapper({**settings, "NAME": str(path), "OPTIONS": {**safe, **options}})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, []),
        ({"transaction_mode": "DEFERRED"}, ["Transactions of SQLite must begin IMMEDIATE."]),
        ({"timeout": 5}, ["SQLite must wait 20 seconds for another writer."]),
        (
            {"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"},
            ["SQLite must keep a write-ahead log (journal_mode=WAL)."],
        ),
        (
            {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"},
            ["SQLite must wait for the disk (synchronous=FULL)."],
        ),
    ],
)
def test_sqlite_that_could_lose_a_saved_figure_stops_it(tmp_path, options, said):
    wal = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}
    database = sqlite_file(tmp_path / "try.sqlite3", **wal | options)

    assert [error.msg for error in ask_sqlite(database)] == said
    database.close()


@pytest.mark.django_db
def test_a_database_made_less_safe_stops_it(monkeypatch):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
        said = ["PostgreSQL runs with synchronous_commit = off."]
    else:
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 5)
        said = ["SQLite must wait 20 seconds for another writer."]

    errors = list(saved_means_on_disk(None, databases=["default"]))

    assert [error.msg for error in errors] == said


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such setting")
def test_a_question_that_may_run_for_ever_stops_it():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone() == ("30s",)
        cursor.execute("SET LOCAL statement_timeout = 0")

    [error] = saved_means_on_disk(None, databases=["default"])

    assert error.id == "trustplan.E005"


@pytest.mark.django_db
def test_a_history_without_its_triggers_stops_it():
    assert list(history_is_append_only(None, databases=["default"])) == []
    drop = {
        "sqlite": "DROP TRIGGER auditrow_never_updated",
        "postgresql": "DROP TRIGGER auditrow_append_only ON schools_auditrow",
    }

    with connection.cursor() as cursor:
        cursor.execute(drop[connection.vendor])

    [error] = history_is_append_only(None, databases=["default"])
    assert error.id == "trustplan.E004"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_named_with_the_way_round_it():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError) as said:
            call_command("serve", port=port, demo=True)

    assert f"Port {port} is taken" in str(said.value)
    assert f"make demo PORT={port + 1}" in str(said.value)


def test_server_and_worker_start_together_and_stop_together(tmp_path):
    port = free_port()
    settings = {
        "SECRET_KEY": STRONG,
        "DEBUG": "true",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'serve.sqlite3'}",
    }
    assert manage("migrate", "-v0", **settings).returncode == 0
    serve = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--processes", "1"],
        cwd=ROOT,
        env=installation(settings),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )

    try:
        page = wait_for(f"http://127.0.0.1:{port}/sign-in/")
    finally:
        serve.terminate()
        said, _ = serve.communicate(timeout=60)

    assert "Sign in" in page
    assert f"trustplan runs at http://localhost:{port}" in said
    assert serve.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(serve.pid, 0)


def wait_for(address, seconds=60):
    """The page, as soon as somebody answers; the seconds only guard against hanging."""
    end = time.monotonic() + seconds
    while True:
        try:
            with urlopen(address) as answer:
                return answer.read().decode()
        except HTTPError as why:
            return why.read().decode()
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)

"""Fixtures for all tests: signing in, a clean cache, a database as migrations leave it."""

import gc
import os
import shutil
import subprocess
import time

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client, SimpleTestCase, TransactionTestCase
from hypothesis import settings as hypothesis_settings

from schools import kept

from .asked import watched

# How long an example takes says how busy the machine is: `make bench` measures.
hypothesis_settings.register_profile("any machine", deadline=None)
hypothesis_settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def _nothing_judged_before():
    kept.forget()


@pytest.fixture(autouse=True)
def _mail_goes_to_the_outbox(settings):
    """Django's test runner would keep it in memory, past the code that is tested."""
    settings.EMAIL_BACKEND = "schools.mail.OutboxBackend"


@pytest.fixture(autouse=True)
def _asked_aloud(request, monkeypatch):
    """Each page and command that changes what a term asks has to raise a data version."""
    if request.node.get_closest_marker("no_database"):
        yield
        return
    with watched(monkeypatch):
        yield


@pytest.fixture
def sign_in():
    """Sign a person in: ``client = sign_in(user)``.

    The session is as it is in the middle of a visit, so pages cost what they
    cost then: the first click's note of the time is not counted.
    """

    def signed_in(user, **extra):
        client = Client(**extra)
        client.force_login(user)
        session = client.session
        session["signed_in_at"] = session["seen_at"] = int(time.time())
        session.save()
        return client

    return signed_in


# The database refuses to empty the history, and tests that commit end by
# emptying every table: for that moment, and no other, the refusal is lifted.
# What migrations have written (pupil groups) is put back. Django's own way
# makes each table's file anew on PostgreSQL, which takes seconds, and writes
# down again which tables there are: rows are taken out instead.

OURS = ["schools", "priorities", "kpis", "returns", "dashboard", "reports"]
ABOUT_TABLES = {"django_content_type", "auth_permission"}
_written = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Once the tables are there, remember what migrations have written into ours."""
    with django_db_blocker.unblock():
        for app in OURS:
            for model in apps.get_app_config(app).get_models():
                _written.extend(model._base_manager.order_by("pk"))


def _empty(self):
    named = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*named} - ABOUT_TABLES)
    with transaction.atomic(), connection.cursor() as cursor:  # rows name each other
        if connection.vendor == "postgresql":
            # Whoever was killed in the middle of a question has ended when these are ours.
            cursor.execute(f"LOCK TABLE {', '.join(tables)}")
            cursor.execute("ALTER TABLE schools_auditrow DISABLE TRIGGER USER")
            refusals = ["ALTER TABLE schools_auditrow ENABLE TRIGGER USER"]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            refusals = [sql for _, sql in triggers]
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        for row in _written:
            row.save_base(raw=True, force_insert=True)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table changes before they are met
        for sql in refusals:
            cursor.execute(sql)


TransactionTestCase._fixture_teardown = _empty


def pytest_collection_finish():
    """What has been collected stays to the end: the garbage collector need not look at it.

    Nor need it look every few hundred objects, which is several times a page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_unconfigure(config):
    """What tests have kept as files goes when the last of them is done."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["FILES_ROOT"], ignore_errors=True)


EXAMPLE = "tests/demo/"


def pytest_xdist_make_scheduler(config, log):
    """Imported here: whoever runs a single test need not have it."""
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        """A file at a time; those of the example, which takes long to load, go to one worker."""

        def _split_scope(self, nodeid):
            return EXAMPLE if nodeid.startswith(EXAMPLE) else super()._split_scope(nodeid)

    return ByFile(config, log)


# Files that take minutes, whatever the number of their tests: begun last, one of them would go
# on alone while the other worker has nothing to do.
LONGEST = ("tests/test_authz", "tests/browser/", EXAMPLE, "tests/running/", "tests/returns/")

DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What needs a browser says so by using one, what needs a database by asking for it."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if not _asks_a_database(item):
            item.add_marker(pytest.mark.no_database)


def _asks_a_database(item):
    """pytest-django refuses a query to every test of which this is not true."""
    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not DATABASE.isdisjoint(item.fixturenames)
        or (case is not None and issubclass(case, SimpleTestCase))
    )


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few megabytes in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    size = 24 * 1024 * 1024
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True
    )
    if not made or made.returncode:
        pytest.skip("NOT TESTED ON A FULL DISK: no small one can be mounted here (mount -t tmpfs)")
    yield place
    subprocess.run([shutil.which("umount"), "-l", place], check=True)

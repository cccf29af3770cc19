"""The worker is killed, or its disk is full, while it publishes: one report or none."""

import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from reports.files.rendering import FILES
from reports.models import Published, PublishedFile
from reports.publishing import ask_to_publish, publish
from schools import kept
from schools.jobs import work_next
from schools.management.commands.serve import worker
from schools.models import AuditRow, Job, Outbox
from schools.tenancy import inside
from tests.factories import AT, make_entry, make_house, make_meeting, make_report, title_alone
from tests.killed import done_in_a_process_of_its_own, questions_to_die_at
from tests.running.site import ROOT, address_of_database

from .conftest import told_by

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + timedelta(days=400)


@pytest.fixture
def told():
    trust, term, attendance, schools = make_house(schools=2)
    for school, figure in zip(schools, ("91.7", "95.2"), strict=True):
        make_entry(attendance, school, term, value=figure)
    return told_by(trust, term, attendance, schools)


@pytest.fixture
def small_files():
    with patch.dict(FILES, {"txt": title_alone}, clear=True):
        yield


def ask(told, number=1, report=None):
    with inside(told.trust):
        ask_to_publish(
            report or told.report,
            number=number,
            correction="Once more." if number > 1 else "",
            memberships=told.memberships(),
            at=AT,
        )


def versions(told, files):
    """How many there are, each of them whole and in its place in the chain."""
    call_command("verify_reports", verbosity=0)
    with inside(told.trust):
        count = Published.objects.count()
        assert PublishedFile.objects.count() == count * files
        assert AuditRow.objects.filter(action="published").count() == count
        assert Outbox.objects.count() == count
        return count


@pytest.mark.parametrize("kills", [4, pytest.param(100, marks=pytest.mark.long)])
def test_killed_at_any_question_it_has_published_nothing_and_a_repeat_publishes(
    told, small_files, kills
):
    ask(told)

    def act():
        kept.forget()
        with inside(told.trust):
            publish(told.report.pk, LATER)

    for question in questions_to_die_at(act, kills):
        assert done_in_a_process_of_its_own(act, question) is False
        assert versions(told, files=1) == 0

    assert done_in_a_process_of_its_own(act) is True
    assert versions(told, files=1) == 1
    assert done_in_a_process_of_its_own(act) is True
    assert versions(told, files=1) == 1


def test_two_reports_that_are_published_at_once_stand_one_after_the_other(told, small_files):
    other = make_report(told.trust, told.term, make_meeting(told.trust, name="Finance committee"))
    ask(told)
    ask(told, report=other)
    start = Barrier(3)
    connection.close()

    def work(pk):
        start.wait(timeout=30)
        try:
            with inside(told.trust):
                publish(pk, LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, [told.report.pk, other.pk, told.report.pk]))

    assert versions(told, files=1) == 2
    with inside(told.trust):
        assert sorted(Published.objects.values_list("place", flat=True)) == [1, 2]


@pytest.mark.long
def test_a_worker_that_is_killed_at_any_moment_leaves_whole_versions_only(told):
    """The worker as it runs, and every file of a report: three versions, killed for each twice."""
    number, began = 1, time.monotonic()
    ask(told)
    works(told)
    takes = time.monotonic() - began
    assert versions(told, len(FILES)) == 1

    while number < 3:
        number += 1
        ask(told, number)
        for _ in range(2):
            works(told, killed_after=random.uniform(0, takes))
            assert versions(told, len(FILES)) in (number - 1, number)
        works(told)
        assert versions(told, len(FILES)) == number
    assert not Job.objects.filter(done_at=None).exists()


def works(told, killed_after=None, **settings):
    """One worker in a process of its own does what is due; killed after so many seconds."""
    # What the last one held when it died is not leased to it any more.
    Job.objects.filter(done_at=None).update(not_before=timezone.now(), tries=0)
    connection.close()
    running = subprocess.Popen(
        [*worker(), "--once"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": address_of_database(),
            **settings,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if killed_after is not None:
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=killed_after)
        running.kill()
    running.wait(timeout=120)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk is its server's")
def test_with_no_room_left_in_the_file_nothing_is_published_until_there_is(told, small_files):
    """SQLite itself says that the disk is full: its file may grow no further."""
    ask(told)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        [pages] = cursor.execute("PRAGMA page_count").fetchone()
    for room in (0, 1, 3):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {pages + room}")
        assert work_next(LATER + timedelta(days=room))
        assert "full" in Job.objects.get().error
        assert versions(told, files=1) == 0

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert work_next(LATER + timedelta(days=30))
    assert versions(told, files=1) == 1
    connection.close()


@pytest.mark.long
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's disk is its server's")
def test_on_a_full_disk_a_worker_publishes_nothing_and_with_room_again_all(told, small_disk):
    ask(told)
    path = small_disk / "site.sqlite3"
    copy = sqlite3.connect(path)
    connection.ensure_connection()
    connection.connection.backup(copy)
    copy.close()
    there = {"DATABASE_URL": f"sqlite:///{path}", "TMPDIR": str(small_disk)}
    filling = small_disk / "filling"

    for room in (0, 100_000, 200_000):
        filled(filling, room)
        works(told, **there)
        filling.unlink()
        assert held(path, "reports_published") == held(path, "reports_publishedfile") == 0
        forget_lease(path)

    works(told, **there)
    assert held(path, "reports_published") == 1
    assert held(path, "reports_publishedfile") == len(FILES)
    copy = sqlite3.connect(path)
    assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    copy.close()


@pytest.fixture
def small_space():
    """What is published lies on a small disk of the PostgreSQL server's own, until it is emptied.

    Its address, for a file that fills it up.
    """
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's disk is filled by tests of its own")
    place = Path(tempfile.mkdtemp(prefix="full-disk-"))
    unmount = None
    try:
        owner = owner_of_server()
        mount = shutil.which("mount")
        about = f"size=8m,mode=700,uid={owner.st_uid},gid={owner.st_gid}"
        done = mount and subprocess.run(
            [mount, "-t", "tmpfs", "-o", about, "tmpfs", place], capture_output=True
        )
        if not done or done.returncode:
            pytest.skip(f"{NO_DISK}: no small one can be mounted here (mount -t tmpfs)")
        unmount = [shutil.which("umount"), "-l", place]
        asked(f"CREATE TABLESPACE {SPACE} LOCATION '{place}'")
        try:
            for table in TABLES:
                asked(f"VACUUM FULL {table}")  # no room is left in it where earlier tests had rows
                asked(f"ALTER TABLE {table} SET TABLESPACE {SPACE}")
            yield place / "filling"
        finally:
            (place / "filling").unlink(missing_ok=True)
            for table in TABLES:
                asked(f"ALTER TABLE {table} SET TABLESPACE pg_default")
            asked(f"DROP TABLESPACE {SPACE}")
    finally:
        if unmount:
            subprocess.run(unmount, check=True)
        place.rmdir()


SPACE = f"full_disk_{os.getpid()}"
TABLES = (Published._meta.db_table, PublishedFile._meta.db_table)
NO_DISK = "NOT TESTED ON A FULL DISK OF POSTGRESQL"


def owner_of_server():
    """Whose files the server's are: it must run here, and let us make it a place."""
    [[is_super]] = asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not is_super:
        pytest.skip(f"{NO_DISK}: only a superuser may name a place for tables")
    [[data]] = asked("SHOW data_directory")
    [[started]] = asked("SELECT pg_read_file('postmaster.pid')")
    number = started.split()[0]
    try:
        if os.readlink(f"/proc/{number}/cwd") != data:
            raise FileNotFoundError
        return Path(data).stat()
    except OSError:
        pytest.skip(f"{NO_DISK}: its server's files are not within reach of this user")


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def filled(filling, room):
    """Fill the disk of a file up, but for so many bytes."""
    with filling.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"0" * 4096):
            pass
    os.truncate(filling, max(filling.stat().st_size - room, 0))


def test_with_no_room_left_on_the_servers_disk_nothing_is_published_until_there_is(
    told, small_files, small_space
):
    """PostgreSQL itself says that the disk is full, at its first page or at a later one."""
    ask(told)
    for day, room in enumerate((0, 8192, 32768)):
        filled(small_space, room)
        assert work_next(LATER + timedelta(days=day))
        assert "could not extend file" in Job.objects.get().error
        assert versions(told, files=1) == 0

    small_space.unlink()
    assert work_next(LATER + timedelta(days=30))
    assert versions(told, files=1) == 1


@pytest.mark.long
def test_on_a_full_disk_of_the_server_a_worker_publishes_nothing_and_with_room_again_all(
    told, small_space
):
    ask(told)
    for room in (0, 40_000, 80_000):
        filled(small_space, room)
        works(told)
        assert "could not extend file" in Job.objects.get().error
        assert versions(told, len(FILES)) == 0
        small_space.unlink()

    works(told)
    assert versions(told, len(FILES)) == 1


def held(path, table):
    file = sqlite3.connect(path)
    [(count,)] = file.execute(f"SELECT COUNT(*) FROM {table}").fetchall()
    file.close()
    return count


def forget_lease(path):
    file = sqlite3.connect(path)
    file.execute("UPDATE schools_job SET tries = 0, not_before = created_at")
    file.commit()
    file.close()

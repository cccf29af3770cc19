"""A big file goes in: killed half way it is there or not, and nobody else is held up by it."""

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from returns.models import Line, Upload, UploadedLine
from returns.spreadsheets.files import COLUMNS
from returns.spreadsheets.uploads import keep_file
from schools.models import AuditRow, Memberships, Role
from schools.tenancy import inside
from tests.factories import boxes_in, make_house, make_measure, make_return, make_term, make_user

from .site import NOBODY, ROOT, Person, Site, Typist
from .test_killed import whole

LONG = pytest.param(20, marks=pytest.mark.long)
SCHOOLS, MEASURES = 20, 40


@pytest.fixture
def house(transactional_db):
    trust, _, attendance, schools = make_house(schools=SCHOOLS)
    for number in range(MEASURES):
        make_measure(trust, f"Places {number}", kind="number", unit="places")
    return trust, make_term(trust, "2026-summer"), attendance, schools


def file_of(schools, value, measures=MEASURES):
    """A figure for each school and each measure but attendance; the same in all of them."""
    lines = [
        f"{school.urn},places-{number},2025/26,Summer,,{value}"
        for school in schools
        for number in range(measures)
    ]
    return "\n".join([",".join(COLUMNS[:6]), *lines]).encode()


class Sender(Person):
    """The data manager, with a file that was sent in and is to be confirmed."""

    def __init__(self, site, trust, term):
        super().__init__(site, make_user(Role.DATA_MANAGER, trust))
        self.trust, self.term = trust, term
        with inside(trust):
            self.memberships = Memberships(self.user, trust)

    def send(self, data):
        with inside(self.trust):
            upload = keep_file(
                data,
                "figures.csv",
                memberships=self.memberships,
                term=self.term,
                at=timezone.now(),
            )
        self.page = reverse("returns:upload", args=[self.trust, upload.pk])
        return upload

    def look(self):
        return self.get(self.page, timeout=120)

    def confirm(self, boxes):
        """Say yes; None if nobody answers any more."""
        try:
            return self.post(self.page, boxes, timeout=120)
        except NOBODY:
            return None


def kept(value, upload=None):
    """How many lines, rows of the trail and lines of the upload say this."""
    told = AuditRow.everywhere.filter(action="typed", after__value=value)
    return (
        Line.everywhere.filter(value=value).count(),
        told.count(),
        UploadedLine.everywhere.filter(upload=upload, line__value=value).count(),
    )


@pytest.mark.parametrize("rounds", [3, LONG])
def test_killed_while_it_applies_a_file_it_has_stored_all_or_nothing(rounds, site, house):
    trust, term, _, schools = house
    running, every = site(), (SCHOOLS * MEASURES,) * 3
    sender, needs = Sender(running, trust, term), 1.0
    running.start()

    with ThreadPoolExecutor(1) as people:
        for number in range(rounds):
            value = str(100 + number)
            upload = sender.send(file_of(schools, value))
            boxes = boxes_in(sender.look().text)
            connection.close()  # whoever opens the file next finds it as the kill has left it
            answer = people.submit(sender.confirm, boxes)
            time.sleep(random.uniform(0.05, needs))
            running.kill()
            assert whole()
            answered = answer.result()
            settled(upload)

            upload.refresh_from_db()
            is_applied = upload.applied_at is not None
            assert kept(value, upload) == (every if is_applied else (0, 0, 0))
            assert is_applied or answered is None
            connection.close()
            running.start()
            page = sender.look()
            assert ("applied</span></h1>" in page.text) is is_applied
            began = time.monotonic()
            again = sender.confirm(boxes if is_applied else boxes_in(page.text))
            needs = max(needs, time.monotonic() - began)
            assert again.status == (200 if is_applied else 302)
            assert kept(value, upload) == every
    assert AuditRow.everywhere.filter(action="applied").count() == rounds
    assert Upload.everywhere.filter(applied_at=None).count() == 0


def settled(upload):
    """PostgreSQL sees that a client has gone when the statement in hand is done."""
    with connection.cursor() as cursor:
        end = time.monotonic() + 30
        while connection.vendor == "postgresql" and time.monotonic() < end:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.1)


@pytest.mark.parametrize("rounds", [1, LONG])
def test_the_command_killed_half_way_has_stored_nothing_and_runs_again(rounds, house, tmp_path):
    trust, _, _, schools = house
    manager = make_user(Role.DATA_MANAGER, trust)
    command = Command(tmp_path / "figures.csv", trust, manager)
    every, needs = SCHOOLS * MEASURES, 5.0

    for number in range(rounds):
        value = str(100 + number)
        command.file.write_bytes(file_of(schools, value))
        connection.close()
        killed = command.start()
        time.sleep(random.uniform(1, needs))  # on a busy machine it has only begun in five seconds
        killed.kill()
        killed.communicate()  # which closes its pipe
        assert whole()
        settled(None)

        assert kept(value)[:2] in [(0, 0), (every, every)]
        was_there = kept(value)[0] == every
        connection.close()
        began = time.monotonic()
        again = command.start()
        told, _ = again.communicate(timeout=120)
        needs = max(needs, time.monotonic() - began)
        assert again.returncode == 0
        said = f"0 changed, {every} the same." if was_there else f"{every} changed, 0 the same."
        assert said in told
        assert kept(value)[:2] == (every, every)


class Command:
    """``import_figures`` in a process of its own."""

    def __init__(self, file, trust, by):
        self.file, self.words = file, ["--trust", trust.slug, "--as", by.email]
        self.environment = Site().environment

    def start(self):
        return subprocess.Popen(
            [sys.executable, "manage.py", "import_figures", str(self.file), *self.words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )


MUCH = pytest.param(500, marks=pytest.mark.long)


@pytest.mark.parametrize("measures", [MEASURES, MUCH])
def test_while_a_big_file_goes_in_pages_are_answered_and_a_save_waits(measures, site, house):
    trust, term, attendance, schools = house
    for number in range(MEASURES, measures):
        make_measure(trust, f"Places {number}", kind="number", unit="places")
    running = site()
    sender = Sender(running, trust, term)
    typist = Typist(running, schools[0], make_return(schools[0], term))
    running.start()
    typist.open()
    own = f"l-{attendance.pk}-"
    typist.boxes = {box: text for box, text in typist.boxes.items() if box.startswith(own)}
    board = reverse("returns:return-list", args=[trust])
    pages, saved = [], []

    with ThreadPoolExecutor(2) as people:
        # On a fast machine one file may be in before the first page has come.
        for value in map(str, range(901, 906)):
            sender.send(file_of(schools, value, measures))
            importing = people.submit(sender.confirm, boxes_in(sender.look().text))
            time.sleep(0.05)
            saving = people.submit(type_on, typist, importing, saved)
            while not importing.done():
                page = typist.get(board)
                pages.append((page.status, importing.done()))
            assert importing.result().status == 302
            saving.result()
            assert kept(value)[0] == SCHOOLS * measures
            if (200, False) in pages:
                break

    assert (200, False) in pages
    assert {status for status, _ in pages} == {200}
    assert set(saved) == {200}
    line = Line.everywhere.get(measure=attendance, unit=schools[0])
    assert line.value == str(len(saved))
    assert all(most < 300 for most in memory_of(running))


def type_on(typist, importing, saved):
    """Save one figure after the other until the file is in, and once more."""
    is_over = False
    while not is_over:
        is_over = importing.done()
        saved.append(typist.type(str(len(saved) + 1)).status)


def memory_of(site):
    """The most that any process of the site has held, in megabytes."""
    groups = {each.pid for each in site.running}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text, stat = status.read_text(), (status.parent / "stat").read_text()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[2]) in groups:
            yield int(text.partition("VmHWM:")[2].split()[0]) / 1024

"""The server is killed while it keeps evidence: the file and its row are there, or neither."""

import hashlib
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from returns.models import Evidence, Line
from schools.models import AuditRow
from schools.stray_files import OLD, sweep
from tests.factories import PDF, make_head, make_house, make_return

from .site import NOBODY, Answer, Person
from .test_importing import settled
from .test_killed import whole

LONG = pytest.param(20, marks=pytest.mark.long)
MUCH = 3_000_000  # more than Django would keep in memory unasked


class Attacher(Person):
    """The head of a school with the page of what an answer rests on."""

    def __init__(self, site, school, line):
        super().__init__(site, make_head(school))
        key = "-".join(map(str, line.key))
        self.page = reverse("returns:evidence", args=[school.trust, line.return_to_id, key])

    def send(self, data):
        """The status; None if nobody answers any more."""
        server = HTTPConnection("127.0.0.1", self.site.port, timeout=120)
        try:
            body, heads = self.request(data)
            server.request("POST", self.page, body, heads)
            return Answer(server.getresponse()).status
        except NOBODY:
            return None
        finally:
            server.close()

    def send_half(self, data):
        """A connection over which the first half of a file has gone, and the rest never will."""
        server = HTTPConnection("127.0.0.1", self.site.port, timeout=120)
        body, heads = self.request(data)
        server.putrequest("POST", self.page)
        for name, text in {**heads, "Content-Length": len(body)}.items():
            server.putheader(name, text)
        server.endheaders(body[: len(body) // 2])
        return server

    def request(self, data):
        """The body and the heads of a form with a file in it."""
        edge = "edge-of-a-part"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="'
        body = b"".join(
            [
                f'{head}csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n'.encode(),
                f'{head}do"\r\n\r\nfile\r\n'.encode(),
                f'{head}file"; filename="review.pdf"\r\n'.encode(),
                b"Content-Type: application/pdf\r\n\r\n",
                data,
                f"\r\n--{edge}--\r\n".encode(),
            ]
        )
        heads = {
            "Cookie": self.cookies,
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Referer": f"http://127.0.0.1:{self.site.port}{self.page}",
        }
        return body, heads


def lying():
    """All files of evidence, whoever names them."""
    private = storages["private"]
    names = private.listdir("evidence")[1] if private.exists("evidence") else []
    return {f"evidence/{name}" for name in names}


def half_received(place):
    """What a server puts aside while a file comes in."""
    return list(place.glob("*.upload*"))


def a_day_older(names):
    then = time.time() - (OLD + timedelta(hours=1)).total_seconds()
    for name in names:
        os.utime(storages["private"].path(name), (then, then))


def a_file():
    """A large one that nobody has sent yet."""
    return b"%PDF-1.4\n%" + random.randbytes(MUCH // 2).hex().encode() + PDF


def test_of_a_file_that_has_half_come_in_nothing_is_left(site, tmp_path):
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    running = site(TMPDIR=str(tmp_path))
    head = Attacher(running, school, Line.everywhere.get(return_to=return_))
    before = lying()
    running.start()
    assert head.get(head.page).status == 200

    sending = head.send_half(a_file())
    end = time.monotonic() + 3  # for the server to take what has come
    while time.monotonic() < end and not half_received(tmp_path):
        time.sleep(0.05)
    running.kill()
    sending.close()

    assert half_received(tmp_path) == []
    assert lying() == before
    assert not Evidence.everywhere.exists()


@pytest.mark.parametrize("rounds", [3, LONG])
def test_a_file_is_kept_whole_with_its_row_or_not_at_all(rounds, site, tmp_path):
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    running = site(TMPDIR=str(tmp_path))  # others on this machine receive files too
    head = Attacher(running, school, Line.everywhere.get(return_to=return_))
    running.start()
    began = time.monotonic()
    assert head.send(a_file()) == 302
    needs = time.monotonic() - began  # killed later than that, nothing would be in hand
    Evidence.everywhere.all().delete()
    before = lying()

    with ThreadPoolExecutor(1) as people:
        for _ in range(rounds):
            data = a_file()
            digest = hashlib.sha256(data).hexdigest()
            connection.close()  # whoever opens the file next finds it as the kill has left it
            sending = people.submit(head.send, data)
            time.sleep(random.uniform(0, needs))
            running.kill()
            assert whole()
            status = sending.result()
            settled(None)

            rows = list(Evidence.everywhere.filter(digest=digest))
            assert len(rows) == number_of_trail(digest)
            assert rows or status is None
            for row in rows:  # no row without its file
                assert Path(row.file.path).read_bytes() == data
            stray = lying() - before - named()
            assert len(stray) <= 1
            a_day_older(stray)
            assert set(sweep(timezone.now())) >= stray
            assert lying() - before == named()

            connection.close()
            running.start()
            assert head.send(data) == 302
            [row] = Evidence.everywhere.filter(digest=digest)  # sent again it is there once
            assert Path(row.file.path).read_bytes() == data
            assert number_of_trail(digest) == 1
    assert Evidence.everywhere.count() == rounds == len(lying() - before)
    assert half_received(tmp_path) == []


def number_of_trail(digest):
    return AuditRow.everywhere.filter(action="added", after__sha256=digest).count()


def named():
    return set(Evidence.everywhere.values_list("file", flat=True))

"""The database goes away and comes back: said plainly, nothing lost, no restart."""

import socket
import sqlite3
import threading
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.db import connection

from returns.models import Line
from tests.factories import make_house, make_return

from .site import Typist, address_of_database


class Proxy:
    """Stands between the site and PostgreSQL; while it is away nobody listens."""

    def __init__(self, address):
        where = urlsplit(address)
        self.server = where.hostname, where.port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.address = where._replace(
            netloc=f"{where.netloc.rpartition('@')[0]}@127.0.0.1:{self.port}"
        ).geturl()
        self.open = set()
        threading.Thread(target=self._listen, args=[self.listener], daemon=True).start()

    def _listen(self, listener):
        with suppress(OSError):
            while True:
                caller, _ = listener.accept()
                server = socket.create_connection(self.server)
                self.open |= {caller, server}
                for pair in ((caller, server), (server, caller)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()

    def go_away(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.open.clear()

    def come_back(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._listen, args=[self.listener], daemon=True).start()

    def holds(self, return_):
        return Line.everywhere.get(return_to=return_).value


def _pass_on(source, sink):
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def copied(folder):
    """The database of this test, as a file of its own in that folder."""
    path = folder / "site.sqlite3"
    copy = sqlite3.connect(path)
    connection.ensure_connection()
    connection.connection.backup(copy)
    copy.close()
    return path


def value_in(path, return_):
    file = sqlite3.connect(path)
    [(value,)] = file.execute(
        "SELECT value FROM returns_line WHERE return_to_id = ?", [return_.pk]
    ).fetchall()
    file.close()
    return value


def house():
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="0", measure=attendance)
    return school, return_


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's file has its own test")
def test_a_server_that_is_away_is_said_plainly_and_back_it_goes_on_without_a_restart(site):
    school, return_ = house()
    database = Proxy(address_of_database())
    typist = Typist(site(database=database.address, processes=1), school, return_)
    typist.site.start()
    typist.open()
    assert typist.type("91.1").status == 200

    database.go_away()
    said_plainly(typist.type("92.2"))

    database.come_back()
    typist.type_until_it_is_kept("92.2")
    assert Line.everywhere.get(return_to=return_).value == "92.2"
    connection.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own test")
def test_a_file_that_is_away_is_said_plainly_and_back_it_goes_on_without_a_restart(site, tmp_path):
    """What is open already stays open: a file that is moved is written to where it went."""
    school, return_ = house()
    here, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    here.mkdir()
    typist = Typist(site(processes=1), school, return_)  # first, so that its session is copied
    typist.site.environment["DATABASE_URL"] = f"sqlite:///{copied(here)}"
    typist.open_as_it_is()
    here.rename(elsewhere)
    typist.site.start()

    said_plainly(typist.type("92.2"))

    elsewhere.rename(here)
    typist.type_until_it_is_kept("92.2")
    assert value_in(here / "site.sqlite3", return_) == "92.2"
    connection.close()


def said_plainly(answer):
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert "trustplan is not available just now" in answer.text
    assert "What you have just sent is not: go back" in answer.text


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's disk is its server's; see test_errors"
)
def test_a_full_disk_is_named_and_with_room_again_it_goes_on(site, small_disk):
    school, return_ = house()
    typist = Typist(site(processes=1), school, return_)  # first, so that its session is copied
    path = copied(small_disk)
    typist.site.environment["DATABASE_URL"] = f"sqlite:///{path}"
    typist.site.start()
    typist.open()
    assert typist.type("91.1").status == 200

    filling = small_disk / "filling"
    with suppress(OSError), filling.open("wb", buffering=0) as file:
        while file.write(b"0" * 4096):
            pass
    number = 0
    while (answer := typist.type(f"92.{number}")).status == 200:
        number += 1
    assert answer.status == 503
    assert "until there is room on the server’s disk" in answer.text
    before = f"92.{number - 1}" if number else "91.1"
    assert value_in(path, return_) == before

    filling.unlink()
    typist.type_until_it_is_kept("93.3")
    assert value_in(path, return_) == "93.3"
    file = sqlite3.connect(path)
    assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    file.close()
    connection.close()

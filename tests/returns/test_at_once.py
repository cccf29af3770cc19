"""Eight people edit one figure at once, on a running server: no acknowledged edit is lost."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from schools.management.commands.serve import answers, web_server
from tests.factories import boxes_in

ROOT = Path(__file__).resolve().parents[2]
EDITS = 25


@pytest.fixture
def database(tmp_path):
    """The address of a real database of the kind that the suite runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'edits.sqlite3'}"
        return
    asks = connection.get_connection_params()
    where = {name: asks[name] for name in ("host", "port", "user", "password") if name in asks}
    name = f"edits_{uuid4().hex[:12]}"
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield (
            f"postgres://{where['user']}:{where.get('password', '')}@{where['host']}"
            f":{where.get('port', 5432)}/{name}"
        )
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def ask(database):
    """Run ``tests.returns.one_figure`` on that database, and read what it says."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }

    def run(what):
        command = [sys.executable, "-m", "tests.returns.one_figure", what]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        return json.loads(done.stdout)

    run.environment = environment
    return run


@pytest.fixture
def port(ask):
    """The port of a web server with two processes on that database."""
    ask.house = ask("make")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        web_server("127.0.0.1", port, processes=2), cwd=ROOT, env=ask.environment
    )
    deadline = time.monotonic() + 60
    while not answers("127.0.0.1", port) and time.monotonic() < deadline:
        time.sleep(0.1)
    yield port
    server.terminate()
    server.wait(timeout=20)


class Editor:
    """One person with a page open, typing one figure after the other."""

    def __init__(self, port, path, session, name):
        self.port, self.path, self.session, self.name = port, path, session, name
        self.acknowledged, self.answers = [], set()

    def ask(self, method, body=None):
        server = HTTPConnection("127.0.0.1", self.port, timeout=60)
        heads = {"Cookie": f"sessionid={self.session}; csrftoken={self.token}"}
        if body:
            heads |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}{self.path}",
            }
        server.request(method, self.path, body and urlencode(body), heads)
        answer = server.getresponse()
        page = answer.read().decode()
        server.close()
        self.answers.add(answer.status)
        return answer.status, page

    token = "a" * 32

    def edit(self):
        boxes = boxes_in(self.ask("GET")[1])
        for number in range(EDITS):
            typed = f"{self.name}{number:02}"
            status, page = None, None
            while status != 302:
                [box] = [name for name in boxes if name.endswith("-value")]
                boxes |= {box: typed, "csrfmiddlewaretoken": self.token}
                status, page = self.ask("POST", boxes)
                if status != 302:
                    # Reads what the others made of it, as long as a person would not.
                    time.sleep(random.uniform(0, 0.4))
                    boxes = boxes_in(page)
            self.acknowledged.append(typed)
            boxes = boxes_in(self.ask("GET")[1])


def test_eight_people_who_edit_one_figure_lose_no_acknowledged_edit(ask, port):
    path, sessions = ask.house["path"], ask.house["sessions"]
    editors = [
        Editor(port, path, session, name)
        for session, name in zip(sessions, "12345678", strict=True)
    ]

    with ThreadPoolExecutor(len(editors)) as people:
        for done in [people.submit(editor.edit) for editor in editors]:
            done.result()

    trail = ask("trail")
    befores, afters = zip(*trail["steps"], strict=True)
    assert sorted(afters) == sorted(typed for one in editors for typed in one.acknowledged)
    assert len(afters) == 8 * EDITS
    assert list(befores) == ["0", *afters[:-1]]
    assert (trail["value"], trail["version"]) == (afters[-1], 8 * EDITS + 1)
    assert set().union(*(one.answers for one in editors)) == {200, 302, 409}

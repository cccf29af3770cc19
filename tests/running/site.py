"""The site as it runs in production: processes of their own, on the database of the test.

What a test has made and committed is there for the server, and what the server
has saved is there for the test.
"""

import json
import os
import signal
import socket
import subprocess
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection
from django.test import Client
from django.urls import reverse

from schools.management.commands.serve import web_server, worker
from tests.factories import boxes_in, make_head

ROOT = Path(__file__).resolve().parents[2]
# Against hanging: a start takes seconds, on a machine that is very busy half a minute.
UP = 150
NOBODY = (OSError, HTTPException)


def address_of_database():
    """DATABASE_URL of the database that this test runs on."""
    asks = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{asks['NAME']}"
    who = f"{quote(asks['USER'])}:{quote(asks['PASSWORD'])}" if asks["PASSWORD"] else asks["USER"]
    return f"postgres://{who}@{asks['HOST']}:{asks['PORT'] or 5432}/{asks['NAME']}"


class Site:
    """Web server and, if wanted, worker; ``database`` is another than the test's own."""

    def __init__(self, *, database=None, processes=2, works=False, **settings):
        self.port = free_port()
        self.commands = [web_server("127.0.0.1", self.port, processes)]
        if works:
            self.commands.append(worker())
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database or address_of_database(),
            **settings,
        }
        self.running = []

    def start(self):
        """Start it; the seconds until a page came."""
        began = time.monotonic()
        self.running = [
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for command in self.commands
        ]
        self.wait_for(200)
        return time.monotonic() - began

    def wait_for(self, status):
        """Ask for a page that asks nothing of the database until its status is this one."""
        end = time.monotonic() + UP
        while self.status() != status:
            if time.monotonic() > end:
                raise AssertionError(f"The site has not come up in {UP} seconds.")
            time.sleep(0.1)

    def status(self):
        try:
            return ask(self.port, "GET", "/sign-in/").status
        except NOBODY:
            return None

    def kill(self):
        """All its processes at once, as a power cut would."""
        for each in self.running:
            os.killpg(each.pid, signal.SIGKILL)
        for each in self.running:
            each.wait()
        self.running = []

    def stop(self):
        """As ``serve`` is stopped: what is in hand is finished first."""
        for each in self.running:
            each.terminate()
        for each in self.running:
            each.wait(timeout=30)
        self.running = []


class Answer:
    """What came back: status, headers, text."""

    def __init__(self, answer):
        self.status, self.headers = answer.status, answer.headers
        self.text = answer.read().decode()

    def json(self):
        return json.loads(self.text)


def ask(port, method, path, boxes=None, cookies="", timeout=30):
    """One request over a connection of its own."""
    server = HTTPConnection("127.0.0.1", port, timeout=timeout)
    heads = {"Cookie": cookies}
    if boxes is not None:
        heads |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{port}{path}",
        }
    try:
        server.request(method, path, None if boxes is None else urlencode(boxes), heads)
        return Answer(server.getresponse())
    finally:
        server.close()


class Person:
    """Somebody who has signed in, with a page of the site open."""

    token = "a" * 32

    def __init__(self, site, user):
        client = Client()
        client.force_login(user)
        self.site, self.user = site, user
        self.cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={self.token}"

    def get(self, path, **about):
        return ask(self.site.port, "GET", path, cookies=self.cookies, **about)

    def post(self, path, boxes, **about):
        boxes = {**boxes, "csrfmiddlewaretoken": self.token}
        return ask(self.site.port, "POST", path, boxes, cookies=self.cookies, **about)


class Typist(Person):
    """Types into the one box of a return as the page's script sends it."""

    def __init__(self, site, school, return_):
        super().__init__(site, make_head(school))
        self.page = reverse("returns:return-edit", args=[school.trust, return_.pk])

    def open(self):
        boxes = boxes_in(self.get(self.page).text)
        self.boxes = {name: text for name, text in boxes.items() if name.startswith("l-")}

    def open_as_it_is(self):
        """The same, before there is a site."""
        client = Client()
        client.force_login(self.user)
        boxes = boxes_in(client.get(self.page).text)
        self.boxes = {name: text for name, text in boxes.items() if name.startswith("l-")}

    def type(self, text):
        [box] = [name for name in self.boxes if name.endswith("-value")]
        answer = self.post(f"{self.page}lines/", {**self.boxes, box: text})
        if answer.status == 200:
            [seen] = [name for name in self.boxes if name.endswith("-seen")]
            self.boxes |= {box: text, seen: answer.json()["seen"]}
        return answer

    def type_until_it_is_kept(self, text, seconds=60):
        end = time.monotonic() + seconds
        while (answer := self.type(text)).status != 200:
            assert answer.status == 503
            assert time.monotonic() < end, f"Not back in {seconds} seconds"
            time.sleep(0.2)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

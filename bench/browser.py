"""What a real browser needs for the matrix, at four times slower processor.

Its floor is a plain table of the same rows, columns and words: no style, no
link, no frame. Usable is when all is laid out and painted, and the browser has
nothing to do. A part of its own, with no other in the same run.
"""

import os
import re
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections

from .clock import Spent
from .dashboard import whole_matrix
from .rounds import Measured
from .site import html_of

SLOWER, LIMIT = 4, 1.6
AT_A_TIME = 20  # schools
WAIT = 180_000  # milliseconds, for the page that is far too big
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
# The next frame but one has been painted, and what waited for quiet has run.
USABLE = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
    requestIdleCallback(() => done(
        performance.now() - performance.getEntriesByType("navigation")[0].responseStart)))))"""


def measured(stage):
    """Each size: the matrix, and a plain table of what stands in it."""
    visits = Visits(stage)
    stage.at_end(visits.close)
    for size, ground in stage.grounds.items():
        path, query = ground.address(*_matrix_of(ground))
        html = html_of(stage.site.answer(path, query, ground.cookie)).decode()
        words, cells = _plain(html)
        figures, _ = _plain(re.sub(r'<span class="vh.*?</span>| aria-label="[^"]*"', "", html))
        visits.pages |= {f"/words/{size}": words, f"/figures/{size}": figures}
        floor = f"{size} plain table, {cells} cells"
        yield Measured(floor, visits.to(f"/words/{size}", ground))
        yield Measured(f"{size} the same without sentences", visits.to(f"/figures/{size}", ground))
        yield Measured(
            f"{size} matrix, {cells} cells",
            visits.to(f"{path}?{query}", ground),
            against=floor,
            limit=LIMIT,
        )


def _matrix_of(ground):
    """All of it, or of many schools as much as one sees at a time: one priority."""
    if ground.schools <= AT_A_TIME:
        return whole_matrix()
    return "dashboard/", "&priority=p0"


def _plain(html):
    """The first table of a page with its words and nothing else, and how many cells it has."""
    table = re.search(r"<table.*?</table>", html, re.S)[0]
    # What is said of a link in place of what it shows is text like any other here.
    table = re.sub(r'<a [^>]*?aria-label="([^"]*)">', r"\1 ", table)
    rows = []
    for row in table.split("<tr")[1:]:
        cells = re.split(r"<(?:td|th)\b", row)[1:]
        words = (re.sub(r"<[^>]*>", " ", cell.partition(">")[2]) for cell in cells)
        rows.append("<tr>" + "".join(f"<td>{' '.join(each.split())}</td>" for each in words))
    count = sum(row.count("<td>") for row in rows)
    if not count:
        raise RuntimeError("The page has a table without a cell.")
    return f"<!doctype html><meta charset=utf-8><table>{''.join(rows)}</table>", count


class Visits:
    """One browser, one server in a thread; every visit is to a page of its own."""

    def __init__(self, stage):
        from playwright.sync_api import sync_playwright

        # The browser's driver runs a loop in this thread; nothing here waits on it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        self.pages = {"/favicon.ico": ""}
        self.server = make_server(
            "127.0.0.1", 0, self._answer(stage.site.application), _Server, _Quiet
        )
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://localhost:{self.server.server_port}"
        self.driver = sync_playwright().start()
        self.browser = self.driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=FLAGS
        )
        self.contexts = {}

    def _answer(self, application):
        def answer(environ, start):
            table = self.pages.get(environ["PATH_INFO"])
            if table is None:
                return application(environ, start)
            start("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "no-store")])
            return [table.encode()]

        return answer

    def to(self, address, ground):
        """A visit, as the browser's own clock saw it: its main thread, and until usable."""

        def visit():
            page = self._context(ground).new_page()
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(f"{self.address}{address}", wait_until="load", timeout=WAIT)
            wall = page.evaluate(USABLE) / 1000
            told = session.send("Performance.getMetrics")["metrics"]
            busy = next(one["value"] for one in told if one["name"] == "TaskDuration")
            page.close()
            return Spent(busy, wall)

        return visit

    def _context(self, ground):
        if ground.size not in self.contexts:
            name, _, key = ground.cookie.partition("=")
            context = self.browser.new_context(viewport={"width": 1366, "height": 768})
            context.add_cookies([{"name": name, "value": key, "url": self.address}])
            self.contexts[ground.size] = context
        return self.contexts[ground.size]

    def close(self):
        self.browser.close()
        self.driver.stop()
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request, client_address):
        super().process_request_thread(request, client_address)
        connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *said):
        pass

"""The site as a web server calls it: production settings, every middleware, no test client."""

import functools
import gc
import gzip
from contextlib import redirect_stdout
from io import BytesIO, StringIO

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.urls import get_resolver

from schools import kept

OURS = ("schools", "priorities", "kpis", "returns", "dashboard", "reports")


class Site:
    """Asks for pages as a browser does: signed in, and ready to unpack."""

    def __init__(self):
        with redirect_stdout(StringIO()):
            call_command("collectstatic", interactive=False, verbosity=0)
        # As a web server does: with the settings of the process that stand there.
        from trustplan.wsgi import application

        self.application = application
        self.addresses = get_resolver().url_patterns  # so that every module is there
        _remembering()  # found before anything is frozen

    def get(self, ground, path, query=""):
        """The body as it went over the wire; RuntimeError for anything but a page."""
        path, query = ground.address(path, query)
        return self.answer(path, query, ground.cookie)

    def answer(self, path, query, cookie):
        told = {}
        environ = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_COOKIE": cookie,
            "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_ENCODING": "gzip",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(b""),
            "wsgi.errors": StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        response = self.application(environ, lambda status, headers, *rest: told.update(s=status))
        try:
            body = b"".join(response)
        finally:
            response.close()
        if not told["s"].startswith("200"):
            raise RuntimeError(f"{told['s']} for {path}?{query}")
        return body


def html_of(body):
    """A page as it is read, whether or not it went out compressed."""
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def forget():
    """Nothing is kept of an earlier page: no cache of the site, no remembered answer of ours."""
    for name in settings.CACHES:
        caches[name].clear()
    kept.forget()
    for remembered in _remembering():
        remembered.cache_clear()


@functools.cache
def _remembering():
    """What functools.cache keeps in the modules of the site."""
    kind = type(functools.lru_cache(len))
    return [
        one
        for one in gc.get_objects()
        if type(one) is kind and (one.__module__ or "").split(".")[0] in OURS
    ]

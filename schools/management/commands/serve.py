"""Web server and worker together, after the start-up checks; Ctrl-C stops both."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

# Threads of one web process: no more than its PostgreSQL connections (DB_POOL_MAX).
THREADS = 4


class Command(BaseCommand):
    help = "Check the installation, then run the web server and the worker until Ctrl-C."
    # Run below, when the database is ready for them.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--processes", type=int, default=2, help="of the web server")
        parser.add_argument(
            "--demo",
            action="store_true",
            help="first prepare the database, the static files and the invented trust",
        )

    def handle(self, *, host, port, processes, demo, **options):
        os.umask(0o077)  # an SQLite file holds sessions; it is its owner's alone
        self.refuse_taken(host, port, demo)
        if demo:
            self.prepare_demo()
        self.check(databases=["default"])

        os.environ.setdefault("SITE_ADDRESS", f"http://localhost:{port}")
        children = [
            subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603
            for command in (web_server(host, port, processes), worker())
        ]
        # Said aloud: a shell that starts this in the background would have it ignore Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.watch(children, until=lambda: answers(host, port))
            self.stdout.write(f"\ntrustplan runs at {os.environ['SITE_ADDRESS']} (Ctrl-C stops it)")
            self.stdout.flush()
            self.watch(children)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping")
        finally:
            stop(children)

    def refuse_taken(self, host, port, demo):
        """Say so before anything is prepared: somebody else answers on this port."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as why:
                again = f"make demo PORT={port + 1}" if demo else f"--port {port + 1}"
                raise CommandError(
                    f"Port {port} is taken ({why.strerror}). "
                    f"Stop what uses it, or choose another: {again}"
                ) from why

    def prepare_demo(self):
        self.stdout.write(f"Preparing the database ({settings.DATABASES['default']['NAME']})")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_demo", stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0)

    def watch(self, children, until=lambda: False):
        """Return when it is so; one cannot run without the other."""
        while not until():
            if any(child.poll() is not None for child in children):
                raise CommandError("The server or the worker has ended; both are stopped.")
            time.sleep(0.2)


def answers(host, port):
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex((host, port)) == 0


def web_server(host, port, processes):
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi"]
    size = ["--workers", str(processes), "--blocking-threads", str(THREADS)]
    where = ["--host", host, "--port", str(port), "--respawn-failed-workers"]
    return [*granian, *where, *size, "--log-level", "warning", "trustplan.wsgi:application"]


def worker():
    return [sys.executable, "manage.py", "work"]


def stop(children):
    """Let running requests and the mail in hand finish, then end."""
    for child in children:
        child.terminate()
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=15)
        child.kill()

"""The worker: sends what waits in the outbox, until it is told to stop."""

import logging
import signal
from threading import Event

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from schools.mail import send_next

log = logging.getLogger(__name__)

# Seconds between looks into an empty outbox.
PAUSE = 2


class Command(BaseCommand):
    help = "Send waiting mail. Several workers may run; TERM and Ctrl-C end after the mail in hand."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="end when nothing is due")

    def handle(self, *, once, **options):
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())

        while not stopped.is_set():
            try:
                if send_next(timezone.now()):
                    continue
            except DatabaseError:
                # The database is away: the mail in hand keeps its lease and is tried again.
                log.exception("The worker could not ask the database")
            if once:
                return
            close_old_connections()
            stopped.wait(PAUSE)

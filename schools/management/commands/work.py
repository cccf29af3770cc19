"""The worker: sends what waits in the outbox and does queued jobs, until it is told to stop."""

import logging
import signal
from threading import Event

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from schools.jobs import work_next
from schools.mail import send_next

log = logging.getLogger(__name__)

# Seconds between looks when nothing waits.
PAUSE = 2


class Command(BaseCommand):
    help = (
        "Send waiting mail and do queued jobs. Several workers may run; "
        "TERM and Ctrl-C end after the mail or job in hand."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="end when nothing is due")

    def handle(self, *, once, **options):
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())

        while not stopped.is_set():
            try:
                # Mail first: nobody waits for a letter because a long job is in hand.
                if send_next(timezone.now()) or work_next(timezone.now()):
                    continue
            except DatabaseError:
                # The database is away: what is in hand keeps its lease and is tried again.
                log.exception("The worker could not ask the database")
            if once:
                return
            close_old_connections()
            stopped.wait(PAUSE)

"""Told to stop, the server first answers what it has in hand."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction

from returns.models import Line, Return
from schools.management.commands.serve import THREADS
from tests.factories import make_house, make_return

from .site import Typist


@contextmanager
def nobody_else_writes():
    """Whoever saves a return waits until this is over."""
    with transaction.atomic():
        list(Return.everywhere.select_for_update())
        yield


def test_every_request_in_hand_is_answered_before_it_ends_and_it_starts_again(site):
    _, term, attendance, schools = make_house(schools=THREADS)
    returns = [make_return(school, term, typed="0", measure=attendance) for school in schools]
    running = site(processes=1)
    typists = [Typist(running, *each) for each in zip(schools, returns, strict=True)]
    running.start()
    for typist in typists:
        typist.open()

    with ThreadPoolExecutor(THREADS) as people:
        with nobody_else_writes():
            answers = [people.submit(typist.type, "91.1") for typist in typists]
            time.sleep(1.5)
            assert not any(answer.done() for answer in answers)
            [server] = running.running
            server.terminate()
            time.sleep(0.5)
            assert server.poll() is None
        assert [answer.result().status for answer in answers] == [200] * THREADS
    assert server.wait(timeout=30) == 0
    assert set(Line.everywhere.values_list("value", flat=True)) == {"91.1"}

    running.start()
    connection.close()

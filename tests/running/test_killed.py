"""All server processes are killed while six people save: nothing acknowledged is missing."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.urls import reverse

from returns.models import Line
from schools.models import AuditRow
from tests.factories import boxes_in, make_head, make_house, make_return

from .site import NOBODY, Person

SAVERS = 6


class Saver(Person):
    """Types one figure after the other, as the page's script sends them.

    What was not answered is sent again as it was, until it is.
    """

    def __init__(self, site, school, term, measure):
        super().__init__(site, make_head(school))
        self.return_ = make_return(school, term, typed="0", measure=measure)
        self.address = reverse("returns:return-edit", args=[term.trust, self.return_.pk])
        self.acknowledged, self.unanswered, self.refused = [], 0, []

    def save(self, until):
        boxes = None
        while boxes is None and not until.is_set():
            boxes = self._opened()
        number = 1
        while not until.is_set():
            if self._sent(boxes, str(number)):
                number += 1
            else:
                time.sleep(0.05)

    def _opened(self):
        try:
            boxes = boxes_in(self.get(self.address).text)
        except NOBODY:
            return None
        return {name: text for name, text in boxes.items() if name.startswith("l-")}

    def _sent(self, boxes, text):
        [value] = [name for name in boxes if name.endswith("-value")]
        [seen] = [name for name in boxes if name.endswith("-seen")]
        boxes[value] = text
        try:
            answer = self.post(f"{self.address}lines/", boxes)
        except NOBODY:
            self.unanswered += 1
            return False
        if answer.status != 200:
            self.refused.append((answer.status, answer.text[:200]))
            return False
        self.acknowledged.append(text)
        boxes[seen] = answer.json()["seen"]
        return True

    def held(self):
        """What the database says was typed, in its order, and what stands there now."""
        line = Line.everywhere.get(return_to=self.return_)
        rows = AuditRow.everywhere.filter(
            action="typed", thing_kind="returns.line", thing_id=line.pk
        ).order_by("pk")
        return [(row.before["value"], row.after["value"]) for row in rows], line


@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.long)])
def test_killed_while_six_people_save_it_loses_nothing_that_it_acknowledged(rounds, site):
    _, term, attendance, schools = make_house(schools=SAVERS)
    running = site()
    savers = [Saver(running, school, term, attendance) for school in schools]
    connection.close()  # whoever opens the file next finds it as the kill has left it
    over = Event()

    with ThreadPoolExecutor(SAVERS) as people:
        done = [people.submit(saver.save, over) for saver in savers]
        try:
            for _ in range(rounds):
                running.start()
                some = sum(len(saver.acknowledged) for saver in savers)
                while sum(len(saver.acknowledged) for saver in savers) < some + SAVERS:
                    time.sleep(0.02)  # saving again, after the last kill
                time.sleep(random.uniform(0, 1))
                running.kill()
                assert whole()
            running.start()
        finally:
            over.set()
        for each in done:
            each.result()

    for saver in savers:
        steps, line = saver.held()
        befores, afters = zip(*steps, strict=True)
        numbers = [str(number) for number in range(1, len(afters) + 1)]
        assert saver.refused == []
        # Each once and in order; at most the last was saved and not answered any more.
        assert list(afters) == numbers
        assert list(befores) == ["0", *numbers[:-1]]
        assert saver.acknowledged in (numbers, numbers[:-1])
        assert (line.value, line.version) == (numbers[-1], len(numbers) + 1)
    assert sum(saver.unanswered for saver in savers) >= rounds


def whole():
    """SQLite says that its file is sound; PostgreSQL has not been touched by the kill."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = cursor.fetchall()
    connection.close()
    return found == [("ok",)]

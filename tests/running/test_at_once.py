"""Eight people edit one figure at once, on a running server: no acknowledged edit is lost."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from django.urls import reverse

from returns.models import Line
from schools.models import AuditRow
from tests.factories import boxes_in, make_head, make_house, make_return

from .site import Person

EDITS = 25


class Editor(Person):
    """One person with a page open, typing one figure after the other."""

    def __init__(self, site, user, name, path):
        super().__init__(site, user)
        self.name, self.path = name, path
        self.acknowledged, self.answers = [], set()

    def edit(self):
        boxes = boxes_in(self.get(self.path).text)
        for number in range(EDITS):
            typed = f"{self.name}{number:02}"
            status = None
            while status != 302:
                [box] = [name for name in boxes if name.endswith("-value")]
                answer = self.post(self.path, {**boxes, box: typed})
                status = answer.status
                self.answers.add(status)
                if status != 302:
                    # Reads what the others made of it, as long as a person would not.
                    time.sleep(random.uniform(0, 0.4))
                    boxes = boxes_in(answer.text)
            self.acknowledged.append(typed)
            boxes = boxes_in(self.get(self.path).text)


def test_eight_people_who_edit_one_figure_lose_no_acknowledged_edit(site):
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="0", measure=attendance)
    path = reverse("returns:return-edit", args=[trust, return_.pk])
    running = site()
    editors = [Editor(running, make_head(school), name, path) for name in "12345678"]
    running.start()

    with ThreadPoolExecutor(len(editors)) as people:
        for done in [people.submit(editor.edit) for editor in editors]:
            done.result()

    line = Line.everywhere.get()
    rows = AuditRow.everywhere.filter(action="typed").order_by("pk")
    befores, afters = zip(*[(row.before["value"], row.after["value"]) for row in rows], strict=True)
    assert sorted(afters) == sorted(typed for one in editors for typed in one.acknowledged)
    assert len(afters) == 8 * EDITS
    assert list(befores) == ["0", *afters[:-1]]
    assert (line.value, line.version) == (afters[-1], 8 * EDITS + 1)
    assert set().union(*(one.answers for one in editors)) == {302, 409}

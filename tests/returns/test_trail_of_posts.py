"""Whatever a page of a return changes leaves one row of the trail, and nothing else does."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from returns.models import Line, Return
from schools.models import AuditRow, Role
from tests.conftest import OURS
from tests.factories import boxes_of, make_head, make_house, make_return, make_user

pytestmark = pytest.mark.django_db


class House:
    """A school's return, and the two people who send it to and fro."""

    def __init__(self, sign_in):
        self.trust, self.term, self.attendance, [self.school] = make_house()
        self.return_ = make_return(self.school, self.term)
        manager = make_user(Role.DATA_MANAGER, self.trust)
        self.clients = {"head": sign_in(make_head(self.school)), "manager": sign_in(manager)}
        self.clients["manager"].get(self.page("collect"))  # who looks first opens the returns

    def page(self, name):
        if name == "collect":
            address = reverse("returns:collect", args=[self.trust])
            return f"{address}?term={self.term.slug}"
        return reverse(f"returns:return-{name}", args=[self.trust, self.return_.pk])

    def boxes(self, who, text):
        """What the open page would send, with this typed into its one figure."""
        boxes = boxes_of(self.clients[who].get(self.page("edit")))
        [value] = [name for name in boxes if name.endswith("-value")]
        return {**boxes, value: text}

    def version(self):
        return Return.everywhere.get(pk=self.return_.pk).version

    def line(self):
        return Line.everywhere.get(return_to=self.return_)

    def post(self, who, name, boxes):
        """The new rows of the trail, and whether anything else is different now."""
        before, rows = everything(), AuditRow.everywhere.count()
        answer = self.clients[who].post(self.page(name), boxes)
        assert answer.status_code in (200, 302), answer.text
        return list(AuditRow.everywhere.order_by("pk")[rows:]), everything() != before


def everything():
    """All rows of our tables but those of the trail."""
    return [
        list(getattr(model, "everywhere", model.objects).order_by("pk").values_list())
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if model is not AuditRow
    ]


def saved(house, text):
    return "head", "edit", house.boxes("head", text)


def saved_by_itself(house, text):
    return "head", "line", house.boxes("head", text)


def submitted(house):
    return "head", "submit", {"version": house.version(), "confirm": "on"}


def approved(house):
    return "manager", "approve", {"version": house.version(), "action": "approve"}


def sent_back(house):
    question = {f"question-{house.line().pk}": "Is Year 6 in it?"}
    boxes = {"version": house.version(), "action": "send_back", "note": "", **question}
    return "manager", "approve", boxes


def reopened(house):
    return "manager", "reopen", {"lines": [house.line().pk], "reason": "Year 6 was left out."}


def dates(house):
    boxes = {"do": "dates", "opens": "1 December 2025", "due": "31 March 2026"}
    return "manager", "collect", boxes


def own_deadline(house):
    boxes = {"own-unit": house.school.pk, "own-due": "30 April 2026", "own-reason": "Flood"}
    return "manager", "collect", {"do": "deadline", **boxes}


def closed(house):
    return "manager", "collect", {"do": "close", "confirm": "on"}


# What is posted, in the order of a term; what it is called in the trail, or None: no change.
STORY = [
    (lambda house: saved(house, "91.0"), "typed"),
    (lambda house: saved(house, "91.0"), None),
    (lambda house: saved_by_itself(house, "93.5"), "typed"),
    (lambda house: saved_by_itself(house, "93.5"), None),
    (submitted, "submitted"),
    (submitted, None),
    (lambda house: ("head", "withdraw", {}), "taken back"),
    (submitted, "submitted"),
    (sent_back, "sent back"),
    (submitted, "submitted"),
    (approved, "approved"),
    (approved, None),
    (reopened, "reopened"),
    (reopened, None),
    (lambda house: saved(house, "94.1"), "typed"),
    (submitted, "submitted"),
    (approved, "approved"),
    (dates, "set the dates of"),
    (dates, None),
    (own_deadline, "moved the deadline of"),
    (own_deadline, None),
    (closed, "closed"),
]


def test_every_change_has_its_one_row_and_every_row_its_change(sign_in):
    house = House(sign_in)
    began = timezone.now()

    for post, action in STORY:
        rows, changed = house.post(*post(house))

        assert [row.action for row in rows] == ([action] if action else [])
        assert changed == bool(action)
        for row in rows:
            thing = house.term if row.thing_kind == "schools.term" else house.return_
            expected = house.line() if row.thing_kind == "returns.line" else thing
            assert (row.trust, row.thing_id) == (house.trust, expected.pk)
            assert row.by.pk in {int(c.session["_auth_user_id"]) for c in house.clients.values()}
            assert began <= row.at <= datetime.now(UTC)
            assert row.after

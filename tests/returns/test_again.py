"""Asked for twenty times at once, or killed half way: it happens once, whole, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connections

from kpis.models import Entry
from returns.collecting.terms import close
from returns.life.approving import approve
from returns.life.reopening import reopen
from returns.life.sending import submit
from returns.models import Return
from schools.models import AuditRow, Memberships, Outbox, Role, Term, Unit
from schools.tenancy import inside
from tests.factories import make_house, make_return, make_user
from tests.killed import done_in_a_process_of_its_own, questions_to_die_at

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 1, 20, 15, 10, tzinfo=UTC)
REPLAYS = 20
AT_ONCE = 4  # as many as a web process has threads and connections


class House:
    """Two schools, one of which has typed its figure, and the data manager."""

    def __init__(self):
        self.trust, self.term, attendance, [school, _] = make_house(schools=2)
        self.return_ = make_return(school, self.term, typed="93.5", measure=attendance)
        self.by = Memberships(make_user(Role.DATA_MANAGER, self.trust), self.trust)

    def does(self):
        return {"memberships": self.by, "at": NOW}

    def submit(self, version=2):
        submit(self.return_, version=version, **self.does())

    def approve(self, version=2):
        approve(self.return_, version=version, **self.does())

    def reopen(self, version=None):
        reopen(self.return_, reason="Year 6 was left out.", **self.does())

    def close(self, version=None):
        close(self.term, **self.does())

    def as_far_as(self, action):
        """All that comes before this action, and the version that it is asked for with."""
        with inside(self.trust):
            for name in ("submit", "approve", "reopen")[: BEFORE[action]]:
                getattr(self, name)(self.version())
            return self.version()

    def version(self):
        return Return.everywhere.get(pk=self.return_.pk).version


BEFORE = {"submit": 0, "approve": 1, "reopen": 2, "close": 2}
ROW_OF = {"submit": "submitted", "approve": "approved", "reopen": "reopened", "close": "closed"}


@pytest.mark.parametrize("action", BEFORE)
def test_asked_for_twenty_times_at_once_it_happens_once(action):
    house = House()
    version = house.as_far_as(action)
    rows, mails = AuditRow.everywhere.count(), Outbox.objects.count()
    versions = sum(Unit.everywhere.values_list("data_version", flat=True))
    start = Barrier(AT_ONCE)

    def ask(_):
        start.wait(timeout=30)
        try:
            with inside(house.trust):
                getattr(house, action)(version)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as people:
        list(people.map(ask, range(REPLAYS)))

    [row] = AuditRow.everywhere.filter(pk__gt=0).order_by("-pk")[
        : AuditRow.everywhere.count() - rows
    ]
    assert row.action == ROW_OF[action]
    assert house.version() == version + (action != "close")
    assert Outbox.objects.count() <= mails + 1
    raised = sum(Unit.everywhere.values_list("data_version", flat=True)) - versions
    # The school's; nothing counts otherwise by reopening. Closing is the trust's.
    assert raised == {"submit": 1, "approve": 1, "reopen": 0, "close": 1}[action]


def everything():
    return (
        list(Term.everywhere.order_by("pk").values_list()),
        list(Return.everywhere.order_by("pk").values_list()),
        list(Entry.everywhere.order_by("pk").values_list()),
        list(AuditRow.everywhere.order_by("pk").values_list("pk", "action")),
        list(Unit.everywhere.order_by("pk").values_list("pk", "data_version")),
    )


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_killed_in_the_middle_of_closing_a_term_nothing_has_happened_or_all(kills):
    house = House()
    house.as_far_as("close")
    before = everything()

    def act():
        with inside(house.trust):
            house.close()

    for question in questions_to_die_at(act, kills):
        assert done_in_a_process_of_its_own(act, question) is False
        assert everything() == before

    assert done_in_a_process_of_its_own(act) is True
    assert Term.everywhere.get(pk=house.term.pk).closed_at == NOW
    assert AuditRow.everywhere.filter(action="closed").count() == 1

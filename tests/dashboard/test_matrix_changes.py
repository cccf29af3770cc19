"""What changed since last term: like with like, and each sentence leads to what it counts."""

import re
from collections import Counter
from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from dashboard.matrix.changes import NOT_THERE, LastTerm, difference_words, differences
from dashboard.matrix.filters import Standing
from kpis.models import Override
from kpis.rag.verdict import Reason, Status
from schools.models import Role
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_kpi,
    make_measure,
    make_plan,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

LAST, NOW = "2025-summer", "2025-autumn"


class Trust:
    """A trust in the second year of its plan: attendance at 94.0% or more, margin 1.0."""

    def __init__(self, schools=1, starts=date(2024, 9, 1)):
        self.trust = make_trust()
        self.plan = make_plan(self.trust, starts=starts, ends=date(2028, 8, 31))
        self.attendance = make_measure(self.trust)
        self.kpi = make_kpi(self.plan)
        make_clause(self.kpi, self.attendance, target="94.0", margin="1.0")
        self.schools = [make_school(self.trust) for _ in range(schools)]

    def sent(self, school, measure=None, **terms):
        """What a school has sent: last="95.0", now="90.0"."""
        slugs = {"last": LAST, "now": NOW, "last_before": "2024-summer", "before": "2024-autumn"}
        for name, value in terms.items():
            term = make_term(self.trust, slugs[name])
            make_entry(measure or self.attendance, school, term, value)

    def address(self, **choices):
        query = {"term": NOW, **choices}
        return reverse("dashboard:matrix", args=[self.trust], query=query)


@pytest.fixture
def matrix_of(sign_in):
    def opened(house, user=None, **choices):
        client = sign_in(user or make_user(Role.LEADER, house.trust))
        return client.get(house.address(**choices)).context["matrix"]

    return opened


def said(matrix):
    return [sentence for sentence, _ in matrix.changes]


def test_a_result_that_went_off_target_is_said_with_its_kpi(matrix_of):
    house = Trust(3)
    for school, now in zip(house.schools, ["90.0", "91.0", "96.0"], strict=True):
        house.sent(school, last="95.0", now=now)

    matrix = matrix_of(house)

    assert matrix.since == "Summer 2025"
    assert said(matrix) == ["2 results went off target, all of them Attendance"]
    assert {tile.status: tile.change for tile in matrix.tiles} == {
        Status.RED: "2 more",
        Status.AMBER: "the same",
        Status.GREEN: "2 fewer",
        Status.GREY: "the same",
    }


@pytest.mark.parametrize(
    ("last", "now", "sentence"),
    [
        pytest.param("93.5", "90.0", "1 result went off target: Attendance", id="from close"),
        pytest.param("90.0", "95.0", "1 result came back on target", id="from off"),
        pytest.param("93.5", "95.0", "1 result came back on target", id="from close to on"),
        pytest.param("95.0", "93.5", None, id="close is not off"),
        pytest.param("90.0", "93.5", None, id="close is not on"),
        pytest.param("90.0", "91.0", None, id="off as before"),
    ],
)
def test_only_what_crosses_a_line_is_said(last, now, sentence, matrix_of):
    house = Trust()
    house.sent(house.schools[0], last=last, now=now)

    assert said(matrix_of(house)) == ([sentence] if sentence else [])


def test_the_kpi_that_has_most_of_them_is_named(matrix_of):
    house = Trust(2)
    reading = make_measure(house.trust, "Reading")
    make_clause(make_kpi(house.plan, "Reading"), reading, target="50.0", margin="0")
    for school in house.schools:
        house.sent(school, last="95.0", now="90.0")
    house.sent(house.schools[0], reading, last="60.0", now="40.0")
    house.sent(house.schools[1], reading, last="60.0", now="60.0")

    assert said(matrix_of(house)) == ["3 results went off target; 2 are Attendance"]


def test_on_target_and_worse_for_two_terms_running_is_said(matrix_of):
    house = Trust(2)
    falls, fell_once = house.schools
    house.sent(falls, last_before="99.0", last="97.0", before="98.0", now="96.0")
    house.sent(fell_once, last_before="97.0", last="97.0", before="98.0", now="96.0")

    matrix = matrix_of(house)

    assert said(matrix) == ["1 result is on target but has got worse two terms running"]
    row = matrix_of(house, show="falling-twice").sections[0].rows[0]
    assert [cell.dim for cell in row.cells] == [False, True]


def test_a_carried_figure_has_not_fallen_twice(matrix_of):
    house = Trust(0)
    school = make_school(house.trust)
    yearly = make_measure(
        house.trust, "Exam", basis="academic_year", ask_autumn=False, ask_spring=False
    )
    make_clause(make_kpi(house.plan, "Exam"), yearly, target="50.0", margin="0")
    house.sent(school, yearly, last_before="70.0", last="60.0")

    matrix = matrix_of(house, show="falling")

    assert [row.name for section in matrix.sections for row in section.rows] == ["Exam"]
    assert said(matrix) == []


def test_what_is_late_and_was_there_is_newly_missing(matrix_of):
    house = Trust(2)
    gone, never = house.schools
    house.sent(gone, last="95.0")

    matrix = matrix_of(house)

    assert said(matrix) == ["1 result is late that was there last term"]
    assert matrix.late == 2
    row = matrix_of(house, show="newly-missing").sections[0].rows[0]
    assert [cell.dim for cell in row.cells] == [False, True]
    assert never.name != gone.name


def test_what_may_still_be_sent_has_not_changed():
    tally = Counter({Standing(Status.GREY): 3, Standing(Status.RED, before=Status.GREEN): 1})

    assert differences(tally) == {Status.RED: 1, Status.GREEN: -1}


@pytest.mark.parametrize("reason", sorted(NOT_THERE))
def test_what_was_not_there_or_hidden_last_term_is_not_compared(reason):
    then = SimpleNamespace(verdict=SimpleNamespace(reason=reason, status=Status.GREY), said=None)
    now = SimpleNamespace(
        verdict=SimpleNamespace(reason=Reason.OFF, status=Status.RED, marks=()), said=None
    )
    past = LastTerm("Summer 2025", {1: {2: then}})

    assert past.compared(1, 2, now) == (None, False)
    assert past.compared(1, 3, now) == (None, False)
    then.verdict.reason = Reason.OFF
    then.verdict.status = Status.RED
    assert past.compared(1, 2, now) == (Status.RED, False)
    now.verdict.reason = reason
    assert past.compared(1, 2, now) == (None, False)


def test_the_differences_of_all_statuses_add_up_to_nothing():
    statuses = [Status.RED, Status.AMBER, Status.GREEN, Status.GREY]
    tally = Counter(
        Standing(now, before=then)
        for i, now in enumerate(statuses)
        for j, then in enumerate(statuses)
        for _ in range(i * j + i)
    )

    found = differences(tally)

    assert sum(found.values()) == 0
    assert any(found.values())


@pytest.mark.parametrize(("by", "words"), [(6, "6 more"), (-2, "2 fewer"), (0, "the same")])
def test_a_tile_says_how_many_more(by, words):
    assert difference_words(by) == words


def test_nothing_is_compared_with_a_term_before_the_plan(matrix_of):
    house = Trust(starts=date(2025, 9, 1))
    house.sent(house.schools[0], last="95.0", now="90.0")

    matrix = matrix_of(house)

    assert matrix.since == ""
    assert matrix.changes == ()
    assert {tile.change for tile in matrix.tiles} == {""}


def test_a_school_that_has_just_joined_has_not_changed(matrix_of):
    house = Trust()
    new = make_school(house.trust, "Newly", joined=date(2025, 8, 1))
    house.sent(house.schools[0], last="95.0", now="95.0")
    house.sent(new, last="95.0", now="90.0")

    matrix = matrix_of(house)

    assert {tile.status: tile.count for tile in matrix.tiles}[Status.RED] == 1
    assert said(matrix) == []
    assert {tile.status: tile.change for tile in matrix.tiles}[Status.RED] == "the same"


def test_what_was_set_by_hand_this_term_was_not_so_last_term(matrix_of):
    house = Trust()
    house.sent(house.schools[0], last="95.0", now="95.0")
    with inside(house.trust):
        Override.objects.create(
            node=house.kpi,
            unit=house.schools[0].unit_ptr,
            term=make_term(house.trust, NOW),
            status="red",
            reason="The register is wrong",
            by=make_user(),
        )

    assert said(matrix_of(house)) == ["1 result went off target: Attendance"]


def test_each_sentence_leads_to_exactly_what_it_counts(sign_in):
    house = Trust(4)
    off, back, gone, _ = house.schools
    house.sent(off, last="95.0", now="90.0")
    house.sent(back, last="90.0", now="95.0")
    house.sent(gone, last="95.0")
    client = sign_in(make_user(Role.LEADER, house.trust))
    matrix = client.get(house.address()).context["matrix"]

    assert len(matrix.changes) == 3
    for sentence, url in matrix.changes:
        led_to = client.get(url).context["matrix"]
        cells = [cell for s in led_to.sections for row in s.rows for cell in row.cells]
        counted = int(re.match(r"\d+", sentence).group())
        assert sum(not cell.dim for cell in cells) == counted
        assert led_to.announced == "1 result shown"


def test_a_head_reads_the_changes_of_the_own_school_alone(matrix_of):
    house = Trust(2)
    mine, theirs = house.schools
    house.sent(mine, last="95.0", now="95.0")
    house.sent(theirs, last="95.0", now="90.0")
    training = make_measure(house.trust, "Training", of="trust")
    kpi = make_kpi(house.plan, "Training")
    make_clause(kpi, training, target="85.0", level="trust", roll_up="trust_only")
    house.sent(house.trust.own_unit, training, last="90.0", now="70.0")

    assert said(matrix_of(house)) == ["2 results went off target"]
    of_head = matrix_of(house, make_head(mine))
    assert said(of_head) == []
    assert {tile.change for tile in of_head.tiles} == {"the same"}

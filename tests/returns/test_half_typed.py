"""What is half typed is kept, and it is not in: wherever figures are counted."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from returns.models import Line
from schools.models import Outbox, Role, Term
from tests.factories import (
    make_clause,
    make_head,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

HALF = {
    "one count without the other": {"numerator": "188"},
    "how many, and of how many not a number": {"numerator": "188", "denominator": "all"},
    "a figure where two counts are asked": {"value": "94.1"},
    "a reason without its day": {"why_none": "not_available"},
}
WHOLE = {
    "two counts": {"numerator": "188", "denominator": "200"},
    "a count of nobody": {"numerator": "0", "denominator": "200"},
    "a reason that was chosen": {"why_none": "not_applicable"},
    "a reason where a count goes": {"numerator": "n/a"},
}
CASES = [*((texts, 0) for texts in HALF.values()), *((texts, 1) for texts in WHOLE.values())]
half_and_whole = pytest.mark.parametrize(("texts", "figures_in"), CASES, ids=[*HALF, *WHOLE])


@pytest.fixture
def attendance():
    trust = make_trust()
    measure = make_measure(trust, "Attendance", counts="both")
    make_clause(make_kpi(make_plan(trust)), measure, target="94.0")
    return measure


@pytest.fixture
def return_(attendance):
    """A return that asks for one figure from two counts; it is late, and has a head."""
    school, term = make_school(attendance.trust), make_term(attendance.trust)
    late = timezone.now() - timedelta(days=3)
    Term.everywhere.filter(pk=term.pk).update(due=late, opens=timezone.localdate(late))
    return make_return(school, term, state="in_progress")


@half_and_whole
def test_every_page_that_counts_says_the_same(texts, figures_in, attendance, return_, client):
    trust, term, school = attendance.trust, return_.term, return_.unit
    make_line(return_, attendance, **texts)
    at = {"term": term.slug}
    returns = reverse("returns:return-list", args=[trust], query=at)

    client.force_login(make_head(school))
    grid = client.get(reverse("returns:return-edit", args=[trust, return_.pk]))
    listed = client.get(returns)
    home = client.get(reverse("dashboard:school", args=[trust, school.code], query=at))
    client.force_login(make_user(Role.DATA_MANAGER, trust))
    board = client.get(returns)

    assert f"{figures_in} of 1 figures in" in grid.text
    assert f"{figures_in} of 1" in listed.text
    assert f"{figures_in} of 1" in board.text
    words = (
        "Your return is ready to check and submit."
        if figures_in
        else "0 of 1 figures of your return are in."
    )
    assert words in home.text
    assert ("Attendance" in board.text) is (not figures_in)


@half_and_whole
def test_a_reminder_asks_for_what_is_half_typed(texts, figures_in, attendance, return_, client):
    make_line(return_, attendance, **texts)
    make_head(return_.unit)
    client.force_login(make_user(Role.DATA_MANAGER, attendance.trust))
    remind = reverse("returns:remind", args=[attendance.trust], query={"term": return_.term.slug})

    page = client.get(remind)

    assert ("Attendance" in page.text) is (not figures_in)
    assert Outbox.objects.count() == 0


def test_what_was_typed_stays_in_its_box(attendance, return_, client):
    make_line(return_, attendance, numerator="188")
    client.force_login(make_head(return_.unit))

    page = client.get(reverse("returns:return-edit", args=[attendance.trust, return_.pk]))

    assert 'value="188"' in page.text
    assert Line.everywhere.get().numerator == "188"

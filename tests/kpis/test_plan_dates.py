"""Dates in a plan file: steps, the earlier ones that are kept, and what people say meanwhile."""

from datetime import date

import pytest

from kpis.models import Due
from kpis.plan_files.exporting import export_plan
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import PlanFileRefused, read
from priorities.models import Node, Plan
from schools.tenancy import inside
from tests.factories import make_term, make_trust
from tests.plans.small import SMALL

pytestmark = pytest.mark.django_db

MAY = "{label: May 2026, precision: month, date: 2026-05-31}"
JULY = "{label: July 2026, precision: month, date: 2026-07-31}"
AUTUMN = "{label: Autumn 2026, precision: term, date: 2026-12-18}"
LOST = "{label: not stated, precision: none, reason: The first date is lost}"


@pytest.fixture
def trust():
    trust = make_trust()
    with inside(trust):
        yield trust


def load(trust, due="", **said):
    """A plan with one action that is due so."""
    due = f", due: {due}" if due else ""
    text = f"{SMALL}\nactions:\n  - {{key: x, title: Train everybody{due}}}\n"
    return load_plan(read(text, "plan.yaml"), trust, **said)


def earlier(now, *before):
    return f"{now[:-1]}, earlier: [{', '.join(before)}]}}"


def labels(**columns):
    dues = Due.objects.filter(node__key="x", **columns).order_by("step", "version")
    return [(due.step, due.version, due.label) for due in dues]


def rows():
    return list(Due.objects.order_by("pk").values())


def test_a_first_date_that_is_lost_stays_the_first(trust):
    load(trust, earlier(JULY, LOST))

    first, second = Due.objects.filter(node__key="x")
    assert (first.version, first.precision, first.resolved) == (1, "none", None)
    assert first.reason == "The first date is lost"
    assert (second.version, second.resolved) == (2, date(2026, 7, 31))


def test_loading_dates_again_changes_no_row(trust):
    text = f"[{{step: 1, {earlier(JULY, LOST)[1:]}, {{step: 2, {AUTUMN[1:]}]"
    load(trust, text)
    before = rows()

    again = load(trust, text)

    assert again.nothing_changed
    assert rows() == before


def test_steps_are_no_revisions_of_each_other(trust):
    load(trust, f"[{{step: 1, {MAY[1:]}, {{step: 2, {JULY[1:]}]")

    assert labels() == [(1, 1, "May 2026"), (2, 1, "July 2026")]


def test_a_date_that_moves_keeps_every_one_before_it_with_its_reason(trust):
    load(trust, MAY)
    load(trust, JULY, reason="Staff were ill")
    load(trust, AUTUMN, reason="The hall burnt down")

    assert labels() == [(1, 1, "May 2026"), (1, 2, "July 2026"), (1, 3, "Autumn 2026")]
    reasons = Due.objects.filter(node__key="x").values_list("reason", flat=True)
    assert list(reasons) == ["", "Staff were ill", "The hall burnt down"]
    assert load(trust, AUTUMN).nothing_changed


def test_a_moved_date_needs_a_reason(trust):
    load(trust, MAY)
    before = rows()

    with pytest.raises(PlanFileRefused, match="due/x/: this changes what was promised and needs"):
        load(trust, JULY)

    assert rows() == before


def test_the_file_may_tell_the_history_that_the_trust_has(trust):
    load(trust, MAY)

    load(trust, earlier(JULY, MAY), reason="Staff were ill")

    assert labels() == [(1, 1, "May 2026"), (1, 2, "July 2026")]
    before = rows()
    assert load(trust, earlier(JULY, MAY)).nothing_changed
    assert load(trust, JULY).nothing_changed
    assert rows() == before


def test_a_history_told_too_short_loses_nothing(trust):
    load(trust, earlier(MAY, LOST))

    load(trust, earlier(JULY, LOST), reason="Staff were ill")

    assert [label for _, _, label in labels()] == ["not stated", "May 2026", "July 2026"]


def test_a_first_date_found_later_becomes_the_first(trust):
    load(trust, JULY)
    only = Due.objects.get(node__key="x")

    load(trust, earlier(JULY, MAY))

    assert labels() == [(1, 1, "May 2026"), (1, 2, "July 2026")]
    assert Due.objects.get(node__key="x", version=2).pk == only.pk


def test_earlier_dates_can_change_places(trust):
    load(trust, earlier(AUTUMN, MAY, JULY))

    load(trust, earlier(AUTUMN, JULY, MAY))

    assert [label for _, _, label in labels()] == ["July 2026", "May 2026", "Autumn 2026"]


def test_a_date_may_move_back_to_what_it_was(trust):
    load(trust, MAY)
    load(trust, JULY, reason="Later")
    load(trust, MAY, reason="Sooner after all")

    assert [label for _, _, label in labels()] == ["May 2026", "July 2026", "May 2026"]
    assert load(trust, MAY).nothing_changed
    assert "reason: Sooner after all" in export_plan(Plan.objects.get())


def test_a_date_that_leaves_the_file_is_kept_as_an_earlier_one(trust):
    load(trust, MAY)

    load(trust, reason="No longer dated")

    dates = Due.objects.filter(node__key="x").values_list("version", "precision", "resolved")
    assert list(dates) == [(1, "month", date(2026, 5, 31)), (2, "none", None)]
    assert load(trust).nothing_changed


def test_a_step_that_leaves_the_file_goes(trust):
    load(trust, f"[{{step: 1, {MAY[1:]}, {{step: 2, {earlier(JULY, LOST)[1:]}]")

    load(trust, MAY)

    assert labels() == [(1, 1, "May 2026")]
    assert load(trust, MAY).nothing_changed


def test_a_step_that_people_have_spoken_of_stays(trust):
    load(trust, f"[{{step: 1, {MAY[1:]}, {{step: 2, {JULY[1:]}]")
    Due.objects.filter(node__key="x", step=2).update(done_on=date(2026, 7, 1))

    with pytest.raises(PlanFileRefused, match="people have said that it is done or at risk"):
        load(trust, MAY)

    assert len(labels()) == 2


def test_an_action_that_is_done_is_archived_when_it_leaves_the_file(trust):
    load(trust, MAY)
    Due.objects.filter(node__key="x").update(done_on=date(2026, 5, 1))

    load_plan(read(SMALL, "plan.yaml"), trust)

    assert Node.objects.get(key="x").archived_at is not None


def test_an_action_that_nobody_spoke_of_goes_with_its_dates(trust):
    load(trust, earlier(MAY, LOST))

    load_plan(read(SMALL, "plan.yaml"), trust)

    assert not Node.objects.filter(key="x").exists()


def test_a_date_moved_on_screen_is_not_moved_back_and_told(trust):
    load(trust, MAY)
    moved = Due.objects.get(node__key="x")
    Due.objects.create(
        node=moved.node, version=2, label="June", precision="month", resolved=date(2026, 6, 30)
    )
    before = rows()

    loaded = load(trust, MAY)

    assert loaded.nothing_changed
    assert loaded.kept[0].startswith("due/x/: changed on screen since the last load. label: the")
    assert rows() == before


def test_a_date_moved_on_screen_and_in_the_file_stops_the_load(trust):
    load(trust, MAY)
    moved = Due.objects.get(node__key="x")
    Due.objects.create(
        node=moved.node, version=2, label="June", precision="month", resolved=date(2026, 6, 30)
    )
    before = rows()

    with pytest.raises(PlanFileRefused, match="changed on screen and in the file"):
        load(trust, JULY, reason="Later")

    assert rows() == before


def test_the_reason_of_an_earlier_date_can_be_told_afterwards(trust):
    load(trust, earlier(JULY, MAY))

    load(trust, earlier(JULY, f"{MAY[:-1]}, reason: As printed first}}"))

    assert Due.objects.get(node__key="x", version=1).reason == "As printed first"
    assert len(labels()) == 2


def test_a_longer_plan_moves_what_is_due_at_its_end(trust):
    load_plan(read(SMALL, "plan.yaml"), trust)

    longer = SMALL.replace("ends: 2028-08-31", "ends: 2029-08-31")
    load_plan(read(longer, "plan.yaml"), trust, reason="One more year")

    first, second = Due.objects.filter(node__key="a1")
    assert (first.resolved, second.resolved) == (date(2028, 8, 31), date(2029, 8, 31))
    text = export_plan(Plan.objects.get())
    assert "earlier: [{precision: plan_end, date: 2028-08-31}]" in text
    elsewhere = make_trust()
    assert export_plan(load_plan(read(text, "plan.yaml"), elsewhere).plan) == text


def test_a_clause_has_dates_of_its_own_and_gives_them_up_with_a_reason(trust):
    dated = SMALL.replace(
        "rule: done, reads: published, level: trust",
        f"rule: done, reads: published, level: trust, due: {earlier(JULY, MAY)}",
    )
    load_plan(read(dated, "plan.yaml"), trust)
    dues = Due.objects.filter(clause__key="c2", node__key="a3")
    assert [due.label for due in dues] == ["May 2026", "July 2026"]

    with pytest.raises(PlanFileRefused, match="due/a3/c2: this changes what was promised"):
        load_plan(read(SMALL, "plan.yaml"), trust)
    load_plan(read(SMALL, "plan.yaml"), trust, reason="At the end will do")

    assert [due.precision for due in dues.all()] == ["month", "month", "plan_end"]
    assert load_plan(read(SMALL, "plan.yaml"), trust).nothing_changed


def test_a_date_for_what_had_none_needs_a_reason(trust):
    load(trust)

    with pytest.raises(PlanFileRefused, match="needs a reason"):
        load(trust, MAY)
    load(trust, MAY, reason="The board asked", since=make_term(trust, "2026-spring").period)

    assert labels() == [(1, 1, "May 2026")]

"""Outcomes and milestones of a plan file that carry clauses are judged like KPIs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis import facts
from kpis.models import Measure
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read
from kpis.rag.judging import judge_all
from schools.models import Role
from schools.tenancy import inside
from tests.factories import make_entry, make_school, make_term, make_trust, make_user
from tests.plans.small import SMALL

pytestmark = pytest.mark.django_db

PUBLISHED = "clauses: [{key: c1, rule: done, reads: published, level: trust}]"
OUTCOME = "  - {key: a-o1, under: a, title: Pupils come to school}\n"


@pytest.fixture
def trust():
    trust = make_trust()
    make_school(trust)
    with inside(trust):
        yield trust


def load(trust, due="", text="", roles="milestones"):
    """The small plan with one more entry that is done when a policy is published."""
    due = f"due: {due}, " if due else ""
    entry = f"  - {{key: x, title: The policy is out, {due}{PUBLISHED}}}\n"
    text = text or f"{SMALL}\n{roles}:\n{entry}"
    return load_plan(read(text, "plan.yaml"), trust)


def judged(trust, slug="2025-autumn", today=date(2026, 1, 10)):
    """What the rules say for the trust, by the key of the entry."""
    term = make_term(trust, slug)
    found = facts.read(trust, facts.plan_for(term), term, today)
    keys = {branch.id: branch.key for branch in found.tree}
    return {keys[one.promise.id]: one.trust.verdict for one in judge_all(found.given)}


def publish(trust, slug="2025-autumn"):
    term = make_term(trust, slug)
    make_entry(
        Measure.objects.get(code="published"), trust.own_unit, term, done="yes", done_on=term.starts
    )


def test_a_milestone_without_a_date_is_never_red(trust):
    load(trust)

    verdict = judged(trust, "2026-summer", today=date(2030, 1, 1))["x"]

    assert (verdict.status, verdict.reason) == ("grey", "NO_DATE")


def test_a_milestone_whose_words_name_no_day_is_never_red(trust):
    load(trust, "{label: when the building is ready, precision: none}")

    assert judged(trust)["x"].reason == "NO_DATE"


def test_a_milestone_is_overdue_after_its_day_and_green_once_done(trust):
    load(trust, "{label: December 2025, precision: month, date: 2025-12-31}")

    assert judged(trust)["x"].reason == "OVERDUE"
    publish(trust)
    verdict = judged(trust)["x"]
    assert (verdict.status, verdict.reason) == ("green", "DONE")


def test_a_date_that_was_put_off_counts_and_says_so(trust):
    load(
        trust,
        "{label: July 2026, precision: month, date: 2026-07-31, "
        "earlier: [{label: not stated, precision: none}, "
        "{label: May 2025, precision: month, date: 2025-05-31}]}",
    )

    verdict = judged(trust)["x"]

    assert verdict.reason == "NOT_DUE"
    assert "due 31 July 2026, moved 2 times" in verdict.sentence


def test_an_outcome_without_a_date_is_due_at_the_end_of_the_plan(trust):
    text = SMALL.replace(OUTCOME, f"  - {{key: a-o1, under: a, title: Out, {PUBLISHED}}}\n")
    load(trust, text=text)

    verdict = judged(trust)["a-o1"]

    assert verdict.reason == "NOT_DUE"
    assert "due 31 August 2028" in verdict.sentence


def test_an_outcome_with_several_clauses_combines_them_as_the_file_says(trust):
    two = PUBLISHED[:-1] + ", {key: c2, rule: judged, reads: review, level: school}]"
    ready = "due: {label: Ready, precision: ready, date: 2025-09-01}"
    outcome = f"  - {{key: a-o1, under: a, title: Out, combine: COMBINE, {ready}, {two}}}\n"
    load(trust, text=SMALL.replace(OUTCOME, outcome.replace("COMBINE", "all")))
    publish(trust)

    assert judged(trust)["a-o1"].reason == "ALL_GREEN"
    assert "PART_DUE" in judged(trust)["a-o1"].marks


def test_each_year_of_a_series_is_judged_by_its_own_step(trust):
    text = SMALL.replace(
        "priorities:\n",
        "  - {code: joined, name: Joined, kind: number, better: higher, basis: academic_year, "
        "from: register, register: schools_joined, ask: {of: trust}}\npriorities:\n",
    )
    text += """
milestones:
  - key: x
    title: One school joins a year
    due:
      - {step: 1, label: 2025/26, precision: academic_year, date: 2026-08-31}
      - {step: 2, label: 2026/27, precision: academic_year, date: 2027-08-31}
    clauses:
      - {key: c1, rule: threshold, op: ">=", reads: joined, level: trust, target: "1", when: by}
"""
    load(trust, text=text)

    early = judged(trust, "2025-autumn")["x"]
    make_school(trust, joined=date(2025, 10, 1))
    later = judged(trust, "2026-summer", today=date(2026, 8, 31))["x"]

    assert early.reason == "NOT_DUE"
    assert "31 August 2026" in early.sentence
    assert later.reason == "MET"


def test_promises_of_other_roles_cost_no_more_queries(trust):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            facts.read(trust, plan, term, date(2026, 1, 10), terms=terms)
        return len(asked)

    plan = load(trust, text=SMALL).plan
    term, terms = make_term(trust), list(trust.terms.select_related("period__year"))
    queries()  # the first asks for the trust's own unit as well
    of_kpis_alone = queries()

    load(trust, "{label: July 2026, precision: month, date: 2026-07-31}")

    assert queries() == of_kpis_alone


def test_the_matrix_shows_kpis_only(trust, sign_in):
    text = SMALL.replace(OUTCOME, f"  - {{key: a-o1, under: a, title: Out, {PUBLISHED}}}\n")
    load(trust, text=f"{text}\nmilestones:\n  - {{key: x, title: A bar, {PUBLISHED}}}\n")
    publish(trust)
    address = reverse("dashboard:matrix", args=[trust.slug], query={"term": "2025-autumn"})

    page = sign_in(make_user(Role.LEADER, trust)).get(address)

    assert set(judged(trust)) == {"a1", "a2", "a3", "a-o1", "x"}
    assert "Reviews are good" in page.text
    assert "A bar" not in page.text
    assert ">Out<" not in page.text

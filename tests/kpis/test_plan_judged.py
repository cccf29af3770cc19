"""Outcomes and milestones of a plan file that carry clauses are judged like KPIs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis import facts
from kpis.models import Comparator, Measure, PupilGroup, Series
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read
from kpis.rag.judging import judge_all
from schools.models import Period, Role
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


# what the plan itself prints to compare with


STAFFING = """
plan: {key: money, title: Money, starts: 2024-09-01, ends: 2028-08-31}
series:
  - {key: staffing_share, provider: DfE, basis: financial_year, printed: [PRINTED]}
measures:
  - {code: staffing, name: Staffing, kind: percentage, better: none, basis: financial_year, about_pupils: no, ask: {of: school, in: [autumn], about: last}, series: staffing_share}
priorities:
  - {key: a, title: Money is well spent}
kpis:
  - key: x
    under: a
    title: Staff cost in line
    clauses:
      - {key: c1, rule: compare, op: in_line, reads: staffing, level: school, where: {phases: [secondary]}, tolerance: "2", margin: "5", comparator: {provider: DfE}}
      - {key: c2, rule: compare, op: in_line, reads: staffing, level: school, where: {phases: [primary]}, tolerance: "2", margin: "5", comparator: {provider: DfE}}
"""  # noqa: E501
BY_PHASE = (
    "{year: 2015/16, phase: secondary, value: 75}, {year: 2015/16, phase: primary, value: 73}, "
    "{year: 2015/16, value: 50}"
)


def staffed(trust, printed=BY_PHASE, text=STAFFING):
    """A secondary and a primary school that spend 74.8% on staff, by phase, and their plan."""
    text = text.replace("PRINTED", printed)
    text = text if printed else text.replace(", printed: []", "")
    load_plan(read(text, "plan.yaml"), trust)
    term, measure = make_term(trust), Measure.objects.get(code="staffing")
    schools = {phase: make_school(trust, phase=phase) for phase in ("secondary", "primary")}
    for school in schools.values():
        make_entry(measure, school, term, value="74.8")
    return schools


def staffing(trust, schools):
    """What each school's own clause says of it, by phase."""
    term = make_term(trust)
    found = facts.read(trust, facts.plan_for(term), term, date(2026, 1, 10))
    (judged,) = judge_all(found.given)
    return {
        phase: line.schools[schools[phase].pk]
        for phase, line in zip(("secondary", "primary"), judged.lines, strict=True)
    }


def publish_staffing(value, provider="DfE"):
    """What a provider itself publishes of 2024/25 for primary schools, common to all trusts."""
    series, _ = Series.objects.get_or_create(
        owner="", provider=provider, what="staffing_share", basis="financial_year"
    )
    Comparator.objects.create(
        series=series,
        scope="phase",
        scope_code="primary",
        group=PupilGroup.objects.get(code="all"),
        period=Period.objects.whole_year(2024, "financial_year"),
        value=value,
    )


def test_what_the_plan_prints_is_held_against_schools_phase_by_phase(trust):
    schools = staffed(trust)

    said = staffing(trust, schools)

    assert {phase: one.target for phase, one in said.items()} == {"secondary": 75, "primary": 73}
    assert {one.verdict.status for one in said.values()} == {"green"}
    assert all("PROVISIONAL" in one.verdict.marks for one in said.values())
    assert "2015/16, as printed in the plan, nothing newer" in said["primary"].verdict.sentence


def test_a_figure_published_later_replaces_what_the_plan_prints(trust):
    schools = staffed(trust)
    publish_staffing(60)

    said = staffing(trust, schools)

    assert said["primary"].target == 60
    assert said["primary"].verdict.status == "red"
    assert "PROVISIONAL" not in said["primary"].verdict.marks
    assert said["secondary"].target == 75


def test_what_one_plan_prints_no_other_trust_ever_sees(trust):
    staffed(trust)
    elsewhere = make_trust()
    with inside(elsewhere):
        schools = staffed(elsewhere, printed="")

        said = staffing(elsewhere, schools)

    assert {(one.verdict.status, one.target) for one in said.values()} == {("grey", None)}
    assert not Comparator.objects.filter(series__owner="").exists()


def test_what_a_plan_prints_of_another_provider_counts_beside_what_that_one_publishes(trust):
    text = STAFFING.replace("provider: DfE}}", "provider: FFT}}").replace(
        "measures:\n",
        "  - {key: fft, provider: FFT, what: staffing_share, basis: financial_year, "
        "printed: [{year: 2016/17, value: 70}]}\nmeasures:\n",
    )
    schools = staffed(trust, text=text)

    assert staffing(trust, schools)["primary"].target == 70
    publish_staffing(74, provider="FFT")
    assert staffing(trust, schools)["primary"].target == 74
    assert staffing(trust, schools)["secondary"].target == 70

"""What is promised and what was sent: read apart, kept apart, put together again."""

from datetime import date, datetime
from decimal import Decimal
from random import Random

import pytest

from kpis import actions, facts, saying
from kpis.comparators import load_comparators, read_comparators
from kpis.models import Case, Judgement, PupilGroup, Series
from kpis.rag.judging import judge_all
from returns.collecting.terms import move_deadline, set_dates
from returns.life.approving import approve, send_back
from returns.life.sending import submit, withdraw
from returns.models import Return
from schools.models import Memberships, Role
from schools.tenancy import inside
from tests.factories import (
    LONDON,
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_return,
    make_school,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 10)
NOW = datetime(2026, 1, 10, 12, tzinfo=LONDON)


class House:
    """A trust with one KPI, as a page reads it."""

    def __init__(self, schools=2):
        self.trust, self.term, self.measure, self.schools = make_house(schools)
        self.school = self.schools[0]
        self.plan = self.trust.plans(manager="everywhere").get()
        self.kpi = self.plan.nodes(manager="everywhere").get(role="kpi")
        self.reading = self.measure.readings(manager="everywhere").get()

    def as_(self, role):
        user = make_user(role, self.trust, units=[self.school] if role == Role.HEADTEACHER else ())
        return Memberships(user, self.trust)

    def promised(self, **about):
        with inside(self.trust):
            return facts.read_plan(self.trust, self.plan, self.term, TODAY, **about)

    def sent(self, promised, units=None):
        with inside(self.trust):
            return facts.read_figures(promised, units)

    def read(self, term=None, **about):
        with inside(self.trust):
            return facts.read(self.trust, self.plan, term or self.term, TODAY, **about)

    def versions(self):
        with inside(self.trust):
            return facts.read_versions(self.trust)


# Put together


def test_both_parts_together_are_what_a_page_reads():
    house = House()
    make_entry(house.measure, house.school, house.term, "94.1")

    promised = house.promised()

    assert promised.given.answers == {}
    assert facts.facts_of(promised, house.sent(promised)) == house.read(history=False)


def test_the_figures_of_one_school_are_read_without_those_of_others():
    house = House()
    for school in house.schools:
        make_entry(house.measure, school, house.term, "94.1")

    figures = house.sent(house.promised(), {house.school.pk})

    assert {unit for _, unit, _ in figures.answers} == {house.school.pk}


def test_after_one_save_only_that_schools_figures_are_read_anew():
    house = House()
    one, other = house.schools
    gone = make_entry(house.measure, one, house.term, "91.0", group="send")
    for school in house.schools:
        make_entry(house.measure, school, house.term, "94.1")
        Case.everywhere.create(measure=house.measure, unit=school.unit_ptr, opened=TODAY)
    promised = house.promised()
    before = house.sent(promised)
    gone.delete()
    make_entry(house.measure, one, house.term, "95.5", standing="provisional")

    renewed = before.renewed(house.sent(promised, {one.pk}), {one.pk})

    everyone = house.measure.pk, one.pk, "all"
    assert [answer.value for answer in renewed.answers[everyone]] == [Decimal("95.5")]
    assert (house.measure.pk, one.pk, "send") not in renewed.answers
    assert renewed == house.sent(promised)
    assert (
        renewed.answers[house.measure.pk, other.pk, "all"]
        is (before.answers[house.measure.pk, other.pk, "all"])
    )


def test_ratings_deadlines_and_comments_belong_to_their_unit():
    house = House()
    one, other = house.schools
    for school, due in ((one, 21), (other, 23)):
        Judgement.everywhere.create(
            measure=house.measure,
            unit=school.unit_ptr,
            group=PupilGroup.objects.get(code="all"),
            kind="external",
            on=TODAY,
            standing="approved",
            rating="amber",
            rated_by="outside",
            reviewer="A. Reader",
            evidence="Two visits",
            collected_in=house.term,
        )
        with inside(house.trust):
            house.term.deadlines.create(
                unit=school.unit_ptr, due=house.term.due.replace(day=due), reason="Flooded"
            )
            house.kpi.comments.create(
                unit=school.unit_ptr, term=house.term, why="Ill", by=make_user()
            )
    promised = house.promised(node=house.kpi.pk)

    figures = house.sent(promised, {one.pk})
    page = facts.facts_of(promised, figures)

    assert [rated.reviewer for rated in figures.ratings[house.measure.pk, one.pk, "all"]] == [
        "A. Reader"
    ]
    assert len(figures.ratings) == 1
    assert figures.dues == {one.pk: date(2026, 1, 21)}
    assert page.given.units[one.pk].due == date(2026, 1, 21)
    assert page.given.units[other.pk].due is None
    assert [comment.unit for comment in page.comments] == [one.pk]


@pytest.mark.parametrize("schools", [1, 12])
def test_the_parts_cost_the_same_for_any_number_of_schools(schools, django_assert_num_queries):
    house = House(schools)
    earlier = make_term(house.trust, "2025-summer")
    for school in house.schools:
        make_entry(house.measure, school, earlier, "93.0")
        make_entry(house.measure, school, house.term, "94.1")
    with inside(house.trust):
        terms = list(house.trust.terms(manager="objects").select_related("period__year"))

    with django_assert_num_queries(6):
        promised = house.promised(terms=terms)
    with django_assert_num_queries(2):
        house.sent(promised)
    with django_assert_num_queries(1):
        house.versions()


# Without a history


def test_a_page_without_a_history_reads_no_old_figures():
    house = House(1)
    for slug in ("2023-autumn", "2024-autumn", "2025-summer", "2025-autumn"):
        make_entry(house.measure, house.school, make_term(house.trust, slug), "94.0")
    question = house.measure.pk, house.school.pk, "all"

    short, whole = house.read(history=False), house.read()

    assert [answer.period.name for answer in short.given.answers[question]] == [
        "2024/25 to autumn",
        "2024/25",
        "2025/26 to autumn",
    ]
    assert len(whole.given.answers[question]) == 4


def test_a_figure_of_long_ago_is_found_where_nothing_newer_is(django_assert_num_queries):
    house = House(1)
    make_entry(house.measure, house.school, make_term(house.trust, "2023-autumn"), "94.0")
    promised = house.promised()

    with django_assert_num_queries(3):
        figures = house.sent(promised)

    assert len(figures.answers[house.measure.pk, house.school.pk, "all"]) == 1


COLUMNS = [
    {"basis": "term", "seasonal": False},
    {"basis": "term", "seasonal": True, "ask_spring": False},
    {"basis": "year_to_date"},
    {"basis": "academic_year", "seasonal": False, "ask_spring": False, "ask_summer": False}
    | {"about": "last"},
    {"basis": "academic_year", "seasonal": False, "ask_autumn": False, "ask_summer": False},
    {"basis": "date", "kind": "number", "seasonal": False},
]
RULES = [
    {"target": "92"},
    {"rule": "trend", "operator": "improve"},
    {"rule": "gap", "operator": "narrow", "against": "same_school"},
]


@pytest.mark.parametrize("seed", range(2))
def test_a_short_history_judges_as_a_whole_one_does(seed):
    house, dice = House(4), Random(seed)
    slugs = [f"{y}-{p}" for y in (2024, 2025, 2026) for p in ("spring", "summer", "autumn")]
    terms = [make_term(house.trust, slug) for slug in ("2023-autumn", *slugs[:-1])]
    send = PupilGroup.objects.get(code="send")
    for columns in COLUMNS:
        for rule in RULES:
            measure = make_measure(house.trust, f"{len(columns)} {dice.random()}", **columns)
            more = dict(rule)
            if rule.get("rule"):
                more["baseline_period"] = measure.period_for(terms[dice.randint(0, 3)])
            if rule.get("rule") == "gap":
                more["group"] = send
            make_clause(make_kpi(house.plan), measure, **more)
            for school in house.schools:
                until, about = dice.choice([len(terms)] * 4 + [3, 0]), set()
                for term in terms[:until]:
                    period = measure.period_for(term)
                    is_asked = getattr(measure, f"ask_{term.period.get_part_display().lower()}")
                    if period.pk in about or not is_asked or dice.random() < 0.1:
                        continue
                    about.add(period.pk)
                    for group in ("all", "send"):
                        part = dice.randint(80, 99)
                        counts = {"numerator": part, "denominator": 100}
                        counts = counts if columns.get("kind") is None else {}
                        make_entry(measure, school, term, part, group=group, **counts)

    fewer = 0
    for term in terms[3:]:
        short, whole = house.read(term, history=False).given, house.read(term).given
        assert judge_all(short) == judge_all(whole)
        fewer += sum(map(len, whole.answers.values())) > sum(map(len, short.answers.values()))

    assert fewer == len(terms[3:])


# Whatever changes a part raises its version


def leader_accepts(house):
    actions.accept_baselines(
        house.reading,
        [(house.school.unit_ptr, house.measure.period_for(house.term))],
        group=PupilGroup.objects.get(code="all"),
        season=0,
        from_period=house.term.period,
        reason="Agreed",
        memberships=house.as_(Role.LEADER),
    )


def leader_sets_a_target(house):
    house.reading.targets(manager="everywhere").all().delete()
    actions.set_target(
        house.reading,
        value=97,
        from_period=house.term.period,
        reason="Agreed",
        memberships=house.as_(Role.LEADER),
    )


def by_hand(house):
    actions.set_by_hand(
        house.kpi,
        house.school.unit_ptr,
        house.term,
        "red",
        reason="A fire",
        memberships=house.as_(Role.LEADER),
    )


def taken_back(house):
    by_hand(house)
    house.remember()
    actions.take_back(
        house.kpi,
        house.school.unit_ptr,
        house.term,
        reason="No fire",
        memberships=house.as_(Role.LEADER),
    )


def commented(house):
    saying.comment(
        house.kpi,
        house.term,
        why="Illness",
        what_next="",
        seen=("", ""),
        memberships=house.as_(Role.LEADER),
    )


def deadline(house):
    move_deadline(
        house.term,
        house.school.unit_ptr,
        due=house.term.due.replace(day=25),
        reason="Flooded",
        memberships=house.as_(Role.DATA_MANAGER),
        at=NOW,
    )


def dates(house):
    set_dates(
        house.term,
        opens=house.term.opens,
        due=house.term.due.replace(day=25),
        memberships=house.as_(Role.DATA_MANAGER),
        at=NOW,
    )


def joined(house):
    make_school(house.trust, "Newcomer")


def published(house, provider="DfE"):
    head = (
        "series,provider,scope,scope_code,pupil_group,academic_year,term,basis,value,release,"
        "published_on,source_title,source_ref"
    )
    row = f"attendance,{provider},everyone,,all,2025/26,Autumn,year_to_date,93.9,final,,Figures,"
    load_comparators(read_comparators([head, row], "england.csv"))


def published_by_others(house):
    published(house, "DfE similar schools")


def sent_in(house):
    return_ = make_return(house.school, house.term, typed="93.5", measure=house.measure)
    submit(return_, version=return_.version, memberships=house.as_(Role.HEADTEACHER), at=NOW)
    return Return.everywhere.get(pk=return_.pk)


def approved(house):
    return_ = sent_in(house)
    house.remember()
    approve(return_, version=return_.version, memberships=house.as_(Role.DATA_MANAGER), at=NOW)


def sent_back(house):
    return_ = sent_in(house)
    house.remember()
    line = return_.lines(manager="everywhere").get()
    send_back(
        return_,
        version=return_.version,
        questions={line.pk: "Is it?"},
        note="Look again",
        memberships=house.as_(Role.DATA_MANAGER),
        at=NOW,
    )


def withdrawn(house):
    return_ = sent_in(house)
    house.remember()
    withdraw(return_, memberships=house.as_(Role.HEADTEACHER), at=NOW)


PROMISED = [
    leader_accepts,
    leader_sets_a_target,
    by_hand,
    taken_back,
    dates,
    joined,
    published,
    published_by_others,
]
SENT = [commented, deadline, sent_in, approved, sent_back, withdrawn]


class Watched(House):
    """The house, with both its parts and their versions as they were."""

    def __init__(self):
        super().__init__()
        self.measure.series = Series.objects.create(
            provider="DfE", what="attendance", basis="year_to_date"
        )
        self.measure.save()
        make_entry(self.measure, self.schools[1], self.term, "94.1")
        make_entry(self.measure, self.school, make_term(self.trust, "2025-summer"), "93.1")
        self.remember()

    def remember(self):
        self.was, self.had = self.versions(), self._now()

    def _now(self):
        self.term.refresh_from_db()
        promised = self.promised(node=self.kpi.pk)
        return promised, self.sent(promised)


@pytest.mark.parametrize("change", PROMISED)
def test_what_changes_a_promise_raises_what_promises_are_kept_under(change):
    house = Watched()
    if change is leader_accepts:
        make_entry(house.measure, house.school, house.term, "94.1")
    house.remember()

    with inside(house.trust):
        change(house)

    promised, _ = house._now()
    assert _told(promised) != _told(house.had[0])
    assert house.versions().promised != house.was.promised


@pytest.mark.parametrize("change", SENT)
def test_what_changes_a_units_figures_raises_that_units_version(change):
    house = Watched()

    with inside(house.trust):
        change(house)

    promised, sent = house._now()
    unit = house.trust.own_unit.pk if change is commented else house.school.pk
    assert sent != house.had[1]
    assert house.versions().units[unit] > house.was.units[unit]
    if change is not commented:
        assert _told(promised) == _told(house.had[0])
        assert house.versions().promised == house.was.promised


def _told(promised):
    return [
        getattr(promised, name)
        for name in ("given", "tree", "shorts", "definitions", "changes", "sources", "terms")
    ]


def test_versions_are_of_ones_own_trust_and_of_what_it_can_see():
    house, other = House(), House(1)
    Series.objects.create(
        owner=other.trust.slug, provider="Budget", what="staff", basis="financial_year"
    )
    before = house.versions()

    with inside(other.trust):
        joined(other)
        make_head(other.school)

    assert house.versions() == before
    assert set(before.units) == {house.trust.own_unit.pk, *(s.pk for s in house.schools)}
    assert len(before.promised) == 1

"""What has been judged once need not be judged again: blocks of a school, other terms, no words."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rag.judging import judge_all, judge_one, judge_results, judge_school, judge_units
from kpis.rag.lines import schools_of
from kpis.rag.say import Saying
from kpis.rag.verdict import Reason, Status, Verdict

from .builders import (
    TRUST,
    answer,
    due,
    judge,
    make_aim,
    make_clause,
    make_given,
    make_measure,
    make_promise,
    make_schools,
    said,
)
from .test_whole_plan import any_plan, every_verdict, plan_of, seeds, with_


def blocks_of(plan, but=()):
    """A block for each school, as a page would keep them."""
    known = {}
    for school in schools_of(plan):
        if school.id not in but:
            known |= judge_school(plan, school.id)
    return known


def afresh(plan):
    """The same facts, of which nothing has been worked out yet."""
    facts = {one.name: getattr(plan, one.name) for one in fields(plan) if one.init}
    return type(plan)(**facts)


def fewer_answers(plan, school):
    """The school has taken back its last answer to each question; its parts too."""
    its = {school} | {unit.id for unit in plan.units.values() if unit.parent == school}
    answers = {
        question: told[:-1] if question[1] in its else told
        for question, told in plan.answers.items()
    }
    return with_(plan, answers=answers)


@given(seeds)
@any_plan
def test_what_is_known_of_every_school_gives_the_same_as_judging_from_scratch(seed):
    plan = plan_of(seed)

    assert judge_all(afresh(plan), blocks_of(plan)) == judge_all(plan)


@given(seeds)
@any_plan
def test_what_is_known_of_every_unit_and_the_trust_gives_the_same_too(seed):
    plan = plan_of(seed)

    assert judge_all(afresh(plan), judge_units(plan, plan.units)) == judge_all(plan)


@given(seeds, st.integers(0, 99))
@any_plan
def test_after_one_school_has_saved_only_its_block_has_to_be_judged_again(seed, pick):
    before = plan_of(seed)
    schools = schools_of(before)
    if not schools:
        return
    school = schools[pick % len(schools)].id
    after = fewer_answers(before, school)
    known = blocks_of(before, but=[school]) | judge_school(after, school)

    assert judge_all(after, known) == judge_all(afresh(after))


@given(seeds)
@any_plan
def test_what_counts_as_a_result_is_the_same_without_what_stands_beside_it(seed):
    plan = plan_of(seed)

    for whole, results in zip(judge_all(plan), judge_results(afresh(plan)), strict=True):
        assert results.is_trust_wide == whole.is_trust_wide
        assert results.schools == whole.schools
        assert [line.schools for line in results.lines] == [line.schools for line in whole.lines]
        if whole.is_trust_wide:
            assert results.trust == whole.trust
            assert [line.trust for line in results.lines] == [line.trust for line in whole.lines]


@given(seeds, seeds)
@any_plan
def test_another_term_of_the_same_facts_remembers_nothing_of_this_one(seed, other):
    plan, term = plan_of(seed), plan_of(other).term
    judge_all(plan)

    assert judge_all(plan.at(term)) == judge_all(afresh(with_(plan, term=term)))


def two_schools():
    answers = {pk: [answer("autumn 2025", "96 of 100")] for pk in (1, 2)}
    return make_given(make_clause(), units=make_schools(2), answers=answers)


def test_what_is_known_of_a_school_is_not_judged_again():
    plan = two_schools()
    known = judge_school(plan, 1)

    with patch.object(Saying, "of", autospec=True, side_effect=Saying.of) as say:
        judge_all(afresh(plan), known)

    assert [call.args[1].id for call in say.call_args_list] == [2]


def test_a_block_holds_a_school_with_its_parts_and_nobody_else():
    plan = two_schools()

    assert set(judge_school(plan, 1)) == {1}
    assert set(judge_units(plan, [1, TRUST])) == {1, TRUST}
    assert set(judge_school(plan, 1)[1]) == {1}


def test_a_promise_as_a_leader_is_just_changing_it_is_never_taken_for_the_one_that_is_kept():
    plan = two_schools()
    (promise,) = plan.promises
    reading = promise.clauses[0].readings[0]
    higher = replace(reading, aims=(make_aim("97.5"),))
    changed = make_promise(replace(promise.clauses[0], readings=(higher,)))

    reasons = [
        judge_one(plan, one).schools[1].verdict.reason for one in (promise, changed, promise)
    ]

    assert reasons == [Reason.MET, Reason.OFF, Reason.MET]


def test_no_sentence_is_written_until_somebody_reads_it():
    written = []
    verdict = Verdict(Status.GREEN, Reason.MET, lambda: written.append(1) or "95.0%")
    noted = verdict.noted("those in both periods")

    assert written == []
    assert noted.sentence == "On target: 95.0%, those in both periods."
    assert written == [1]
    assert verdict == Verdict(Status.GREEN, Reason.MET, "95.0%")


def test_counting_statuses_writes_no_sentence():
    schools = make_schools(3)
    answers = {pk: [answer("autumn 2025", f"{90 + 3 * pk} of 100")] for pk in (1, 2, 3)}
    measure = make_measure()
    clauses = make_clause(1), make_clause(2, target="90")
    plan = make_given(*clauses, units=schools, answers=answers, measures=[measure])

    with patch("kpis.rag.threshold._because") as because:
        result = judge(plan)
        assert [cell.verdict.status for cell in result.schools.values()]
        assert result.trust.verdict.counts is None or result.trust.verdict.counts.of
        assert not because.called

    assert all(verdict.sentence for _, verdict in every_verdict(result))


def carried(clause, **more):
    """A figure of autumn about the whole year, looked at in spring and in summer."""
    spring, summer = (
        make_given(
            clause,
            at=at,
            measures=[make_measure(asked={"autumn"}, basis="academic_year")],
            answers={1: [answer("2025/26", "93 of 100", collected="autumn 2025")]},
            **more,
        )
        for at in ("spring 2026", "summer 2026")
    )
    return spring, summer.term


def test_what_is_said_of_a_carried_figure_stands_in_the_next_term():
    spring, summer = carried(make_clause())

    assert judge(spring).lines[0].units[1] is judge(spring.at(summer)).lines[0].units[1]


BY_JULY = {"dues": [due(date(2026, 7, 1))]}


@pytest.mark.parametrize(
    ("clause", "more"),
    [
        (make_clause(by_a_date=True), BY_JULY),
        (make_clause(at_period_end=True), {}),
    ],
    ids=["by a day between them", "at the end of its period"],
)
def test_but_not_where_the_clause_waits_for_a_day(clause, more):
    spring, summer = carried(clause, **more)

    first, then = (said(one).verdict for one in (spring, spring.at(summer)))

    assert (first.status, then.status) == (Status.GREY, Status.RED)


def test_a_figure_that_counts_otherwise_in_the_next_term_is_weighed_again():
    measure = make_measure(asked={"autumn", "summer"})
    answers = [answer("autumn 2025", "93 of 100"), answer("summer 2026", "97 of 100")]
    spring = make_given(at="spring 2026", measures=[measure], answers={1: answers})
    summer = make_given(at="summer 2026").term

    figures = [said(one).figure for one in (spring, spring.at(summer))]

    assert figures == [Decimal("93.0"), Decimal("97.0")]

"""The sentence alone is enough: its numbers and words come to the same status."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rag import cases, done, judged, rollup, scale
from kpis.rag.combine import all_of, any_of
from kpis.rag.verdict import Part, Status

from . import test_band, test_compare, test_gap, test_threshold, test_trend
from .sentences import colour_of, said
from .strategies import judged as verdicts_on_figures
from .strategies import thresholds
from .tables import EVERY, number

DAY = date(2026, 2, 1)
days = st.integers(0, 90).map(lambda number: DAY + timedelta(number))
perhaps_days = st.none() | days


def assert_it_follows(verdict):
    words, because = said(verdict.sentence)
    assert words == verdict.status.words
    assert colour_of(because) == words


@given(verdicts_on_figures())
def test_figures_come_to_the_status_by_themselves(verdict):
    if verdict.status.is_colour:
        assert_it_follows(verdict)


def rows(table):
    return [pytest.param(*row.values[:-1], id=row.id) for row in table]


@pytest.mark.parametrize(("exact", "rule"), rows(test_threshold.TABLE))
def test_every_row_of_the_table_of_thresholds(exact, rule):
    figure = None if exact is None else rule.shown.figure(test_threshold._exact(exact))
    verdict = test_threshold.judge(figure, rule)
    if verdict.status.is_colour:
        assert_it_follows(verdict)


@pytest.mark.parametrize(("figure", "rule"), rows(test_band.TABLE))
def test_every_row_of_the_table_of_bands(figure, rule):
    verdict = test_band.judge(number(figure), rule)
    # Where only one end counts, the other is not said, and the figure is inside.
    if verdict.status.is_colour:
        assert_it_follows(verdict)


@pytest.mark.parametrize(("figure", "rule", "outside"), rows(test_compare.TABLE))
def test_every_row_of_the_table_of_comparisons(figure, rule, outside):
    source = "England, 2024/25"
    comparator = outside and test_compare.Comparator(number(outside), source)
    verdict = test_compare.judge(number(figure), rule, comparator)
    if verdict.status.is_colour:
        assert_it_follows(verdict)


@pytest.mark.parametrize(("figure", "rule", "baseline", "previous"), rows(test_trend.TABLE))
def test_every_row_of_the_table_of_trends(figure, rule, baseline, previous):
    verdict = test_trend.judge(
        number(figure), rule, baseline=number(baseline), previous=number(previous)
    )
    if verdict.status.is_colour:
        assert_it_follows(verdict)


@pytest.mark.parametrize(("rule", "now", "then"), rows(test_gap.TABLE))
def test_every_row_of_the_table_of_gaps(rule, now, then):
    pair = then and test_gap.Pair(*test_gap.pair(then))
    verdict = test_gap.judge(*test_gap.pair(now), rule, then=pair)
    if verdict.status.is_colour:
        assert_it_follows(verdict)


LADDER = scale.Scale("1", ("bottom", "low", "middle", "high", "top"), frozenset({"bottom"}))
held = st.sampled_from(LADDER.levels).map(lambda level: scale.Held(level, LADDER))


@given(held, held)
def test_levels_come_to_the_status_by_themselves(now, other):
    assert_it_follows(scale.judge_at_least(now, scale.AtLeast({"1": other.level})))
    assert_it_follows(scale.judge_improved(now, other))
    assert_it_follows(scale.judge_maintained(now, other, scale.MaintainOrImprove(DAY), as_at=DAY))


@given(perhaps_days, perhaps_days, days, st.booleans(), st.integers(0, 3))
def test_days_come_to_the_status_by_themselves(done_on, due, as_at, at_risk, moved):
    verdict = done.judge(done_on, done.Done(due, moved), as_at=as_at, at_risk=at_risk)

    assert_it_follows(verdict)


logs = st.lists(st.builds(cases.Case, days, perhaps_days, perhaps_days), max_size=4)


@given(logs, st.booleans(), days, st.none() | st.integers(0, 4))
def test_cases_come_to_the_status_by_themselves(log, plan_counts, as_at, confirmed):
    rule = cases.Cases(1, plan_counts)
    verdict = cases.judge_log(log, rule, begins=DAY, as_at=as_at, confirmed=confirmed)
    if verdict.status.is_colour:
        assert_it_follows(verdict)


@given(st.integers(0, 5), st.integers(0, 5))
def test_counts_of_cases_come_to_the_status_by_themselves(overdue, all_):
    assert_it_follows(cases.judge_counts(overdue, all_))


ratings = st.builds(
    judged.Rating,
    st.sampled_from([Status.GREEN, Status.AMBER, Status.RED]),
    st.just("A. Reader"),
    st.sampled_from(judged.Rater),
    days,
    st.just("notes"),
)


@given(st.lists(ratings, min_size=1, max_size=4), days)
def test_ratings_come_to_the_status_by_themselves(given_, as_at):
    verdict = judged.judge(given_, judged.Judged(months=1), as_at=as_at)
    if verdict.reason != "NO_DATA":
        assert_it_follows(verdict)


verdicts = verdicts_on_figures() | st.sampled_from(EVERY)


@given(st.lists(verdicts, min_size=2, max_size=6))
def test_a_combination_names_the_part_that_decides_and_counts_the_rest(found):
    parts = [Part(f"c{n}", verdict) for n, verdict in enumerate(found, 1)]
    for combined in (all_of(parts), any_of(parts)):
        if combined.deciding is not None and not combined.is_not_due:
            assert_it_follows(combined)
            assert combined.because.startswith(f"{combined.deciding.name}: ")
            assert combined.deciding.verdict.because in combined.because


@given(st.lists(verdicts, min_size=1, max_size=6), st.lists(verdicts, min_size=1, max_size=3))
def test_a_combination_of_combinations_follows_too(inner, outer):
    reading = all_of([Part(f"reading {n}", verdict) for n, verdict in enumerate(inner)])
    parts = [Part("c0", reading), *(Part(f"c{n}", v) for n, v in enumerate(outer, 1))]
    combined = all_of(parts)
    if combined.deciding is not None and not combined.is_not_due:
        assert_it_follows(combined)


cells = st.lists(st.builds(rollup.Cell, verdicts, st.booleans()), min_size=1, max_size=8)


@given(cells)
def test_the_counts_of_a_roll_up_come_to_its_status(found):
    verdict = rollup.each_school(found)
    if verdict.counts.of:
        assert_it_follows(verdict)


@given(cells)
def test_a_roll_up_joins_other_levels_and_follows(found):
    schools = rollup.each_school(found)
    combined = all_of([Part("schools", schools), Part("trust", EVERY[0])])
    if schools.counts.of:
        assert_it_follows(combined)


@given(cells, thresholds)
def test_a_share_of_schools_comes_to_its_status(found, rule):
    verdict = rollup.share_of_schools(found, rule)
    if verdict.status.is_colour:
        assert_it_follows(verdict)


@given(cells)
def test_the_worst_of_a_schools_sites_follows(found):
    verdict = rollup.worst_of(found, things="sites")
    if verdict.status.is_colour:
        assert_it_follows(verdict)


steps = st.lists(st.tuples(days, st.integers(0, 8)), max_size=2).map(
    lambda found: tuple(zip(sorted(d for d, _ in found), sorted(n for _, n in found), strict=True))
)


@given(cells, perhaps_days, steps, days, st.booleans())
def test_the_count_of_a_rollout_comes_to_its_status(found, due, on_the_way, as_at, at_risk):
    rule = rollup.Rollout(due, on_the_way)
    verdict = rollup.rollout(found, rule, as_at=as_at, at_risk=at_risk)
    if verdict.counts.of or verdict.counts.not_due:  # of nobody but too new there is no count
        assert_it_follows(verdict)

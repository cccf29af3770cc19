"""What must hold everywhere, whatever the rule and the figures."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpis.rag import band, compare, done, gap, judged, scale, threshold, trend
from kpis.rag.band import BadSide, Band
from kpis.rag.cases import Case, Cases, judge_log
from kpis.rag.combine import all_of, any_of
from kpis.rag.compare import Comparator, Interval
from kpis.rag.done import Done
from kpis.rag.gap import Pair
from kpis.rag.judged import Judged, Rater, Rating
from kpis.rag.line import StraightLine
from kpis.rag.pool import Amount, pooled
from kpis.rag.rollup import Cell, Rollout, each_school, rollout, share_of_schools, worst_of
from kpis.rag.scale import AtLeast, Held, MaintainOrImprove, Scale
from kpis.rag.shown import Kind, Shown, counted, divided, rounded
from kpis.rag.side import Better, Sign
from kpis.rag.threshold import Threshold
from kpis.rag.verdict import Part, Reason, Status, rank

from .strategies import (
    SHOWN,
    bands,
    better,
    compares,
    gaps,
    intervals,
    numbers,
    pairs,
    perhaps,
    thresholds,
    trends,
    verdicts,
)
from .tables import NOT_HERE, RED

DAY = date(2026, 2, 1)
days = st.integers(0, 90).map(lambda number: DAY + timedelta(number))


def ordered(one, other, way):
    """The worse of two figures, then the better."""
    return sorted([one, other], key=lambda figure: way.gain(figure, Decimal(0)))


@given(thresholds, numbers, numbers)
def test_a_better_figure_never_gets_a_worse_status(rule, one, other):
    worse, better = ordered(one, other, rule.sign.better)

    assert rank(threshold.judge(better, rule)) >= rank(threshold.judge(worse, rule))


@given(bands, numbers, numbers)
def test_a_figure_nearer_to_its_range_never_gets_a_worse_status(rule, one, other):
    def outside(figure):
        over = Decimal(0) if rule.bad_side is BadSide.BELOW else figure - rule.high
        under = Decimal(0) if rule.bad_side is BadSide.ABOVE else rule.low - figure
        return max(over, under, Decimal(0))

    nearer, farther = sorted([one, other], key=outside)

    assert rank(band.judge(nearer, rule)) >= rank(band.judge(farther, rule))


@given(compares, numbers, numbers, numbers)
def test_a_figure_that_compares_better_never_gets_a_worse_status(rule, one, other, outside):
    comparator = Comparator(outside, "England")
    worse, better = ordered(one, other, rule.better)
    if rule.against is compare.Against.IN_LINE:
        better, worse = sorted([one, other], key=lambda figure: abs(figure - outside))

    above = compare.judge(better, rule, comparator)
    below = compare.judge(worse, rule, comparator)

    assert rank(above) >= rank(below)


@given(trends, numbers, numbers, numbers, perhaps)
def test_a_figure_that_grew_more_never_gets_a_worse_status(rule, one, other, baseline, previous):
    worse, better = ordered(one, other, rule.better)

    above = trend.judge(better, rule, baseline=baseline, previous=previous)
    below = trend.judge(worse, rule, baseline=baseline, previous=previous)

    assert rank(above) >= rank(below)


@given(gaps, numbers, numbers, numbers, pairs)
def test_a_group_that_does_better_never_widens_its_gap(rule, one, other, reference, then):
    assume(not rule.symmetric)
    worse, better = ordered(one, other, rule.better)

    above = gap.judge(better, reference, rule, then=then)
    below = gap.judge(worse, reference, rule, then=then)

    assert rank(above) >= rank(below)


LADDER = Scale("1", ("bottom", "low", "middle", "high", "top"), frozenset({"bottom"}))
levels = st.sampled_from(LADDER.levels).map(lambda level: Held(level, LADDER))


@given(levels, levels, levels)
def test_a_higher_level_never_gets_a_worse_status(one, other, wanted):
    worse, better = sorted([one, other], key=lambda held: held.place)
    joining = MaintainOrImprove(DAY)

    for how in (
        lambda held: scale.judge_at_least(held, AtLeast({"1": wanted.level})),
        lambda held: scale.judge_improved(held, wanted),
        lambda held: scale.judge_maintained(held, wanted, joining, as_at=DAY),
    ):
        assert rank(how(better)) >= rank(how(worse))


@given(st.none() | days, st.none() | days, st.none() | days, days)
def test_what_is_done_earlier_never_gets_a_worse_status(one, other, due, as_at):
    earlier, later = sorted([one, other], key=lambda day: day or date.max)

    above = done.judge(earlier, Done(due), as_at=as_at)
    below = done.judge(later, Done(due), as_at=as_at)

    assert rank(above) >= rank(below)


logs = st.lists(st.builds(Case, days, st.none() | days), max_size=4)


@given(logs, st.lists(st.none() | days, min_size=4, max_size=4), days, days, st.booleans())
def test_a_case_that_is_closed_earlier_never_makes_a_worse_status(
    log, closed, day, as_at, plan_counts
):
    rule = Cases(1, plan_counts)
    later = [replace(case, closed=on) for case, on in zip(log, closed, strict=False)]
    earlier = [replace(case, closed=min(case.closed or day, day)) for case in later]
    # All were open in the term, so that both logs hold the same cases.
    begins = min([day, *(case.closed for case in later if case.closed)])
    assume(all(case.opened <= as_at for case in log))

    above, below = (
        judge_log(each, rule, begins=begins, as_at=as_at, confirmed=len(log))
        for each in (earlier, later)
    )

    assert rank(above) >= rank(below)


@given(st.lists(st.sampled_from([Status.RED, Status.AMBER, Status.GREEN]), min_size=2, max_size=4))
def test_a_better_rating_never_makes_a_worse_status(statuses):
    def rated(status):
        inside = [Rating(one, "A. Reader", Rater.TRUST, DAY, "notes") for one in statuses[2:]]
        outside = Rating(status, "B. Visitor", Rater.OUTSIDE, DAY, "notes")
        return judged.judge([*inside, outside], Judged(), as_at=DAY)

    worse, better = sorted(statuses[:2], key=lambda status: status.rank)

    assert rank(rated(better)) >= rank(rated(worse))


@given(gaps, pairs, pairs)
def test_either_way_round_a_symmetric_pair_is_one_gap(rule, now, then):
    rule = replace(rule, symmetric=True)

    one = gap.judge(now.group, now.reference, rule, then=then)
    other = gap.judge(now.reference, now.group, rule, then=Pair(then.reference, then.group))

    assert one.reason == other.reason


@given(thresholds, bands, compares, trends, gaps, numbers)
def test_zero_and_missing_never_turn_into_each_other(limit, range_, against, past, between, number):
    outside = Comparator(number, "England")
    then = Pair(number, number)
    for figure, missing in [(Decimal(0), False), (None, True)]:
        found = [
            threshold.judge(figure, limit),
            band.judge(figure, range_),
            compare.judge(figure, against, outside),
            trend.judge(figure, past, baseline=number),
            gap.judge(figure, number, between, then=then),
            gap.judge(number, figure, between, then=then),
        ]
        assert {verdict.reason is Reason.NO_DATA for verdict in found} == {missing}


def tenfold(rule, *fields):
    """The rule in a unit ten times smaller, with one decimal less to show."""
    scaled = {name: value and value * 10 for name in fields for value in [getattr(rule, name)]}
    return replace(rule, shown=Shown(Kind.NUMBER, 0), **scaled)


@given(thresholds, numbers)
def test_the_unit_of_a_threshold_makes_no_difference(rule, figure):
    rule = replace(rule, shown=SHOWN)
    other = tenfold(rule, "target", "margin", "expected", "baseline")

    assert threshold.judge(figure * 10, other).reason == threshold.judge(figure, rule).reason


@given(bands, numbers)
def test_the_unit_of_a_range_makes_no_difference(rule, figure):
    other = tenfold(rule, "low", "high", "margin")

    assert band.judge(figure * 10, other).reason == band.judge(figure, rule).reason


@given(compares, numbers, numbers, intervals)
def test_the_unit_of_a_comparison_makes_no_difference(rule, figure, outside, interval):
    other = tenfold(rule, "margin", "tolerance", "step")
    wide = interval and Interval(interval.low * 10, interval.high * 10)

    one = compare.judge(figure, rule, Comparator(outside, "England"), interval=interval)
    ten = compare.judge(figure * 10, other, Comparator(outside * 10, "England"), interval=wide)

    assert one.reason == ten.reason


@given(trends, numbers, numbers, perhaps)
def test_the_unit_of_a_trend_makes_no_difference(rule, figure, baseline, previous):
    other = tenfold(rule, "step")
    last = None if previous is None else previous * 10

    one = trend.judge(figure, rule, baseline=baseline, previous=previous)
    ten = trend.judge(figure * 10, other, baseline=baseline * 10, previous=last)

    assert one.reason == ten.reason


@given(gaps, pairs, pairs)
def test_the_unit_of_a_gap_makes_no_difference(rule, now, then):
    other = tenfold(rule, "step", "tolerance", "margin")

    one = gap.judge(now.group, now.reference, rule, then=then)
    ten = gap.judge(
        now.group * 10,
        now.reference * 10,
        other,
        then=Pair(then.group * 10, then.reference * 10),
    )

    assert one.reason == ten.reason


SIGN_IN_MIRROR = {
    Sign.AT_LEAST: Sign.AT_MOST,
    Sign.AT_MOST: Sign.AT_LEAST,
    Sign.MORE_THAN: Sign.LESS_THAN,
    Sign.LESS_THAN: Sign.MORE_THAN,
}
BETTER_IN_MIRROR = {Better.HIGHER: Better.LOWER, Better.LOWER: Better.HIGHER}
SIDE_IN_MIRROR = {
    BadSide.BOTH: BadSide.BOTH,
    BadSide.ABOVE: BadSide.BELOW,
    BadSide.BELOW: BadSide.ABOVE,
}


def negative(number):
    return None if number is None else -number


@given(thresholds, numbers)
def test_a_threshold_in_the_mirror(rule, figure):
    mirrored = replace(
        rule,
        sign=SIGN_IN_MIRROR[rule.sign],
        target=-rule.target,
        expected=negative(rule.expected),
        baseline=negative(rule.baseline),
    )

    one, other = threshold.judge(figure, rule), threshold.judge(-figure, mirrored)

    assert (one.reason, one.target_met) == (other.reason, other.target_met)


@given(bands, numbers)
def test_a_range_in_the_mirror(rule, figure):
    mirrored = Band(-rule.high, -rule.low, rule.margin, SIDE_IN_MIRROR[rule.bad_side])

    assert band.judge(-figure, mirrored).reason == band.judge(figure, rule).reason


@given(compares, numbers, numbers, intervals)
def test_a_comparison_in_the_mirror(rule, figure, outside, interval):
    mirrored = replace(rule, better=BETTER_IN_MIRROR[rule.better])
    turned = interval and Interval(-interval.high, -interval.low)

    one = compare.judge(figure, rule, Comparator(outside, "England"), interval=interval)
    other = compare.judge(-figure, mirrored, Comparator(-outside, "England"), interval=turned)

    assert one.reason == other.reason


@given(trends, numbers, numbers, perhaps)
def test_a_trend_in_the_mirror(rule, figure, baseline, previous):
    mirrored = replace(rule, better=BETTER_IN_MIRROR[rule.better])

    one = trend.judge(figure, rule, baseline=baseline, previous=previous)
    other = trend.judge(-figure, mirrored, baseline=-baseline, previous=negative(previous))

    assert one.reason == other.reason


@given(gaps, pairs, pairs)
def test_a_gap_in_the_mirror(rule, now, then):
    mirrored = replace(rule, better=BETTER_IN_MIRROR[rule.better])

    one = gap.judge(now.group, now.reference, rule, then=then)
    other = gap.judge(-now.group, -now.reference, mirrored, then=Pair(-then.group, -then.reference))

    assert one.reason == other.reason


fractions = st.fractions(-200, 200, max_denominator=2000)


@given(fractions, st.integers(0, 3))
def test_rounding_in_the_mirror(exact, decimals):
    assert rounded(-exact, decimals) == -rounded(exact, decimals)


@given(fractions, st.integers(0, 3))
def test_rounding_moves_a_figure_by_half_a_digit_at_most(exact, decimals):
    assert abs(Fraction(rounded(exact, decimals)) - exact) <= Fraction(1, 2 * 10**decimals)


def by_fractions(exact, decimals):
    """Half up as a reader would do it: from the reduced fraction, away from zero."""
    scaled = abs(Fraction(exact)) * 10**decimals
    whole, left = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * left >= scaled.denominator
    sign = -1 if exact < 0 else 1
    return Fraction(sign * whole, 10**decimals)


ways_to_show = st.sampled_from([Shown(), SHOWN, Shown(Kind.PERCENTAGE, 0), Shown(Kind.MONEY, 2)])
digits = st.decimals(-(10**9), 10**9, places=4)
counts_of_people = st.decimals(0, 10**7, places=2) | st.integers(0, 10**7).map(Decimal)
somebody = counts_of_people.filter(bool)


@given(fractions | digits | st.integers(-(10**40), 10**40), st.integers(0, 4))
def test_rounding_by_whole_numbers_is_rounding_by_fractions(exact, decimals):
    figure = rounded(exact, decimals)

    assert Fraction(figure) == by_fractions(exact, decimals)
    assert figure.as_tuple().exponent == -decimals
    assert not (figure.is_zero() and figure.is_signed())


@given(digits, somebody, st.sampled_from([1, 100, 1000]), ways_to_show)
def test_a_share_of_two_counts_is_the_figure_of_their_fraction(part, whole, per, shown):
    exact = Fraction(part) / Fraction(whole) * per

    assert str(shown.share(part, whole, per)) == str(shown.figure(exact))
    assert Fraction(divided(part, whole, 3)) == by_fractions(Fraction(part) / Fraction(whole), 3)


@given(st.lists(st.tuples(counts_of_people, counts_of_people), max_size=6), ways_to_show)
def test_a_pooled_figure_is_the_figure_of_the_exact_sums(pairs, shown):
    pool = pooled([Amount(*pair) for pair in pairs])
    inside = [(Fraction(a), Fraction(b)) for a, b in pairs if b]

    if not inside:
        assert pool.figure(shown, 100) is None
        return
    exact = 100 * sum(a for a, _ in inside) / sum(b for _, b in inside)
    assert pool.exact(per=100) == exact
    assert pool.figure(shown, 100) == shown.figure(exact)


@given(st.integers(0, 10**7), st.sampled_from(["schools", "cases", "governing bodies", "days"]))
def test_a_count_is_written_as_any_number(number, things):
    assert counted(number, things) == Shown(Kind.NUMBER, 0, things).write(Decimal(number))


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(0, 2))
def test_a_share_shows_all_only_for_all_and_nothing_only_for_nothing(part, whole, decimals):
    part = min(part, whole)
    shown = Shown(Kind.PERCENTAGE, decimals).figure(Fraction(100 * part, whole))

    assert (shown == 100) is (part == whole)
    assert (shown == 0) is (part == 0)


@given(fractions, fractions)
def test_showing_never_turns_the_order_of_two_figures_round(one, other):
    small, large = sorted([one, other])

    assert Shown().figure(small) <= Shown().figure(large)


@given(numbers, numbers, st.integers(1, 12), st.integers(-3, 15))
def test_the_way_to_a_target_stays_between_its_ends(baseline, target, terms, term):
    way = StraightLine(baseline, target, terms, 1)

    assert min(baseline, target) <= way.expected(term) <= max(baseline, target)
    gone = Fraction(min(max(term, 0), terms), terms)
    exact = Fraction(baseline) + gone * (Fraction(target) - Fraction(baseline))
    assert way.expected(term) == rounded(exact, 1)
    steps = [way.expected(n) for n in range(terms + 1)]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


lists = st.lists(verdicts, min_size=1, max_size=6)


def parts(found):
    return [Part(f"c{n}", verdict) for n, verdict in enumerate(found)]


@pytest.mark.parametrize("combine", [all_of, any_of])
@given(found=lists, place=st.integers(0, 6))
def test_a_part_that_does_not_apply_never_changes_a_combination(combine, found, place):
    with_it = [*found[:place], NOT_HERE, *found[place:]]

    one, other = combine(parts(found)), combine(parts(with_it))

    assert one.status == other.status
    if len(found) > 1 and one.status is not Status.NOT_APPLICABLE:
        assert (one.reason, one.marks) == (other.reason, other.marks)


@pytest.mark.parametrize("combine", [all_of, any_of])
@given(found=st.lists(verdicts, min_size=2, max_size=6), data=st.data())
def test_the_order_of_the_parts_never_changes_a_combination(combine, found, data):
    shuffled = data.draw(st.permutations(found))

    one, other = combine(parts(found)), combine(parts(shuffled))

    assert (one.status, one.marks) == (other.status, other.marks)
    if one.status is not Status.NOT_APPLICABLE:
        assert one.reason == other.reason


@given(lists)
def test_where_all_must_hold_green_needs_every_part_known(found):
    assume(len(found) > 1)
    standing = [verdict.status for verdict in found if not verdict.drops_out]

    combined = all_of(parts(found))

    assert (combined.status is Status.GREEN) is (set(standing) == {Status.GREEN})


@given(lists)
def test_where_one_is_enough_red_needs_every_part_known(found):
    assume(len(found) > 1)
    standing = [verdict.status for verdict in found if not verdict.drops_out]

    combined = any_of(parts(found))

    assert (combined.status is Status.RED) is (set(standing) == {Status.RED})


cells = st.lists(st.builds(Cell, verdicts, st.booleans()), max_size=8)


@given(cells)
def test_one_more_school_off_target_never_improves_a_line(found):
    more = [*found, Cell(RED)]

    assert each_school(more).status is Status.RED
    assert rank(each_school(more)) <= rank(each_school(found))


@given(cells.filter(bool))
def test_one_more_school_off_target_never_improves_a_share(found):
    rule = Threshold(Sign.AT_LEAST, Decimal(80), Decimal(5))
    before, after = (share_of_schools(each, rule) for each in (found, [*found, Cell(RED)]))
    assume(before.counts.of)

    assert rank(after) <= rank(before)


@given(cells.filter(bool))
def test_one_more_site_off_target_never_improves_its_school(found):
    before, after = (worst_of(each, things="sites") for each in (found, [*found, Cell(RED)]))

    assert after.status is Status.RED
    assert rank(after) <= rank(before)


@given(cells)
def test_a_rollout_is_green_only_when_all_are_there(found):
    verdict = rollout([*found, Cell(RED)], Rollout(None), as_at=date(2026, 2, 1))

    assert verdict.status is not Status.GREEN


@given(cells, st.integers(0, 8))
def test_a_school_where_it_does_not_apply_never_changes_a_line(found, place):
    with_it = [*found[:place], Cell(NOT_HERE), *found[place:]]

    one, other = each_school(found), each_school(with_it)

    assert (one.status, one.marks) == (other.status, other.marks)


@given(cells)
def test_every_school_is_counted_once(found):
    counts = each_school(found).counts

    assert counts.of + counts.not_due + counts.not_applicable + counts.too_new == len(found)


amounts = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 60)).map(
        lambda pair: Amount(Decimal(min(pair)), Decimal(pair[1]))
    ),
    min_size=1,
    max_size=6,
)


@given(amounts)
def test_a_pooled_share_lies_between_those_of_its_schools(found):
    shares = [Fraction(a.numerator) / Fraction(a.denominator) for a in found]

    assert min(shares) <= pooled(found).exact(per=1) <= max(shares)


@given(amounts, st.integers(0, 5))
def test_a_school_with_nobody_to_count_never_changes_a_pool(found, place):
    nobody = Amount(Decimal(0), Decimal(0))

    assert pooled([*found[:place], nobody, *found[place:]]) == pooled(found)


@given(better, numbers, numbers)
def test_a_gain_there_is_a_loss_back(way, one, other):
    assert way.gain(one, other) == -way.gain(other, one)

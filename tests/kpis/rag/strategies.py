"""Rules and figures at random, on a grid so coarse that they often meet."""

from decimal import Decimal

from hypothesis import strategies as st

from kpis.rag import band, compare, gap, threshold, trend
from kpis.rag.band import BadSide, Band
from kpis.rag.compare import Against, Comparator, Compare, Interval
from kpis.rag.gap import Gap, Pair, Wish
from kpis.rag.shown import Kind, Shown
from kpis.rag.side import Better, Sign
from kpis.rag.threshold import Threshold
from kpis.rag.trend import Trend

from .tables import EVERY

SHOWN = Shown(Kind.NUMBER, 1)


def tenths(low, high):
    return st.integers(low, high).map(lambda number: Decimal(number).scaleb(-1))


numbers = tenths(-25, 25)
amounts = tenths(0, 12)  # margins, tolerances, steps
perhaps = st.none() | numbers
shown = st.sampled_from(
    [Shown(), SHOWN, Shown(Kind.NUMBER, 1, "per 100 pupils"), Shown(Kind.MONEY, 1)]
)
better = st.sampled_from(Better)
verdicts = st.sampled_from(EVERY)

thresholds = st.builds(
    Threshold,
    sign=st.sampled_from(Sign),
    target=numbers,
    margin=amounts,
    expected=perhaps,
    baseline=perhaps,
    met_before=st.booleans(),
    shown=shown,
)
bands = st.builds(
    lambda ends, **more: Band(min(ends), max(ends), **more),
    ends=st.tuples(numbers, numbers),
    margin=amounts,
    bad_side=st.sampled_from(BadSide),
    shown=shown,
)
compares = st.builds(
    Compare,
    against=st.sampled_from(Against),
    better=better,
    margin=amounts,
    tolerance=amounts,
    step=amounts,
    shown=shown,
)
trends = st.builds(Trend, better=better, step=amounts, best=st.none(), shown=shown)
gaps = st.builds(
    Gap,
    wish=st.sampled_from(Wish),
    better=better,
    step=amounts,
    tolerance=amounts,
    margin=amounts,
    symmetric=st.booleans(),
    group=st.just("disadvantaged"),
    shown=shown,
)
pairs = st.builds(Pair, numbers, numbers)
intervals = st.none() | st.tuples(numbers, numbers).map(lambda ends: Interval(*sorted(ends)))


@st.composite
def judged(draw):
    """One figure judged by one of the five rules of figures, whatever it says."""
    kind = draw(st.sampled_from(["threshold", "band", "compare", "trend", "gap"]))
    figure = draw(numbers)
    if kind == "threshold":
        return threshold.judge(figure, draw(thresholds))
    if kind == "band":
        return band.judge(figure, draw(bands))
    if kind == "compare":
        outside = Comparator(draw(numbers), "England, autumn 2025, provisional")
        return compare.judge(figure, draw(compares), outside, interval=draw(intervals))
    if kind == "trend":
        rule = draw(trends)
        return trend.judge(figure, rule, baseline=draw(numbers), previous=draw(perhaps))
    return gap.judge(figure, draw(numbers), draw(gaps), then=draw(st.none() | pairs))

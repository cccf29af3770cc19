"""Where the lines and bars go: gaps stay gaps, names can be read, parts fill the bar."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import Range, bullet, range_of, sparkline, stack
from dashboard.kpi.line_chart import LABEL_HEIGHT, LABEL_WIDTH, Line, line_chart, nice_steps
from kpis.rag.verdict import Status

figures = st.decimals(min_value=-1_000, max_value=100_000, places=2)


def decimals(*values):
    return [None if value is None else Decimal(str(value)) for value in values]


def chart(*lines, periods=("Autumn 2024", "Spring 2025", "Summer 2025", "Autumn 2025"), **more):
    lines = [Line(label, decimals(*values), kind) for label, kind, values in lines]
    return line_chart(periods=periods, lines=lines, say="Attendance by term", **more)


def test_a_stack_gives_each_status_its_share_and_says_so():
    bar = stack([(Status.RED, 6), (Status.AMBER, 0), (Status.GREEN, 18)], width=240)

    assert [(part.label, part.x, part.width) for part in bar.parts] == [
        ("R 6", 0, 60),
        ("G 18", 60, 180),
    ]
    assert bar.words == "6 off target, 18 on target"


def test_a_part_too_narrow_for_its_number_stays_bare():
    bar = stack([(Status.RED, 1), (Status.GREEN, 99)], width=240)

    assert [part.label for part in bar.parts] == ["", "G 99"]


def test_an_empty_stack_says_that_there_is_nothing_yet():
    bar = stack([(Status.RED, 0)])

    assert (bar.parts, bar.words) == ((), "none yet")


@given(st.lists(st.integers(min_value=0, max_value=500), min_size=5, max_size=5))
def test_the_parts_of_a_stack_fill_it_without_a_hole(counts):
    bar = stack(zip(Status, counts, strict=True), width=240)

    ends = [part.x + part.width for part in bar.parts]

    assert [part.x for part in bar.parts] == [0, *ends][: len(ends)]
    assert sum(part.width for part in bar.parts) == (240 if sum(counts) else 0)


def test_a_missing_term_is_a_gap_that_no_line_crosses():
    spark = sparkline(
        decimals(10, 20, None, 20), target=None, low=Decimal(10), high=Decimal(20), say=""
    )

    assert spark.path == "M3 21L33 3M93 3h0"
    assert spark.dot == ("93", "3")


def test_a_missing_last_term_leaves_the_dot_on_the_last_figure():
    spark = sparkline(
        decimals(10, 20, None), target=Decimal(15), low=Decimal(10), high=Decimal(20), say=""
    )

    assert (spark.dot, spark.goal) == (("48", "3"), "12")


def test_a_sparkline_of_nothing_is_empty():
    spark = sparkline([None, None], target=None, low=Decimal(0), high=Decimal(1), say="")

    assert (spark.path, spark.dot, spark.goal) == ("", None, None)


def test_lines_without_a_figure_make_no_chart():
    assert chart(("Trust", "own", [None, None, None, None])) is None


def test_a_chart_is_drawn_for_a_screen_and_for_a_phone():
    drawn = chart(("Trust", "own", [90, 91, None, 93]), unit="%")

    assert [(drawing.size, drawing.width) for drawing in drawn.drawings] == [
        ("wide", 860),
        ("narrow", 358),
    ]
    assert [tick.words for tick in drawn.drawings[0].ticks] == ["90%", "91%", "92%", "93%"]
    assert drawn.axis_note == "Axis starts at 90%."


def test_an_axis_that_starts_at_zero_needs_no_note():
    assert chart(("Trust", "own", [0, 1, 2, 3])).axis_note == ""


def test_a_figure_alone_between_gaps_is_still_a_dot():
    [line] = chart(("Trust", "own", [None, 91, None, None])).drawings[0].lines

    assert line.path.endswith("h0")
    assert len(line.dots) == 1


def test_a_target_of_one_term_is_a_short_stroke():
    [line] = chart(("Target", "target", [None, 91, None, None])).drawings[0].lines

    assert line.path.endswith("m-10 0h20")
    assert line.dots == ()


def test_a_target_is_a_path_without_dots_and_context_has_no_name():
    target, other = (
        chart(("Target", "target", [90, 91, 92, 93]), ("Kelbeck", "context", [80, 81, 82, 83]))
        .drawings[0]
        .lines
    )

    assert (target.dots, target.label) == ((), "Target")
    assert other.label == ""


def test_a_period_stands_under_the_axis_in_two_lines():
    drawing = chart(("Trust", "own", [90, 91, 92, 93])).drawings[0]

    assert [(tick.words, tick.below) for tick in drawing.periods[:2]] == [
        ("Aut", "24"),
        ("Spr", "25"),
    ]


def test_a_phone_names_fewer_periods_than_a_screen():
    periods = [f"Autumn {year}" for year in range(2010, 2026)]

    wide, narrow = chart(("Trust", "own", range(16)), periods=periods).drawings

    assert len(wide.periods) == 16
    assert len(narrow.periods) == 6


@given(st.lists(figures, min_size=1, max_size=4))
def test_names_at_the_ends_of_lines_never_lie_on_each_other_or_on_the_axis(ends):
    lines = [(f"Line {place}", "own", [end]) for place, end in enumerate(ends)]

    for drawing in chart(*lines, periods=["Autumn 2025"]).drawings:
        places = sorted((Decimal(line.label_y), Decimal(line.label_x)) for line in drawing.lines)
        for (above, left), (below, right) in pairwise(places):
            assert abs(right - left) >= LABEL_WIDTH or below - above >= LABEL_HEIGHT
        assert all(below <= drawing.bottom - LABEL_HEIGHT / 2 for below, _ in places)


@given(figures, figures)
def test_a_scale_holds_its_figures_in_a_few_round_steps(one, other):
    steps = nice_steps(min(one, other), max(one, other))

    assert steps[0] <= min(one, other)
    assert steps[-1] >= max(one, other)
    assert 2 <= len(steps) <= 8
    assert len({later - earlier for earlier, later in pairwise(steps)}) == 1


@given(st.lists(st.none() | figures, min_size=1, max_size=20))
def test_every_point_lies_inside_the_drawing(values):
    periods = [f"Term {place}" for place in range(len(values))]
    drawn = chart(("Trust", "own", values), periods=periods)

    for drawing in drawn.drawings if drawn else ():
        for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", drawing.lines[0].path):
            assert drawing.left <= Decimal(x) <= drawing.right
            assert drawing.top <= Decimal(y) <= drawing.bottom


def test_a_break_is_marked_before_its_first_period():
    drawing = chart(("Trust", "own", [90, 91, 92, 93]), breaks=[(2, "Counted anew")]).drawings[0]

    [mark] = drawing.breaks
    second, third = (Decimal(tick.at) for tick in drawing.periods[1:3])
    assert second < Decimal(mark.at) < third
    assert mark.words == "Counted anew"


@pytest.mark.parametrize("value", ["0", "93.5", "-4"])
def test_a_scale_for_one_figure_leaves_room_on_both_sides(value):
    figure = Decimal(value)

    steps = nice_steps(figure, figure)

    assert steps[0] <= figure < steps[-1]


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (("92.2", "92.6"), ("90", "94")),
        (("0.2", "0.4"), ("0.0", "2.0")),
        (("99.8", "100"), ("97.0", "100.0")),
        (("80", "95"), ("80", "95")),
    ],
    ids=["noise is drawn as noise", "never below nothing", "never above all", "a real climb"],
)
def test_a_scale_is_wide_enough_for_a_change_that_is_none_to_look_like_none(values, scale):
    line = Line("Trust", decimals(*values), "own")

    steps = line_chart(
        periods=["A", "B"], lines=[line], say="", unit="%", steady=Decimal("0.5")
    ).steps

    assert (steps[0], steps[-1]) == tuple(map(Decimal, scale))


def test_a_changed_target_holds_until_it_changes():
    target = Line("Target", decimals(90, 90, 95, 95), "target", frozenset({2}))
    drawing = line_chart(periods=["A", "B", "C", "D"], lines=[target], say="").drawings[0]

    path = drawing.lines[0].path
    assert re.fullmatch(r"M[\d. ]+L[\d. ]+H[\d.]+V[\d.]+L[\d. ]+", path)


def test_no_more_than_four_lines_carry_a_name():
    lines = [(f"Line {number}", "own", [number] * 4) for number in range(6)]

    drawn = chart(*lines).drawings[0].lines

    assert [line.label for line in drawn] == ["Line 0", "Line 1", "Line 2", "Line 3", "", ""]


# Bullets


def test_a_bar_begins_at_nought_and_a_scale_that_does_not_has_dots():
    near, far = range_of(decimals(91, 94, 96)), range_of(decimals(20, 35))

    assert (far.low, far.has_bars) == (0, True)
    assert not near.has_bars
    assert near.low < 91


@pytest.mark.parametrize(
    ("edges", "names"),
    [((30, 40), ["off", "close", "on"]), ((40, 30), ["on", "close", "off"])],
    ids=["higher is better", "lower is better"],
)
def test_the_bands_of_a_bullet_turn_with_the_good_side_and_fill_it(edges, names):
    scale = Range(Decimal(0), Decimal(80))

    drawn = bullet(
        Decimal(20), on=scale, target=Decimal(40), edges=tuple(decimals(*edges)), say="20%"
    )

    assert [name for name, *_ in drawn.bands] == names
    assert sum(Decimal(width) for *_, width in drawn.bands) == 160
    assert (drawn.end, drawn.tick, drawn.is_bar) == ("40", "80", True)

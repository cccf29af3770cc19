"""The chart of the KPI page: a finding as its title, gaps that stay gaps, and the same as files."""

import re
from pathlib import Path

import plotly.graph_objects as go
import pytest

from dashboard.kpi.line_svg import COLOURS
from kpis.models import Baseline, Comparator, MeasureBreak, Series, Target
from schools.models import Period, Role
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_target,
    make_term,
    make_user,
)

from .kpi_house import AUTUMNS, autumns_of, everyone, kpi_page, the_plan

pytestmark = pytest.mark.django_db

STATIC = Path(__file__).parents[2] / "static"


def start_from(value, trust, term, attendance, school):
    """Even steps to the target from what a school had in autumn 2024."""
    reading = attendance.readings(manager="everywhere").get()
    Target.everywhere.filter(reading=reading).update(path="even")
    start = make_term(trust, "2024-autumn")
    Baseline.everywhere.create(
        reading=reading,
        unit=school.unit_ptr,
        group=everyone(),
        from_period=term.period,
        value=value,
        dated=attendance.period_for(start),
    )


def test_the_chart_has_a_table_with_the_way_to_the_target_and_the_outside_figure(as_leader):
    trust, term, attendance, [school] = make_house()
    start_from("91.0", trust, term, attendance, school)
    series = Series.objects.create(provider="DfE", what="attendance", basis="year_to_date")
    attendance.series = series
    attendance.save()
    Comparator.objects.create(
        series=series,
        scope="everyone",
        group=everyone(),
        period=attendance.period_for(term),
        value="92.6",
    )
    for slug, value in zip(AUTUMNS, ("90.0", "91.0", "92.2"), strict=True):
        make_entry(attendance, school, make_term(trust, slug), value)

    kpi = as_leader(trust, term, school=school.code).context["kpi"]

    assert kpi.chart.heads == (school.name, "Target", "England")
    assert kpi.chart.rows == (
        ("Autumn 2023", ("90.0%", "", "")),
        ("Autumn 2024", ("91.0%", "", "")),
        ("Autumn 2025", ("92.2%", "91.8%", "92.6%")),
        ("Autumn 2026", ("", "92.6%", "")),
        ("Autumn 2027", ("", "93.5%", "")),
    )
    assert kpi.chart.title == "Attendance: above the way to the target and rising two years running"


@pytest.mark.parametrize(
    ("figures", "going"),
    [
        (("90.0", "91.0", "92.2"), "rising two years running"),
        (("90.0", "91.0", "91.5"), "about the same"),
        (("90.0", "90.4", "91.0"), "rising"),
        (("90.0", "91.0", "91.0"), "unchanged"),
        (("92.2", "91.0", "90.6"), "about the same"),
        (("92.2", "91.6", "91.0"), "falling two years running"),
    ],
    ids=["twice", "a little", "before it a little", "not at all", "down a little", "down twice"],
)
def test_a_figure_that_moved_within_its_steady_band_has_not_risen(figures, going, as_leader):
    trust, term, attendance, [school] = make_house()
    for slug, value in zip(AUTUMNS, figures, strict=True):
        make_entry(attendance, school, make_term(trust, slug), value)

    kpi = as_leader(trust, term, school=school.code).context["kpi"]

    assert kpi.chart.title.removesuffix(going)[-5:] in (" and ", "nce: ")


def test_on_the_chart_nothing_less_is_expected_once_the_target_has_been_met(as_leader):
    trust, term, attendance, [school] = make_house()
    start_from("91.0", trust, term, attendance, school)
    make_entry(attendance, school, term, "96.0")

    kpi = as_leader(trust, term, school=school.code).context["kpi"]

    expected = [cells[1] for _, cells in kpi.chart.rows]
    assert expected[-2:] == ["94.0%", "94.0%"]
    assert kpi.chart.note == f"{school.name}, % of sessions, autumn to autumn"


def test_a_new_definition_breaks_the_line(as_leader):
    trust, term, attendance, [school] = make_house()
    for slug, value in zip(AUTUMNS, ("90.0", "91.0", "92.2"), strict=True):
        make_entry(attendance, school, make_term(trust, slug), value)
    MeasureBreak.everywhere.create(
        measure=attendance,
        from_period=make_term(trust, "2025-autumn").period,
        why="Codes changed",
    )

    chart = as_leader(trust, term, school=school.code).context["kpi"].chart

    wide = chart.drawing.drawings[0]
    assert [tick.words for tick in wide.breaks] == ["Definition changed Autumn 2025"]
    own = [line for line in wide.lines if line.kind == "own"]
    assert [len(line.dots) for line in own] == [2, 1]
    assert "Definition changed Autumn 2025: Codes changed." in chart.remarks[-1]
    assert "rising" not in chart.title  # one figure of the new definition has no past


def test_the_figure_of_some_schools_is_not_drawn_as_that_of_all(as_leader):
    trust, term, _, schools = make_house(2)
    counted = make_measure(trust, "Absence", better="lower", counts="both")
    kpi = make_kpi(the_plan(trust), "Absence")
    make_clause(kpi, counted, target="18.0", operator="<=")
    for school in schools:
        make_entry(
            counted, school, make_term(trust, "2024-autumn"), "10", numerator=10, denominator=100
        )
    make_entry(counted, schools[0], term, "30", numerator=30, denominator=100)

    rows = dict(as_leader(trust, term, kpi).context["kpi"].chart.rows)

    assert rows["Autumn 2024"][0] == "10.0%"
    assert rows["Autumn 2025"][0] == ""


def test_one_term_alone_is_a_dot_and_says_what_a_trend_needs(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "92.2")

    chart = as_leader(trust, term, school=school.code).context["kpi"].chart

    [own] = [line for line in chart.drawing.drawings[0].lines if line.kind == "own"]
    assert own.path.endswith("h0")
    assert "Only Autumn 2025 can be drawn. A trend needs two terms." in chart.remarks


def outside_of(attendance, trust, **values):
    """A published figure for some autumns; None says that nothing was published."""
    attendance.series = Series.objects.create(
        provider="DfE", what="attendance", basis="year_to_date"
    )
    attendance.save()
    for slug, value in values.items():
        Comparator.objects.create(
            series=attendance.series,
            scope="everyone",
            group=everyone(),
            period=attendance.period_for(make_term(trust, slug.replace("_", "-").strip("-"))),
            value=value,
            not_published=value is None,
        )


def test_where_nothing_was_published_the_outside_line_has_a_gap_and_says_why(as_leader):
    trust, term, attendance, [school] = make_house()
    autumns_of(attendance, school, trust, "92.0", "92.5", "93.0")
    figures = {"2023_autumn": "91.0", "2024_autumn": None, "2025_autumn": "92.0"}
    outside_of(attendance, trust, **figures)

    chart = as_leader(trust, term, school=school.code).context["kpi"].chart

    [line] = [one for one in chart.drawing.drawings[0].lines if one.kind == "outside"]
    assert "L" not in line.path
    assert line.path.count("M") == 2
    assert "England published nothing for 2024/25: its line has a gap there." in chart.remarks


def test_last_years_outside_figure_is_named_as_last_years(as_leader):
    trust, term, attendance, [school] = make_house()
    autumns_of(attendance, school, trust, "92.5", "93.0")
    outside_of(attendance, trust, **{"2024_autumn": "91.0"})

    chart = as_leader(trust, term, school=school.code).context["kpi"].chart

    assert "No England figure for 2025/26 yet. Shown: 2024/25." in chart.remarks


def test_a_changed_target_is_a_step_and_no_slope(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "92.2")
    later = Period.objects.for_term(2026, 1)
    reading = attendance.readings(manager="everywhere").get()
    make_target(reading, "96.0", from_period=Period.objects.for_term(2025, 1), unit=school.unit_ptr)
    make_target(reading, "97.0", from_period=later, unit=school.unit_ptr)
    next_year = make_term(trust, "2026-spring")

    chart = as_leader(trust, next_year, school=school.code).context["kpi"].chart

    targets = [cells[-1] for _, cells in chart.rows]
    assert "96.0%" in targets
    [line] = [one for one in chart.drawing.drawings[0].lines if one.kind == "target"]
    assert re.search(r"H[\d.]+V[\d.]+", line.path) or "97.0%" not in targets


def test_schools_are_drawn_beside_the_trust_three_at_most_and_named(as_leader):
    trust, term, _, schools = make_house(5)
    counted = make_measure(trust, "Reading", counts="both")
    kpi = make_kpi(the_plan(trust), "Reading")
    make_clause(kpi, counted, target="50.0")
    for school in schools:
        make_entry(counted, school, term, "60", numerator=60, denominator=100)

    codes = [school.code for school in schools]
    chart = as_leader(trust, term, kpi, schools=codes).context["kpi"].chart

    kinds = [line.kind for line in chart.drawing.drawings[0].lines]
    assert [kind for kind in kinds if kind in ("second", "third", "fourth")] == [
        "second",
        "third",
        "fourth",
    ]
    assert [pick.code for pick in chart.picks if pick.ticked] == sorted(codes[:3], key=codes.index)
    assert len(chart.heads) == 5  # the trust, three schools, the target


def test_a_head_draws_no_other_school_whatever_the_address_asks(sign_in):
    trust, term, attendance, [mine, theirs] = make_house(2)
    make_entry(attendance, mine, term, "95.5")
    make_entry(attendance, theirs, term, "41.7")
    asked = {"schools": [theirs.code, mine.code]}

    leader = sign_in(make_user(Role.LEADER, trust)).get(kpi_page(trust, term, **asked)).text
    assert f'value="{theirs.code}" checked' in leader

    client = sign_in(make_head(mine))
    page = client.get(kpi_page(trust, term, **asked))
    assert [pick.code for pick in page.context["kpi"].chart.picks] == [mine.code]
    for name in ("kpi", "kpi-figures", "kpi-picture"):
        text = client.get(kpi_page(trust, term, page=name, **asked)).content.decode()
        assert "41.7" not in text
        assert theirs.name not in text


def test_the_picture_is_a_file_with_its_colours_inside_and_no_text_as_markup(as_leader, sign_in):
    trust, term, attendance, [school] = make_house()
    school.short_name = "<b>Kelbeck & Co"
    school.save()
    autumns_of(attendance, school, trust, "91.0", "92.2")
    client = sign_in(make_user(Role.LEADER, trust))

    answer = client.get(kpi_page(trust, term, page="kpi-picture", school=school.code))

    text = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert 'stroke="#12436D"' in text
    assert "&lt;b&gt;Kelbeck &amp; Co" in text
    assert not re.search(r"<style|class=|style=|<b>", text)


def test_the_colours_of_a_file_are_those_of_the_style_sheet():
    light = (STATIC / "css" / "tokens.css").read_text().split("@media")[0]

    for kind, colour in COLOURS.items():
        assert f"--series-{kind}: {colour};" in light


def test_the_chart_as_a_table_leaves_a_missing_figure_blank(sign_in):
    trust, term, attendance, [school] = make_house()
    school.short_name = "=Kelbeck"
    school.save()
    autumns_of(attendance, school, trust, "91.0", None, "92.2")
    client = sign_in(make_user(Role.LEADER, trust))

    answer = client.get(kpi_page(trust, term, page="kpi-figures", school=school.code))

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == """"Period","'=Kelbeck","Target\""""
    assert lines[1] == '"Autumn 2023",91.0,'
    assert lines[2].startswith('"Autumn 2024",,') or "Autumn 2024" not in answer.content.decode()
    assert '"Autumn 2025",92.2,94.0' in "\n".join(lines)


def test_plotly_knows_every_part_of_the_figure_and_draws_the_same_numbers(as_leader):
    trust, term, attendance, [one, other] = make_house(2)
    for school in (one, other):
        autumns_of(attendance, school, trust, "91.0", None, "92.2")
    outside_of(attendance, trust, **{"2023_autumn": "90.0"})
    MeasureBreak.everywhere.create(
        measure=attendance, from_period=make_term(trust, "2025-autumn").period, why="Codes"
    )

    page = as_leader(trust, term, school=one.code, schools=[other.code])
    chart = page.context["kpi"].chart

    figure = go.Figure(chart.figure)
    own = [trace for trace in figure.data if trace.meta == "own"]
    assert [value for trace in own for value in trace.y if value is not None] == [91.0, 92.2]
    assert len(own) == 2  # nothing joins the two definitions
    assert '<script id="chart-figure" type="application/json">' in page.text


def test_a_name_is_no_markup_in_the_figure_either(as_leader):
    trust, term, attendance, [school] = make_house()
    school.short_name = '<a href="//x">K'
    school.save()
    autumns_of(attendance, school, trust, "91.0", "92.2")

    figure = as_leader(trust, term, school=school.code).context["kpi"].chart.figure

    assert "<a " not in str(figure)


def test_figures_of_two_measures_are_never_one_line(as_leader):
    trust, term, attendance, [school] = make_house()
    writing = make_measure(trust, "Writing")
    kpi = make_kpi(the_plan(trust), "Both")
    make_clause(kpi, attendance, target="94.0")
    clause = kpi.clauses(manager="everywhere").get()
    reading = clause.readings(manager="everywhere").create(measure=writing, order=1)
    make_target(reading, "60.0")
    autumns_of(attendance, school, trust, "95.0", "96.0")
    autumns_of(writing, school, trust, "40.0", "41.0")

    def figures(**choices):
        chart = as_leader(trust, term, kpi, school=school.code, **choices).context["kpi"].chart
        return [cells[0] for _, cells in chart.rows if cells[0]], [
            link.label for link in chart.measures if link.current
        ]

    assert figures() == (["40.0%", "41.0%"], ["Writing"])  # the one that decides
    assert figures(measure=attendance.code) == (["95.0%", "96.0%"], ["Attendance"])

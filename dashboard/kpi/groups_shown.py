"""The groups on the KPI page: what stands now, and each gap through the terms."""

from dataclasses import dataclass

from kpis.rag.given import ALL_PUPILS
from kpis.rag.shown import counted

from ..cells import when
from .gap_words import gap_words
from .groups import GroupRow, reader_of
from .line_chart import SMALL, line_chart
from .line_svg import on_page
from .over_time import split

MOST_CHARTS = 3


@dataclass(frozen=True, slots=True)
class GapChart:
    """One group and all others through the terms, drawn and as a table."""

    name: str
    note: str
    svg: str
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class GroupPart:
    """The table of groups, the sentence of each gap, and the gaps over time."""

    rows: tuple[GroupRow, ...]
    sentences: tuple[str, ...]
    charts: tuple[GapChart, ...]


def group_charts(reader, past):
    """The part for the charted clause; None for a measure of one group alone."""
    said = reader.said
    groups = reader_of(
        reader.facts, reader.line, reader.unit, said, reader.small, past and past.sent
    )
    rows = groups.rows() if groups else ()
    if not rows:
        return None
    drawn = [
        _chart(groups, code, name) for code, name in groups.names.items() if code != ALL_PUPILS
    ]
    return GroupPart(
        rows=rows,
        sentences=tuple(row.sentence for row in rows if row.sentence),
        charts=tuple(chart for chart in drawn if chart)[:MOST_CHARTS],
    )


def _chart(groups, code, name):
    """None where fewer than two periods have both sides."""
    told, schools = groups.over_time(code)
    if sum(two is not None for _, two in told) < 2:
        return None
    own = [None if two is None else two.group.figure for _, two in told]
    rest = [None if two is None else two.others.figure for _, two in told]
    periods = [when(period) for period, _ in told]
    write = groups.shown.write
    rows = tuple(
        (term, "", "", "")
        if two is None
        else (
            term,
            write(two.group.figure),
            write(two.others.figure),
            gap_words(groups.shown, groups.measure.better, two.group.figure, two.others.figure),
        )
        for term, (_, two) in zip(periods, told, strict=True)
    )
    breaks = [
        (place, "Definition changed")
        for place in range(1, len(told))
        if any(
            told[place - 1][0].index < new <= told[place][0].index
            for new, _ in groups.measure.breaks
        )
    ]
    lines = [*split("Others", rest, breaks, "own"), *split(name, own, breaks, "second")]
    chart = line_chart(
        periods=periods,
        lines=lines,
        say=f"{name} and others: {rows[-1][3] or 'no gap known'} in {periods[-1]}",
        unit="%" if groups.shown.kind == "percentage" else "",
        breaks=breaks,
        sizes=(SMALL,),
    )
    note = f"The same {counted(schools, 'schools')} in each term" if schools else ""
    return GapChart(name, note, on_page(chart), rows)

"""Whole published documents, made from nothing: as big as a test wants, the same every time."""

from decimal import Decimal

from dashboard import charts
from kpis.rag.verdict import Status
from reports.freezing.writing import bullet_shape, spark_shape, stack_shape
from reports.shapes import (
    Answered,
    Ask,
    Cell,
    Chip,
    Column,
    Counts,
    Definition,
    Document,
    Exceptional,
    Explained,
    Header,
    KpiRow,
    Matrix,
    MatrixRow,
    Movement,
    Question,
    Release,
    Restatement,
    Result,
    Section,
)
from reports.shapes import Entry as Listed

ORDER = (Status.RED, Status.AMBER, Status.GREEN, Status.GREY)
SCHOOLS = (
    "Ashdale CE Primary",
    "Beckside Primary",
    "Hollin Bank Academy",
    "Kelbeck High School",
    "Priory Row Infants",
    "Thistlemarr Primary",
)
KPIS = ("Attendance", "Persistent absence", "Key stage 2 reading", "Staff turnover", "Reserves")
FELL = Movement("down", True, "fell 1.4 points since Autumn 2024, got worse")
ROSE = Movement("up", False, "rose 0.9 points since Autumn 2024, got better")


def make_document(*, kpis=6, schools=4, exceptions=3, priorities=2, text=None, **parts):
    """A report with all its parts. ``text`` stands in every place where people type."""
    names = [text or _named(KPIS, number, "KPI") for number in range(kpis)]
    places = [text or _named(SCHOOLS, number, "School") for number in range(schools)]
    typed = text or "The register was corrected in October, and late arrivals are rung at home."
    columns = tuple(
        Column(f"S{number:02}", name, name[:18]) for number, name in enumerate(places, 1)
    )
    whole = {
        "header": _header(text),
        "asks": (
            Ask(1, text or "Approve the revised attendance target", "2.1"),
            Ask(2, text or "Note the plan for Key stage 2 reading"),
        ),
        "summary": (
            f"Of {kpis * schools} results, 3 are on target, 2 fewer than last term.",
            typed,
        ),
        "counts": _counts(kpis * schools),
        "worst": tuple(_result(n, names, places, text) for n in range(4)),
        "improving": tuple(_result(n, names, places, text) for n in range(1, 4)),
        "falling": tuple(_result(n, names, places, text) for n in range(2, 5)),
        "questions": (Question("What will be different by Summer 2026?", "2.1"),),
        "exceptions": tuple(_exceptional(n, names, places, typed, text) for n in range(exceptions)),
        "sections": tuple(
            _section(n, names[n::priorities], text or typed) for n in range(priorities)
        ),
        "restatements": (
            Restatement(
                kpi=names[0],
                school=places[0],
                period="Summer 2025",
                was="93.1%",
                now="92.6%",
                why=text or "The register was corrected.",
                report="Board report: Summer 2025, version 1",
            ),
        ),
        "matrix": Matrix(
            caption=f"{kpis} KPIs, {schools} schools",
            columns=columns,
            rows=tuple(
                sorted(
                    (_matrix_row(n, name, columns) for n, name in enumerate(names)),
                    key=lambda row: row.priority,
                )
            ),
        ),
        "definitions": tuple(_definition(n, name, typed) for n, name in enumerate(names)),
        "explained": (
            Explained("R, off target", "The figure is worse than the margin allows."),
            Explained("p", "Provisional: sent in, not approved yet."),
        ),
        "releases": (
            Release(
                name="Attendance, year to date",
                provider="DfE",
                period="2024/25",
                figure="92.9%",
                number=Decimal("92.9"),
                release="Pupil absence in schools in England",
                published_on="16 October 2025",
                source="Explore education statistics",
            ),
        ),
    }
    return Document(**whole | parts)


def _named(names, number, kind):
    return names[number] if number < len(names) else f"{kind} {number + 1}"


def _header(text):
    return Header(
        trust=text or "Northmere Learning Trust",
        plan=text or "Strategic plan 2025 to 2028",
        year_of="Year 1 of 3",
        term="Autumn 2025",
        title="Board report: Autumn 2025",
        meeting=text or "Trust board",
        meeting_on="10 February 2026",
        meeting_date="2026-02-10",
        committee="",
        purpose="For decision (2) and assurance",
        as_at="3 February 2026, 2:05pm",
        as_at_moment="2026-02-03T14:05:00+00:00",
        version=2,
        correction=text or "The attendance of Beckside Primary was put right.",
        prepared_by=text or "A. Jones",
        completeness="22 of 24 figures in (91.7%), 2 late",
        provisional="1 provisional figure is left out",
    )


def _chip(status, marks=()):
    return Chip(status.value, status.letter, status.words, marks)


def _counts(results):
    counts = [(status, results // 4 + place) for place, status in enumerate(ORDER)]
    before = [(status, results // 4 + 3 - place) for place, status in enumerate(ORDER)]
    return Counts(
        now=stack_shape(charts.stack(counts)),
        now_name="Autumn 2025",
        before=stack_shape(charts.stack(before)),
        before_name="Summer 2025",
        words="3 more off target, 3 fewer on target than in Summer 2025",
    )


def _spark(number):
    values = [Decimal("92.0") + (number + place) % 5 for place in range(9)]
    values[3] = None
    return spark_shape(
        charts.sparkline(
            values,
            target=Decimal("94.0"),
            low=Decimal(91),
            high=Decimal(97),
            say=f"8 figures, from {values[0]}% to {values[-1]}%",
        )
    )


def _bullet(figure):
    return bullet_shape(
        charts.bullet(
            figure,
            on=charts.range_of([Decimal("90.0"), Decimal("96.0"), figure]),
            target=Decimal("94.0"),
            edges=(Decimal("93.0"), Decimal("94.0")),
            outside=Decimal("92.9"),
            say=f"{figure}%, held against 94.0%, outside figure 92.9%",
        )
    )


def _figure(number):
    return Decimal("91.5") + number % 4


def _result(number, names, places, text):
    kpi, school = names[number % len(names)], places[number % len(places)]
    status = ORDER[number % 3]
    return Result(
        chip=_chip(status),
        kpi=kpi,
        code=f"SI-{number + 1:02}",
        school=school,
        figure=f"{_figure(number)}%",
        target="94.0% or more",
        movement=FELL if number % 2 else ROSE,
        spark=_spark(number),
        say=f"{school}. {status.words}: {_figure(number)}%, target at least 94.0%.",
    )


def _exceptional(number, names, places, typed, text):
    status = ORDER[number % 3]
    kpi, school = names[number % len(names)], places[number % len(places)]
    return Exceptional(
        number=f"2.{number + 1}",
        chip=_chip(status, ("provisional",) if number % 2 else ()),
        kpi=kpi,
        code=f"SI-{number + 1:02}",
        school=school,
        figure=f"{_figure(number)}%",
        target="94.0% or more",
        movement=FELL,
        sentence=f"{status.words}: {_figure(number)}%, target at least 94.0%, margin 1.0.",
        bullet=_bullet(_figure(number)),
        spark=_spark(number),
        why=typed,
        what_next=typed,
        who=text or "The headteacher",
        by_when=text or "31 March 2026",
        reply=typed if number % 2 else "",
        suggested="Off target and worse than a year ago",
        answered=(
            Answered(
                asked_by=text or "P. Trustee",
                asked_on="5 February 2026",
                question=text or "Which year groups are behind this?",
                answered_by=text or "A. Jones",
                answered_on="6 February 2026",
                answer=typed,
            ),
        )
        if number == 0
        else (),
    )


def _section(number, names, typed):
    listed = Listed(
        code=f"M{number + 1}",
        title=typed,
        words=typed,
        due="31 March 2026",
        who="Director of Education",
        chip=_chip(Status.AMBER),
    )
    return Section(
        number=f"3.{number + 1}",
        code=str(number + 1),
        title=typed if number else "Every pupil flourishes",
        aim=typed,
        counts=_counts(len(names)),
        kpis=tuple(
            KpiRow(
                code=f"SI-{place + 1:02}",
                name=name,
                basis="year to date, v. Autumn 2024",
                chip=_chip(ORDER[place % 4]),
                figure=f"{_figure(place)}%",
                number=_figure(place),
                unit="%",
                target="94.0% or more",
                target_number=Decimal("94.0"),
                movement=ROSE,
                spark=_spark(place),
                spread="1 off, 2 close, 1 on",
                say=f"The trust. {ORDER[place % 4].words}: {_figure(place)}%.",
            )
            for place, name in enumerate(names)
        ),
        milestones=(listed,),
        actions=(listed,) if number else (),
        risks=(listed,),
    )


def _matrix_row(number, name, columns):
    return MatrixRow(
        priority=f"{number % 2 + 1} Priority",
        code=f"SI-{number + 1:02}",
        name=name,
        basis="year to date",
        target="94.0% or more",
        unit="%",
        trust=_cell("The trust", number),
        cells=()
        if number == 3
        else tuple(_cell(column.name, number + place) for place, column in enumerate(columns)),
    )


# What a cell can be without a figure: status, what it shows, the code of files.
WITHOUT = (
    (Status.NOT_APPLICABLE, "n/a", "z"),
    (Status.GREY, "few", "c"),
    (Status.GREY, "Later (Feb)", "x"),
    (Status.GREY, "Late", ""),
)


def _cell(whose, number):
    if number % 7 == 6:
        status, shown, code = WITHOUT[number // 7 % 4]
        return Cell(
            status.value, status.letter, shown, None, "", code, (), None, "", f"{whose}. {shown}."
        )
    status, figure = ORDER[number % 3], _figure(number)
    return Cell(
        status=status.value,
        letter=status.letter,
        figure=str(figure),
        number=figure,
        unit="%",
        code="",
        marks=("provisional",) if number % 5 == 4 else (),
        movement=FELL if number % 2 else None,
        note="",
        say=f"{whose}. {status.words}: {figure}%, target at least 94.0%.",
    )


def _definition(number, name, typed):
    return Definition(
        priority=f"{number % 2 + 1} Priority",
        code=f"SI-{number + 1:02}",
        name=name,
        words=typed,
        rules=("On target at 94.0% or more. Close to target from 93.0% to 93.9%.",),
        what_counts=typed,
        made_from="Sessions attended out of sessions possible",
        roll_up="The trust is off target when any school is.",
        due="Every term",
    )

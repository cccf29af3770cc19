"""What stands in a cell: never empty, never a zero that nobody sent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from dashboard.cells import Result, cell_of, figure_of, movement_of, short_day, when
from kpis.rag import given as g
from kpis.rag.applies import Place
from kpis.rag.outcome import Said
from kpis.rag.shown import Kind, Shown
from kpis.rag.verdict import Counts, Mark, Part, Reason, Status, Verdict

D = Decimal
AUTUMN_24, AUTUMN_25 = (
    g.Period(
        g.Basis.YEAR_TO_DATE, year, 1, date(year, 9, 1), date(year, 12, 19), f"{year} to autumn"
    )
    for year in (2024, 2025)
)
SUMMER_25 = g.Period(g.Basis.ACADEMIC_YEAR, 2024, 3, date(2024, 9, 1), date(2025, 8, 31), "2024/25")
SCHOOL, TRUST, ATTENDANCE = 1, 2, 7
CLAUSE = g.Clause(
    1, "c1", "Attendance", (g.Terms(6075, "threshold", "school", ">="),), (g.Reading(1, 7, ()),)
)
PROMISE = g.Promise(5, "kpi", "A5", "Attendance", "all", (CLAUSE,))


def make_given(*answers, asked=(1, 2, 3), dues=()):
    """Autumn 2025 as on 10 January 2026, due on the 16th."""
    unit = g.Unit(SCHOOL, "school", "Ashdale", "primary", Place(SCHOOL, "school"), date(2019, 9, 1))
    measure = g.Measure(
        ATTENDANCE,
        "attendance",
        "Attendance",
        g.Kind.PERCENTAGE,
        "% of sessions",
        1,
        "higher",
        g.Basis.YEAR_TO_DATE,
        "school",
        frozenset(asked),
    )
    return g.Given(
        trust=TRUST,
        settings=g.Settings(),
        plan_starts=date(2025, 9, 1),
        plan_ends=date(2028, 8, 31),
        term=g.CollectingTerm(
            replace(AUTUMN_25, basis=g.Basis.TERM), date(2026, 1, 16), date(2026, 1, 10)
        ),
        calendar={},
        units={SCHOOL: unit},
        measures={ATTENDANCE: measure},
        scales={},
        promises=(replace(PROMISE, dues=dues),),
        answers={(ATTENDANCE, SCHOOL, "all"): answers},
    )


def said(figure=None, **more):
    more = {"period": AUTUMN_25, "measure": ATTENDANCE, "shown": Shown(), **more}
    figure = None if figure is None else D(figure)
    return Said(Verdict(Status.GREY, Reason.NO_DATA, "nothing"), figure=figure, **more)


def told(status, reason, of=None, marks=(), promise=PROMISE, given=None, **verdict):
    """The two texts of a cell."""
    result = Result(
        Verdict(status, reason, "because", marks=frozenset(marks), **verdict),
        of,
        promise.clauses[0],
        SCHOOL,
    )
    return figure_of(given or make_given(), promise, result)


def no_answer(why, **more):
    return g.Answer(AUTUMN_25, AUTUMN_25.index, why_none=g.WhyNone(why), **more)


GREY, NO = Status.GREY, Status.NOT_APPLICABLE
FEW, NOT = no_answer("too_few"), no_answer("not_applicable")
LATER = no_answer("not_available", expected_on=date(2026, 2, 13))
OLD = {"last": D("94.1"), "last_period": AUTUMN_24}


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        pytest.param(lambda: told(NO, Reason.NOT_APPLICABLE), ("n/a", ""), id="does not apply"),
        pytest.param(lambda: told(NO, Reason.NO_COHORT), ("n/a", ""), id="nobody in the group"),
        pytest.param(lambda: told(GREY, Reason.SUPPRESSED), ("few", ""), id="too few"),
        pytest.param(
            lambda: told(GREY, Reason.NO_DATA, said(), given=make_given(NOT)),
            ("n/a?", ""),
            id="claimed not to apply",
        ),
        pytest.param(
            lambda: told(GREY, Reason.NO_DATA, said(), given=make_given(FEW)),
            ("few?", ""),
            id="claimed too few",
        ),
        pytest.param(
            lambda: told(GREY, Reason.NOT_AVAILABLE_YET, said(), given=make_given(LATER)),
            ("Later (Feb)", ""),
            id="not available before a day",
        ),
        pytest.param(
            lambda: told(GREY, Reason.NOT_AVAILABLE_YET, said()), ("Later", ""), id="not published"
        ),
        pytest.param(
            lambda: told(GREY, Reason.NO_DATA, said()), ("Due Jan", ""), id="still in time"
        ),
        pytest.param(
            lambda: told(GREY, Reason.NO_DATA, said(**OLD), [Mark.LATE]),
            ("Late", "94.1 Aut 24"),
            id="late, the old figure beside it",
        ),
        pytest.param(
            lambda: told(GREY, Reason.STALE, said(**OLD)), ("94.1", "Aut 24"), id="too old"
        ),
        pytest.param(
            lambda: told(GREY, Reason.NO_TARGET, said("68.4")), ("68.4", ""), id="no target"
        ),
        pytest.param(
            lambda: told(GREY, Reason.NO_COMPARATOR, said("94.6")),
            ("94.6", ""),
            id="no outside figure",
        ),
        pytest.param(
            lambda: told(GREY, Reason.BASELINE_YEAR, said("48.0")), ("48.0", ""), id="first year"
        ),
        pytest.param(
            lambda: told(GREY, Reason.NO_MAPPING, said(shown=None), figure="Expected standard"),
            ("Expected standard", ""),
            id="no target on this scale",
        ),
        pytest.param(lambda: told(GREY, Reason.NOT_JUDGED), ("Not yet", ""), id="not inspected"),
        pytest.param(
            lambda: told(GREY, Reason.PARTIAL, counts=Counts(green=12, amber=2, unknown=1)),
            ("14 of 15", ""),
            id="one of fifteen schools is missing",
        ),
        pytest.param(
            lambda: told(
                GREY,
                Reason.PARTIAL,
                parts=(
                    Part("a", Verdict(Status.GREEN, Reason.MET, "95.0%")),
                    Part("b", Verdict(GREY, Reason.NO_DATA, "nothing")),
                ),
            ),
            ("1 of 2", ""),
            id="one of two parts is missing",
        ),
        pytest.param(
            lambda: told(GREY, Reason.NO_DATE, figure="No date"), ("No date", ""), id="no date"
        ),
        pytest.param(
            lambda: told(
                GREY,
                Reason.NOT_DUE,
                figure="Not due",
                promise=replace(
                    PROMISE,
                    clauses=(replace(CLAUSE, terms=(g.Terms(6075, "done", "school"),)),),
                    dues=(g.DueDay(1, "March", date(2026, 3, 31)),),
                ),
            ),
            ("Due Mar", ""),
            id="to be done by March",
        ),
        pytest.param(
            lambda: told(
                GREY, Reason.NOT_DUE, figure="1 of 11", counts=Counts(green=1, not_due=10)
            ),
            ("1 of 11", ""),
            id="one of eleven is there",
        ),
        pytest.param(
            lambda: told(GREY, Reason.NOT_DUE, said(), given=make_given(asked=(3,))),
            ("Due Sum 26", ""),
            id="asked in summer only",
        ),
        pytest.param(lambda: told(Status.RED, Reason.OFF, said("0")), ("0.0", ""), id="zero"),
        pytest.param(
            lambda: told(Status.GREEN, Reason.MET, said("68.4", period=SUMMER_25, asked=False)),
            ("68.4", "Sum 25"),
            id="carried from summer",
        ),
        pytest.param(
            lambda: told(Status.GREEN, Reason.DONE, said(shown=None), figure="Done"),
            ("Done", ""),
            id="done",
        ),
        pytest.param(
            lambda: told(Status.AMBER, Reason.JUDGED, said(shown=None), figure="Close to target"),
            ("Close", ""),
            id="a rating is one word",
        ),
        pytest.param(
            lambda: told(Status.RED, Reason.ANY_RED, counts=Counts(green=7, red=4)),
            ("7 of 11", ""),
            id="no figure of all schools together",
        ),
    ],
)
def test_a_cell_says_why_it_has_no_figure(cell, texts):
    assert cell() == texts


def test_the_arrow_says_what_the_number_did_and_the_disc_whether_it_was_worse():
    absence = said(
        "24.6", before=D("20.4"), before_period=AUTUMN_24, better="lower", steady=D("0.5")
    )

    moved = movement_of(absence)
    assert (moved.direction, moved.worse) == ("up", True)
    assert moved.words == "rose 4.2 points since Autumn 2024, got worse"
    assert movement_of(absence._replace(better="none")).words == (
        "rose 4.2 points since Autumn 2024"
    )
    assert movement_of(absence._replace(before=D("24.2"))) is None
    assert movement_of(absence._replace(before=None)) is None
    assert not movement_of(absence._replace(before=D("30.0"))).worse


def test_money_and_rates_move_in_their_own_unit():
    rate = said(
        "1.40",
        shown=Shown(Kind.NUMBER, 2, "per 100 pupils"),
        before=D("1.10"),
        before_period=AUTUMN_24,
        better="lower",
    )

    assert movement_of(rate).words == "rose 0.30 per 100 pupils since Autumn 2024, got worse"


def test_the_sentence_says_whose_and_why_how_it_moved_and_its_marks():
    verdict = Verdict(
        Status.RED,
        Reason.OFF,
        "31.2%, target at most 18.0%, margin 1.0",
        marks=frozenset({Mark.PROVISIONAL}),
    )
    absence = said("31.2", before=D("29.1"), before_period=AUTUMN_24, better="lower")

    cell = cell_of(make_given(), PROMISE, Result(verdict, absence, CLAUSE, SCHOOL), "Hollin Bank")

    assert cell.spoken == (
        "Hollin Bank. Off target: 31.2%, target at most 18.0%, margin 1.0."
        " Rose 2.1 points since Autumn 2024, got worse. Sent in, not approved yet."
    )
    assert cell.provisional
    assert cell.figure == "31.2"


def test_periods_and_days_have_their_short_names():
    assert when(SUMMER_25) == "Summer 2025"
    assert when(AUTUMN_25) == "Autumn 2025"
    assert short_day(date(2026, 3, 31), date(2026, 1, 10)) == "Mar"
    assert short_day(date(2028, 8, 31), date(2026, 1, 10)) == "Aug 28"

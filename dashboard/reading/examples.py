"""Examples of every way a result can stand, each judged by the rule that judges the figures.

All is invented: Ashdale, a primary school, in autumn 2025, looked at on 10 January 2026.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from kpis.rag import band, cases, combine, compare, done, gap, grey, judged, rollup, scale, trend
from kpis.rag import given as g
from kpis.rag import threshold as th
from kpis.rag.applies import Place
from kpis.rag.outcome import Said
from kpis.rag.shown import PERCENTAGE, Kind, Shown
from kpis.rag.side import Better, Sign
from kpis.rag.verdict import Mark, Part, Status

from ..cells import Result

D = Decimal
TODAY = date(2026, 1, 10)
SCHOOL, MEASURE = 1, 7
RATE = Shown(Kind.NUMBER, 2, "per 100 pupils")


def year_to_date(year):
    """From September to the end of the autumn term."""
    name = f"{year}/{year % 100 + 1} to autumn"
    return g.Period(g.Basis.YEAR_TO_DATE, year, 1, date(year, 9, 1), date(year, 12, 19), name)


AUTUMN_24, AUTUMN_25 = year_to_date(2024), year_to_date(2025)
YEAR_24, YEAR_23 = (
    g.Period(
        g.Basis.ACADEMIC_YEAR,
        year,
        3,
        date(year, 9, 1),
        date(year + 1, 8, 31),
        f"{year}/{year % 100 + 1}",
    )
    for year in (2024, 2023)
)
CLAUSE = g.Clause(
    1,
    "c1",
    "Attendance",
    (g.Terms(6075, "threshold", "school", ">="),),
    (g.Reading(1, MEASURE, ()),),
)
TO_DO = replace(CLAUSE, terms=(g.Terms(6075, "done", "school"),))
PROMISE = g.Promise(
    5, "kpi", "A5", "Attendance", "all", (CLAUSE,), dues=(g.DueDay(1, "March", date(2026, 3, 31)),)
)


def house(*answers, asked=(1, 2, 3)):
    """What is known of Ashdale: these answers, in a term whose figures are due on 16 January."""
    school = g.Unit(
        SCHOOL, "school", "Ashdale", "primary", Place(SCHOOL, "school"), date(2019, 9, 1)
    )
    measure = g.Measure(
        MEASURE,
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
    term = g.CollectingTerm(replace(AUTUMN_25, basis=g.Basis.TERM), date(2026, 1, 16), TODAY)
    return g.Given(
        trust=2,
        settings=g.Settings(),
        plan_starts=date(2025, 9, 1),
        plan_ends=date(2028, 8, 31),
        term=term,
        calendar={},
        units={SCHOOL: school},
        measures={MEASURE: measure},
        scales={},
        promises=(PROMISE,),
        answers={(MEASURE, SCHOOL, g.ALL_PUPILS): answers},
    )


HOUSE = house()


def shown(verdict, figure=None, clause=CLAUSE, **more):
    """A verdict beside its figure, as the dashboard is given them."""
    more = {"period": AUTUMN_25, "measure": MEASURE, "shown": PERCENTAGE, **more}
    said = Said(verdict, figure=None if figure is None else D(figure), **more)
    return Result(verdict, said, clause, SCHOOL)


def in_words(verdict, clause=CLAUSE):
    """A verdict that stands for itself: a level, a day, a count."""
    return shown(verdict, clause=clause, shown=None)


# One call of a rule each, with the numbers that make the point.


def at_least(figure, target="95.0", expected=None, baseline=None, met_before=False):
    """A percentage that should reach the target, margin 1.0."""
    numbers = [None if text is None else D(text) for text in (target, expected, baseline)]
    target, expected, baseline = numbers
    rule = th.Threshold(Sign.AT_LEAST, target, D("1.0"), expected, baseline, met_before)
    return shown(th.judge(D(figure), rule), figure)


def provisional():
    """Sent in, and not approved yet."""
    sent = at_least("93.2")
    return sent._replace(verdict=sent.verdict.marked(Mark.PROVISIONAL))


def moved(figure, before, better):
    """A figure, and what it was a year ago: absence, attendance or turnover."""
    at_most = th.Threshold(Sign.AT_MOST, D("18.0"), D("1.0"))
    verdict = {
        "lower": lambda: th.judge(D(figure), at_most),
        "higher": lambda: at_least(figure).verdict,
        "none": lambda: in_range(figure).verdict,
    }[better]()
    past = {"before": D(before), "before_period": AUTUMN_24, "steady": D("0.5")}
    return shown(verdict, figure, better=better, **past)


def no_suspensions():
    rule = th.Threshold(Sign.AT_MOST, D("1.40"), D("0.50"), shown=RATE)
    return shown(th.judge(D(0), rule), "0", shown=RATE)


def in_range(figure):
    """Turnover of staff, about 10."""
    return shown(band.judge(D(figure), band.Band.about(D("10.0"), D("2.0"), D("2.0"))), figure)


def against_england(figure, against=compare.Against.SIGNIFICANTLY_BETTER, england="93.6"):
    """Attendance beside England's in the same period."""
    rule = compare.Compare(against, Better.HIGHER, D("1.0"))
    found = england and compare.Comparator(D(england), "England, autumn 2025")
    return shown(compare.judge(D(figure), rule, found), figure)


def than_before(figure, baseline="71.0", previous=None, broken=None):
    """A share of good answers that should rise."""
    verdict = trend.judge(
        D(figure),
        trend.Trend(Better.HIGHER, D("0.1"), best=D(100)),
        baseline=baseline and D(baseline),
        previous=previous and D(previous),
        broken=broken,
    )
    return shown(verdict, figure)


def between_groups(group, others, then=("54.0", "70.0"), wish=gap.Wish.NARROW):
    """Disadvantaged pupils and others: then 16.0 points apart."""
    rule = gap.Gap(
        wish, Better.HIGHER, D("0.1"), margin=D("5.0"), group="disadvantaged", others="others"
    )
    verdict = gap.judge(D(group), D(others), rule, then=gap.Pair(*map(D, then)))
    return shown(verdict, D(others) - D(group))


GRADES = scale.Scale("2019", ("Poor", "Fair", "Good", "Best"), frozenset({"Poor"}))
NEW_GRADES = scale.Scale("2025", ("Urgent", "Needs attention", "Expected", "Strong"))


def level(name, grades=GRADES, target="Good"):
    """A grade held, and the one promised on the scale of 2019."""
    held = name and scale.Held(name, grades)
    return in_words(scale.judge_at_least(held, scale.AtLeast({"2019": target}, inspected=True)))


def on_joining(name):
    rule = scale.MaintainOrImprove(date(2025, 1, 1))
    first, before = scale.Held(name, GRADES), scale.Held("Fair", GRADES)
    return in_words(scale.judge_maintained(first, before, rule, as_at=TODAY))


def to_do(due, done_on=None, **more):
    """A thing to be done by a day."""
    return in_words(done.judge(done_on, done.Done(due), as_at=TODAY, **more), TO_DO)


def log(*entries, confirmed=None, plan_counts=False):
    """Vacancies to be filled within a month: when each was opened, planned for and closed."""
    rule = cases.Cases(1, plan_counts)
    return in_words(
        cases.judge_log(
            [cases.Case(*entry) for entry in entries],
            rule,
            begins=date(2025, 9, 1),
            as_at=TODAY,
            confirmed=confirmed,
        )
    )


def rated(status, on=date(2025, 11, 3)):
    """What somebody says who has looked."""
    given = judged.Rating(status, "A. Jones", judged.Rater.TRUST, on, "Visit and minutes")
    return in_words(judged.judge([given], judged.Judged(), as_at=TODAY))


def by_hand():
    calculated = at_least("93.2")
    verdict = judged.set_by_hand(
        calculated.verdict, Status.AMBER, why="a boiler failed for two weeks", by="Dr Quill"
    )
    return shown(verdict, "93.2")


def schools(green=0, amber=0, red=0, unknown=0):
    """A line of the trust: each school must hold."""
    cells = [
        *[at_least("96.0")] * green,
        *[at_least("94.4")] * amber,
        *[at_least("90.0")] * red,
        *[missing()] * unknown,
    ]
    return Result(rollup.each_school([rollup.Cell(each.verdict) for each in cells]))


def rolled_out():
    """One school of eleven has it, and there is time."""
    there, waiting = to_do(None, date(2025, 12, 1)), to_do(date(2028, 8, 31))
    cells = [rollup.Cell(there.verdict), *[rollup.Cell(waiting.verdict)] * 10]
    return Result(rollup.rollout(cells, rollup.Rollout(date(2028, 8, 31)), as_at=TODAY))


def either(*parts, join=combine.any_of):
    """Parts of one promise, under their names."""
    verdict = join([Part(name, result.verdict) for name, result in parts])
    deciding = next(result for name, result in parts if verdict.deciding.name == name)
    return Result(verdict, deciding.said, deciding.clause, SCHOOL)


def carried():
    rule = th.Threshold(Sign.AT_LEAST, D("65.0"), D("5.0"))
    verdict = th.judge(D("68.4"), rule).marked(Mark.CARRIED)
    return shown(verdict, "68.4", period=YEAR_24, asked=False)


# No figure, or none that can be judged.


def missing(late=False, **more):
    """Asked for, and not sent."""
    due = date(2026, 1, 9) if late else date(2026, 1, 16)
    return shown(grey.no_data(due, late=late), **more)


def late_again():
    """Late, and there is a figure of a year ago."""
    return missing(late=True, last=D("94.1"), last_period=AUTUMN_24)


def claimed(why, words):
    answer = g.Answer(AUTUMN_25, AUTUMN_25.index, why_none=g.WhyNone(why))
    return shown(grey.only_claimed(words)), house(answer)


def expected(on):
    answer = g.Answer(
        AUTUMN_25, AUTUMN_25.index, why_none=g.WhyNone("not_available"), expected_on=on
    )
    return shown(grey.not_available_yet(on)), house(answer)


def next_summer():
    return shown(grey.not_due("asked in summer")), house(asked=(3,))


def too_old():
    return shown(grey.stale("68.4%", "2023/24"), last=D("68.4"), last_period=YEAR_23)


def first_year():
    return shown(grey.baseline_year("48.0%"), "48.0")


def does_not_apply():
    return shown(grey.not_applicable("a primary school has no sixth form"))


def nobody():
    return shown(grey.no_cohort())


def too_few():
    return shown(grey.suppressed(6))

"""The tables of docs/rag.md, written by the rules themselves.

``python -m tests.kpis.rag.page`` puts them into the page anew; `test_page`
fails while the page says anything else. The examples are those rows of the
tables of named cases whose names begin with a number, as "th1: 84.95 is shown
as 85.0".
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

from kpis.rag import band, cases, compare, defaults, done, gap, grey, judged, scale, trend
from kpis.rag import threshold as against_a_number
from kpis.rag.combine import all_of, any_of
from kpis.rag.dates import Precision, resolved, written
from kpis.rag.given import Measure, Settings
from kpis.rag.rollup import each_school, rollout, share_of_schools
from kpis.rag.shown import counted
from kpis.rag.side import Sign
from kpis.rag.threshold import Threshold
from kpis.rag.verdict import Mark, Reason, Status

from . import (
    test_band,
    test_cases,
    test_combine,
    test_compare,
    test_defaults,
    test_done,
    test_gap,
    test_judged,
    test_pool,
    test_rollup,
    test_scale,
    test_threshold,
    test_trend,
)
from .tables import number

PAGE = Path(__file__).parents[3] / "docs" / "rag.md"
PLACE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)
NUMBERED = re.compile(r"([a-z]{2}\d+): (.+)")
AS_AT, DUE = date(2026, 5, 1), date(2028, 8, 31)


def table(head, rows):
    """A table of Markdown, from the words of its head and of its rows."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(str(cell) for cell in line)} |\n" for line in lines)


# Statuses, reasons, marks


def statuses():
    """Every reason with the status that it stands with."""
    rows = [
        (
            status.replace("_", " "),
            status.words,
            status.letter or "–",
            ", ".join(reason for reason in Reason if status in reason.statuses),
        )
        for status in Status
    ]
    return table(("Status", "On screen", "Letter", "Reasons"), rows)


def no_statuses():
    """A verdict for every reason that gives no status."""
    no_number = Threshold(Sign.AT_LEAST, None, Decimal(5))
    return [
        grey.no_data(date(2026, 1, 16), late=True),
        grey.not_available_yet(date(2026, 2, 1)),
        scale.not_judged(),
        grey.suppressed(Settings().min_to_judge),
        grey.stale("68.4%", "Summer 2024"),
        grey.no_like_for_like("68.4%", "the question changed"),
        against_a_number.judge(Decimal("41.0"), no_number),
        scale.judge_at_least(test_scale.held("strong", test_scale.CARDS), test_scale.GOOD),
        compare.judge(Decimal("93.6"), test_compare.IN_LINE, None),
        grey.baseline_year("48.0%"),
        done.judge(None, done.Done(None), as_at=AS_AT),
        done.judge(None, done.Done(DUE), as_at=AS_AT),
        each_school(test_rollup.cells("GG?s")),
    ]


def greys():
    """The reasons for no status, in the order in which the first stands."""
    left, rows = no_statuses(), []
    while left:
        first = grey.first_of(left)
        left.remove(first)
        rows.append((len(rows) + 1, first.reason, first.sentence))
    return table(("", "Reason", "What the page says"), rows)


def outside():
    """Why something leaves every count."""
    found = [grey.not_applicable("a primary school has no sixth form"), grey.no_cohort()]
    rows = [(verdict.reason, verdict.sentence) for verdict in found]
    return table(("Reason", "What the page says"), rows)


def marks():
    """What stands beside a status."""
    rows = [(mark, mark.words, mark.spoken) for mark in Mark]
    return table(("Mark", "On screen", "What it says"), rows)


# Usual values


def usual():
    """Margin and tolerance of each kind of measure."""
    rows = [
        (row.id, defaults.margin(row.values[0]), defaults.tolerance(row.values[0]))
        for row in test_defaults.USUAL
    ]
    return table(("Kind of measure", "Margin", "In line with an outside figure within"), rows)


def settings():
    """What the trust, a measure and a clause begin with."""
    trust, measure = Settings(), Measure.__dataclass_fields__
    months = scale.MaintainOrImprove(AS_AT).months
    terms = counted(measure["carried_terms"].default, "terms")
    rows = [
        ("fewest pupils or answers to judge", trust.min_to_judge),
        ("least change that is one", "the last digit shown"),
        ("significantly better than an outside figure by", defaults.SIGNIFICANT),
        ("“about” a number, on either side", defaults.ABOUT),
        ("margin of a share of schools, in points", defaults.SHARE),
        ("a figure counts, with the term it was sent in, for", terms),
        ("a rating holds for", counted(measure["valid_months"].default, "months")),
        ("an inspection is awaited after joining for", counted(months, "months")),
        ("close to a due day in the last", counted(trust.due_soon_days, "days")),
        ("a plan to get there counts as", trust.plan_counts_as),
    ]
    return table(("Setting", "Usual value"), rows)


# The rules


def said(verdict):
    """A verdict in two words: its status and its reason."""
    return f"{verdict.status.replace('_', ' ')} {verdict.reason}"


def of_threshold(exact, rule):
    figure = None if exact is None else rule.shown.figure(test_threshold._exact(exact))
    return against_a_number.judge(figure, rule)


def of_compare(figure, rule, outside):
    comparator = None if outside is None else compare.Comparator(Decimal(outside), "England")
    return compare.judge(number(figure), rule, comparator)


def of_trend(figure, rule, baseline, previous):
    return trend.judge(number(figure), rule, baseline=number(baseline), previous=number(previous))


def of_gap(rule, now, then):
    pair = None if then is None else gap.Pair(*test_gap.pair(then))
    return gap.judge(*test_gap.pair(now), rule, then=pair)


def of_maintained(first, joining):
    rule = scale.MaintainOrImprove(joined=date(2024, 2, 29))
    return scale.judge_maintained(first, joining, rule, as_at=date(2025, 9, 1))


def of_done(done_on, rule, as_at, at_risk=False):
    return done.judge(done_on, rule, as_at=as_at, at_risk=at_risk)


def of_log(log, rule, confirmed):
    days = {"begins": test_cases.BEGINS, "as_at": test_cases.AS_AT}
    return cases.judge_log(log, rule, **days, confirmed=confirmed)


def of_ratings(ratings, as_at):
    return judged.judge(ratings, test_judged.YEAR, as_at=as_at)


def of_rollout(letters, rule, as_at, at_risk):
    return rollout(test_rollup.cells(letters), rule, as_at=as_at, at_risk=at_risk)


def in_words(**cells):
    """Several verdicts in one cell, each behind its words."""
    words = {name.replace("_", " ").strip(): found for name, found in cells.items()}
    return "; ".join(f"{name}: {said(found)}" for name, found in words.items())


def situations():
    """What each rule says where something is missing, or exactly enough."""
    at_least = test_threshold.rule("at least 85.0")
    more_than = test_threshold.rule("more than 85.0")
    unforgiving = test_threshold.rule("more than 85.0", "0")
    about_ten, no_limits = test_band.ABOUT_TEN, test_band.band(None, None)
    in_line, above = test_compare.IN_LINE, test_compare.ABOVE
    narrow, closed = test_gap.NARROW, test_gap.CLOSE
    good, award = test_scale.GOOD, test_scale.ACHIEVED
    by_august, day = test_done.BY_AUGUST, test_done.DUE
    defect, found = test_cases.DEFECT, test_cases.FOUND
    limit = test_cases.log((found, None, date(2026, 2, 28)))
    rating = test_judged.rating("green")
    last_day = date(2026, 11, 1)
    rows = [
        (
            "Threshold",
            said(of_threshold(None, at_least)),
            in_words(no_number=of_threshold("41.0", test_threshold.rule("at least ?"))),
            in_words(
                at_least=of_threshold("85.0", at_least),
                more_than=of_threshold("85.0", more_than),
                without_a_margin=of_threshold("85.0", unforgiving),
            ),
        ),
        (
            "Band",
            said(band.judge(None, about_ten)),
            in_words(limits_not_entered=band.judge(Decimal("9.0"), no_limits)),
            in_words(at_an_end=band.judge(Decimal("12.0"), about_ten)),
        ),
        (
            "Compare",
            said(of_compare(None, in_line, "93.6")),
            in_words(no_outside_figure=of_compare("93.6", in_line, None)),
            in_words(
                in_line=of_compare("93.6", in_line, "93.6"),
                above=of_compare("93.6", above, "93.6"),
            ),
        ),
        (
            "Trend",
            said(of_trend(None, test_trend.UP, "71.0", None)),
            in_words(no_baseline=of_trend("71.0", test_trend.UP, None, None)),
            in_words(unchanged=of_trend("71.0", test_trend.UP, "71.0", None)),
        ),
        (
            "Gap",
            said(of_gap(narrow, "- 75", "55 75")),
            in_words(
                narrow_without_a_baseline=of_gap(narrow, "55 75", None),
                closed_without_a_baseline=of_gap(closed, "55 75", None),
            ),
            in_words(
                unchanged=of_gap(narrow, "55 75", "55 75"),
                at_the_tolerance=of_gap(closed, "69.5 70.0", "60.0 70.0"),
            ),
        ),
        (
            "Scale",
            in_words(
                by_inspection=scale.judge_at_least(None, good),
                else_=scale.judge_at_least(None, award),
            ),
            in_words(
                no_target_on_the_scale=scale.judge_at_least(
                    test_scale.held("strong", test_scale.CARDS), good
                )
            ),
            in_words(at_the_level=scale.judge_at_least(test_scale.held("good"), good)),
        ),
        (
            "Done",
            in_words(
                long_before=of_done(None, by_august, date(2020, 1, 1)),
                after=of_done(None, by_august, date(2020, 9, 1)),
            ),
            in_words(no_date=of_done(None, test_done.NO_DATE, AS_AT)),
            in_words(
                done_on_the_day=of_done(day, by_august, day),
                not_done_on_the_day=of_done(None, by_august, day),
            ),
        ),
        (
            "Cases",
            said(of_log([], defect, None)),
            in_words(none_and_confirmed=of_log([], defect, 0)),
            in_words(on_the_limit_day=of_log(limit, defect, 1)),
        ),
        (
            "Judged",
            said(of_ratings([], AS_AT)),
            in_words(run_out=of_ratings([rating], date(2026, 11, 2))),
            in_words(on_its_last_day=of_ratings([rating], last_day)),
        ),
    ]
    return table(("Rule", "Nothing sent", "Nothing to judge by", "Exactly on it"), rows)


def signs():
    """What each sign says at and around a target of 10.0."""

    def at(sign, figure, margin):
        return said(against_a_number.judge(figure, Threshold(sign, ten, Decimal(margin))))

    ten, digit = Decimal("10.0"), Decimal("0.1")
    rows = []
    for sign in Sign:
        bad = -digit if sign.better == "higher" else digit
        edge = ten + 10 * bad
        around = [at(sign, figure, 1) for figure in (ten - bad, ten, edge, edge + bad)]
        rows.append((sign.words, *around, at(sign, ten, 0)))
    around = ("Just beyond", "Equal", "A margin short", "More than that", "Equal, margin 0")
    return table(("Sign", *around), rows)


def days():
    """The day that a plan's printed words mean."""
    term_ends = date(2023, 12, 20)
    meant = {
        "1 March 2025": resolved(Precision.DAY, 2025, month=3, day=1),
        "July 2020": resolved(Precision.MONTH, 2020, month=7),
        "end of autumn 2023": resolved(Precision.TERM, 2023, term_ends=term_ends),
        "2019-20": resolved(Precision.ACADEMIC_YEAR, 2019),
        "2020": resolved(Precision.YEAR, 2020),
        "ready by September 2024": resolved(Precision.READY, 2024, month=9),
    }
    rows = [(words, written(day)) for words, day in meant.items()]
    rows[2] = (rows[2][0], f"{rows[2][1]}, the term's last day in the trust's calendar")
    return table(("As printed", "Done by the end of"), rows)


# Examples


def numbered(*tables):
    """The rows with a number among (table of cases, what judges a row), judged."""
    for rows, judge in tables:
        for row in rows:
            if match := NUMBERED.fullmatch(row.id):
                yield *match.groups(), judge(*row.values[: judge.__code__.co_argcount])


def examples(*tables, others=()):
    """The numbered examples of one rule, in order."""
    rows = sorted([*numbered(*tables), *others], key=lambda row: int(row[0][2:]))
    return table(
        ("", "Example", "Reason", "What the page says"),
        [(code, name, found.reason, found.sentence) for code, name, found in rows],
    )


TABLES = {
    "statuses": statuses,
    "greys": greys,
    "outside": outside,
    "marks": marks,
    "usual": usual,
    "settings": settings,
    "situations": situations,
    "signs": signs,
    "days": days,
    "threshold": lambda: examples((test_threshold.TABLE, of_threshold)),
    "band": lambda: examples((test_band.TABLE, lambda f, rule: band.judge(number(f), rule))),
    "compare": lambda: examples((test_compare.TABLE, of_compare)),
    "trend": lambda: examples(
        (test_trend.TABLE, of_trend),
        others=[("tr6", "420 tonnes of 1,700 pupils", test_trend.of_carbon())],
    ),
    "gap": lambda: examples(
        (test_gap.TABLE, of_gap),
        others=[("gp6", "four in the group", grey.suppressed(Settings().min_to_judge))],
    ),
    "scale": lambda: examples(
        (test_scale.AT_LEAST, lambda held, rule: scale.judge_at_least(held, rule)),
        (test_scale.IMPROVED, lambda now, earlier: scale.judge_improved(now, earlier)),
        (test_scale.MAINTAINED, of_maintained),
    ),
    "done": lambda: examples((test_done.TABLE, of_done)),
    "cases": lambda: examples((test_cases.LOGS, of_log)),
    "judged": lambda: examples((test_judged.TABLE, of_ratings)),
    "combine": lambda: examples(
        (test_combine.ALL, lambda letters: all_of(test_combine.parts(letters))),
        (test_combine.ANY, lambda letters: any_of(test_combine.parts(letters))),
        others=[
            ("cb8", "three readings of one clause", test_combine.of_readings()),
            ("cp8", "above national, but not positive", test_combine.of_progress()),
        ],
    ),
    "rollup": lambda: examples(
        (test_rollup.EACH, lambda letters: each_school(test_rollup.cells(letters))),
        (
            test_rollup.SHARE,
            lambda letters: share_of_schools(test_rollup.cells(letters), test_rollup.MOST),
        ),
        (test_rollup.ROLLOUTS, of_rollout),
        (test_pool.SUMS, test_pool.of_sum),
        others=[("ru4", "a plain mean would be on target", test_pool.of_scores()[1])],
    ),
}


def filled(text):
    """The page with every table as the rules write it."""
    return PLACE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}{found[3]}", text)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

"""The plan of the Plantsbrook Learning Trust, typed by hand from its printed indicators.

Kept apart from the plan file so that a slip in one shows against the other.
Entries go by our keys: the plan prints no code. ``NUMBER`` is what must be
reached: a figure, two for a range, a level; "" where there is none. ``UNIT``
is the printed unit of a figure, the first one's where a clause reads several.
``BASELINE`` is the year to compare with: none is printed.
"""

COUNTS = {"principle": 8, "priority": 4, "strand": 34, "group": 8, "kpi": 32}

CLAUSES_BY_RULE = {
    "compare": 18,
    "threshold": 16,
    "judged": 4,
    "gap": 3,
    "scale": 3,
    "done": 2,
    "band": 1,
}

STRANDS_UNDER_AIMS = {"aim1": 11, "aim2": 5, "aim3": 12, "aim4": 6}
KPIS_UNDER_HEADINGS = {"gf": 11, "ed": 1, "qt": 2, "ap": 6, "op": 2, "cu": 7, "em": 3}

# KPI, clause | rule | operator | number | unit | level | group | baseline
CLAUSES = """
gf1 c1 | scale | maintain_or_improve | | | school | all |
gf2 c1 | scale | at_least | good | | school | all |
gf3 c1 | threshold | >= | 100 | % of skills | trust | all |
gf4 c1 | done | | | | trust | all |
gf5 c1 | threshold | <= | 0 | vacancies | body | all |
gf5 c2 | judged | | | | body | all |
gf6 c1 | threshold | <= | 0 | £ | school | all |
gf7 c1 | compare | in_line | | % of expenditure | school | all |
gf7 c2 | compare | in_line | | % of expenditure | school | all |
gf8 c1 | judged | | | | trust | all |
gf9 c1 | done | | | | body | all |
gf10 c1 | judged | | | of 10 measures | trust | all |
gf11 c1 | judged | | | | trust | all |
ed1 c1 | gap | narrow | | % of pupils | trust | boys | 2016/17
ed1 c2 | gap | narrow | | % of pupils | trust | disadvantaged | 2016/17
ed1 c3 | gap | narrow | | % of pupils | trust | send | 2016/17
qt1 c1 | threshold | >= | 100 | % of teaching | trust | all |
qt2 c1 | scale | at_least | good | | school | all |
ap1 c1 | compare | above | | % of pupils | school | all |
ap2 c1 | compare | above | | % of pupils | school | all |
ap2 c2 | compare | above | | % of pupils | school | all |
ap2 c3 | compare | above | | % of pupils | school | all |
ap2 c4 | compare | above | | % of pupils | school | all |
ap3 c1 | compare | above | | score points | school | all |
ap3 c2 | compare | above | | score points | school | all |
ap3 c3 | compare | above | | score points | school | all |
ap4 c1 | compare | above | | score points | school | all |
ap4 c2 | compare | above | | score points | school | all |
ap4 c3 | compare | above | | score points | school | all |
ap4 c4 | threshold | > | 0 | score points | school | all |
ap5 c1 | compare | above | | score | school | all |
ap5 c2 | threshold | > | 0 | score | school | all |
ap6 c1 | compare | above | | score | school | all |
ap6 c2 | threshold | > | 0 | score | school | all |
op1 c1 | band | | 8 12 | % per year | trust | all |
op2 c1 | threshold | > | 95 | % of days | school | all |
cu1 c1 | threshold | >= | 90 | % of respondents | trust | all |
cu2 c1 | threshold | >= | 100 | % of respondents | trust | all |
cu3 c1 | threshold | >= | 90 | % of respondents | trust | all |
cu4 c1 | threshold | >= | 100 | % of respondents | trust | all |
cu5 c1 | threshold | >= | 80 | % of respondents | trust | all |
cu6 c1 | compare | significantly_better | | % of sessions | school | all |
cu7 c1 | compare | below | | per 100 pupils | trust | all |
cu7 c2 | compare | below | | per 100 pupils | trust | all |
em1 c1 | threshold | >= | 100 | % of leavers | trust | looked_after |
em2 c1 | threshold | < | 5 | % of leavers | trust | all |
em3 c1 | threshold | < | 6 | % of leavers | trust | all |
"""

# The three cohorts of one indicator: against whom, which group, whether only the size counts.
GAPS = {
    "ed1 c1": ("group", "girls", True),
    "ed1 c2": ("national_other", "", False),
    "ed1 c3": ("not_stated", "", False),
}

# Where figures of several schools make the trust's own line.
POOLED = {
    *["ed1 c1", "ed1 c2", "ed1 c3"],
    *["op1 c1", "cu1 c1", "cu2 c1", "cu3 c1", "cu4 c1", "cu7 c1", "cu7 c2"],
    *["em1 c1", "em2 c1", "em3 c1"],
}
REPEATED = {"gf4 c1": "year", "gf9 c1": "term"}
# Printed as numbers; the other targets are our reading of words.
PRINTED = {
    *["gf3 c1", "op2 c1", "cu1 c1", "cu2 c1", "cu3 c1", "cu4 c1", "cu5 c1"],
    *["em1 c1", "em2 c1", "em3 c1"],
}
# The one comparator that the plan prints itself, of 2016, by phase.
YARDSTICKS = {"gf7 c1": ("secondary", "75"), "gf7 c2": ("primary", "73")}
# How many readings the clauses that read several measures have.
READINGS = {"ed1 c1": 2, "ed1 c2": 2, "ed1 c3": 2, "ap1 c1": 6, "ap4 c4": 3}


def clauses():
    """Each clause by name ("gf1 c1") to the cells of its row."""
    rows = [line.split("|") for line in CLAUSES.strip().splitlines()]
    return {row[0].strip(): tuple(cell.strip() for cell in row[1:]) for row in rows}

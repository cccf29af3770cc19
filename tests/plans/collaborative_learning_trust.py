"""The plan of the Collaborative Learning Trust, typed by hand from its printed KPIs.

Kept apart from the plan file so that a slip in one shows against the other.
``NUMBER`` is what must be reached: a figure, a level, months for cases; "" for
a word without a number. ``UNIT`` is the printed unit of a figure.
"""

COUNTS = {"priority": 4, "strand": 3, "outcome": 29, "kpi": 49, "principle": 8}

CLAUSES_BY_RULE = {
    "judged": 22,
    "done": 18,
    "threshold": 11,
    "trend": 10,
    "scale": 10,
    "gap": 8,
    "compare": 5,
    "cases": 2,
    "band": 1,
}

# Either-or; in every other KPI all clauses must hold.
COMBINED_BY_ANY = {"A1", "B11", "D3", "D11"}

# KPI, clause, rule, operator, number, unit, level, group
CLAUSES = """
A1 c1 | compare | in_line_or_better | | score points | school | all
A1 c2 | trend | improve | | score points | school | all
A1 c3 | judged | | | | school | all
A2 c1 | gap | narrow | | % of pupils | school | disadvantaged
A2 c2 | gap | narrow | | score points | school | disadvantaged
A3 c1 | judged | | | | school | send
A4 c1 | scale | at_least | strong | | school | all
A4 c2 | scale | at_least | strong | | school | all
A5 c1 | trend | improve | | % of sessions | trust | all
A5 c2 | trend | improve | | % of pupils | trust | all
A5 c3 | compare | in_line_or_better | | % of sessions | school | all
A5 c4 | compare | in_line_or_better | | % of pupils | school | all
A5 c5 | gap | narrow | | % of sessions | school | disadvantaged
A5 c6 | gap | narrow | | % of sessions | school | send
A6 c1 | compare | below | | per 100 pupils | school | all
A6 c2 | compare | below | | per 100 pupils | school | all
A6 c3 | gap | narrow | | per 100 pupils | school | disadvantaged
A6 c4 | gap | narrow | | per 100 pupils | school | send
A7 c1 | threshold | >= | | % of pupils | school | all
A7 c2 | threshold | >= | | % positive | school | all
A7 c3 | gap | narrow | | % of pupils | school | disadvantaged
A7 c4 | gap | narrow | | % of pupils | school | send
A8 c1 | done | | | | trust | all
A8 c2 | trend | improve | | pupils | trust | all
A9 c1 | judged | | | | school | all
A9 c2 | scale | at_least | j1 | | school | all
A10 c1 | judged | | | % of leavers | school | all
A10 c2 | judged | | | % positive | school | all
A10 c3 | judged | | | % positive | school | all
A11 c1 | judged | | | | school | all
A11 c2 | judged | | | % positive | school | all
A11 c3 | judged | | | % positive | school | all
A12 c1 | judged | | | | outside_school | all
B1 c1 | cases | | 6 | vacancies | body | all
B2 c1 | threshold | >= | 85 | % | trust | all
B3 c1 | threshold | >= | 100 | % of people | body | all
B4 c1 | threshold | >= | 95 | % of respondents | trust | all
B5 c1 | scale | at_least | exemplary | | trust | all
B5 c2 | judged | | | areas | trust | all
B6 c1 | judged | | | | body | all
B7 c1 | done | | | | trust | all
B7 c2 | judged | | | routes | trust | all
B8 c1 | trend | improve | | % of respondents | trust | all
B9 c1 | done | | | | trust | all
B9 c2 | threshold | >= | 100 | % | trust | all
B10 c1 | done | | | | trust | all
B10 c2 | judged | | | | trust | all
B11 c1 | scale | at_least | exemplary | | school | all
B11 c2 | scale | improve | | | school | all
B12 c1 | judged | | | | trust | all
C1 c1 | trend | improve | | % of respondents | trust | all
C2 c1 | trend | improve | | % of respondents | trust | all
C3 c1 | done | | | | school | all
C4 c1 | done | | | | site | all
C4 c2 | judged | | | % positive | site | all
C5 c1 | cases | | 1 | issues | site | all
C6 c1 | done | | | | trust | all
C6 c2 | judged | | | | trust | all
C7 c1 | done | | | | trust | all
C8 c1 | done | | | | trust | all
C8 c2 | done | | | | trust | all
C9 c1 | trend | improve | | % of respondents | trust | all
C10 c1 | judged | | | | trust | all
C10 c2 | judged | | | | trust | all
C11 c1 | done | | | | trust | all
C11 c2 | threshold | >= | 100 | % of starters | trust | all
C12 c1 | done | | | | trust | all
C12 c2 | done | | | | trust | all
C12 c3 | judged | | | | trust | all
D1 c1 | trend | improve | | % of pupils | school | all
D2 c1 | scale | at_least | achieved | | school | all
D2 c2 | judged | | | | school | all
D3 c1 | scale | at_least | strong | | school | all
D3 c2 | scale | improve | | | school | all
D4 c1 | done | | | | school | all
D5 c1 | threshold | >= | 3 | schools | trust | all
D5 c2 | threshold | >= | 12 | schools | trust | all
D6 c1 | done | | | | site | all
D7 c1 | trend | improve | | tonnes CO2e per pupil | trust | all
D8 c1 | done | | | | trust | all
D8 c2 | threshold | >= | 100 | % of suppliers | trust | all
D9 c1 | scale | at_least | engaged | | site | all
D10 c1 | done | | | | school | all
D11 c1 | band | | | % of income | school | all
D11 c2 | done | | | | school | all
D12 c1 | threshold | <= | 0 | risks | trust | all
D13 c1 | judged | | | | trust | all
"""

# KPI: figure, words, printed difference to a benchmark, whose
BASELINES = {
    "B2": ("75", "currently", None, ""),
    "B4": ("90", "currently", None, ""),
    "B8": ("71", "Currently", "12", "Edurio national benchmark"),
    "C1": ("91", "Currently", None, ""),
    "C2": ("67", "Currently", "-6", "national benchmark"),
    "C9": ("61", "Currently", "10", "national benchmark"),
    "D7": ("0.24", "currently", None, ""),
}

# Where figures of several units make the trust's own line.
ROLLED_UP = {"A5 c1": "pooled", "A5 c2": "pooled", "A8 c2": "sum", "D7 c1": "ratio"}
BY_A_DATE = {"D2 c1", "D5 c1", "D5 c2", "D8 c2", "D9 c1"}
# Printed as numbers; the other targets are our reading of words.
PRINTED = {"B2 c1", "B4 c1", "B9 c2", "D5 c1", "D5 c2"}
WITHOUT_A_NUMBER = {"A7 c1", "A7 c2", "D11 c1"}
# How many readings the clauses that read several measures have.
READINGS = {"A1 c1": 5, "A1 c2": 5, "A2 c1": 3, "A2 c2": 4}


def clauses():
    """Each clause by name ("A1 c1") to (rule, operator, number, unit, level, group)."""
    rows = [line.split("|") for line in CLAUSES.strip().splitlines()]
    return {row[0].strip(): tuple(cell.strip() for cell in row[1:]) for row in rows}

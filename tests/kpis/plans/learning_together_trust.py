"""The plan of the Learning Together Trust, typed by hand from its printed entries.

Kept apart from the plan file so that a slip in one shows against the other.
Entries go by our keys, since two criteria have one printed code. ``NUMBER`` is
what must be reached: a figure, two for a range, a level; "" for a word without
a number. ``UNIT`` is the printed unit of a figure, the first one's where a
clause reads several. ``BASELINE`` is the year to compare with: none is printed.
"""

COUNTS = {
    "principle": 12,  # ten vision points, two that the trust aims at
    "priority": 4,
    "strand": 16,
    "outcome": 28,
    "kpi": 10,
    "milestone": 16,
    "risk": 6,
    "mitigation": 16,
}

# Of success criteria and KPIs, as printed.
CLAUSES_BY_RULE = {
    "judged": 19,
    "done": 8,
    "compare": 8,
    "threshold": 7,
    "scale": 7,
    "gap": 4,
    "trend": 2,
    "band": 1,
}
CLAUSES_OF_MILESTONES_BY_RULE = {"done": 12, "threshold": 4, "judged": 3, "compare": 1}

# Entry, clause | rule | operator | number | unit | level | group | baseline
CLAUSES = """
sc-1 c1 | compare | above | | % of pupils | school | all |
sc-1 c2 | compare | above | | % of pupils | school | all |
sc-1 c3 | compare | above | | % of pupils | school | all |
sc-1 c4 | compare | above | | % of pupils | school | all |
sc-1 c5 | compare | above | | score points | school | all |
sc-2 c1 | threshold | >= | 100 | % of teaching | trust | all |
sc-2 c2 | judged | | | % of teaching | trust | all |
sc-3 c1 | gap | closed | | score points | school | at_risk | 2017/18
sc-3 c2 | gap | closed | | % of pupils | school | at_risk | 2017/18
sc-4 c1 | scale | at_least | good | | school | all |
sc-4 c2 | scale | at_least | good | | school | all |
sc-6 c1 | judged | | | visits | school | all |
sc-7 c1 | judged | | | | trust | all |
sc-8 c1 | judged | | | | trust | all |
sc-9 c1 | done | | | | trust | all |
sc-10 c1 | judged | | | | trust | all |
sc-11 c1 | judged | | | | trust | all |
sc-12 c1 | judged | | | | trust | all |
sc-13 c1 | scale | at_least | good | | school | all |
sc-14 c1 | done | | | | trust | all |
sc-15 c1 | scale | at_least | good | | body | all |
sc-16 c1 | judged | | | | trust | all |
sc-17 c1 | judged | | | | trust | all |
sc-18 c1 | done | | | | trust | all |
sc-19 c1 | done | | | | school | all |
sc-19 c2 | done | | | | school | all |
sc-19 c3 | done | | | | school | all |
sc-20 c1 | judged | | | | trust | all |
sc-21 c1 | judged | | | | trust | all |
sc-22-leadership c1 | judged | | | | trust | all |
sc-22-leadership c2 | done | | | | trust | all |
sc-22-business c1 | trend | improve | | £ | trust | all | 2017/18
sc-22-business c2 | judged | | | % of income | trust | all |
sc-23 c1 | band | | 2500 3500 | pupils | trust | all |
sc-24 c1 | done | | | | trust | all |
sc-25 c1 | judged | | | % satisfied | school | all |
sc-26 c1 | judged | | | | trust | all |
sc-27 c1 | judged | | | | trust | all |
sc-28 c1 | threshold | >= | 0 | £ | school | all |
sc-28 c2 | judged | | | | trust | all |
kpi-1 c1 | compare | in_line_or_better | | % of pupils | school | all |
kpi-1 c2 | compare | in_line_or_better | | score points | school | all |
kpi-2 c1 | gap | closed | | % of pupils | school | disadvantaged | 2017/18
kpi-2 c2 | gap | closed | | score points | school | disadvantaged | 2017/18
kpi-2 c3 | compare | in_line_or_better | | % of pupils | school | disadvantaged |
kpi-3 c1 | threshold | >= | 100 | % of teaching | trust | all |
kpi-3 c2 | threshold | > | 50 | % of teaching | trust | all |
kpi-4 c1 | scale | at_least | good | | school | all |
kpi-5 c1 | scale | at_least | good | | school | all |
kpi-6 c1 | trend | improve | | % of improvement work | trust | all | 2018/19
kpi-7 c1 | threshold | <= | 0 | vacancies | body | all |
kpi-7 c2 | threshold | <= | 0 | % of members | body | all |
kpi-8 c1 | judged | | | | body | all |
kpi-8 c2 | judged | | | | body | all |
kpi-9 c1 | scale | at_least | good | | school | all |
kpi-10 c1 | threshold | >= | 0 | £ | school | all |
m-1 c1 | compare | in_line_or_better | | % of pupils | school | all |
m-1 c2 | judged | | | | trust | all |
m-2 c1 | threshold | >= | | % of teaching | trust | all |
m-2 c2 | threshold | >= | | % of teaching | trust | all |
m-4 c1 | done | | | | trust | all |
m-5 c1 | done | | | | trust | all |
m-6 c1 | done | | | | trust | all |
m-6 c2 | done | | | | trust | all |
m-7 c1 | judged | | | | trust | all |
m-8 c1 | done | | | | trust | all |
m-9 c1 | done | | | | trust | all |
m-10 c1 | done | | | | trust | all |
m-11 c1 | done | | | | trust | all |
m-12 c1 | done | | | | trust | all |
m-13 c1 | threshold | >= | 2 | schools | trust | all |
m-13 c2 | threshold | <= | 3500 | pupils | trust | all |
m-14 c1 | done | | | | trust | all |
m-15 c1 | judged | | | | trust | all |
m-16 c1 | done | | | | trust | all |
m-16 c2 | done | | | | trust | all |
"""

# "85% attendance" is printed for each member: the bar of a clause that counts the members
# who miss it, and of whom there must be none.
PERSON_BARS = {"kpi-7 c2": "at least 85% of meetings"}

PRINTED = {"sc-23 c1", "m-13 c1", "m-13 c2"}
WITHOUT_A_NUMBER = {"m-2 c1": "most", "m-2 c2": "much"}
BY_A_DATE = {"m-2 c1", "m-2 c2", "m-13 c1"}
REPEATED = {"sc-19 c1": "term", "sc-19 c2": "term", "sc-19 c3": "term", "m-10 c1": "year"}
CHURCH_SCHOOLS = {"sc-4 c2", "kpi-5 c1"}
# How many readings the clauses that read several measures have.
READINGS = {"sc-1 c3": 3, "sc-1 c5": 3, "sc-3 c1": 3, "kpi-1 c1": 6, "kpi-1 c2": 3, "kpi-2 c2": 3}
READINGS |= {"m-1 c1": 9}
# The versions of its scale on which a level is asked for.
SCALE_VERSIONS = {
    "sc-4 c1": {"grades"},
    "sc-4 c2": {"before_2018", "2018"},
    "sc-13 c1": {"1"},
    "sc-15 c1": {"1"},
    "kpi-4 c1": {"grades"},
    "kpi-5 c1": {"before_2018", "2018"},
    "kpi-9 c1": {"1"},
}

# Printed codes, in the order of the plan: no SC 5, two SC 22, one without its space.
CODES_OF_CRITERIA = [f"SC {number}" for number in [1, 2, 3, 4, *range(6, 23), *range(22, 29)]]
CODES_OF_MILESTONES = [f"M {number}" if number != 8 else "M8" for number in range(1, 17)]
# How many of each stand under each aim.
UNDER_AIMS = {
    "strand": [5, 3, 3, 5],
    "outcome": [4, 6, 11, 7],
    "kpi": [3, 3, 3, 1],
    "milestone": [3, 5, 4, 4],
}

# Milestone: the words printed and the day they mean, earlier ones first, or a series.
DUES = {
    "m-1": [("not stated", "none", None), ("July 2020", "month", "2020-07-31")],
    "m-2": [("not stated", "none", None), ("July 2020", "month", "2020-07-31")],
    "m-4": [("Summer 2020", "term", "2020-08-31")],
    "m-5": [("December 2020", "month", "2020-12-31")],
    "m-6": [("2020", "year", "2020-12-31")],
    "m-10": [("annual", "none", None)],
    "m-11": [("2019-20", "academic_year", "2020-08-31")],
    "m-13": [
        ("2018/19", "academic_year", "2019-08-31"),
        ("2019/2020", "academic_year", "2020-08-31"),
        ("2020/2021", "academic_year", "2021-08-31"),
    ],
    "m-14": [("2020", "year", "2020-12-31")],
    "m-15": [("2020", "year", "2020-12-31")],
    "m-16": [("2020", "year", "2020-12-31")],
}
MOVED = {"m-1", "m-2"}
UNDATED = {"m-3", "m-7", "m-8", "m-9", "m-10", "m-12"}
ONLY_A_NOTE = {"m-3"}

LINKS = {
    ("sc-4", "restates", "kpi-4"),
    ("sc-4", "restates", "kpi-5"),
    ("sc-13", "restates", "kpi-9"),
    ("m-1", "next_bar", "kpi-1"),
    ("kpi-1", "next_bar", "sc-1"),
    ("r-6-a", "same_as", "r-5-a"),
    ("r-6-a", "same_as", "r-5-b"),
    ("r-6-a", "same_as", "r-5-c"),
    ("r-6-a", "same_as", "r-5-d"),
}
# Mitigations of each risk.
MITIGATIONS = {"R 1": 5, "R 2": 3, "R 3": 2, "R 4": 0, "R 5": 4, "R 6": 2}


def clauses():
    """Each clause by name ("sc-1 c1") to (rule, operator, number, unit, level, group, year)."""
    rows = [line.split("|") for line in CLAUSES.strip().splitlines()]
    return {row[0].strip(): tuple(cell.strip() for cell in row[1:]) for row in rows}

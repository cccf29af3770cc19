"""The education improvement plan of 2023 to 2026, typed by hand from its printed tables.

Kept apart from the plan file so that a slip in one shows against the other.
Entries go by our keys: the plan prints no code. ``NUMBER`` is what must be
reached, ``UNIT`` the printed unit of a figure, ``BASELINE`` the year to
compare with: none is printed.
"""

COUNTS = {
    "principle": 9,  # three values, six reconnection points
    "theme": 3,
    "priority": 4,
    "outcome": 17,  # thirteen goal points, four strategic statements
    "group": 6,  # five rows, the table of phases
    "kpi": 24,
    "milestone": 22,
    "action": 57,  # 27 tactics, four below one of them, 26 items of the phase table
}

CLAUSES_BY_RULE = {"judged": 18, "done": 13, "threshold": 9, "gap": 1}

PRINCIPLES = {"": 3, "Reconnection driver": 6}
POINTS_UNDER_GOALS = {"g1": 5, "g2": 2, "g3": 6}
TAGS = {
    *[("g1", "tags", "st"), ("g1", "tags", "rp")],
    *[("g2", "tags", "st"), ("g2", "tags", "rp"), ("g2", "tags", "rb")],
    *[("g3", "tags", "rp"), ("g3", "tags", "rb")],
}
ROWS = {"row1": "st", "row2": "st", "row3": "sb", "row4": "rb", "row5": "rp", "ph": None}
# Of each row: tactics, metrics, time frames. They differ, so nothing is paired by its place.
IN_ROWS = {
    "row1": (8, 7, 6),
    "row2": (4, 4, 3),
    "row3": (5, 5, 5),
    "row4": (6, 4, 4),
    "row5": (4, 4, 4),
}

# Metric, clause | rule | operator | number | unit | level | group | baseline
CLAUSES = """
row1.m1 c1 | judged | | | | school | all |
row1.m1 c2 | judged | | | | school | all |
row1.m2 c1 | done | | | | school | all |
row1.m2 c2 | judged | | | | school | all |
row1.m3 c1 | threshold | >= | 100 | % of teachers | school | all |
row1.m3 c2 | threshold | >= | 100 | % of coaching | school | all |
row1.m4 c1 | judged | | | | trust | all |
row1.m5 c1 | judged | | | | school | all |
row1.m6 c1 | judged | | | | trust | all |
row1.m6 c2 | judged | | | | trust | all |
row1.m6 c3 | judged | | | | trust | all |
row1.m6 c4 | threshold | >= | 100 | % of subject leaders | trust | all |
row1.m7 c1 | done | | | | trust | all |
row2.m1 c1 | done | | | | trust | all |
row2.m2 c1 | done | | | | trust | all |
row2.m3 c1 | threshold | >= | 100 | % of new teachers | school | all |
row2.m4 c1 | threshold | >= | 100 | % of teachers | trust | all |
row3.m1 c1 | judged | | | | school | all |
row3.m2 c1 | judged | | | | school | all |
row3.m2 c2 | gap | narrow | | % of sessions | school | vulnerable | 2022/23
row3.m3 c1 | judged | | | % of leaders | school | all |
row3.m4 c1 | done | | | | trust | all |
row3.m4 c2 | threshold | >= | 100 | % of joiners | trust | all |
row3.m5 c1 | done | | | | trust | all |
row4.m1 c1 | done | | | | trust | all |
row4.m1 c2 | judged | | | | trust | all |
row4.m2 c1 | done | | | | trust | all |
row4.m3 c1 | done | | | | trust | all |
row4.m4 c1 | done | | | | trust | all |
row5.m1 c1 | judged | | | | body | all |
row5.m1 c2 | judged | | | | body | all |
row5.m1 c3 | judged | | | | body | all |
row5.m1 c4 | done | | | | trust | all |
row5.m2 c1 | done | | | | trust | all |
row5.m2 c2 | done | | | | trust | all |
row5.m2 c3 | judged | | | | trust | all |
row5.m3 c1 | threshold | >= | 100 | % of pupils | school | all |
row5.m3 c2 | judged | | | | school | all |
row5.m3 c3 | judged | | | | school | all |
row5.m4 c1 | threshold | >= | 1 | days per term | trust | all |
row5.m4 c2 | threshold | >= | 100 | % of heads | trust | all |
"""

# What has a day of its own: metric or its clause, words, precision, day.
DUES_OF_METRICS = {
    "row1.m2 c1": ("end of Autumn 23", "term", "2023-12-31"),
    "row1.m7": ("for 2024-25", "ready", "2024-09-01"),
    "row2.m1": ("Autumn 2023", "term", "2023-12-31"),
    "row2.m2": ("end of Autumn 2023", "term", "2023-12-31"),
    "row3.m4 c1": ("end of Summer 24", "term", "2024-08-31"),
    "row3.m5": ("end of Summer 24", "term", "2024-08-31"),
    "row4.m1 c1": ("September 2024", "ready", "2024-09-01"),
    "row4.m2": ("September 2024", "ready", "2024-09-01"),
    "row4.m3": ("September 2024", "ready", "2024-09-01"),
    "row4.m4": ("January 24", "ready", "2024-01-01"),
}

# Time frame | words, precision and day of each step, parted by + | leads | costs | certainty
TIME_FRAMES = """
row1.f1 | end of Autumn 23, term, 2023-12-31 | Deputy Trust Lead, EDs | | yes
row1.f2 | end of Aut 23; then rest of 2023-24, term, 2023-12-31 | | | yes
row1.f3 | across 2023-24, academic_year, 2024-08-31 | EDs | | yes
row1.f4 | | Deputy Trust Lead, EDs | £25000 | yes
row1.f5 | Throughout 2023-24, academic_year, 2024-08-31 | EDs | words | yes
row1.f6 | Throughout 2023-24; possibly 2024-25, academic_year, 2024-08-31 | EDs | words | no
row2.f1 | Autumn 2023; end of Autumn 2023, term, 2023-12-31
        | Deputy Trust Lead, EDs, LG, Curriculum group | | yes
row2.f2 | Autumn 2023, term, 2023-12-31 | Deputy Trust Lead | words | no
row2.f3 | explore 2023-24, academic_year, 2024-08-31 + ready Summer 2024, term, 2024-08-31
        + roll out Sept 2024, month, 2024-09-30 | EDs, Heads | | yes
row3.f1 | 2023 ongoing; September 24, month, 2024-09-30 | EDs | | yes
row3.f2 | Through 2023-24, academic_year, 2024-08-31 | Deputy Trust Lead, EDs | words | no
row3.f3 | | | | yes
row3.f4 | End of Summer 24, term, 2024-08-31 | Deputy Trust Lead, EDs | words, words | no
row3.f5 | Throughout 2023-24; End of Summer 24, term, 2024-08-31 | Deputy Trust Lead | words | yes
row4.f1 | End of Summer 24, term, 2024-08-31 | EDs | | yes
row4.f2 | End of Summer 24, term, 2024-08-31 | DVPI | words | no
row4.f3 | End of Summer 24, term, 2024-08-31 | EDs, English Trust Lead | words | no
row4.f4 | Jan 24, month, 2024-01-31 | DVPI | words | no
row5.f1 | Throughout 2023-24, academic_year, 2024-08-31 | Deputy Trust Lead, EDs | | yes
row5.f2 | Throughout 2023-24, academic_year, 2024-08-31 | Trust Lead, Deputy Trust Lead | words | no
row5.f3 | By end of 2023-24, academic_year, 2024-08-31
        | EDs, CFO, Trust Lead, Deputy Trust Lead | words | no
row5.f4 | Explore 2023-24, academic_year, 2024-08-31 + implement 2024-25, academic_year, 2025-08-31
        | TLT | words | yes
"""

# How the costs that are not certain are put: to be confirmed, or with a question mark.
QUESTIONS = {"row3.f2", "row3.f4", "row4.f3"}
TO_BE_CONFIRMED = {"row1.f6", "row2.f2", "row4.f2", "row4.f4", "row5.f2", "row5.f3"}

# Time frames that name a phase, by the year that they name it for.
PHASES_OF_TIME_FRAMES = {
    *[("row1.f1", "deliver", "2023/24", True), ("row1.f1", "sustain", "2023/24", True)],
    *[("row1.f6", "explore", "2023/24", True), ("row1.f6", "deliver", "2024/25", False)],
    ("row2.f3", "explore", "2023/24", True),
    *[("row5.f4", "explore", "2023/24", True), ("row5.f4", "deliver", "2024/25", True)],
}
PHASES = ["Explore", "Prepare", "Deliver", "Sustain"]
# Lines of the items of the phase table, all of 2023/24, in the order of their column.
PHASE_TABLE = {
    "explore": [116, 117, 118, 119],
    "prepare": [116, 117, 118, 119, 120, 121, 122],
    "deliver": [116, 116, 117, 118, 119, 120, 121, 122, 123],
    "sustain": [116, 117, 118, 119, 120, 121],
}
UNCERTAIN = "ph.e4"  # printed with a question mark

# Entries whose dates or phases another part of the plan contradicts: where that is said.
CONTRADICTED = {
    *["row4.m4", "row4.f4", "ph.e2"],  # the SEND offer
    *["row1.m7", "row1.t8", "ph.d3"],  # the science scheme
    *["row2.f3", "ph.p2"],  # early years
    *["row5.f3", "ph.s1"],  # the trust charter
    "row1.f1",  # optimal learning, the other side said at ph.s1
    *["row2.f2", "ph.p3"],  # the teacher toolkit
    *["row5.m4", "row5.f4"],  # headship days
    "row5.m2",  # headship programmes
}


def clauses():
    """Each clause by name ("row1.m1 c1") to the cells of its row."""
    rows = [line.split("|") for line in CLAUSES.strip().splitlines()]
    return {row[0].strip(): tuple(cell.strip() for cell in row[1:]) for row in rows}


def time_frames():
    """Each time frame by key to (steps, leads, costs, whether all of it is certain)."""
    lines = TIME_FRAMES.replace("\n        ", " ").strip().splitlines()
    frames = {}
    for line in lines:
        key, dues, leads, costs, certain = (cell.strip() for cell in line.split("|"))
        steps = [tuple(step.strip().rsplit(", ", 2)) for step in dues.split("+") if step]
        frames[key] = (steps, _listed(leads), _listed(costs), certain == "yes")
    return frames


def _listed(cell):
    return [one.strip() for one in cell.split(",") if one.strip()]

"""Figures inside a text are inserted, never typed: ``{off_target}`` becomes the number.

What may be inserted is a closed list, worked out from the same results as the
rest of the report, so that a sentence and the table beside it cannot differ.
What is typed by hand all the same is pointed out, and so is a name in braces
that is no field.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from dashboard.matrix.changes import difference_words, differences, is_comparable
from dashboard.matrix.filters import counted, statuses
from kpis.rag.shown import Shown
from kpis.rag.verdict import Status

UNKNOWN = "not known"
FIELD = re.compile(r"\{([a-z_]+)\}")
# A figure as somebody would type it. Dates, years, codes (SI-02) and items (2.3) are no figures.
TYPED = re.compile(
    r"(?<![\w.£{-])[-−+]?£?\d[\d,]*(?:\.\d+)?(?:%| (?:points?|per ?cent|percent|million)\b)"
    r"|£\d[\d,]*(?:\.\d+)?"
)

# Field -> what it stands for, as the builder lists them.
FIELDS = {
    "term": "the term of the report",
    "last_term": "the term before it",
    "results": "how many results there are",
    "off_target": "how many of them are off target",
    "close": "how many are close to target",
    "on_target": "how many are on target",
    "no_status": "how many have no status",
    "on_target_share": "the share that is on target",
    "went_off": "how many went off target since last term",
    "came_back": "how many came back on target since last term",
    "got_worse": "how many got worse",
    "falling": "how many are on target but falling",
    "late": "how many are late",
    "change_on": "how many more or fewer are on target than last term",
    "change_off": "how many more or fewer are off target than last term",
    "kpis": "how many KPIs there are",
    "schools": "how many schools there are",
    "worst_kpi": "the KPI with most schools off target",
    "worst_kpi_schools": "how many schools are off target there",
}


@dataclass(frozen=True, slots=True)
class Inserted:
    """The words of each field; what cannot be said this term is "not known"."""

    words: Mapping[str, str]

    @classmethod
    def of(cls, *, tally, term, before, kpis, schools, worst):
        """``tally`` counts standings; ``worst`` is (KPI, schools off target) or None."""
        found = statuses(tally)
        total = sum(found.values()) - found.get(Status.NOT_APPLICABLE, 0)
        on = found.get(Status.GREEN, 0)
        share = Shown().write(Shown().figure(Fraction(100 * on, total))) if total else UNKNOWN
        return cls(
            {
                "term": term,
                "last_term": before or UNKNOWN,
                "results": f"{total:,}",
                "off_target": f"{found.get(Status.RED, 0):,}",
                "close": f"{found.get(Status.AMBER, 0):,}",
                "on_target": f"{on:,}",
                "no_status": f"{found.get(Status.GREY, 0):,}",
                "on_target_share": share,
                "went_off": f"{counted(tally, 'turned-off'):,}",
                "came_back": f"{counted(tally, 'recovered'):,}",
                "got_worse": f"{counted(tally, 'worse'):,}",
                "falling": f"{counted(tally, 'falling'):,}",
                "late": f"{counted(tally, 'late'):,}",
                "change_on": _change(tally, Status.GREEN, before),
                "change_off": _change(tally, Status.RED, before),
                "kpis": f"{kpis:,}",
                "schools": f"{schools:,}",
                "worst_kpi": worst[0] if worst else UNKNOWN,
                "worst_kpi_schools": f"{worst[1]:,}" if worst else UNKNOWN,
            }
        )


def _change(tally, status, before):
    """4 fewer; the same; not known, where nothing can be compared."""
    if not before or not is_comparable(tally):
        return UNKNOWN
    return difference_words(differences(tally).get(status, 0))


def resolved(text, inserted):
    """The text with its fields written out; what is no field stays as it was typed."""
    return FIELD.sub(lambda found: inserted.words.get(found[1], found[0]), text)


def unknown_fields(text):
    """The names in braces that are no fields, in order."""
    return [name for name in FIELD.findall(text) if name not in FIELDS]


def typed_figures(text):
    """The figures that somebody has typed, in order: they would not change with the results."""
    return TYPED.findall(FIELD.sub("", text))


# What a summary begins with: facts only, each from its fields.
OPENING = (
    "Of {results} results, {on_target} ({on_target_share}) are on target and {off_target} are off"
    " target."
)
COMPARED = "Since {last_term}, {went_off} went off target and {came_back} came back on target."
MOVED = "{got_worse} got worse, {falling} of them still on target."
WORST_KPI = "Most schools are off target in {worst_kpi}: {worst_kpi_schools} of {schools}."
LATE_TOO = "{late} results are late."


def started(inserted):
    """The summary that a draft begins with, without what cannot be said this term."""
    words = inserted.words
    told = [OPENING]
    if words["last_term"] != UNKNOWN:
        told.append(COMPARED)
    if words["got_worse"] != "0":
        told.append(MOVED)
    if words["worst_kpi_schools"] not in ("0", UNKNOWN):
        told.append(WORST_KPI)
    if words["late"] != "0":
        told.append(LATE_TOO)
    return " ".join(told)

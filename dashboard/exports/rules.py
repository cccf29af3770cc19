"""What each KPI of a file means: its rule in words, what counts, when it is due."""

from kpis.rag.due import due_of
from kpis.rag.rule_words import roll_up_words, rule_of

from ..pooling import trust_said
from .tables import Table, columns

COLUMNS = columns(
    "KPI code",
    ("KPI", 30),
    ("Part", 20),
    ("In the plan's words", 44),
    ("Rule", 56),
    ("What counts", 44),
    ("Made from", 34),
    ("How the trust's status is made", 34),
    ("Due", 18),
)


def definitions(facts, shown):
    """A row for each clause of the KPIs that are shown."""
    rows = [_row(facts, row, judged, line) for _, row, judged in shown for line in judged.lines]
    return Table("definitions", "Definitions", COLUMNS, tuple(rows), fixed=2)


def _row(facts, row, judged, line):
    given, promise, clause = facts.given, judged.promise, line.clause
    about = [facts.definitions[reading.measure] for reading in clause.readings]
    return (
        row.code,
        row.name,
        clause.title if len(judged.lines) > 1 else "",
        facts.branch(promise.id).words,
        "\n".join(_rules(given, promise, clause, trust_said(given, line))),
        "\n".join(one.what_counts for one in about if one.what_counts),
        "\n".join(filter(None, map(_made_from, about))),
        roll_up_words(given, clause),
        due_of(given, promise, clause).label,
    )


def _rules(given, promise, clause, said):
    """The rule of each reading, for the trust's line."""
    several = len(clause.readings) > 1
    for reading in clause.readings:
        words = rule_of(given, promise, clause, reading, given.units[given.trust], said)
        yield f"{given.measures[reading.measure].name}: {words}" if several else words


def _made_from(about):
    part, whole = about.numerator_name, about.denominator_name
    return f"{part}, of {whole}" if part and whole else part or whole

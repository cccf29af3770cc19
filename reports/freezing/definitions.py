"""What stands at the end of a report: what each KPI means, how to read it, outside figures."""

from dashboard.exports.rules import definitions
from kpis.rag.dates import written as day_in_words

from ..shapes import Definition, Explained, Release

NAMES = {"DfE": "Department for Education"}


class _Named:
    """What the table of definitions asks of a row."""

    def __init__(self, branch):
        self.code, self.name = branch.code, branch.title


def definitions_of(board, shown):
    """One for each KPI; its parts are sentences of their own."""
    names = {top.id: f"{top.code} {top.title}".strip() for top in board.tops}
    found = []
    for one in shown:
        rows = definitions(board.facts, [(None, _Named(one.branch), one.judged)]).rows
        _, _, _, words, *_ = rows[0]
        parts = [(row[2], *row[4:]) for row in rows]
        found.append(
            Definition(
                priority=names[one.top],
                code=one.branch.code,
                name=one.branch.title,
                words=words,
                rules=tuple(_rule(part, rule) for part, rule, *_ in parts),
                what_counts=_joined(part[2] for part in parts),
                made_from=_joined(part[3] for part in parts),
                roll_up=_joined(part[4] for part in parts),
                due=_joined(part[5] for part in parts),
                key=one.branch.key,
            )
        )
    return tuple(found)


def _rule(part, rule):
    words = " ".join(rule.splitlines())
    return f"{part}: {words}" if part else words


def _joined(texts):
    """The lines of all these texts, each once, as one text."""
    lines = (line for text in texts for line in text.splitlines() if line)
    return _sentences(dict.fromkeys(lines))


def _sentences(lines):
    """Lines side by side: what has no full stop gets one, where another follows."""
    *before, last = lines or ("",)
    return " ".join([*(line if line[-1] in ".:;" else f"{line}." for line in before), last])


def explained(board):
    """The words and signs of the report, for somebody who opens it for the first time."""
    trust = board.trust
    return (
        Explained(
            "R, off target", "Worse than the plan's margin allows. The darkest of the fills."
        ),
        Explained("A, close to target", "Off target by no more than the margin, or on the way."),
        Explained("G, on target", "At the target, or better. It says nothing of the direction."),
        Explained("No status", "Nothing can be judged; the words in the cell say why."),
        Explained("n/a", "Not applicable: nothing is asked of this school here. Never a zero."),
        Explained(
            "An arrow",
            "The figure rose or fell by more than its steady band. In a filled disc: it got worse.",
        ),
        Explained("p, provisional", "Sent in by the school and not approved by the trust yet."),
        Explained(
            "hidden, few",
            f"About fewer than {trust.min_to_show} pupils, or a small number could be worked out"
            " from it. The status was judged before the figure was hidden.",
        ),
        Explained("Small line", "The last terms of the figure; the dashed line is the target now."),
        Explained(
            "Bar",
            "The figure against its target, the upright tick. The darkest ground is off target;"
            " a diamond is the outside figure.",
        ),
    )


def releases_of(board, shown):
    """The newest figure of each outside series that a KPI of the report reads."""
    given, latest = board.given, {}
    measures = {
        reading.measure
        for one in shown
        for clause in one.promise.clauses
        for reading in clause.readings
    }
    for number in sorted(measures):
        series = given.series.get(given.measures[number].series)
        if series is None:
            continue
        for figure in series.figures:
            if figure.value is None or figure.period.index > given.term.index:
                continue
            if figure.scope == "unit" or figure.group != "all":
                continue
            key = series.id, figure.scope, figure.scope_code
            held = latest.get(key)
            if held is None or held[1].period.index <= figure.period.index:
                latest[key] = (series, figure, given.measures[number])
    return tuple(_release(board, *found) for found in latest.values())


def _release(board, series, figure, measure):
    source = board.facts.sources.get((series.id, figure))
    shown = measure.shown.figure(figure.value)
    about = {"everyone": "", "phase": f", {figure.scope_code}"}.get(figure.scope, "")
    return Release(
        name=f"{measure.name}{about}",
        provider=NAMES.get(series.provider, series.provider),
        period=figure.period.name,
        figure=measure.shown.write(shown),
        number=shown,
        release=figure.release,
        published_on=day_in_words(source.published_on) if source and source.published_on else "",
        source=" ".join(filter(None, (source.title, source.ref))) if source else "",
    )

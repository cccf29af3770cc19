"""A draft, and what a committee reads, in the words of the page: what the trail keeps of them."""

from ..models import Report

PURPOSES = ("for_decision", "for_assurance", "for_information")
APPENDIX = ("shows_results", "shows_milestones", "shows_risks")
PARTS = {"why": "why", "what_next": "what next", "who": "who", "by_when": "by when"}
NOTHING = "none"


def draft_in_words(report):
    """{what it is called on the page: what stands there}, empty boxes left out."""
    picks = {pick: _named(pick) for pick in report.picks.select_related("node__kpi", "unit")}
    words = {
        "summary": report.summary,
        "purpose": _ticked(report, PURPOSES),
        "read by": str(report.cut or "the whole board"),
        "figures not approved yet": report.get_provisional_display(),
        "priorities": _listed(report.priorities.all()),
        "appendix": _ticked(report, APPENDIX),
        "exceptions": _listed(picks.values()),
    }
    for ask in report.asks.select_related("about__node__kpi", "about__unit"):
        about = f" (about {_named(ask.about)})" if ask.about else ""
        words[f"ask {ask.order}"] = f"{ask.words}{about}"
    for pick, named in picks.items():
        words |= {f"{named}: {name}": getattr(pick, part) for part, name in PARTS.items()}
    return {name: text for name, text in words.items() if text}


def _named(pick):
    """An exception as the page calls it."""
    kpi = pick.node.kpi
    return f"{kpi.short_name or kpi.title}, {pick.unit}"


def cut_in_words(cut):
    return {
        "name": cut.name,
        "priorities": _listed(cut.priorities.all()),
        "KPIs": _listed(cut.kpis.all()),
        "who sits on it": _listed(cut.members.all()),
    }


def differing(before, after):
    """Both, without what is the same in them."""
    same = {name for name in before if before[name] == after.get(name)}
    return tuple({n: text for n, text in one.items() if n not in same} for one in (before, after))


def _ticked(report, columns):
    names = [Report._meta.get_field(name).verbose_name for name in columns if getattr(report, name)]
    return ", ".join(names) or NOTHING


def _listed(things):
    return "; ".join(map(str, things)) or NOTHING

"""What has changed since the collecting term before, like compared with like.

The term before is judged by the same rules from the same facts, so that it says
what its own page says. What was not there, not due or hidden in one of the two
terms has not changed, and neither has what may still be sent.
"""

from collections import Counter
from dataclasses import dataclass

from kpis.rag.verdict import Mark, Reason
from priorities.models import NodeRole

from ..cells import term_name
from ..results import got_worse, school_results, trust_result
from .filters import SHOW

# Nothing was asked, nothing was due, or nobody may say.
NOT_THERE = frozenset(
    {
        Reason.NOT_APPLICABLE,
        Reason.NO_COHORT,
        Reason.NOT_DUE,
        Reason.BASELINE_YEAR,
        Reason.SUPPRESSED,
        Reason.NOT_AVAILABLE_YET,
    }
)


@dataclass(frozen=True, slots=True)
class LastTerm:
    """How every result stood in the term before: {KPI: {unit: result}}; empty without one."""

    name: str
    results: dict

    @staticmethod
    def given(facts):
        """The term before, to be judged; None where it was over before the plan began."""
        given = facts.given
        before = [term for index, term in facts.terms.items() if index < given.term.index]
        last = max(before, key=lambda term: term.index, default=None)
        if last is None or last.period.ends < given.plan_starts:
            return None
        promises = tuple(one for one in given.promises if one.role == NodeRole.KPI)
        return given.at(last, promises=promises, by_hand=False)

    def again(self, given, judged):
        """The same, with the results of some promises in that term."""
        results = {one.promise.id: _results(given, one) for one in judged}
        return LastTerm(term_name(given.term.index), self.results | results)

    def of(self, kpi):
        """How one KPI stood, {unit: result}; None where it was not judged."""
        return self.results.get(kpi)

    def compared(self, kpi, unit, result):
        """(its status then or None, whether it had got worse then too) of one result now."""
        then = self.results.get(kpi, {}).get(unit)
        if then is None or then.verdict.reason in NOT_THERE or not _counts_now(result):
            return None, False
        return then.verdict.status, _fell_before(then, result)


NO_TERM = LastTerm("", {})


def _results(given, judged):
    if judged.is_trust_wide:
        return {given.trust: trust_result(given, judged)}
    return school_results(judged)


def _counts_now(result):
    reason, marks = result.verdict.reason, result.verdict.marks
    is_waited_for = reason is Reason.NO_DATA and Mark.LATE not in marks
    return reason not in NOT_THERE and not is_waited_for


def _fell_before(then, now):
    """It had got worse then, and by a figure of its own: a carried one has not fallen twice."""
    return got_worse(then) and got_worse(now) and then.said.period != now.said.period


def differences(tally):
    """How many more results stand where than last term, by status: {status: 6}."""
    now, then = Counter(), Counter()
    for standing, count in tally.items():
        if standing.before is not None:
            now[standing.status] += count
            then[standing.before] += count
    return {status: now[status] - then[status] for status in now | then}


def difference_words(by):
    """As a tile says it: 6 more, 2 fewer, the same."""
    if by == 0:
        return "the same"
    return f"{abs(by)} {'more' if by > 0 else 'fewer'}"


def is_comparable(tally):
    """Whether anything can be compared with last term."""
    return any(standing.before is not None for standing in tally)


# The sentences: what went off target, what came back, what is about to go, what is missing

SENTENCES = {
    "turned-off": ("{} went off target", "{} went off target"),
    "recovered": ("{} came back on target", "{} came back on target"),
    "falling-twice": (
        "{} is on target but has got worse two terms running",
        "{} are on target but have got worse two terms running",
    ),
    "newly-missing": (
        "{} is late that was there last term",
        "{} are late that were there last term",
    ),
}


def sentences(tallies, addresses):
    """What changed in the rows in view, as (sentence, address of exactly those results).

    ``tallies`` has a tally of standings for each KPI, by its name.
    """
    found = []
    for show, words in SENTENCES.items():
        counts = {}
        for name, tally in tallies:
            kept = sum(count for one, count in tally.items() if SHOW[show].keeps(one))
            if kept:
                counts[name] = counts.get(name, 0) + kept
        if counts:
            text = _sentence(words, counts, with_kpi=show == "turned-off")
            found.append((text, addresses.here(show=show, page=None, open=None)))
    return tuple(found)


def _sentence(words, counts, with_kpi):
    total = sum(counts.values())
    text = words[total > 1].format("1 result" if total == 1 else f"{total} results")
    if not with_kpi:
        return text
    name, most = max(counts.items(), key=lambda pair: pair[1])
    if most == total:
        return f"{text}: {name}" if total == 1 else f"{text}, all of them {name}"
    return f"{text}; {most} are {name}" if most > 1 else text

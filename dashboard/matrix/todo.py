"""What needs somebody now: one line on top of the page where they land, empty when done.

Each phrase is a link to exactly what it counts. The words stand here alone, so
that every page says them alike.
"""

from returns.life.states import State
from schools.models import Role
from schools.people import OF_A_SCHOOL

from ..addresses import Link
from .choices import EVERY
from .filters import counted

SENT = frozenset({State.SUBMITTED, State.APPROVED})


def todo_of(facts, sight, memberships, term, tally, returns, addresses):
    """The phrases for one person, by their roles; nothing is to do in a closed term.

    ``tally`` has the standings of all results that they see, ``returns`` those
    of the term by their unit.
    """
    if term.closed_at is not None:
        return ()
    links = []
    if memberships.has(Role.DATA_MANAGER):
        links += _of_returns(facts, returns, addresses)
    if memberships.has(*OF_A_SCHOOL):
        links += _of_own_returns(facts, sight, memberships, term, returns, addresses)
    if memberships.has(Role.LEADER, Role.AUDITOR):
        links += _of_results(tally, "late", late, addresses)
    if memberships.has(Role.LEADER):
        links += _of_results(tally, "open", waits_for_you, addresses)
    if memberships.has(Role.LEADER, Role.AUDITOR, Role.HEADTEACHER):
        links += _of_results(tally, "no-comment", without_comment, addresses)
    return tuple(links)


def _of_results(tally, show, words, addresses):
    count = counted(tally, show)
    if count:
        yield Link(words(count), addresses.matrix(priority=EVERY, show=show))


def _of_returns(facts, returns, addresses):
    waiting = sum(one.state == State.SUBMITTED for one in returns.values())
    if waiting:
        yield Link(to_approve(waiting), addresses.returns())
    term = facts.given.term
    missing = not term.is_history and sum(
        unit.kind == "school"
        and unit.is_in(term.period)
        and (pk not in returns or returns[pk].state not in SENT)
        and (unit.due or term.due) < term.as_at
        for pk, unit in facts.given.units.items()
    )
    if missing:
        yield Link(schools_late(missing), addresses.returns())


def _of_own_returns(facts, sight, memberships, term, returns, addresses):
    """The school's own return, while it is theirs to do; by name where they have several."""
    given = facts.given
    mine = [given.units[pk] for pk in sorted(sight.schools) if pk in given.units]
    for unit in mine:
        found = returns.get(unit.id)
        if found is not None and found.state in SENT:
            continue
        whose = "Your" if len(mine) == 1 else f"{unit.name}, your"
        due = unit.due or given.term.due
        words = own_return(whose, term, found and found.state, due, is_late=due < given.term.as_at)
        yield Link(words, addresses.a_return(found.pk) if found else addresses.returns())


# The words


def late(count):
    return "1 result is late." if count == 1 else f"{count} results are late."


def waits_for_you(count):
    if count == 1:
        return "1 result waits for an answer of yours."
    return f"{count} results wait for an answer of yours."


def without_comment(count):
    if count == 1:
        return "1 result off target has no comment."
    return f"{count} results off target have no comment."


def to_approve(count):
    return "1 return to approve." if count == 1 else f"{count} returns to approve."


def schools_late(count):
    return "1 school is late." if count == 1 else f"{count} schools are late."


def own_return(whose, term, state, due, *, is_late):
    """What a school's own return waits for, and until when."""
    day = f"{due:%A} {due.day} {due:%B %Y}"
    by_when = f"It was due {day}." if is_late else f"Due {day}."
    match state:
        case State.SENT_BACK:
            return f"{whose} {term} return was sent back to you. {by_when}"
        case State.IN_PROGRESS:
            return f"{whose} {term} return is in progress. {by_when}"
    return f"{whose} {term} return is not started. {by_when}"

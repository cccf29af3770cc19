"""Dates that moved: what a file says of them, and what the trust knows besides.

A file may say all the dates that a step ever had (``earlier``), some or none.
Dates that the trust knows already are never forgotten by a load: the first
one stays the first, and the one in force becomes an earlier one.
"""

from .wanted import due_columns, due_path, unsaid_due

DATE = ("label", "precision", "resolved")


def steps_of(state):
    """All steps of all entries and clauses that a state has a date for: (node, clause, step)."""
    steps = []
    for kind, *keys in state:
        if kind == "due":
            node, clause, *step = keys
            steps.append((node, clause, *(step or ["1"])))
    return steps


def versions(state, at):
    """The dates of one step, oldest first, the one in force last; empty if it has none."""
    return [state[path] for path in paths_of(state, at)]


def paths_of(state, at):
    """Where the dates of one step stand in a state, oldest first; none if it has none."""
    if due_path(*at) not in state:
        return []
    earlier, number = [], 1
    while (path := ("earlier due", *at, str(number))) in state:
        earlier.append(path)
        number += 1
    return [*earlier, due_path(*at)]


def with_history(state, held, recorded, *, roles, reason):
    """The state that a file asks for, with the dates that the trust knows besides.

    ``held`` and ``recorded`` are the states of the database and of the last
    load, ``roles`` the role of each entry of the file by its key, ``reason``
    what is said of dates that move now.
    """
    state = dict(state)
    known, written = set(steps_of(held)), set(steps_of(recorded))
    for at in [*known, *(at for at in steps_of(state) if at not in known)]:
        said, has = versions(state, at), versions(held, at)
        if not said and _stays(at, state):
            said = [_unsaid(at, state, roles)]
        if said and has:
            before = versions(recorded, at)[-1] if at in written else None
            _put(state, at, _continued(said, has, before, reason))
    return state


def _stays(at, state):
    """Whether the first date of an entry or clause is gone from a file that still has it."""
    node, clause, step = at
    return step == "1" and (("clause", node, clause) if clause else ("node", node)) in state


def _unsaid(at, state, roles):
    node, clause, _ = at
    role = "kpi" if clause else roles[node]  # a clause without a date is due like its promise
    return due_columns(unsaid_due(role), state["plan",]["ends"])


def _continued(said, has, before, reason):
    """The whole history of one step, oldest first: the file's dates and the trust's.

    ``before`` is the date in force that the last load wrote. If the file still
    says that one, it moves nothing, whatever people have done since.
    """
    *earlier, now = said
    moves = not _same(now, has[-1]) and not (before and _same(now, before))
    past = has if moves else has[:-1]
    known = _among(earlier, past)
    if known is not None:
        earlier = known
    elif moves and not any(_same(one, has[-1]) for one in earlier):
        earlier = [*earlier, has[-1]]
    now_reason = reason if moves else has[-1]["reason"]
    return [*earlier, now | {"reason": now["reason"] or now_reason}]


def _among(earlier, past):
    """The dates of the past, with the reasons that a file gives for some of them.

    None if the file has a date that is not among them, or another order.
    """
    rest, known = list(earlier), []
    for date in past:
        if rest and _same(rest[0], date):
            known.append(date | {"reason": rest.pop(0)["reason"] or date["reason"]})
        else:
            known.append(date)
    return None if rest else known


def _same(one, other):
    return all(one[name] == other[name] for name in DATE)


def _put(state, at, history):
    for path in paths_of(state, at):
        del state[path]
    for number, date in enumerate(history[:-1], start=1):
        state["earlier due", *at, str(number)] = date
    state[due_path(*at)] = history[-1]

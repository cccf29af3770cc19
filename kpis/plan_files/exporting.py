"""A trust's plan as a plan file: what the database holds, in the words of the format.

The text is read again and held against the database before anybody gets it:
a file that would load as another plan is refused, not handed out.
"""

from priorities.models import Plan
from priorities.plan_files import tree
from schools.refused import Refused
from schools.tenancy import inside

from . import holding, wanted
from .checking import faults
from .loading import TRUST_WIDE, last_load
from .merging import joined
from .printing import printed
from .reading import PlanFileRefused, read
from .saying import said

MOST_NAMED = 20


class NotSayable(Refused):
    """The trust's plan holds something that the format has no words for."""


def export_plan(plan):
    """The text of the plan file that makes this plan, as it is in force now.

    It holds the entries and clauses that are live, with the latest version of
    every number and all dates; the measures that they read, with their scales
    and offices; and what else the last file of this plan has defined. What
    schools have of their own (targets, baselines, figures) is in no plan file.

    Raises NotSayable, naming the things, if the file would give another plan.
    """
    with inside(plan.trust):
        state = _state(plan)
        known = holding.known()
        of_measure = {code: measure["of"] for code, measure in known.measures.items()}
        try:
            text = printed(said(state, plan.key, of_measure))
            plan_file = read(text, f"{plan.key}.yaml")
            data = plan_file.data
            plan_file.refuse(faults(data, known.with_those_of(data, wanted.trust_wide(data))))
        except PlanFileRefused as why:
            raise NotSayable(
                f"{plan} holds what no plan file may say.\n" + "\n".join(why.complaints)
            ) from why
        _hold_against(plan, wanted.wanted(data, of_measure), state)
    return text


def _state(plan):
    """All that the plan is, and what it needs of the trust."""
    alone = holding.held(plan, {})
    needed = {path for path in last_load(plan) if path[0] in TRUST_WIDE}
    needed |= {("measure", path[3]) for path in alone if path[0] == "reading"}
    measures = holding.trust_wide(needed)
    series = set()
    for path, columns in measures.items():
        if path[0] == "measure":
            needed |= {("office", columns["office__code"]), ("scale", columns["scale__code"])}
            series.add(tuple(columns["series"].split(" | ")))
    needed |= {path for path in holding.printed() if path[1:4] in series}
    needed |= _own_groups({**holding.trust_wide(needed), **alone})
    return {**holding.trust_wide(needed), **alone}


def _own_groups(state):
    """The pupil groups that a state names and that files of this trust have defined.

    All others are on the list that every trust has.
    """
    named = {
        code
        for columns in state.values()
        for name, text in columns.items()
        if name.endswith("group__code") or name == "groups"
        for code in text.split()
    }
    named |= {path[-1] for path in state if path[0] == "printed"}
    loads = [last_load(plan) for plan in Plan.objects.all()]
    groups = {path: columns for load in loads for path, columns in load.items()}
    groups = {path: columns for path, columns in groups.items() if path[0] == "group"}
    named |= {columns["complement__code"] for path, columns in groups.items() if path[1] in named}
    return {path for path in groups if path[1] in named}


def _hold_against(plan, state, held):
    """Refuse a file that says anything else than the database does."""
    state, held = _numbered_by_list(state), _numbered_by_list(held)
    differing = sorted(path for path in {*state, *held} if state.get(path) != held.get(path))
    if differing:
        names = [joined(path) for path in differing[:MOST_NAMED]]
        more = len(differing) - len(names)
        raise NotSayable(
            f"A plan file cannot say all that {plan} holds: {', '.join(names)}"
            + (f", and {more} more." if more else ".")
        )


def _numbered_by_list(state):
    """Entries numbered within their list: a file has no order over all lists."""
    numbered = dict(state)
    for role in tree.LISTS.values():
        paths = [path for path in state if path[0] == "node" and state[path]["role"] == role]
        paths.sort(key=lambda path: int(state[path]["order"]))
        for number, path in enumerate(paths):
            numbered[path] = state[path] | {"order": str(number)}
    return numbered

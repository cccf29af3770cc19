"""Load a plan file into a trust: all of it or nothing, and safe to run twice.

The last load of a plan is kept in the audit trail, as the state that it wrote.
What differs from it by now was changed on screen: it is reported and never
overwritten.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from priorities.models import Node, NodeRole, Plan
from priorities.plan_files import tree
from priorities.plan_files.columns import typed
from schools.calendar import term_of
from schools.models import AuditRow, Period, Trust, Unit
from schools.tenancy import inside

from ..models import KPI
from . import holding, wanted
from .checking import faults
from .dates import paths_of, steps_of, versions, with_history
from .leaving import Leaving
from .merging import from_pointer, joined, merge, pointer
from .reading import PlanFileRefused
from .writing_measures import DEFINITION, Measures
from .writing_promises import REMARKS, VERSIONED, Promises, is_said_to_be_done

LOADED = "plan loaded"
TRUST_WIDE = ["office", "group", "scale", "scale version", "measure", "printed"]
PROMISES = ["kpi", "clause", "reading", "rule", "margins", "target", "baseline"]
DATES = ["due", "earlier due"]


@dataclass
class Loaded:
    """What a load did: counts of what the plan holds, and lines about the changes."""

    plan: Plan
    counts: Counter
    new: int = 0
    changed: list = field(default_factory=list)
    gone: list = field(default_factory=list)
    kept: list = field(default_factory=list)

    @property
    def nothing_changed(self):
        """Whether the database said already what the file says, or what people chose instead."""
        return not (self.new or self.changed or self.gone)


def load_plan(plan_file, trust, *, by=None, since=None, reason=""):
    """Make the trust's plan, measures and clauses say what a plan file says.

    ``plan_file`` is a ``reading.PlanFile``; ``since`` the Period from which
    changed numbers hold and ``reason`` why they do, needed only when there are
    any. Returns Loaded. Raises PlanFileRefused, with nothing stored, when the
    file is wrong, when people have changed on screen what it changes too, or
    when a changed number has no term and reason.
    """
    with transaction.atomic(), inside(trust):
        Trust.objects.select_for_update().get(pk=trust.pk)
        return _Load(plan_file, trust, by, since, reason).run()


def last_load(plan):
    """The state that the last load of a plan wrote; empty before the first."""
    if plan is None:
        return {}
    last = AuditRow.objects.filter(
        action=LOADED, thing_kind=plan._meta.label_lower, thing_id=plan.pk
    ).first()
    return {from_pointer(path): said for path, said in last.after.items()} if last else {}


class _Load:
    """One load, within its transaction."""

    def __init__(self, plan_file, trust, by, since, reason):
        self.file, self.trust, self.by = plan_file, trust, by
        self.since, self.reason = since, reason
        key = plan_file.data["plan"]["key"]
        self.plan = Plan.objects.filter(key=key).order_by("-version").first()

    def run(self):
        """Compare, refuse or write. Returns Loaded; raises PlanFileRefused."""
        data = self.file.data
        known = holding.known().with_those_of(data, wanted.trust_wide(data))
        self.file.refuse(faults(data, known))

        of_measure = {code: measure["of"] for code, measure in known.measures.items()}
        state = wanted.wanted(data, of_measure)
        recorded = last_load(self.plan)
        self.held = holding.held(self.plan, {**recorded, **state})
        roles = {entry["key"]: role for _, role, entry in tree.entries(data)}
        self.state = with_history(state, self.held, recorded, roles=roles, reason=self.reason)
        self.with_figures = holding.with_figures()
        found = merge(self.state, self.held, recorded)
        self._refuse(found)

        kept = [f"{joined(path)}: {says}" for path, says in found.kept]
        if found.changes:
            self._write(found.changes)
            self._note(found.changes)
        return Loaded(
            self.plan,
            Counter(path[0] for path in self.state),
            new=sum(change.is_new for change in found.changes),
            changed=[change for change in found.changes if not (change.is_new or change.is_gone)],
            gone=[change for change in found.changes if change.is_gone],
            kept=kept,
        )

    def _refuse(self, found):
        """Say everything that stands against this load, in one go."""
        against = list(found.conflicts)
        for path in holding.archived(self.plan, self.state):
            says = "archived with its figures; use another key, or ask the system administrator"
            against.append((path, f"{says} to bring it back"))
        for change in found.changes:
            against += [(change.path, why) for why in self._against(change)]
        if against:
            raise PlanFileRefused([self._complaint(path, says) for path, says in against])

    def _complaint(self, path, says):
        place = wanted.place_of(self.file.data, path)
        line = f", line {self.file.line(place)}" if place else ""
        return f"{self.file.name}{line}, {joined(path)}: {says}."

    def _against(self, change):
        """Why one change cannot be made, or not so."""
        kind, *keys = change.path
        if change.before and "role" in change.before and change.after:
            before, after = change.before["role"], change.after["role"]
            yield f"this key is of the role {before}; give the {after} another one"
        if kind == "group" and not change.is_new:
            yield "the list of pupil groups is common to all trusts and changes there"
        if kind == "measure" and keys[0] in self.with_figures and change.before and change.after:
            for name in sorted(DEFINITION & set(change.after)):
                yield (
                    f"figures have been sent for it, so its {name.removesuffix('__code')} stays; "
                    "give the new definition a code of its own"
                )
        swapped = kind == "reading" and (change.is_new or change.is_gone)
        if swapped and keys[2] in self.with_figures and self._clause_stays(keys):
            yield (
                "figures have been sent for it, so the clause reads what it read; "
                "give the new promise a key of its own"
            )
        if kind in ("target", "baseline") and change.is_gone and self._clause_stays(keys):
            yield f"a {kind} cannot be taken away, only replaced (words: where there is no number)"
        if kind == "due" and change.is_gone and ("node", keys[0]) in self.state and not keys[1]:
            node = Node.objects.get(plan=self.plan, key=keys[0])
            if is_said_to_be_done(node, step=int(keys[2])).exists():
                yield "people have said that it is done or at risk, so this step stays"
        if self._changes_verdicts(change):
            if not self.reason:
                yield "this changes what was promised and needs a reason (--reason TEXT)"
            if self.since is None and kind != "due":
                yield "this changes colours and needs the term from which (--from 2026-autumn)"

    def _clause_stays(self, keys):
        path = ("clause", *keys[:2])
        return path in self.held and path in self.state

    def _changes_verdicts(self, change):
        """Whether a change alters how the figures of a plan in use are judged."""
        kind, *keys = change.path
        if kind not in VERSIONED or change.is_gone:
            return False
        if change.is_new:
            return kind in ("rule", "due") and ("node", keys[0]) in self.held
        return not set(change.after) <= REMARKS

    def _write(self, changes):
        """Write in the order in which things refer to each other; take away backwards."""
        measures = Measures(self.trust)
        order = [*TRUST_WIDE, *tree.KINDS, *PROMISES, *DATES]
        changes = sorted(changes, key=lambda change: order.index(change.path[0]))
        coming = [change for change in changes if not change.is_gone]
        for change in coming:
            if change.path[0] in TRUST_WIDE:
                measures.write(change.path, dict(change.after))
        self._write_plan(coming)
        leaves = self._write_tree(coming)
        promises = Promises(
            self.plan, first=self._first(), since=self.since, reason=self.reason, by=self.by
        )
        for change in coming:
            if change.path[0] in PROMISES:
                promises.write(change.path, change.after, is_new=change.is_new)
        moved = {change.path for change in changes if change.path[0] in DATES}
        for at in steps_of(self.state):
            if not moved.isdisjoint(paths_of(self.state, at) + paths_of(self.held, at)):
                promises.write_dates(at, versions(self.state, at))

        gone = [change.path for change in reversed(changes) if change.is_gone]
        Leaving(leaves, promises, self.with_figures).take_away(gone)
        said_elsewhere = self._printed_elsewhere()
        for path in gone:
            if path[0] in TRUST_WIDE and path not in said_elsewhere:
                measures.remove(path, has_figures=path[1] in self.with_figures)

    def _printed_elsewhere(self):
        """The outside figures that other plans of the trust print: they stay."""
        others = Plan.objects.exclude(key=self.plan.key)
        return {path for plan in others for path in last_load(plan) if path[0] == "printed"}

    def _write_tree(self, coming):
        """Write the entries, each after the one that it stands under, then what hangs on them."""
        leaves = tree.Tree(self.plan, {NodeRole.KPI: KPI})
        in_tree = [change for change in coming if change.path[0] in tree.KINDS[1:]]
        nodes = [change for change in in_tree if change.path[0] == "node"]
        first = [change for change in in_tree if change.path[0] in ("label", "phase")]
        last = [change for change in in_tree if change.path[0] in tree.HANGING]
        for change in [*first, *tree.parents_first(nodes, self.state), *last]:
            leaves.write(change.path, change.after)
        return leaves

    def _write_plan(self, coming):
        columns = next((one.after for one in coming if one.path == ("plan",)), None)
        if self.plan is None:
            self.plan = Plan(trust=self.trust, key=self.file.data["plan"]["key"])
        if columns:
            for name, value in typed(Plan, columns).items():
                setattr(self.plan, name, value)
            self.plan.save()

    def _first(self):
        """The period of the term in which the plan begins."""
        return Period.objects.for_term(*term_of(self.plan.starts))

    def _note(self, changes):
        """Leave the trail: one row for the load, one for each thing that was there before."""
        command = AuditRow.Channel.COMMAND
        for change in changes:
            if not change.is_new:
                AuditRow.objects.record(
                    "changed by plan file" if change.after else "left the plan file",
                    self.plan,
                    by=self.by,
                    channel=command,
                    reason=self.reason,
                    before={joined(change.path): change.before},
                    after={joined(change.path): change.after},
                )
        AuditRow.objects.record(
            LOADED,
            self.plan,
            by=self.by,
            channel=command,
            reason=self.reason,
            after={pointer(path): columns for path, columns in self.state.items()},
        )
        Unit.objects.filter(pk=self.trust.own_unit.pk).changed()

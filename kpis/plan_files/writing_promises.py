"""Writes what is promised: KPIs' own columns, clauses, readings and their versions.

A number that decides a colour is never overwritten: the change makes a version
in force from a term on, with its reason. Only a version of that same term is
corrected in place.
"""

from django.db.models import F, Q
from django.utils import timezone

from priorities.models import Node, Outcome
from priorities.plan_files.columns import typed
from schools.models import Period, Term

from ..models import (
    KPI,
    Applicability,
    Baseline,
    Clause,
    ClauseVersion,
    Comment,
    Due,
    Level,
    Measure,
    Override,
    PupilGroup,
    Reading,
    ReadingVersion,
    Reply,
    ScaleTarget,
    Target,
    TargetStep,
)
from . import holding
from .writing_measures import applicability

VERSIONED = {"rule": ClauseVersion, "margins": ReadingVersion}
VERSIONED |= {"target": Target, "baseline": Baseline, "due": Due}
# What may change on a version without a new one: it decides no colour.
REMARKS = {"note", "reason"}


class Promises:
    """Writes changes to the clauses of one plan.

    ``since`` is the period from which a change holds, ``first`` the plan's
    first, for what is new.
    """

    def __init__(self, plan, *, first, since, reason, by):
        self.plan, self.trust = plan, plan.trust
        self.first, self.since = first, since or first
        self.said = {"reason": reason, "by": by}
        self.own_unit = plan.trust.own_unit
        self.groups = {group.code: group for group in PupilGroup.objects.all()}
        self.measures = {measure.code: measure for measure in Measure.objects.all()}
        self.nodes = {node.key: node for node in Node.objects.filter(plan=plan)}
        clauses = Clause.objects.filter(node__plan=plan).select_related("node")
        self.clauses = {(clause.node.key, clause.key): clause for clause in clauses}
        readings = Reading.objects.filter(clause__node__plan=plan)
        self.readings = {
            (one.clause.node.key, one.clause.key, one.measure.code): one
            for one in readings.select_related("clause__node", "measure")
        }

    def write(self, path, columns, *, is_new):
        """Make one thing, or write its next version; ``columns`` are text, those that change."""
        match path:
            case ("kpi", key):
                self._write_kpi(key, columns)
            case ("clause", *keys):
                self._write_clause(tuple(keys), columns)
            case ("reading", *keys):
                self._write_reading(tuple(keys), columns)
            case ("rule", *keys):
                self._write_rule(self.clauses[tuple(keys)], columns, is_new)
            case ("margins", *keys):
                self._write_margins(self.readings[tuple(keys)], columns, is_new)
            case ("target", *keys):
                self._write_target(self.readings[tuple(keys)], columns, is_new)
            case ("baseline", *keys):
                self._write_baseline(self.readings[tuple(keys)], columns, is_new)

    def _write_kpi(self, key, columns):
        kpi = KPI.objects.get(plan=self.plan, key=key)
        if "short_name" in columns:
            kpi.short_name = columns["short_name"]
            kpi.save(update_fields=["short_name"])
        if "outcomes" in columns:
            keys = columns["outcomes"].split()
            kpi.outcomes.set(Outcome.objects.filter(plan=self.plan, key__in=keys))

    def _write_clause(self, keys, columns):
        node, key = keys
        clause = self.clauses.get(keys) or Clause(node=self.nodes[node], key=key)
        _set(clause, typed(Clause, columns)).save()
        self.clauses[keys] = clause

    def _write_reading(self, keys, columns):
        node, clause, measure = keys
        reading = self.readings.get(keys) or Reading(
            clause=self.clauses[node, clause], measure=self.measures[measure]
        )
        _set(reading, typed(Reading, columns)).save()
        self.readings[keys] = reading

    def _write_rule(self, clause, columns, is_new):
        versions = ClauseVersion.objects.filter(clause=clause)
        before = None if is_new else _newest(versions)
        if before and set(columns) <= REMARKS:
            _set(before, columns).save()
            return
        version = self._next(before, ClauseVersion(clause=clause))
        special = ("levels", "applicability", "baseline_period")
        _set(version, typed(ClauseVersion, {n: t for n, t in columns.items() if n not in special}))
        for name in ("group", "against_group", "comparator_group"):
            if f"{name}__code" in columns:
                setattr(version, name, self.groups.get(columns[f"{name}__code"]))
        if "baseline_period" in columns:
            version.baseline_period = _whole_year(columns["baseline_period"])
        self._write_where(version, columns, before)
        version.save()
        self._write_levels(clause, version, columns, before)

    def _write_where(self, version, columns, before):
        """Say to whom it applies; a version that is kept keeps its own rule."""
        if "applicability" not in columns:
            return
        rule = before.applicability if before and before.pk == version.pk else None
        if rule and type(version).objects.filter(applicability=rule).count() > 1:
            rule = None  # an earlier version applies by it too
        version.applicability = applicability(self.trust, columns["applicability"], rule)

    def _write_levels(self, clause, version, columns, before):
        if "levels" in columns:
            if before is not None:
                version.scale_targets.all().delete()
            for said in columns["levels"].split():
                key, name = said.split(":")
                scale = Reading.objects.filter(clause=clause).first().measure.scale_id
                level = Level.objects.get(version__scale=scale, version__key=key, key=name)
                ScaleTarget.objects.create(
                    clause_version=version, scale_version=level.version, level=level
                )
        elif before is not None and before.pk != version.pk:
            for one in before.scale_targets.all():
                ScaleTarget.objects.create(
                    clause_version=version, scale_version_id=one.scale_version_id, level=one.level
                )

    def _write_margins(self, reading, columns, is_new):
        before = None if is_new else _newest(ReadingVersion.objects.filter(reading=reading))
        version = self._next(before, ReadingVersion(reading=reading))
        plain = {n: t for n, t in columns.items() if n != "applicability"}
        _set(version, typed(ReadingVersion, plain))
        self._write_where(version, columns, before)
        version.save()

    def _write_target(self, reading, columns, is_new):
        before = None if is_new else holding.latest_targets([reading.pk])[reading.pk]
        target = self._next(before, Target(reading=reading, unit=self.own_unit))
        _set(target, typed(Target, {n: t for n, t in columns.items() if n != "steps"})).save()
        steps = columns.get("steps")
        if steps is None and before is not None and before.pk != target.pk:
            steps = " ".join(
                f"{holding.term_slug(step.by_period)}:{step.value}" for step in before.steps.all()
            )
        if steps is not None:
            target.steps.all().delete()
            for step in steps.split():
                slug, value = step.split(":")
                TargetStep.objects.create(target=target, by_period=term_period(slug), value=value)

    def _write_baseline(self, reading, columns, is_new):
        before = None if is_new else holding.latest_baselines([reading.pk])[reading.pk]
        baseline = self._next(before, Baseline(reading=reading, unit=self.own_unit))
        _set(baseline, typed(Baseline, {n: t for n, t in columns.items() if n != "dated"}))
        if "group__code" in columns:
            baseline.group = self.groups[columns["group__code"]]
        if "dated" in columns:
            baseline.dated = _whole_year(columns["dated"])
        baseline.save()

    def write_dates(self, at, history):
        """Let one step have these dates, oldest first; the last is in force.

        ``at`` is (node, clause, step), ``history`` columns of text. A date that
        is there already keeps its row, and so who wrote it and when. Without
        any date the step is gone.
        """
        node, clause, step = at
        place = {"node": self.nodes[node], "step": int(step)}
        place["clause"] = self.clauses[node, clause] if clause else None
        rows = Due.objects.filter(**place)
        there = list(rows.order_by("version"))
        latest = there[-1] if there else None
        dates = []
        for number, said in enumerate(history, start=1):
            columns = typed(Due, said)
            row = next((row for row in there if _says(row, columns)), None)
            if row is not None:
                there.remove(row)
            else:
                is_moved = latest is not None and number == len(history)
                row = _copy(latest) if is_moved else Due(**place)
                row.by = self.said["by"]
            dates.append(_set(row, columns))
        for row in there:
            row.delete()
        if any(row.pk and row.version != version for version, row in enumerate(dates, start=1)):
            rows.update(version=F("version") + 1000)  # out of the way of their new numbers
        for version, row in enumerate(dates, start=1):
            row.version = version
            row.save()

    def _next(self, before, fresh):
        """The version to write: the first, the one of this term corrected, or one more."""
        if before is None:
            fresh.from_period = self.since if self.since.index > self.first.index else self.first
            return _set(fresh, self.said)
        if before.from_period.index == self.since.index:
            return _set(before, self.said)
        after = _copy(before)
        after.from_period = self.since
        return _set(after, self.said)

    def remove_clause(self, keys):
        """Delete a clause that nothing was ever sent for, with all that hangs on it."""
        clause = self.clauses.pop(keys)
        for reading in clause.readings.all():
            self.remove_reading((*keys, reading.measure.code))
        rules = ClauseVersion.objects.filter(clause=clause)
        applies = list(rules.values_list("applicability", flat=True))
        ScaleTarget.objects.filter(clause_version__in=rules).delete()
        rules.delete()
        Applicability.objects.filter(pk__in=applies).delete()
        clause.dues.all().delete()
        clause.delete()

    def remove_reading(self, keys):
        """Delete a reading (node, clause, measure) with its margins, targets and baselines."""
        reading = self.readings.pop(keys)
        applies = list(reading.versions.values_list("applicability", flat=True))
        for hanging in (reading.versions, reading.targets, reading.baselines):
            hanging.all().delete()
        Applicability.objects.filter(pk__in=applies).delete()
        reading.delete()

    def archive_clause(self, keys):
        """Keep a clause (node, clause), with its figures, out of the plan from now on."""
        Clause.objects.filter(pk=self.clauses[keys].pk).update(archived_at=timezone.now())

    def forget_dues(self, node):
        """Delete all dates of an entry that leaves with nothing said about it."""
        Due.objects.filter(node=self.nodes[node], clause=None).delete()


def is_talked_about(node):
    """Whether people have commented on an entry, set its status by hand or said it is done."""
    told = (model.objects.filter(node=node) for model in (Comment, Reply, Override))
    return any(rows.exists() for rows in (*told, is_said_to_be_done(node)))


def is_said_to_be_done(node, **step):
    """The dates of an entry, or of one of its steps, of which people have said more."""
    dues = Due.objects.filter(node=node, clause=None, **step)
    return dues.filter(Q(done_on__isnull=False) | Q(at_risk=True))


def _says(row, columns):
    return all(getattr(row, name) == columns[name] for name in ("label", "precision", "resolved"))


def term_period(slug):
    """The period of the term of that name: 2026-summer."""
    term = Term.objects.named(slug).select_related("period").first()
    if term is not None:
        return term.period
    year, _, part = slug.partition("-")
    part = {"autumn": 1, "spring": 2, "summer": 3}[part]
    return Period.objects.for_term(int(year) - (part != 1), part)


def _whole_year(text):
    return Period.objects.whole_year(int(text[:4])) if text else None


def _newest(versions):
    return max(versions.select_related("from_period"), key=lambda one: one.from_period.index)


def _copy(row):
    """A row like this one, not saved yet."""
    copy = type(row)()
    for column in row._meta.concrete_fields:
        if not column.primary_key:
            setattr(copy, column.attname, getattr(row, column.attname))
    copy.at = timezone.now()
    return copy


def _set(row, columns):
    for name, value in columns.items():
        setattr(row, name, value)
    return row

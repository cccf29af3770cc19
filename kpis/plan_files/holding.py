"""What the database holds of all that a plan file can say, as a state.

The mirror of ``wanted``: the same paths, the same columns. Of a thing with
versions it is the latest one, because that is what a change would follow.
"""

from priorities.models import FrameworkItem, Node
from priorities.plan_files import tree
from priorities.plan_files.columns import state_of, written
from schools.models import Office, Part
from schools.tenancy import current_trust

from ..models import (
    KPI,
    Baseline,
    Case,
    Clause,
    ClauseVersion,
    Comparator,
    Due,
    Entry,
    Judgement,
    Measure,
    PupilGroup,
    Reading,
    ReadingVersion,
    Scale,
    Target,
)
from ..models.comparators import Release, Scope
from . import wanted
from .checking import Known

# Columns that need more than their own table are added one by one.
MEASURE = [
    name
    for name in [*tree.names(wanted.MEASURE), *wanted.ask_columns().values()]
    if name not in ("applicability", "groups")
]
RULE = [
    name for name in tree.names(wanted.RULE) if name not in ("applicability", "baseline_period")
]
RULE += ["roll_up"]
MARGINS = tree.names(wanted.MARGINS)
TARGET = [name for name in tree.names(wanted.TARGET) if name != "steps"]
TARGET += ["value", "low", "high"]
BASELINE = [name for name in tree.names(wanted.BASELINE) if name != "dated"] + ["group__code"]
PRINTED = tree.names(wanted.PRINTED)
DUE = tree.names(wanted.DUE)

WHERE = ["phases", "church", "sixth_form", "teaches_age", "improvement_phase"]


def known():
    """What a plan file of this trust may name without defining it. Inside the trust."""
    scales = Scale.objects.prefetch_related("versions__levels")
    return Known(
        measures={one.code: measure_state(one) for one in _measures(Measure.objects.live())},
        scales={
            scale.code: {
                version.key: [level.key for level in version.levels.all()]
                for version in scale.versions.all()
            }
            for scale in scales
        },
        groups=set(PupilGroup.objects.values_list("code", flat=True)),
        rest_of=dict(
            PupilGroup.objects.exclude(complement=None).values_list("complement__code", "code")
        ),
        offices=set(Office.objects.values_list("code", flat=True)),
        framework_items=set(FrameworkItem.objects.values_list("key", flat=True)),
    )


def held(plan, of_file):
    """The state of a plan and of those of ``of_file``'s trust-wide things that exist.

    ``plan`` is None before it is first loaded. Archived things are left out.
    """
    return {**trust_wide(of_file), **(_plan(plan) if plan else {})}


def archived(plan, of_file):
    """Paths of a file that belong to something archived: their keys are not free."""
    codes = {path[1] for path in of_file if path[0] == "measure"}
    measures = Measure.objects.filter(code__in=codes, archived_at__isnull=False)
    paths = {("measure", code) for code in measures.values_list("code", flat=True)}
    if plan:
        nodes = Node.objects.filter(plan=plan, archived_at__isnull=False)
        clauses = Clause.objects.filter(node__plan=plan, archived_at__isnull=False)
        paths |= {("node", key) for key in nodes.values_list("key", flat=True)}
        paths |= {("clause", *keys) for keys in clauses.values_list("node__key", "key")}
    return sorted(paths & set(of_file))


def with_figures():
    """The codes of the trust's measures that anything has been sent for."""
    codes = set()
    for answers in (Entry, Judgement, Case):
        codes.update(answers.objects.values_list("measure__code", flat=True).distinct())
    return codes


def trust_wide(of_file):
    """The state of those offices, groups, scales and measures of these paths that exist."""
    codes = {}
    for kind, *keys in of_file:
        codes.setdefault(kind, set()).add(keys[0] if keys else "")
    state = {}
    for office in Office.objects.filter(code__in=codes.get("office", ())):
        state["office", office.code] = state_of(office, ["name"])
    groups = PupilGroup.objects.filter(code__in=codes.get("group", ()))
    for group in groups.select_related("complement"):
        state["group", group.code] = state_of(group, ["name", "complement__code"])
    scales = Scale.objects.filter(code__in=codes.get("scale", ()))
    for scale in scales.prefetch_related("versions__levels"):
        state["scale", scale.code] = state_of(scale, ["name"])
        for version in scale.versions.all():
            state["scale version", scale.code, version.key] = {
                "since": written(version.since),
                "levels": "\n".join(_level(level) for level in version.levels.all()),
            }
    measures = Measure.objects.live().filter(code__in=codes.get("measure", ()))
    for measure in _measures(measures):
        state["measure", measure.code] = measure_state(measure)
    if "printed" in codes:
        state.update((path, said) for path, said in printed().items() if path in of_file)
    return state


def printed():
    """The state of all outside figures that plans of this trust print, each of a whole year."""
    figures = Comparator.objects.filter(
        printed_in_plan=True,
        series__owner=current_trust().slug,
        release=Release.FINAL,
        period__part=Part.SUMMER,
    )
    figures = figures.exclude(scope=Scope.UNIT).select_related("series", "group", "period__year")
    state = {}
    for figure in figures:
        identity = (figure.series.provider, figure.series.what, figure.series.basis)
        of = (str(figure.period.year), figure.scope_code, figure.group.code)
        state["printed", *identity, *of] = state_of(figure, PRINTED)
    return state


def _level(level):
    return f"{level.key} | {level.name}{' | failing' if level.failing else ''}"


def _measures(measures):
    related = measures.select_related("scale", "office", "series", "applicability")
    return related.prefetch_related("groups")


def measure_state(measure):
    """The columns of a measure as ``wanted`` has them."""
    return state_of(measure, MEASURE) | {
        "applicability": where_of(measure.applicability),
        "groups": " ".join(sorted(group.code for group in measure.groups.all())),
        "series": series_of(measure.series),
    }


def series_of(series):
    """The identity of a series in one line, as ``wanted.series_name`` writes it."""
    return " | ".join([series.provider, series.what, series.basis]) if series else ""


def where_of(applicability):
    """An applicability as text, as ``wanted.where`` writes it."""
    if applicability is None:
        return ""
    parts = state_of(applicability, WHERE)
    return "; ".join(f"{name}={text}" for name, text in parts.items() if text)


def term_slug(period):
    """The name of the term in which a period ends: 2026-summer."""
    year = period.year_id if period.part == Part.AUTUMN else period.year_id + 1
    return f"{year}-{Part(period.part).name.lower()}"


def latest(rows, *key):
    """The latest version of each, by the names of the columns that it is a version of."""
    newest = {}
    for row in sorted(rows, key=lambda row: row.from_period.index):
        newest[tuple(getattr(row, name) for name in key)] = row
    return newest


def _plan(plan):
    state = tree.held(plan)
    live = [path[1] for path in state if path[0] == "node"]
    for kpi in KPI.objects.filter(plan=plan, key__in=live).prefetch_related("outcomes"):
        state["kpi", kpi.key] = state_of(kpi, ["short_name"]) | {
            "outcomes": " ".join(sorted(outcome.key for outcome in kpi.outcomes.all()))
        }
    clauses = Clause.objects.filter(node__plan=plan, archived_at=None, node__archived_at=None)
    clauses = {clause.pk: clause for clause in clauses.select_related("node")}
    names = {pk: (clause.node.key, clause.key) for pk, clause in clauses.items()}
    for pk, clause in clauses.items():
        state["clause", *names[pk]] = state_of(clause, ["order", "title"])
    _rules(state, names)
    _readings(state, names)
    state.update(_dues(plan, names))
    return state


def _dues(plan, names):
    """Every date of a live entry or clause: the one in force, and those before it."""
    dues = Due.objects.filter(node__plan=plan, node__archived_at=None).select_related("node")
    steps = {}
    for due in dues.order_by("step", "version"):
        if due.clause_id is None:
            steps.setdefault((due.node.key, "", str(due.step)), []).append(due)
        elif due.clause_id in names:
            steps.setdefault((*names[due.clause_id], str(due.step)), []).append(due)
    for at, versions in steps.items():
        for number, due in enumerate(versions[:-1], start=1):
            yield ("earlier due", *at, str(number)), state_of(due, DUE)
        yield wanted.due_path(*at), state_of(versions[-1], DUE)


def _rules(state, names):
    versions = ClauseVersion.objects.filter(clause__in=names).select_related(
        *["from_period", "group", "against_group", "comparator_group"],
        *["applicability", "baseline_period__year"],
    )
    versions = versions.prefetch_related("scale_targets__scale_version", "scale_targets__level")
    for (clause,), version in latest(versions, "clause_id").items():
        period = version.baseline_period
        state["rule", *names[clause]] = state_of(version, RULE) | {
            "baseline_period": str(period.year) if period else "",
            "applicability": where_of(version.applicability),
            "levels": " ".join(
                sorted(
                    f"{one.scale_version.key}:{one.level.key}"
                    for one in version.scale_targets.all()
                )
            ),
        }


def _readings(state, names):
    readings = Reading.objects.filter(clause__in=names).select_related("measure")
    paths = {one.pk: (*names[one.clause_id], one.measure.code) for one in readings}
    for reading in readings:
        state["reading", *paths[reading.pk]] = state_of(reading, ["order"])
    versions = ReadingVersion.objects.filter(reading__in=paths)
    versions = versions.select_related("from_period", "applicability")
    for (reading,), version in latest(versions, "reading_id").items():
        where = {"applicability": where_of(version.applicability)}
        state["margins", *paths[reading]] = state_of(version, MARGINS) | where
    for reading, target in latest_targets(paths).items():
        state["target", *paths[reading]] = state_of(target, TARGET) | {
            "steps": " ".join(
                f"{term_slug(step.by_period)}:{written(step.value)}" for step in target.steps.all()
            )
        }
    for reading, baseline in latest_baselines(paths).items():
        state["baseline", *paths[reading]] = state_of(baseline, BASELINE) | {
            "dated": str(baseline.dated.year) if baseline.dated else ""
        }


def latest_targets(readings):
    """The trust's own target of each reading: a school's own is no matter of the file."""
    targets = Target.objects.filter(reading__in=readings, unit__kind="trust")
    targets = targets.select_related("from_period").prefetch_related("steps__by_period")
    return {reading: one for (reading,), one in latest(targets, "reading_id").items()}


def latest_baselines(readings):
    """The trust's own baseline of each reading that is in no entry."""
    baselines = Baseline.objects.filter(
        reading__in=readings, unit__kind="trust", value__isnull=False, season=0
    )
    baselines = baselines.select_related("from_period", "group", "dated__year")
    return {reading: one for (reading,), one in latest(baselines, "reading_id").items()}

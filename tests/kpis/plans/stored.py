"""What a loaded plan says, in the words of the tables typed by hand."""

from pathlib import Path

from kpis.models import Clause, Due, Target

FILES = Path(__file__).parents[3] / "fixtures" / "plans"


def name_of(clause):
    """A clause as the tables name it: the key of its entry and its own."""
    return f"{clause.node.key} {clause.key}"


def clauses_as_stored():
    """Each clause by name to (rule, operator, number, unit, level, group, baseline)."""
    stored = {}
    for clause in Clause.objects.select_related("node"):
        rule = clause.versions.get()
        measure = clause.readings.first().measure
        stored[name_of(clause)] = (
            rule.rule,
            rule.operator,
            _number(clause, rule),
            measure.unit if measure.is_figure or measure.kind == "cases" else "",
            rule.level,
            rule.group.code,
            "" if rule.baseline_period is None else str(rule.baseline_period),
        )
    return stored


def _number(clause, rule):
    if rule.months_allowed:
        return str(rule.months_allowed)
    if levels := {one.level.key for one in rule.scale_targets.all()}:
        return " ".join(sorted(levels))
    target = Target.objects.filter(reading__clause=clause).first()
    if target is None:
        return ""
    asked = [target.value] if target.value is not None else [target.low, target.high]
    return " ".join(f"{number:f}".rstrip("0").rstrip(".") for number in asked if number is not None)


def dues_as_stored(role):
    """Each entry of a role with a date, by key to all its dates: steps, versions within them."""
    stored = {}
    dues = Due.objects.filter(node__role=role, clause=None).order_by("step", "version")
    for due in dues.select_related("node"):
        day = None if due.resolved is None else due.resolved.isoformat()
        stored.setdefault(due.node.key, []).append((due.label, due.precision, day))
    return stored

"""All that is wrong with a plan file and that its schema cannot see.

Pure: it is handed what the trust has already (``Known``), so that a file may
name measures, scales, groups and offices that it does not define.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from priorities.models import NodeRole
from priorities.plan_files import tree
from priorities.plan_files.columns import plain_flag, plain_whole
from schools.models import Basis, UnitKind

from ..models import ClauseVersion, Due, Measure
from ..models.promises import Operator, RollUp, Rule
from .reading import Fault
from .wanted import dates, printed_figures, reads, roll_up, tested

KIND = Measure.Kind
FIGURES = frozenset(kind.value for kind in Measure.FIGURES)
BETTER = (Measure.Better.HIGHER, Measure.Better.LOWER)

# Which kinds of measure a rule can read.
KINDS_OF_RULE = {
    Rule.THRESHOLD: FIGURES,
    Rule.BAND: FIGURES,
    Rule.COMPARE: FIGURES,
    Rule.TREND: FIGURES,
    Rule.GAP: FIGURES,
    Rule.SCALE: {KIND.LEVEL.value},
    Rule.DONE: {KIND.YES_NO.value},
    Rule.CASES: {KIND.CASES.value},
    Rule.JUDGED: {KIND.RATING.value},
}
# Series of which a figure of a whole year can be printed.
BY_YEAR = (Basis.YEAR_TO_DATE, Basis.ACADEMIC_YEAR, Basis.FINANCIAL_YEAR)
# Rolled up from counts, before or instead of any unit's own colour.
FROM_COUNTS = (RollUp.POOLED, RollUp.RATIO, RollUp.SUM)


@dataclass
class Known:
    """What the trust has already, by code: as the file may name it."""

    measures: dict = field(default_factory=dict)  # code: columns as text
    scales: dict = field(default_factory=dict)  # code: {version: [levels]}
    groups: set = field(default_factory=set)
    rest_of: dict = field(default_factory=dict)  # code: the group whose complement it is
    offices: set = field(default_factory=set)
    framework_items: set = field(default_factory=set)

    def with_those_of(self, data, state):
        """These, and those that a file defines itself (they win)."""
        own = {path[1]: columns for path, columns in state.items() if path[0] == "measure"}
        scales = {
            scale["key"]: {
                version["key"]: [
                    level["key"] if isinstance(level, dict) else level
                    for level in version["levels"]
                ]
                for version in scale["versions"]
            }
            for scale in data.get("scales", [])
        }
        return Known(
            measures=self.measures | own,
            scales=self.scales | scales,
            groups=self.groups | {group["code"] for group in data.get("groups", [])},
            rest_of=self.rest_of,
            offices=self.offices | {office["code"] for office in data.get("offices", [])},
            framework_items=self.framework_items,
        )


def faults(data, known):
    """Every fault of a file that the schema has passed; ``known`` includes its own."""
    for path, says, allowed in tree.faults(data, known.framework_items):
        yield Fault(path, says, allowed)
    yield from _twice(data)
    yield from _groups(data, known)
    yield from _scales(data)
    yield from _printed(data, known)
    for number, measure in enumerate(data.get("measures", [])):
        yield from _measure(("measures", number), measure, data, known)
    yield from _outcomes(data)
    yield from _dated(data)
    for path, entry in tested(data):
        for number, clause in enumerate(entry.get("clauses", [])):
            yield from _clause((*path, "clauses", number), entry, clause, known)


def _twice(data):
    """Codes must be unique in their list; the keys of the tree are its own business."""
    for name, code in [
        *[("offices", "code"), ("groups", "code"), ("scales", "key")],
        *[("series", "key"), ("measures", "code")],
    ]:
        yield from _repeated((name,), data.get(name, []), code)
    for number, scale in enumerate(data.get("scales", [])):
        path = ("scales", number, "versions")
        yield from _repeated(path, scale["versions"], "key")
    for path, entry in tested(data):
        yield from _repeated((*path, "clauses"), entry.get("clauses", []), "key")


def _repeated(path, entries, code):
    seen = set()
    for number, entry in enumerate(entries):
        if entry[code] in seen:
            yield Fault((*path, number, code), f"{entry[code]} is defined twice")
        seen.add(entry[code])


def _groups(data, known):
    rest_of = dict(known.rest_of)
    for number, group in enumerate(data.get("groups", [])):
        path = ("groups", number, "complement")
        rest = group.get("complement")
        if rest is None:
            continue
        if rest not in known.groups:
            yield Fault(path, f"no group {rest}", _names(known.groups))
        elif rest == group["code"]:
            yield Fault(path, "a group is not the rest of itself")
        elif rest_of.setdefault(rest, group["code"]) != group["code"]:
            yield Fault(path, f"{rest} is the complement of {rest_of[rest]} already")


def _scales(data):
    for number, scale in enumerate(data.get("scales", [])):
        for place, version in enumerate(scale["versions"]):
            path = ("scales", number, "versions", place)
            keys = [one["key"] if isinstance(one, dict) else one for one in version["levels"]]
            if len(set(keys)) < len(keys):
                yield Fault((*path, "levels"), "a level stands here twice")
            for level in version.get("failing", []):
                if level not in keys:
                    yield Fault((*path, "failing"), f"no level {level}", _names(keys))
        since = [version.get("from", "") for version in scale["versions"]]
        if len(set(since)) < len(since):
            yield Fault(("scales", number, "versions"), "two versions begin on the same day")


def _printed(data, known):
    """Outside figures that the plan prints: of a year, once each, a value or two limits."""
    seen = set()
    for path, what, figure in printed_figures(data):
        _, *_, basis, year, phase, group = what
        if basis not in BY_YEAR:
            says = f"a figure of a whole year, and the series is by {basis}"
            yield Fault((*path, "year"), says, _names(BY_YEAR))
        if group not in known.groups:
            yield Fault((*path, "group"), f"no group {group}", _names(known.groups))
        if what in seen:
            says = f"{year}, {phase or 'everyone'}, {group}: a figure is printed already"
            yield Fault(path, says, "one for each year, phase and group")
        seen.add(what)
        if {"value", "low", "high"} & set(figure) not in ({"value"}, {"low", "high"}):
            yield Fault(path, "neither one figure nor two limits", "value, or low and high")
        elif "low" in figure and Decimal(figure["low"]) > Decimal(figure["high"]):
            yield Fault((*path, "high"), f"below the lowest, {figure['low']}", "the same or more")


def _measure(path, measure, data, known):
    ask, kind = measure["ask"], measure["kind"]
    from_register = "from" in measure
    if (kind == KIND.LEVEL) != ("scale" in measure):
        yield Fault(path, "a level needs its scale, and nothing else has one", "kind: level")
    elif "scale" in measure and measure["scale"] not in known.scales:
        yield Fault((*path, "scale"), f"no scale {measure['scale']}", _names(known.scales))
    if "by" in ask and ask["by"] not in known.offices:
        yield Fault((*path, "ask", "by"), f"no office {ask['by']}", _names(known.offices))
    for group in ask.get("groups", []):
        if group not in known.groups:
            yield Fault((*path, "ask", "groups"), f"no group {group}", _names(known.groups))
    series = {one["key"]: one for one in data.get("series", [])}
    if "series" in measure and measure["series"] not in series:
        yield Fault((*path, "series"), f"no series {measure['series']}", _names(series))
    elif "series" in measure and series[measure["series"]]["basis"] != measure["basis"]:
        basis = series[measure["series"]]["basis"]
        yield Fault((*path, "series"), f"the series is by {basis}, the measure is not", basis)
    if from_register != ("register" in measure):
        yield Fault(path, "from: register and register: go together")
    if from_register == ("in" in ask):
        says = "worked out from the register, so no term asks for it"
        yield Fault((*path, "ask"), says if from_register else "in which terms is not said")
    if kind == KIND.RATE and ask.get("counts") == "both" and "per" not in measure:
        yield Fault(path, "a rate with two counts must say per how many", "per: 100")
    if (measure.get("rated") in ("yes", "true")) and kind not in FIGURES:
        yield Fault((*path, "rated"), "only a figure has a rating beside it", _names(FIGURES))
    if "counts" in ask and ask["counts"] != "none" and kind not in FIGURES:
        yield Fault((*path, "ask", "counts"), "only a figure is made of counts", "none")
    yield from _limits(path, measure)


def _limits(path, measure):
    usual = measure.get("usual", {})
    for low, high, where, name in [
        (measure.get("lowest"), measure.get("highest"), path, "highest"),
        (usual.get("low"), usual.get("high"), (*path, "usual"), "high"),
    ]:
        if low is not None and high is not None and Decimal(low) > Decimal(high):
            yield Fault((*where, name), f"below the lowest, {low}", f"{low} or more")


def _outcomes(data):
    outcomes = {outcome["key"] for outcome in data.get("outcomes", [])}
    for number, kpi in enumerate(data.get("kpis", [])):
        for place, outcome in enumerate(kpi.get("outcomes", [])):
            if outcome not in outcomes:
                path = ("kpis", number, "outcomes", place)
                yield Fault(path, f"no outcome {outcome}", _names(outcomes))


def _dated(data):
    for path, role, entry in tree.entries(data):
        yield from _due((*path, "due"), entry.get("due"))
        is_note = plain_flag(entry.get("only_a_note", "no")) == "yes"
        if role == NodeRole.MILESTONE and is_note and "clauses" in entry:
            yield Fault(path, "what is only a note is tested by no clause", "only_a_note: no")


def _due(path, due):
    """Dates have the day that their words mean, and steps are counted from 1."""
    for number, one in enumerate(dates(due)):
        at = (*path, number) if isinstance(due, list) else path
        if plain_whole(one["step"]) != str(number + 1):
            yield Fault((*at, "step"), "steps are counted from 1, one after the other")
        yield from _day(at, one, is_current=True)
        earlier = one.get("earlier", [])
        for place, before in enumerate(earlier):
            after = earlier[place + 1] if place + 1 < len(earlier) else one
            yield from _day((*at, "earlier", place), before, is_current=False)
            if all(before.get(name) == after.get(name) for name in ("label", "precision", "date")):
                yield Fault((*at, "earlier", place), "the date after this one is the same")


def _day(path, one, *, is_current):
    precision = one["precision"]
    has_day = precision not in (Due.Precision.PLAN_END, Due.Precision.NONE)
    if has_day and "date" not in one:
        yield Fault(path, "the day that these words mean is missing", "date: 2026-08-31")
    # An earlier end of the plan was perhaps another day than the one that ends it now.
    may_have = has_day or (precision == Due.Precision.PLAN_END and not is_current)
    if "date" in one and not may_have:
        yield Fault((*path, "date"), f"{precision} has no day of its own")


def _clause(path, entry, clause, known):
    rule = Rule(clause["rule"])
    codes = [reading["measure"] for reading in reads(clause)]
    for code in codes:
        if code not in known.measures:
            yield Fault((*path, "reads"), f"no measure {code}", _near(code, known.measures))
    if len(set(codes)) < len(codes):
        yield Fault((*path, "reads"), "a measure is read twice")
    measures = [known.measures[code] | {"code": code} for code in codes if code in known.measures]
    if len(measures) < len(codes):
        return
    yield from _due((*path, "due"), clause.get("due"))
    yield from _readable(path, clause, measures)
    yield from _level(path, entry, clause, measures)
    yield from _group(path, clause, measures, known)
    match rule:
        case Rule.THRESHOLD | Rule.BAND:
            if "target" not in clause and "words" not in clause:
                yield Fault(path, "no target", "target: 85, or words: as printed without a number")
            if (clause.get("path") == "steps") != ("steps" in clause):
                yield Fault(path, "path: steps and steps: go together")
        case Rule.COMPARE:
            for measure in measures:
                if not measure["series"] and "comparator" not in clause:
                    says = f"{measure['code']} has no series to compare with"
                    yield Fault((*path, "reads"), says, "series: on the measure")
        case Rule.SCALE:
            yield from _scale_target(path, clause, measures, known)
    band = clause.get("target") if rule == Rule.BAND else None
    if band and Decimal(band["low"]) > Decimal(band["high"]):
        yield Fault((*path, "target"), "the lowest is above the highest")


def _readable(path, clause, measures):
    """Rules read the kinds of measure that they can judge."""
    rule = Rule(clause["rule"])
    # In line counts both sides, so neither need be the better one.
    is_one_sided = clause.get("op") != Operator.IN_LINE
    allowed = KINDS_OF_RULE[rule]
    for measure in measures:
        code, kind = measure["code"], measure["kind"]
        if rule == Rule.JUDGED and measure["rated"] == "yes":
            continue
        if kind not in allowed:
            says = f"the rule {rule} cannot read {code}, a {kind}"
            yield Fault((*path, "reads"), says, _names(allowed))
        needs_direction = rule in (Rule.COMPARE, Rule.TREND, Rule.GAP) and is_one_sided
        if needs_direction and measure["better"] not in BETTER:
            says = f"the rule {rule} must know which way is better, and {code} does not say"
            yield Fault((*path, "reads"), says, "better: higher, or lower")


def _level(path, entry, clause, measures):
    level = clause["level"]
    of = {measure["code"]: measure["of"] for measure in measures}
    rolled = roll_up(entry, clause, of)
    for code, unit in of.items():
        if level not in (unit, UnitKind.TRUST):
            says = f"{code} is asked of: {unit}, so no {level} has a figure"
            yield Fault((*path, "level"), says, _names({unit, "trust"}))
    if level == UnitKind.TRUST and rolled == "":
        says = "the trust's figure comes from other units, and nothing says how"
        yield Fault(path, says, "roll_up: pooled, ratio, sum, each_school, share_of_schools")
    if rolled == RollUp.TRUST_ONLY and set(of.values()) != {UnitKind.TRUST}:
        yield Fault((*path, "roll_up"), "trust_only is for measures asked of the trust")
    if entry.get("combine") == "any" and rolled in (*FROM_COUNTS, RollUp.SHARE):
        says = f"{rolled} cannot stand in an either-or, which is combined in each unit first"
        yield Fault((*path, "roll_up") if "roll_up" in clause else path, says, "each_school")
    if (rolled == RollUp.SHARE) != ("share" in clause):
        yield Fault(path, "roll_up: share_of_schools and share: go together")
    for measure in measures:
        yield from _counted(path, rolled, measure)
    repeated_or_dated = clause.get("when") == ClauseVersion.When.BY
    if repeated_or_dated and clause["rule"] not in (Rule.THRESHOLD, Rule.SCALE):
        yield Fault((*path, "when"), "only a number or a level is reached by a date", "always")


def _counted(path, rolled, measure):
    counts, code = measure["counts"], measure["code"]
    needed = {
        RollUp.POOLED: ("both", "weight"),
        RollUp.RATIO: ("both",),
    }.get(rolled)
    if needed and counts not in needed:
        says = f"{rolled} needs counts, and {code} has none"
        yield Fault((*path, "roll_up"), says, "counts: " + ", or ".join(needed))
    if rolled == RollUp.SUM and measure["kind"] not in (KIND.NUMBER, KIND.MONEY):
        says = f"a {measure['kind']} cannot be summed ({code})"
        yield Fault((*path, "roll_up"), says, "number, money")


def _group(path, clause, measures, known):
    for name in ("group", "against_group"):
        if name in clause and clause[name] not in known.groups:
            yield Fault((*path, name), f"no group {clause[name]}", _names(known.groups))
    named = ClauseVersion.Against.GROUP
    if (clause.get("against") == named) != ("against_group" in clause):
        yield Fault(path, "against: group and against_group: go together")
    for measure in measures:
        asked = measure["groups"].split()
        for name in ("group", "against_group"):
            group = clause.get(name, "all" if name == "group" else asked[0])
            if group in known.groups and group not in asked:
                says = f"{measure['code']} is not asked for the group {group}"
                yield Fault((*path, name) if name in clause else path, says, _names(asked))


def _scale_target(path, clause, measures, known):
    needs_target = clause["op"] == Operator.LEVEL
    if needs_target != ("target" in clause):
        says = "at_least needs a level to reach" if needs_target else "only at_least has a target"
        yield Fault(path, says, 'target: {"1": strong}')
        return
    for measure in measures:
        versions = known.scales.get(measure["scale__code"])
        if versions is None:
            continue  # said already: no such scale, or no level at all
        for version, level in clause.get("target", {}).items():
            if version not in versions:
                says = f"the scale {measure['scale__code']} has no version {version}"
                yield Fault((*path, "target"), says, _names(versions))
            elif level not in versions[version]:
                says = f"version {version} has no level {level}"
                yield Fault((*path, "target", version), says, ", ".join(versions[version]))


def _names(names):
    return ", ".join(sorted(str(name) for name in names))


def _near(code, codes):
    """The codes that begin alike, or how many there are."""
    alike = [one for one in codes if one[:4] == code[:4]]
    return _names(alike[:8]) if alike else f"the code of one of {len(codes)} measures"

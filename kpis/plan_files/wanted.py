"""What a plan file asks for, as a state: paths of things to columns of text.

The only place where the file's words become the columns of the models, with
the defaults of docs/rag.md for what a file leaves out.
"""

from priorities.plan_files import tree
from priorities.plan_files.columns import plain_flag, plain_number
from schools.models import UnitKind

from ..models import ClauseVersion, Due, Measure
from ..models.promises import Operator, RollUp, Rule

ALL_PUPILS = "all"


def wanted(data, of_measure):
    """The whole state that a plan file asks for.

    ``of_measure`` tells of which kind of unit each measure is asked, those
    that the file only names included.
    """
    return {
        **trust_wide(data),
        **tree.wanted(data),
        **_promises(data, of_measure),
    }


def trust_wide(data):
    """What the trust has once, whatever its plans: offices, scales, measures."""
    state = {}
    for office in data.get("offices", []):
        state["office", office["code"]] = {"name": office["name"]}
    for group in data.get("groups", []):
        state["group", group["code"]] = {
            "name": group["name"],
            "complement__code": group.get("complement", ""),
        }
    for scale in data.get("scales", []):
        state["scale", scale["key"]] = {"name": scale.get("name", scale["key"])}
        for version in scale["versions"]:
            state["scale version", scale["key"], version["key"]] = {
                "since": version.get("from", ""),
                "levels": levels(version),
            }
    series = {one["key"]: series_name(one) for one in data.get("series", [])}
    for measure in data.get("measures", []):
        state["measure", measure["code"]] = _measure(measure, series)
    return state


def levels(version):
    """The levels of a scale version, lowest first, a line each: key, name, failing."""
    lines = []
    for level in version["levels"]:
        level = level if isinstance(level, dict) else {"key": level, "name": _as_name(level)}
        failing = " | failing" if level["key"] in version.get("failing", []) else ""
        lines.append(f"{level['key']} | {level['name']}{failing}")
    return "\n".join(lines)


def _as_name(key):
    return key.replace("_", " ").replace("-", " ").capitalize()


def series_name(series):
    """The identity of a series in one line: provider, what, basis."""
    return " | ".join([series["provider"], series.get("what", series["key"]), series["basis"]])


def _measure(measure, series):
    ask, usual = measure["ask"], measure.get("usual", {})
    kind = measure["kind"]
    columns = {
        "name": measure["name"],
        "kind": kind,
        "unit": measure.get("unit", ""),
        "decimals": measure.get("decimals", "0"),
        "better": measure.get("better", Measure.Better.NONE.value),
        "lowest": plain_number(measure.get("lowest", _edge(kind, "0"))),
        "highest": plain_number(measure.get("highest", _edge(kind, "100"))),
        "basis": measure["basis"],
        "scale__code": measure.get("scale", ""),
        "of": ask["of"],
        "office__code": ask.get("by", ""),
        "applicability": where(ask.get("where")),
        "about": ask.get("about", Measure.About.THIS.value),
        "groups": " ".join(sorted(ask.get("groups", [ALL_PUPILS]))),
        "counts": ask.get("counts", Measure.Counts.NONE.value),
        "per": measure.get("per", "100" if kind == Measure.Kind.PERCENTAGE else "1"),
        "numerator_name": ask.get("numerator", ""),
        "denominator_name": ask.get("denominator", ""),
        "source": measure.get("from", Measure.Source.TYPED.value),
        "register": measure.get("register", ""),
        "what_counts": measure.get("what_counts", ""),
        "usual_low": plain_number(usual.get("low", "")),
        "usual_high": plain_number(usual.get("high", "")),
        "usual_change": plain_number(usual.get("change", "")),
        "steady_band": plain_number(measure.get("steady", "")),
        "series": series.get(measure.get("series"), ""),
        "about_pupils": plain_flag(measure.get("about_pupils", "yes")),
        "min_to_judge": measure.get("min_to_judge", ""),
        "carried_terms": measure.get("carried_terms", "3"),
        "valid_months": measure.get("valid_months", "12"),
    }
    for name in ("survey", "rated", "inspection", "seasonal"):
        columns[name] = plain_flag(measure.get(name, "no"))
    for part in ("autumn", "spring", "summer"):
        columns[f"ask_{part}"] = "yes" if part in ask.get("in", []) else "no"
    return columns


def _edge(kind, text):
    """A part of a whole stays between 0 and 100 unless the file says otherwise."""
    return text if kind == Measure.Kind.PERCENTAGE else ""


def where(rule):
    """An applicability as text, parts that ask nothing left out: phases=primary; church=yes.

    >>> where({"church": "yes", "phases": ["secondary", "primary"]})
    'phases=primary secondary; church=yes'
    """
    rule = rule or {}
    parts = {
        "phases": " ".join(sorted(rule.get("phases", []))),
        "church": plain_flag(rule["church"]) if "church" in rule else "",
        "sixth_form": plain_flag(rule["sixth_form"]) if "sixth_form" in rule else "",
        "teaches_age": rule.get("teaches_age", ""),
        "improvement_phase": rule.get("improvement_phase", ""),
    }
    return "; ".join(f"{name}={text}" for name, text in parts.items() if text)


def reads(clause):
    """The readings of a clause, each as a map with its measure."""
    said = clause["reads"] if isinstance(clause["reads"], list) else [clause["reads"]]
    return [one if isinstance(one, dict) else {"measure": one} for one in said]


def _promises(data, of_measure):
    state = {}
    for kpi in data.get("kpis", []):
        key = kpi["key"]
        state["kpi", key] = {
            "short_name": kpi.get("short", ""),
            "outcomes": " ".join(sorted(kpi.get("outcomes", []))),
        }
        state["due", key, ""] = _due(kpi.get("due"), data["plan"])
        for order, clause in enumerate(kpi.get("clauses", []), start=1):
            state.update(_clause(kpi, clause, order, of_measure, data["plan"]))
    return state


def _due(due, plan):
    due = due or {"precision": Due.Precision.PLAN_END.value}
    at_the_end = due["precision"] == Due.Precision.PLAN_END
    return {
        "label": due.get("label", ""),
        "precision": due["precision"],
        "resolved": plan["ends"] if at_the_end else due.get("date", ""),
    }


def _clause(kpi, clause, order, of_measure, plan):
    node, key = kpi["key"], clause["key"]
    state = {
        ("clause", node, key): {"order": str(order), "title": clause.get("title", "")},
        ("rule", node, key): _rule(kpi, clause, of_measure),
    }
    if "due" in clause:
        state["due", node, key] = _due(clause["due"], plan)
    for number, reading in enumerate(reads(clause), start=1):
        path = (node, key, reading["measure"])
        state["reading", *path] = {"order": str(number)}
        state["margins", *path] = {
            "applicability": where(reading.get("where")),
            **{
                name: plain_number(reading.get(name, clause.get(name, "")))
                for name in ("margin", "tolerance", "step")
            },
        }
        if clause["rule"] in (Rule.THRESHOLD, Rule.BAND):
            state["target", *path] = _target(clause)
        if "baseline" in clause:
            state["baseline", *path] = _baseline(clause)
    return state


def _rule(kpi, clause, of_measure):
    comparator = clause.get("comparator", {})
    levels_to_reach = clause.get("target", {}) if clause["rule"] == Rule.SCALE else {}
    return {
        "rule": clause["rule"],
        "operator": clause.get("op", Operator.NONE.value),
        "when": clause.get("when", ClauseVersion.When.ALWAYS.value),
        "level": clause["level"],
        "group__code": clause.get("group", ALL_PUPILS),
        "roll_up": roll_up(kpi, clause, of_measure),
        "share": plain_number(clause.get("share", "")),
        "months_allowed": months(clause.get("within", "")),
        "repeated": clause.get("repeated", ""),
        "at_period_end": plain_flag(clause.get("at_period_end", "no")),
        "bad_side": clause.get("bad_side", ""),
        "significant_step": plain_number(clause.get("significant_step", "")),
        "one_pupil": plain_flag(clause.get("one_pupil", "no")),
        "carries_release": plain_flag(clause.get("carries_release", "no")),
        "expires_months": clause.get("expires_months", ""),
        "baseline_period": clause.get("baseline_period", ""),
        "against": clause.get("against", ""),
        "against_group__code": clause.get("against_group", ""),
        "symmetric": plain_flag(clause.get("symmetric", "no")),
        "provider": comparator.get("provider", ""),
        "comparator_group__code": comparator.get("group", ""),
        "rated_by": clause.get("rated_by", ""),
        "plan_counts": "yes" if "counts_as" in clause else "no",
        "person_bar": clause.get("person_bar", ""),
        "applicability": where(clause.get("where")),
        "note": clause.get("note", ""),
        "levels": " ".join(
            f"{version}:{level}" for version, level in sorted(levels_to_reach.items())
        ),
    }


def roll_up(kpi, clause, of_measure):
    """How a clause's units make the trust's line; the level decides unless the file says.

    Empty where the file must say and does not.
    """
    if "roll_up" in clause:
        return clause["roll_up"]
    if clause["level"] == UnitKind.TRUST:
        asked_of_trust = all(
            of_measure.get(reading["measure"]) == UnitKind.TRUST for reading in reads(clause)
        )
        return RollUp.TRUST_ONLY.value if asked_of_trust else ""
    counted = clause["rule"] == Rule.DONE or clause.get("when") == ClauseVersion.When.BY
    # Inside an either-or everything is combined in the unit first.
    if counted and kpi.get("combine") != "any":
        return RollUp.ROLLOUT.value
    return RollUp.EACH.value


def months(within):
    """A time limit in months: "6 months", "3 years".

    >>> months("3 years"), months("")
    ('36', '')
    """
    if not within:
        return ""
    number, unit = within.split()
    return str(int(number) * (12 if unit.startswith("year") else 1))


def _target(clause):
    target = clause.get("target", "")
    band = target if isinstance(target, dict) else {}
    return {
        "value": "" if band else plain_number(target),
        "low": plain_number(band.get("low", "")),
        "high": plain_number(band.get("high", "")),
        "words": clause.get("words", ""),
        "printed": plain_flag(clause.get("printed", "no")),
        "path": clause.get("path", ""),
        "steps": " ".join(
            f"{step['by']}:{plain_number(step['value'])}" for step in clause.get("steps", [])
        ),
    }


def _baseline(clause):
    baseline = clause["baseline"]
    return {
        "group__code": clause.get("group", ALL_PUPILS),
        "value": plain_number(baseline["value"]),
        "dated": baseline.get("dated", ""),
        "printed": baseline.get("words", ""),
        "difference": plain_number(baseline.get("difference", "")),
        "difference_in": baseline.get("difference_in", ""),
        "difference_from": baseline.get("difference_from", ""),
    }


NAMED_IN = {
    "office": ("offices", "code"),
    "group": ("groups", "code"),
    "scale": ("scales", "key"),
    "scale version": ("scales", "key"),
    "measure": ("measures", "code"),
    "label": ("labels", "role"),
}


def place_of(data, path):
    """Where a thing of the state stands in the file; empty for what is not in it."""
    kind, *keys = path
    if kind == "plan":
        return ("plan",)
    if kind in NAMED_IN:
        name, key = NAMED_IN[kind]
        return next(
            ((name, n) for n, one in enumerate(data.get(name, [])) if one[key] == keys[0]), ()
        )
    for place, _, entry in tree.entries(data):
        if entry["key"] == keys[0]:
            for number, clause in enumerate(entry.get("clauses", [])):
                if kind != "owner" and keys[1:] and clause["key"] == keys[1]:
                    return (*place, "clauses", number)
            return place
    return ()

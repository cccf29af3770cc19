"""What a plan file asks for, as a state: paths of things to columns of text.

The only place where the file's words become the columns of the models, with
the defaults of docs/rag.md for what a file leaves out. Where words and columns
match one by one, a table says so, and ``saying`` reads it the other way.
"""

from priorities.models import NodeRole
from priorities.plan_files import tree
from priorities.plan_files.columns import plain_flag, plain_number, plain_whole
from priorities.plan_files.words import FLAG, NUMBER, SEVERAL, TEXT, WHOLE, Form, Word, columns_of
from schools.models import Part, UnitKind

from ..models import ClauseVersion, Due, Measure
from ..models.promises import Operator, RollUp, Rule

ALL_PUPILS = "all"

# Entries that may carry clauses, and those that may have a date.
TESTED = (NodeRole.KPI, NodeRole.OUTCOME, NodeRole.MILESTONE)
DATED = (*TESTED, NodeRole.ACTION)


# How words that are no plain text stand in a column


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
        "teaches_age": plain_whole(rule.get("teaches_age", "")),
        "improvement_phase": rule.get("improvement_phase", ""),
    }
    return "; ".join(f"{name}={text}" for name, text in parts.items() if text)


def _said_where(text):
    rule = dict(part.split("=", 1) for part in text.split("; "))
    return rule | ({"phases": rule["phases"].split()} if "phases" in rule else {})


def months(within):
    """A time limit in months: "6 months", "3 years".

    >>> months("3 years"), months("")
    ('36', '')
    """
    if not within:
        return ""
    number, unit = within.split()
    return str(int(number) * (12 if unit.startswith("year") else 1))


def _said_months(text):
    if int(text) % 12 == 0:
        return f"{int(text) // 12} {'year' if text == '12' else 'years'}"
    return f"{text} {'month' if text == '1' else 'months'}"


def _steps(said):
    return " ".join(f"{step['by']}:{plain_number(step['value'])}" for step in said)


def _said_steps(text):
    pairs = [step.split(":") for step in text.split()]
    return [{"by": by, "value": value} for by, value in pairs]


WHERE = Form(where, _said_where)
MONTHS = Form(months, _said_months)
STEPS = Form(_steps, _said_steps)
COUNTS_AS = Form(lambda said: "yes", lambda text: "plan")


# Words and columns, one by one


def _edge(text):
    """A part of a whole stays between 0 and 100 unless the file says otherwise."""
    return lambda said: text if said["kind"] == Measure.Kind.PERCENTAGE else ""


def _per(said):
    """What counts are multiplied by; of a rate made of counts only the file can know it."""
    if said["kind"] == Measure.Kind.RATE and said["ask"].get("counts") == Measure.Counts.BOTH:
        return ""
    return "100" if said["kind"] == Measure.Kind.PERCENTAGE else "1"


def _plain(*names, form=TEXT, default=""):
    return [Word(name, form=form, default=default) for name in names]


OFFICE = _plain("name")
GROUP = [Word("name"), Word("complement__code", "complement")]
MEASURE = [
    *_plain("name", "kind", "unit"),
    Word("decimals", default="0"),
    Word("better", default=Measure.Better.NONE.value),
    Word("lowest", form=NUMBER, default=_edge("0")),
    Word("highest", form=NUMBER, default=_edge("100")),
    Word("basis"),
    Word("scale__code", "scale"),
    Word("of", "ask.of"),
    Word("office__code", "ask.by"),
    Word("applicability", "ask.where", WHERE),
    Word("about", "ask.about", default=Measure.About.THIS.value),
    Word("groups", "ask.groups", SEVERAL, ALL_PUPILS),
    Word("counts", "ask.counts", default=Measure.Counts.NONE.value),
    Word("per", form=WHOLE, default=_per),
    Word("numerator_name", "ask.numerator"),
    Word("denominator_name", "ask.denominator"),
    Word("source", "from", default=Measure.Source.TYPED.value),
    *_plain("register", "what_counts"),
    Word("usual_low", "usual.low", NUMBER),
    Word("usual_high", "usual.high", NUMBER),
    Word("usual_change", "usual.change", NUMBER),
    Word("steady_band", "steady", NUMBER),
    Word("about_pupils", form=FLAG, default="yes"),
    Word("min_to_judge", form=WHOLE),
    Word("carried_terms", form=WHOLE, default="3"),
    Word("valid_months", form=WHOLE, default="12"),
    *_plain("survey", "rated", "inspection", "seasonal", "keeps_log", form=FLAG, default="no"),
]
KPI = [Word("short_name", "short"), Word("outcomes", form=SEVERAL)]
CLAUSE = _plain("title")
RULE = [
    Word("rule"),
    Word("operator", "op", default=Operator.NONE.value),
    Word("when", default=ClauseVersion.When.ALWAYS.value),
    Word("level"),
    Word("group__code", "group", default=ALL_PUPILS),
    Word("share", form=NUMBER),
    Word("months_allowed", "within", MONTHS),
    Word("repeated"),
    Word("at_period_end", form=FLAG, default="no"),
    Word("bad_side"),
    Word("significant_step", form=NUMBER),
    *_plain("one_pupil", "carries_release", form=FLAG, default="no"),
    Word("expires_months", form=WHOLE),
    *_plain("baseline_period", "against"),
    Word("against_group__code", "against_group"),
    Word("symmetric", form=FLAG, default="no"),
    Word("provider", "comparator.provider"),
    Word("comparator_group__code", "comparator.group"),
    Word("rated_by"),
    Word("plan_counts", "counts_as", COUNTS_AS, "no"),
    Word("person_bar"),
    Word("applicability", "where", WHERE),
    Word("note"),
]
MARGINS = _plain("margin", "tolerance", "step", form=NUMBER)
TARGET = [
    Word("words"),
    Word("printed", form=FLAG, default="no"),
    Word("path"),
    Word("steps", form=STEPS),
]
BASELINE = [
    Word("value", form=NUMBER),
    Word("dated"),
    Word("printed", "words"),
    Word("difference", form=NUMBER),
    *_plain("difference_in", "difference_from"),
]
PRINTED = _plain("value", "low", "high", form=NUMBER)
DUE = [Word("label"), Word("precision"), Word("resolved", "date"), Word("reason")]


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
        state["office", office["code"]] = columns_of(OFFICE, office)
    for group in data.get("groups", []):
        state["group", group["code"]] = columns_of(GROUP, group)
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
    for _, path, figure in printed_figures(data):
        state[path] = columns_of(PRINTED, figure)
    return state


def levels(version):
    """The levels of a scale version, lowest first, a line each: key, name, failing."""
    lines = []
    for level in version["levels"]:
        level = level if isinstance(level, dict) else {"key": level, "name": as_name(level)}
        failing = " | failing" if level["key"] in version.get("failing", []) else ""
        lines.append(f"{level['key']} | {level['name']}{failing}")
    return "\n".join(lines)


def as_name(key):
    """The name of a level that a file gives by its key alone.

    >>> as_name("requires_improvement")
    'Requires improvement'
    """
    return key.replace("_", " ").replace("-", " ").capitalize()


def series_name(series):
    """The identity of a series in one line: provider, what, basis."""
    return " | ".join([series["provider"], series.get("what", series["key"]), series["basis"]])


def printed_figures(data):
    """Each outside figure that the plan prints itself: its place in the file, its path, the map.

    The path is the identity of the series, the year, the phase or nothing, and the pupil group.
    """
    for number, series in enumerate(data.get("series", [])):
        for order, figure in enumerate(series.get("printed", [])):
            of = (figure["year"], figure.get("phase", ""), figure.get("group", ALL_PUPILS))
            path = ("printed", *series_name(series).split(" | "), *of)
            yield ("series", number, "printed", order), path, figure


def _measure(measure, series):
    asked = measure["ask"].get("in", [])
    return columns_of(MEASURE, measure) | {
        "series": series.get(measure.get("series"), ""),
        **{column: "yes" if part in asked else "no" for part, column in ask_columns().items()},
    }


def ask_columns():
    """The column that says whether a term asks, by the term's word in a file."""
    return {part.name.lower(): f"ask_{part.name.lower()}" for part in Part}


def reads(clause):
    """The readings of a clause, each as a map with its measure."""
    said = clause["reads"] if isinstance(clause["reads"], list) else [clause["reads"]]
    return [one if isinstance(one, dict) else {"measure": one} for one in said]


def tested(data):
    """Every entry that may carry clauses, with its path in the file."""
    return [(path, entry) for path, role, entry in tree.entries(data) if role in TESTED]


def dates(said):
    """The dates of an entry or clause, each as a map with its step; none if nothing is said."""
    if not said:
        return []
    return said if isinstance(said, list) else [{"step": "1", **said}]


def _promises(data, of_measure):
    state = {}
    for _, role, entry in tree.entries(data):
        key = entry["key"]
        if role == NodeRole.KPI:
            state["kpi", key] = columns_of(KPI, entry)
        if role in DATED:
            said = entry.get("due") or (unsaid_due(role) if role == NodeRole.KPI else None)
            state.update(_dues(said, (key, ""), data["plan"]))
        for order, clause in enumerate(entry.get("clauses", []), start=1):
            state.update(_clause(entry, clause, order, of_measure, data["plan"]))
    return state


def unsaid_due(role):
    """The date of an entry whose file says none: the plan's end for a promise, else no date."""
    is_promise = role in (NodeRole.KPI, NodeRole.OUTCOME)
    precision = Due.Precision.PLAN_END if is_promise else Due.Precision.NONE
    return {"precision": precision.value}


def due_path(node, clause, step="1"):
    """Where the date in force of one step stands in a state; the first step goes unnamed."""
    return ("due", node, clause) if step == "1" else ("due", node, clause, step)


def _dues(said, at, plan):
    state = {}
    for one in dates(said):
        step = plain_whole(one["step"])
        state[due_path(*at, step)] = due_columns(one, plan["ends"])
        for number, before in enumerate(one.get("earlier", []), start=1):
            path = ("earlier due", *at, step, str(number))
            state[path] = due_columns(before, plan["ends"])
    return state


def due_columns(said, plan_ends):
    """One date as columns; the plan's end is a day too."""
    columns = columns_of(DUE, said)
    if columns["precision"] == Due.Precision.PLAN_END and not columns["resolved"]:
        columns["resolved"] = plan_ends
    return columns


def _clause(entry, clause, order, of_measure, plan):
    node, key = entry["key"], clause["key"]
    state = {
        ("clause", node, key): {"order": str(order), **columns_of(CLAUSE, clause)},
        ("rule", node, key): _rule(entry, clause, of_measure),
        **_dues(clause.get("due"), (node, key), plan),
    }
    for number, reading in enumerate(reads(clause), start=1):
        path = (node, key, reading["measure"])
        state["reading", *path] = {"order": str(number)}
        own = {name: clause[name] for name in ("margin", "tolerance", "step") if name in clause}
        state["margins", *path] = columns_of(MARGINS, own | reading) | {
            "applicability": where(reading.get("where"))
        }
        if clause["rule"] in (Rule.THRESHOLD, Rule.BAND):
            state["target", *path] = _target(clause)
        if "baseline" in clause:
            state["baseline", *path] = columns_of(BASELINE, clause["baseline"]) | {
                "group__code": clause.get("group", ALL_PUPILS)
            }
    return state


def _rule(entry, clause, of_measure):
    levels_to_reach = clause.get("target", {}) if clause["rule"] == Rule.SCALE else {}
    return columns_of(RULE, clause) | {
        "roll_up": roll_up(entry, clause, of_measure),
        "levels": " ".join(
            f"{version}:{level}" for version, level in sorted(levels_to_reach.items())
        ),
    }


def roll_up(entry, clause, of_measure):
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
    if counted and entry.get("combine") != "any":
        return RollUp.ROLLOUT.value
    return RollUp.EACH.value


def _target(clause):
    target = clause.get("target", "")
    band = target if isinstance(target, dict) else {}
    return columns_of(TARGET, clause) | {
        "value": "" if band else plain_number(target),
        "low": plain_number(band.get("low", "")),
        "high": plain_number(band.get("high", "")),
    }


NAMED_IN = {
    "office": ("offices", "code"),
    "group": ("groups", "code"),
    "scale": ("scales", "key"),
    "scale version": ("scales", "key"),
    "measure": ("measures", "code"),
    "label": ("labels", "role"),
    "phase": ("phases", "key"),
}
OF_A_CLAUSE = {"clause", "rule", "reading", "margins", "target", "baseline", "due", "earlier due"}


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
    if kind == "printed":
        return next((place for place, other, _ in printed_figures(data) if other == path), ())
    for place, _, entry in tree.entries(data):
        if entry["key"] == keys[0]:
            for number, clause in enumerate(entry.get("clauses", [])):
                if kind in OF_A_CLAUSE and keys[1:] and clause["key"] == keys[1]:
                    return (*place, "clauses", number)
            return place
    return ()

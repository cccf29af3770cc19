"""What a plan file says for a state: ``wanted`` backwards, with its tables.

What a file may leave out is left out, and everything stands in the order of
the schema, so one state has one file. Pure: states and plain data only.
"""

from priorities.models import NodeRole
from priorities.plan_files import tree
from priorities.plan_files.words import said_of

from . import wanted
from .dates import versions
from .reading import schema, words_of_rule
from .wanted import roll_up, unsaid_due


def said(state, key, of_measure):
    """What the plan file of the plan with this key says, as dicts, lists and text.

    ``state`` is what ``holding.held`` answers, ``of_measure`` of which kind of
    unit each measure is asked.
    """
    in_tree = tree.said(state)
    in_tree["plan"] = {"key": key, **in_tree["plan"]}
    ends = state["plan",]["ends"]
    for name, role in tree.LISTS.items():
        in_tree[name] = [
            _in_order(_entry(state, role, entry, of_measure, ends), name) for entry in in_tree[name]
        ]
    data = {**in_tree, **_trust_wide(state)}
    return {name: data[name] for name in schema()["properties"] if data[name]}


def _in_order(said, name):
    """The words of a map in the order of the schema's properties of that list or definition."""
    place = schema()["properties"].get(name) or schema()["$defs"][name]
    place = place.get("items", place)
    place = schema()["$defs"]["kpi"] if "$ref" in place else place
    return {word: said[word] for word in place["properties"] if word in said}


def _trust_wide(state):
    offices, groups, measures, series = [], [], [], _series(state)
    for (kind, *keys), columns in sorted(state.items()):
        if kind == "office":
            offices.append({"code": keys[0], **said_of(wanted.OFFICE, columns)})
        elif kind == "group":
            groups.append({"code": keys[0], **said_of(wanted.GROUP, columns)})
        elif kind == "measure":
            measures.append(_measure(keys[0], columns, series))
    return {
        "offices": offices,
        "groups": groups,
        "scales": [_scale(state, path[1]) for path in sorted(state) if path[0] == "scale"],
        "series": [
            {"key": key, "provider": provider, **({} if key == what else {"what": what})}
            | {"basis": basis, **_printed(state, (provider, what, basis))}
            for (provider, what, basis), key in series.items()
        ],
        "measures": measures,
    }


def _series(state):
    """A key for each series that is needed: what it is about, with a number if taken."""
    names = {columns["series"] for path, columns in state.items() if path[0] == "measure"}
    named = {tuple(name.split(" | ")) for name in names - {""}}
    named |= {path[1:4] for path in state if path[0] == "printed"}
    keys = {}
    for provider, what, basis in sorted(named):
        same = sum(1 for _, other, _ in keys if other == what)
        keys[provider, what, basis] = f"{what}-{same + 1}" if same else what
    return keys


def _printed(state, series):
    """The word printed with the figures that the plan prints of a series, if there are any."""
    figures = []
    for path in sorted(path for path in state if path[0] == "printed" and path[1:4] == series):
        year, phase, group = path[4:]
        figures.append(
            {
                "year": year,
                **({"phase": phase} if phase else {}),
                **({} if group == wanted.ALL_PUPILS else {"group": group}),
                **said_of(wanted.PRINTED, state[path]),
            }
        )
    return {"printed": figures} if figures else {}


def _measure(code, columns, series):
    measure = {"code": code, **said_of(wanted.MEASURE, columns)}
    if columns["series"]:
        measure["series"] = series[tuple(columns["series"].split(" | "))]
    asked = [part for part, name in wanted.ask_columns().items() if columns[name] == "yes"]
    if asked:
        measure["ask"]["in"] = asked
    measure["ask"] = _in_order(measure["ask"], "ask")
    return _in_order(measure, "measure")


def _scale(state, code):
    name = state["scale", code]["name"]
    versions = [path[2] for path in state if path[0] == "scale version" and path[1] == code]
    versions.sort(key=lambda version: (state["scale version", code, version]["since"], version))
    return {
        "key": code,
        **({} if name == code else {"name": name}),
        "versions": [_version(key, state["scale version", code, key]) for key in versions],
    }


def _version(key, columns):
    levels = [line.split(" | ") for line in columns["levels"].split("\n")]
    failing = [level for level, _, *is_failing in levels if is_failing]
    return {
        "key": key,
        **({"from": columns["since"]} if columns["since"] else {}),
        "levels": [
            level if name == wanted.as_name(level) else {"key": level, "name": name}
            for level, name, *_ in levels
        ],
        **({"failing": failing} if failing else {}),
    }


def _entry(state, role, entry, of_measure, ends):
    key = entry["key"]
    if role == NodeRole.KPI:
        entry |= said_of(wanted.KPI, state["kpi", key])
    # A KPI has its date in any case; of others, what is held was said.
    entry |= _due(state, (key, ""), ends, unsaid=unsaid_due(role) if role == NodeRole.KPI else None)
    clauses = [path[2] for path in state if path[0] == "clause" and path[1] == key]
    clauses.sort(key=lambda clause: int(state["clause", key, clause]["order"]))
    if clauses:
        entry["clauses"] = [
            _in_order(_clause(state, entry, clause, of_measure, ends), "clause")
            for clause in clauses
        ]
    return entry


def _due(state, at, ends, unsaid=None):
    """The word due with its dates, if there is anything to say; ``unsaid`` is the default."""
    dates, step = [], 1
    while history := versions(state, (*at, str(step))):
        said = [_date(columns, ends, is_current=columns is history[-1]) for columns in history]
        earlier = {"earlier": said[:-1]} if said[:-1] else {}
        dates.append({"step": str(step), **said[-1], **earlier})
        step += 1
    if len(dates) > 1:
        return {"due": dates}
    only = {name: said for date in dates for name, said in date.items() if name != "step"}
    return {"due": only} if only and only != unsaid else {}


def _date(columns, ends, *, is_current):
    said = said_of(wanted.DUE, columns)
    at_the_end = said["precision"] == "plan_end" and (is_current or said["date"] == ends)
    return {name: text for name, text in said.items() if not (name == "date" and at_the_end)}


def _clause(state, entry, key, of_measure, ends):
    at = (entry["key"], key)
    rule = state["rule", *at]
    clause = {
        "key": key,
        **said_of(wanted.CLAUSE, state["clause", *at]),
        **said_of(wanted.RULE, rule),
    }
    paths = [path[1:] for path in state if path[0] == "reading" and path[1:3] == at]
    paths.sort(key=lambda path: int(state["reading", *path]["order"]))
    clause |= _readings(state, rule["rule"], paths)
    if rule["roll_up"] != roll_up(entry, clause, of_measure):
        clause["roll_up"] = rule["roll_up"]
    if rule["levels"]:
        clause["target"] = dict(pair.split(":") for pair in rule["levels"].split())
    if ("target", *paths[0]) in state:
        clause |= _target(state["target", *paths[0]])
    if ("baseline", *paths[0]) in state:
        clause["baseline"] = said_of(wanted.BASELINE, state["baseline", *paths[0]])
    return clause | _due(state, at, ends)


def _readings(state, rule, paths):
    """What a clause reads; margins that all readings share stand on the clause."""
    margins = [said_of(wanted.MARGINS, state["margins", *path]) for path in paths]
    shared = {
        name: text
        for name, text in margins[0].items()
        if name in words_of_rule(rule) and all(its.get(name) == text for its in margins)
    }
    reads = []
    for path, its in zip(paths, margins, strict=True):
        own = {name: text for name, text in its.items() if name not in shared}
        where = state["margins", *path]["applicability"]
        own |= {"where": wanted.WHERE.write(where)} if where else {}
        reads.append({"measure": path[2], **own} if own else path[2])
    return {"reads": reads[0] if len(reads) == 1 and isinstance(reads[0], str) else reads, **shared}


def _target(columns):
    said = said_of(wanted.TARGET, columns)
    if columns["value"]:
        return said | {"target": columns["value"]}
    band = {name: columns[name] for name in ("low", "high") if columns[name]}
    return said | ({"target": band} if band else {})

"""A plan file broken anywhere is refused by line and place, and leaves the trust as it was.

The breaks are made from the schema: every place of a whole file where one can
be made, a few of each kind drawn by a seed, the same ones on every run.
"""

import copy
import random
import re
from itertools import groupby
from operator import itemgetter

import pytest
from django.apps import apps
from django.db import transaction

from kpis.plan_files.loading import load_plan
from kpis.plan_files.printing import printed
from kpis.plan_files.reading import PlanFileRefused, parse, read, schema
from schools.tenancy import inside
from tests.factories import make_trust
from tests.plans.files import FULL

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

OF_EACH_KIND = 5
WHOLE = parse(FULL, "full.yaml").data

# What names something else of the file, by the last steps of its place.
NAMES = ("under", "to", "phase", "scale", "series", "by", "complement", "measure", "group")
NAMES += ("against_group",)


# where the file can be broken


def places(value, place, path=()):
    """Every part of a file with its path and what the schema says about it."""
    place = at(place, value)
    yield path, value, place
    if isinstance(value, dict):
        for name, inner in value.items():
            for rule in [place, *rules_of(place, value)]:
                if name in rule.get("properties", {}):
                    yield from places(inner, rule["properties"][name], (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places(inner, place["items"], (*path, number))


def at(place, value):
    """The part of the schema that a value is held against."""
    while "$ref" in place or "if" in place:
        if "$ref" in place:
            place = schema()["$defs"][place["$ref"].rsplit("/", 1)[1]]
        else:
            kind = {"string": str, "array": list}[place["if"]["type"]]
            place = place["then" if isinstance(value, kind) else "else"]
    return place


def rules_of(place, value):
    """What the rule of a clause adds to what a clause may say."""
    for one in place.get("allOf", ()):
        if one["if"]["properties"]["rule"]["const"] == value.get("rule"):
            yield one["then"]


def breaks():
    """Every way to break the file in one place: (kind, path, what is put there)."""
    for path, value, place in places(WHOLE, schema()):
        if isinstance(value, dict) and "properties" in place:
            yield "unknown word", (*path, "titel"), "nonsense"
            for name in place.get("required", ()):
                yield "missing word", (*path, name), None
        if isinstance(value, str):
            if "enum" in place:
                yield "wrong choice", path, "nonsense"
            if "number" in place.get("description", "") or "whole" in place.get("description", ""):
                yield "bad number", path, "94,0"
            if place.get("format") == "date":
                yield "no such day", path, "2026-02-30"
            if place.get("format") == "academic-year":
                yield "no such year", path, "2024/26"
            if "maxLength" in place:
                yield "too long", path, "x" * (place["maxLength"] + 1)
            yield "list for text", path, ["nonsense"]
            if path[-1] in NAMES or path[-2:-1] in (("serves",), ("outcomes",), ("groups",)):
                yield "unknown name", path, "nowhere"
        elif path:
            yield "text for more", path, "nonsense"
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield "entry twice", (*path, len(value)), value[0]


def drawn():
    """A few breaks of each kind, drawn by a seed."""
    rng = random.Random(5)
    kinds = groupby(sorted(breaks(), key=lambda one: (one[0], str(one[1]))), key=itemgetter(0))
    for kind, its in kinds:
        its = list(its)
        for _, path, put in rng.sample(its, min(OF_EACH_KIND, len(its))):
            name = "/".join(map(str, path))
            yield pytest.param(path, put, id=f"{kind}: {name}")


def with_break(path, put):
    """The text of the file with one place changed, or without it."""
    data = copy.deepcopy(WHOLE)
    *outer, last = path
    inner = data
    for step in outer:
        inner = inner[step]
    if put is None:
        del inner[last]
    elif isinstance(inner, list) and last == len(inner):
        inner.append(put)
    else:
        inner[last] = put
    return printed(data)


# a trust that has the plan already


@pytest.fixture(scope="module")
def full(django_db_setup, django_db_blocker):
    """The whole plan, loaded once for all tests here and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        trust = make_trust()
        load_plan(read(FULL, "full.yaml"), trust)
        yield trust, every_row()
        transaction.set_rollback(True)


def every_row():
    """All rows of the apps that a load writes to, as text."""
    return {
        model._meta.label: sorted(map(str, model._base_manager.values_list()))
        for app in ("schools", "priorities", "kpis")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


def refusals(trust, text):
    with inside(trust), pytest.raises(PlanFileRefused) as refused:
        load_plan(read(text, "plan.yaml"), trust)
    return refused.value.complaints


@pytest.mark.parametrize(("path", "put"), list(drawn()))
def test_a_file_broken_in_one_place_is_refused_by_line_and_place(full, path, put):
    trust, rows = full
    text = with_break(path, put)

    complaints = refusals(trust, text)

    # Some is said at the place itself or at its key, some at what it stands in.
    plan_file = parse(text, "plan.yaml")
    around = [
        (*path, "key"),
        (*path, "to"),
        *(path[:length] for length in range(len(path) - 2, len(path) + 1)),
    ]
    named = {(f"line {plan_file.line(at)}", plan_file.written(at)) for at in around}
    said = {tuple(complaint.split(": ")[0].split(", ")[1:3]) for complaint in complaints}
    assert said & named, complaints
    assert every_row() == rows


def test_the_breaks_are_many_and_of_all_kinds():
    kinds = {param.id.partition(":")[0] for param in drawn()}

    assert len(list(drawn())) >= 50
    assert kinds == {
        *("unknown word", "missing word", "wrong choice", "bad number", "no such day"),
        *("no such year", "too long", "list for text", "text for more", "unknown name"),
        "entry twice",
    }


def case(name, find, put, says):
    return pytest.param(find, put, says, id=name)


@pytest.mark.parametrize(
    ("find", "put", "says"),
    [
        case(
            "a word twice",
            "  title: A full plan\n",
            "  title: A full plan\n  title: Another\n",
            "line 4, plan/title: title stands here twice (line 5)",
        ),
        case("an alias", "title: It burns", "title: *burns", "aliases are not allowed (*burns)"),
        case("an anchor", "title: It burns", "title: &b It", "anchors are not allowed (&b)"),
        case("a tag", "title: It burns", "title: !!int 5", "line 147: tags are not allowed"),
        case(
            "groups in a circle",
            "{key: row-1, under: belief-2",
            "{key: row-1, under: row-1-a",
            "measure_groups/row-1/under: row-1 stands under itself",
        ),
        case(
            "an action under itself",
            "tactic-1-a, under: tactic-1",
            "tactic-1-a, under: tactic-1-a",
            "actions/tactic-1-a/under: tactic-1-a stands under itself",
        ),
        case(
            "an entry under what it cannot stand under",
            "{key: risk-2, under: belief-2",
            "{key: risk-2, under: metric-1",
            "risks/risk-2/under: metric-1 is not an entry that this can stand under; "
            "allowed: belief-1, belief-2.",
        ),
        case(
            "an answer to no risk",
            "{key: risk-1-a, under: risk-1",
            "{key: risk-1-a, under: belief-1",
            "allowed: risk-1, risk-2.",
        ),
        case(
            "a link to itself",
            "links: [{to: metric-2, kind: pairs}]",
            "links: [{to: tactic-1, kind: pairs}]",
            "actions/tactic-1/links/1/to: an entry is linked to another one, not to itself",
        ),
        case(
            "a link twice",
            "links: [{to: metric-2, kind: pairs}]",
            "links: [{to: metric-2, kind: pairs}, {to: metric-2, kind: pairs}]",
            "actions/tactic-1/links/2/to: metric-2 is linked so already",
        ),
        case(
            "a phase of a year twice",
            "{phase: explore, year: 2025/26}",
            "{phase: explore, year: 2026/27}",
            "actions/tactic-1/phases/3: explore in 2026/27 stands here twice",
        ),
        case("an unknown item", "tqd1.culture, cst3", "tqd9", "no framework has the item tqd9"),
        case("a step left out", "{step: 2, label: By", "{step: 3, label: By", "counted from 1"),
        case(
            "no day for words that have one",
            "due: {label: 3 July 2026, precision: day, date: 2026-07-03}",
            "due: {label: 3 July 2026, precision: day}",
            "milestones/tf-2/due: the day that these words mean is missing",
        ),
        case(
            "a day for words that have none",
            "due: {label: ongoing, precision: none}",
            "due: {label: ongoing, precision: none, date: 2026-07-03}",
            "actions/tactic-1/due/date: none has no day of its own",
        ),
        case(
            "a date that did not move",
            "earlier: [{precision: plan_end}, {precision: plan_end, date: 2029-08-31, reason: "
            "For a while the plan was longer}, {label: Summer 2028, precision: term, "
            "date: 2028-07-21}]",
            "earlier: [{label: July 2027, precision: month, date: 2027-07-31}]",
            "kpis/metric-1/due/earlier/1: the date after this one is the same",
        ),
        case(
            "a note with a test",
            "title: Schools join\n",
            "title: Schools join\n    only_a_note: yes\n",
            "milestones/tf-1: what is only a note is tested by no clause",
        ),
        case(
            "a rest that is another's",
            "complement: other_pupils",
            "complement: not_disadvantaged",
            "not_disadvantaged is the complement of disadvantaged already",
        ),
        case(
            "a group that is the rest of itself",
            "complement: other_pupils",
            "complement: young_carers",
            "a group is not the rest of itself",
        ),
        case(
            "a name that could be read as two",
            "name: First stage",
            "name: First | stage",
            '"First | stage" cannot be read; allowed: text without |',
        ),
    ],
)
def test_what_no_schema_can_see_is_named_too(full, find, put, says):
    trust, rows = full
    assert FULL.count(find) == 1
    text = FULL.replace(find, put)

    complaints = refusals(trust, text)

    assert any(says in said for said in complaints), complaints
    assert all(re.match(r"plan\.yaml, line \d+", said) for said in complaints)
    assert every_row() == rows


def chain(length):
    """The full plan with actions that stand under each other, the deepest one first."""
    deep = "".join(
        f"  - {{key: d{n}, under: {f'd{n + 1}' if n < length else 'tactic-1'}, title: x}}\n"
        for n in range(1, length + 1)
    )
    return FULL.replace("risks:\n", deep + "risks:\n")


def test_entries_stand_no_deeper_than_a_page_can_show(full):
    trust, rows = full

    complaints = refusals(trust, chain(3000))
    assert "more than 12 entries stand above this one" in complaints[0]
    assert every_row() == rows

    with inside(trust), transaction.atomic():
        load_plan(read(chain(11), "plan.yaml"), trust)
        transaction.set_rollback(True)
    assert any("more than 12" in said for said in refusals(trust, chain(12)))

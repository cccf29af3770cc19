"""A plan file is read as text, and whatever is wrong with it is named by its line."""

import pytest

from kpis.models import Clause, ClauseVersion, Due, Measure
from kpis.models.promises import RollUp, Rule
from kpis.plan_files.reading import PlanFileRefused, parse, read, read_path, schema
from priorities.models import NodeCost, NodeLink, NodeOwner, NodeRole
from schools.models import Basis, UnitKind
from tests.plans.small import SMALL, broken, line_of


def case(name, find, put, at, says, allowed=""):
    return pytest.param(find, put, at, says, allowed, id=name)


def complaints(text):
    with pytest.raises(PlanFileRefused) as refused:
        read(text, "plan.yaml")
    return refused.value.complaints


def test_every_value_stays_the_text_that_was_typed():
    odd = "a: no\nb: 1:30\nc: 012\nd: 0.10\ne: ~\nf: 2025-09-01\ng: true\nh:\ni: 1e3\n"

    assert parse(odd, "odd").data == {
        **{"a": "no", "b": "1:30", "c": "012", "d": "0.10", "e": "~", "f": "2025-09-01"},
        **{"g": "true", "h": "", "i": "1e3"},
    }


def test_a_file_that_is_right_is_read():
    plan_file = read(SMALL, "plan.yaml")

    assert plan_file.data["kpis"][0]["clauses"][0]["target"] == "94.0"
    assert plan_file.line(("kpis", 0, "clauses", 1, "group")) == line_of(
        SMALL, "{key: c2, rule: gap"
    )


@pytest.mark.parametrize(
    ("find", "put", "at", "says", "allowed"),
    [
        case("an unknown name", "short:", "shorty:", "shorty", "shorty is not known", "short"),
        case(
            "a missing one", "title: Reviews are good", "note: x", "- key: a2", "title is missing"
        ),
        case(
            *("an unknown kind", "kind: yes_no", "kind: yes", "kind: yes"),
            *('"yes" is not known', "percentage, number"),
        ),
        case(
            "a letter in a number",
            '"94.0"',
            '"94,0"',
            "94,0",
            '"94,0" cannot',
            "a number in digits",
        ),
        case("no such day", "2025-09-01", "2025-02-30", "plan:", '"2025-02-30" cannot', "a day"),
        case(
            "an unknown rule", "rule: judged", "rule: judge", "rule: judge", '"judge"', "threshold"
        ),
        case(
            "another rule's word", "op: narrow", "op: improve", "op: improve", '"improve"', "narrow"
        ),
        case(
            *("what a rule does not take", "rule: done, reads", "rule: done, target: no, reads"),
            *("rule: done", "target does not belong here", "for the rule done"),
        ),
        case(
            "a rule's missing part",
            "group: disadvantaged, ",
            "",
            "{key: c2, rule: gap",
            "group is missing",
        ),
        case(
            "a list for a text",
            "title: A small plan",
            "title: [x]",
            "plan:",
            "this is a list",
            "text",
        ),
        case(
            "a text for a list",
            "outcomes: [a-o1]",
            "outcomes: a-o1",
            "outcomes: a-o1",
            "text",
            "a list",
        ),
        case(
            "a name too long", "short: Attendance", "short: " + 33 * "x", "short:", "longer than 32"
        ),
        case(
            "a key with a space",
            "key: a-o1, under",
            "key: a o1, under",
            "a o1",
            '"a o1"',
            "small letters",
        ),
        case(
            "nothing",
            "title: Reviews are good",
            "title:",
            "title:\n    combine",
            "nothing stands here",
        ),
    ],
)
def test_what_the_schema_refuses_is_named_by_line_and_what_is_allowed(find, put, at, says, allowed):
    text = broken(find, put)

    found = complaints(text)

    line = line_of(text, at)
    assert any(f"line {line}," in said and says in said and allowed in said for said in found), (
        found
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: a plan file begins with plan:"),
        ("- a\n", "line 1: a plan file begins with plan:"),
        ("plan: {a: 1\n", "line 2: not YAML"),
        ("plan:\n\t- a\n", "line 2: not YAML"),
        ("plan: 1\nplan: 2\n", "line 1, plan: plan stands here twice (line 2)"),
        ("plan: &x {a: 1}\nlabels: []\n", "line 1: anchors are not allowed (&x)"),
        ("plan: *x\n", "line 1: aliases are not allowed (*x)"),
        ("plan: !!python/object:os.system {}\n", "line 1: tags are not allowed"),
        ("plan: 1\n---\nplan: 2\n", "line 2: a second document"),
        ("plan: " + "[" * 3000, "line 1: more than 12 levels deep"),
        ("plan: \x00\n", "not YAML"),
        ("? [a]\n: b\n", "line 1: a name must be plain text"),
    ],
    ids=lambda value: value[:20],
)
def test_what_could_be_read_in_two_ways_is_refused(text, says):
    assert any(says in said for said in complaints(text)), complaints(text)


def test_a_file_of_a_thousand_mistakes_gets_an_answer_of_one_page():
    bad = "".join(f"  - {{key: o{n}, under: a, titel: x}}\n" for n in range(1000))

    found = complaints(SMALL + "strands:\n" + bad)

    assert len(found) == 51
    assert "more of this kind" in found[-1]


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("plan: Café".encode("latin-1"))

    with pytest.raises(PlanFileRefused, match="No such file"):
        read_path(tmp_path / "nothing.yaml")
    with pytest.raises(PlanFileRefused, match="not UTF-8"):
        read_path(latin)


@pytest.mark.parametrize(
    ("place", "name", "choices"),
    [
        ("measure", "kind", Measure.Kind),
        ("measure", "better", Measure.Better),
        ("measure", "basis", Basis),
        ("ask", "of", UnitKind),
        ("ask", "counts", Measure.Counts),
        ("ask", "about", Measure.About),
        ("clause", "rule", Rule),
        ("clause", "level", UnitKind),
        ("clause", "roll_up", RollUp),
        ("clause", "when", ClauseVersion.When),
        ("due", "precision", Due.Precision),
    ],
)
def test_a_file_may_say_what_the_database_can_hold_and_nothing_else(place, name, choices):
    assert schema()["$defs"][place]["properties"][name]["enum"] == choices.values


@pytest.mark.parametrize(
    ("place", "choices"),
    [
        ("labels/role", NodeRole),
        ("$links/kind", NodeLink.Kind),
        ("$costs/certainty", NodeCost.Certainty),
    ],
)
def test_lists_may_say_what_the_database_can_hold_and_nothing_else(place, choices):
    name, word = place.split("/")
    lists = schema()["$defs" if name.startswith("$") else "properties"]

    said = lists[name.lstrip("$")]["items"]["properties"][word]["enum"]
    assert sorted(said) == sorted(choices.values)


@pytest.mark.parametrize(
    ("place", "column"),
    [
        ("owners", NodeOwner._meta.get_field("role")),
        ("costs/words", NodeCost._meta.get_field("words")),
        ("earlier_due/label", Due._meta.get_field("label")),
        ("earlier_due/reason", Due._meta.get_field("reason")),
    ],
)
def test_what_hangs_on_an_entry_may_be_as_long_as_its_column(place, column):
    name, _, word = place.partition("/")
    said = schema()["$defs"][name]
    said = said.get("items", said)

    assert (said["properties"][word] if word else said)["maxLength"] == column.max_length


@pytest.mark.parametrize(
    ("place", "name", "column"),
    [
        ("measure", "name", Measure._meta.get_field("name")),
        ("measure", "unit", Measure._meta.get_field("unit")),
        ("clause", "title", Clause._meta.get_field("title")),
        ("clause", "person_bar", ClauseVersion._meta.get_field("person_bar")),
        ("due", "label", Due._meta.get_field("label")),
    ],
)
def test_a_text_may_be_as_long_as_its_column(place, name, column):
    assert schema()["$defs"][place]["properties"][name]["maxLength"] == column.max_length

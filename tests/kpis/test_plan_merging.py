"""Three states compared: what the file wants, what the trust has, what the last load wrote."""

import pytest

from kpis.plan_files.merging import Change, merge

KPI = ("node", "a1")


def case(name, file, trust, last, change=None, kept="", conflict=""):
    """Each state is the title of one KPI, or None where it has no such KPI."""
    return pytest.param(file, trust, last, change, kept, conflict, id=name)


@pytest.mark.parametrize(
    ("file", "trust", "last", "change", "kept", "conflict"),
    [
        case("new", "one", None, None, change=(None, "one")),
        case("the same", "one", "one", "one"),
        case("the same, never loaded", "one", "one", None),
        case("changed in the file", "two", "one", "one", change=("one", "two")),
        case("changed on screen", "one", "two", "one", kept="changed on screen"),
        case("changed alike in both", "two", "two", "one"),
        case("changed in both", "three", "two", "one", conflict="on screen and in the file"),
        case("there already, otherwise", "two", "one", None, conflict="defined otherwise"),
        case("gone from the file", None, "one", "one", change=("one", None)),
        case("gone, but changed on screen", None, "two", "one", conflict="gone from the file"),
        case("added on screen", None, "one", None, kept="added on screen"),
        case("taken away on screen", "one", None, "one", kept="taken away on screen"),
        case("taken away, but changed in the file", "two", None, "one", conflict="taken away"),
    ],
)
def test_what_people_changed_is_never_overwritten(file, trust, last, change, kept, conflict):
    states = [{} if title is None else {KPI: {"title": title}} for title in (file, trust, last)]

    merged = merge(*states)

    expected = [Change(KPI, *map(titled, change))] if change else []
    assert merged.changes == expected
    assert [kept in says for _, says in merged.kept] == [True] * bool(kept)
    assert [conflict in says for _, says in merged.conflicts] == [True] * bool(conflict)


def titled(title):
    return None if title is None else {"title": title}


def test_columns_are_compared_one_by_one():
    file = {KPI: {"title": "new in the file", "code": "A1"}}
    trust = {KPI: {"title": "one", "code": "changed on screen"}}
    last = {KPI: {"title": "one", "code": "A1"}}

    merged = merge(file, trust, last)

    assert merged.changes == [Change(KPI, {"title": "one"}, {"title": "new in the file"})]
    assert [path for path, _ in merged.kept] == [KPI]
    assert merged.conflicts == []

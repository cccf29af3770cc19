"""A plan comes out as the file that made it, or not at all."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from kpis.models import Measure, PupilGroup, Target
from kpis.plan_files import holding, wanted
from kpis.plan_files.exporting import NotSayable, export_plan
from kpis.plan_files.loading import load_plan
from kpis.plan_files.printing import printed
from kpis.plan_files.reading import parse, read, schema
from priorities.models import Node, Plan
from schools.models import AuditRow
from schools.tenancy import inside
from tests.factories import make_entry, make_plan, make_term, make_trust
from tests.plans.files import FULL, plan_files
from tests.plans.small import SMALL, broken

pytestmark = pytest.mark.django_db

FILES = plan_files()
# These three have everything that a plan can have; the others are asked of one database.
ON_BOTH = {"the example", "small", "full"}
EACH = [
    pytest.param(name, marks=() if name in ON_BOTH else pytest.mark.any_database) for name in FILES
]


@pytest.fixture
def trust():
    trust = make_trust()
    with inside(trust):
        yield trust


def load(trust, text=SMALL, **said):
    return load_plan(read(text, "plan.yaml"), trust, **said).plan


def state(text, trust):
    """What a file asks for, column by column."""
    data = read(text, "plan.yaml").data
    with inside(trust):
        measures = holding.known().measures
    return wanted.wanted(data, {code: measure["of"] for code, measure in measures.items()})


# there and back


@pytest.mark.parametrize("name", EACH)
def test_a_plan_goes_out_as_it_came_in_and_in_again_elsewhere(trust, name):
    plan = load(trust, FILES[name])
    text = export_plan(plan)
    elsewhere = make_trust()

    assert state(text, trust) == state(FILES[name], trust)
    assert export_plan(load(elsewhere, text)) == text
    again = load_plan(read(text, "plan.yaml"), trust)
    assert again.nothing_changed
    assert again.kept == []


def test_one_plan_of_the_tests_says_every_word_of_the_format():
    said = words_in(read(FULL, "full.yaml").data)
    place = schema()
    lists = {"plan": place["properties"]["plan"], **place["$defs"]}
    lists |= {name: one["items"] for name, one in place["properties"].items() if "items" in one}
    known = {word for one in lists.values() for word in words_of(one)}

    assert known - said == set()


def words_in(data):
    """Every word of maps within data, at any depth."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return (set(data) if isinstance(data, dict) else set()).union(*map(words_in, inner))


def words_of(place):
    """Every word that a place of the schema and what is written into it may have."""
    if not isinstance(place, dict):
        return set()
    words = set(place.get("properties", ()))
    inner = [*place.get("properties", {}).values(), place.get("items"), place.get("else")]
    return words.union(*map(words_of, inner))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.recursive(
    texts,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(["key", "title", "words", "1"]), inner, min_size=1)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["plan", "kpis", "note"]), values, min_size=1))
def test_whatever_is_printed_is_read_as_the_same_text(data):
    assert parse(printed(data), "plan.yaml").data == data


# what is in it


def test_what_changed_since_is_exported_as_it_is_in_force(trust):
    load(trust)
    load(
        trust,
        broken('target: "94.0"', 'target: "95.0"'),
        since=make_term(trust, "2026-spring").period,
        reason="The board asked for more",
    )

    assert "target: 95" in export_plan(Plan.objects.get())
    assert Target.objects.filter(reading__clause__node__key="a1").count() == 2


def test_what_is_archived_is_not_exported(trust):
    load(trust)
    make_entry(Measure.objects.get(code="training"), trust.own_unit, make_term(trust), value="80")
    without = SMALL[: SMALL.index("  - key: a3")]

    plan = load(trust, without)

    assert Node.objects.filter(key="a3").exists()
    assert "a3" not in export_plan(plan)


def test_a_plan_that_only_names_its_measures_takes_them_along(trust):
    load(trust)
    other = SMALL.replace("key: small", "key: other")
    names_only = other[: other.index("offices:")] + other[other.index("priorities:") :]
    text = export_plan(load(trust, names_only))
    elsewhere = make_trust()

    assert export_plan(load(elsewhere, text)) == text
    with inside(elsewhere):
        assert Measure.objects.count() == 5
    assert text.count("code: hr") == 1


def test_measures_of_another_plan_stay_out(trust):
    load(trust, FULL)
    text = export_plan(
        load(trust, SMALL.replace("attendance", "presence").replace("review", "visit"))
    )

    assert "presence" in text
    assert "suspensions" not in text


def test_pupil_groups_that_another_plan_defined_are_taken_along(trust):
    load(trust, FULL)
    other = FULL.replace("key: full", "key: other")
    start, end = other.index("groups:\n"), other.index("scales:\n")
    plan = load(trust, other[:start] + other[end:])

    exported = read(export_plan(plan), "plan.yaml").data

    assert [group["code"] for group in exported["groups"]] == ["other_pupils", "young_carers"]


def test_two_series_about_one_thing_are_told_apart(trust):
    text = SMALL.replace(
        "priorities:\n",
        "  - {code: census, name: Census, kind: percentage, better: higher, basis: year_to_date, "
        "ask: {of: school, in: [summer]}, series: census}\npriorities:\n",
        1,
    ).replace(
        "measures:\n",
        "  - {key: census, provider: FFT, what: attendance_live, basis: year_to_date}\nmeasures:\n",
        1,
    )

    exported = export_plan(load(trust, text))

    assert "- {key: attendance_live, provider: DfE, basis: year_to_date}" in exported
    assert "- {key: attendance_live-2, provider: FFT, what: attendance_live" in exported
    assert state(exported, trust) == state(text, trust)


# what cannot be said


def test_what_no_file_could_say_is_named_and_nothing_is_exported(trust):
    plan = load(trust)
    Measure.objects.filter(code="attendance").update(highest=None)  # a percentage is 100 at most

    with pytest.raises(
        NotSayable, match=r"what no plan file may say.*\n.*measures/attendance/high"
    ):
        export_plan(plan)


def test_what_the_format_refuses_is_told_with_its_place(trust):
    plan = load(trust)
    Node.objects.filter(key="a").update(title="")

    with pytest.raises(NotSayable, match=r"small.yaml, line \d+, priorities/a: title is missing"):
        export_plan(plan)


def test_readings_with_targets_of_their_own_are_not_mixed_up(trust):
    text = broken(
        "reads: attendance, level: school, margin", "reads: [attendance, training2], level: school"
    )
    text = text.replace(': "1.0", target', ", target").replace(
        "priorities:\n",
        "  - {code: training2, name: T, kind: percentage, better: higher, basis: date, "
        "ask: {of: school, in: [summer]}}\npriorities:\n",
    )
    plan = load(trust, text)
    assert "training2" in export_plan(plan)

    Target.objects.filter(reading__measure__code="training2").update(value=90)

    with pytest.raises(NotSayable, match="target/a1/c1/training2"):
        export_plan(plan)


# the command


def test_the_command_writes_the_file_or_shows_it(trust, tmp_path, capsys):
    text = export_plan(load(trust))
    file = tmp_path / "plan.yaml"

    call_command("export_plan", trust.slug)
    assert capsys.readouterr().out == text
    call_command("export_plan", trust.slug, "small", output=str(file))

    assert file.read_bytes().decode() == text
    assert f"Wrote {file}." in capsys.readouterr().out


def test_the_command_asks_which_of_several_plans(trust, capsys):
    load(trust)
    load(trust, broken("key: small", "key: other"))

    with pytest.raises(CommandError, match=r"Say which plan of .* There are: other, small\."):
        call_command("export_plan", trust.slug)
    call_command("export_plan", trust.slug, "other")
    assert "key: other" in capsys.readouterr().out


def test_of_one_plan_in_two_versions_the_later_is_exported(trust, capsys):
    first = load(trust)
    make_plan(trust, key="small", version=2, predecessor=first, title="The second")

    call_command("export_plan", trust.slug)

    assert "title: The second" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("slug", "key", "says"),
    [
        ("nowhere", None, "There is no trust nowhere. There are: "),
        (None, "nothing", r"Say which plan of .* There are: small\."),
    ],
)
def test_the_command_names_what_it_does_not_know(trust, slug, key, says):
    load(trust)

    with pytest.raises(CommandError, match=says):
        call_command("export_plan", slug or trust.slug, *([key] if key else []))


def test_a_file_that_cannot_be_written_is_told_plainly(trust, tmp_path):
    load(trust)

    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("export_plan", trust.slug, output=str(tmp_path / "no" / "plan.yaml"))


def test_another_trusts_plan_is_not_exported(trust):
    load(trust)
    stranger = make_trust()

    with pytest.raises(CommandError, match="There are: none"):
        call_command("export_plan", stranger.slug)


def test_exporting_changes_nothing(trust):
    plan = load(trust)
    before = AuditRow.objects.count(), PupilGroup.objects.count(), plan.ends

    export_plan(plan)

    assert (AuditRow.objects.count(), PupilGroup.objects.count()) == before[:2]
    assert before[2] == date(2028, 8, 31)

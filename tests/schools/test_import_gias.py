"""A trust's schools follow the register: shown first, then applied with their history."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from schools.models import DATED, AuditRow, Phase, School, SchoolBefore, Unit, UnitKind
from schools.refused import Refused
from schools.register import codes
from schools.register.applying import bring_up_to_date, urns_here
from schools.register.changes import FACTS
from schools.register.extract import read_extract
from schools.register.links import Links
from schools.tenancy import inside
from tests.factories import make_school, make_trust, make_user

from .register_files import NORTH, SOUTH, closed, group_links, row, school_links, written

pytestmark = pytest.mark.django_db

REAL = Path(site.BASE_DIR) / "fixtures" / "register"
ON = date(2026, 9, 1)
UNCHANGED = "Nothing has been changed."

# Ashdale, as PRIMARY of the register has it.
ASHDALE = {
    "name": "Ashdale Primary School",
    "code": "ASH",
    "urn": "150001",
    "laestab": "3802001",
    "type_code": "34",
    "phase": Phase.PRIMARY,
    "low_age": 4,
    "high_age": 11,
    "pupils_on_roll": 210,
}


def case(name, *values):
    return pytest.param(*values, id=name)


@pytest.fixture
def north():
    return make_trust("north", name="North Learning Trust")


@pytest.fixture
def ashdale(north):
    return make_school(north, **ASHDALE)


def run(file, *, group=NORTH, on=ON, apply=True, links=(), trust="north"):
    out = io.StringIO()
    call_command(
        "import_gias", trust, file, group=group, on=on, apply=apply, links=list(links), stdout=out
    )
    return out.getvalue()


def refusal(*arguments, **options):
    with pytest.raises(CommandError) as said:
        run(*arguments, **options)
    return str(said.value)


def everything(trust):
    """All that an import may touch, to see that nothing of it has changed."""
    with inside(trust):
        return [
            [*Unit.objects.order_by("pk").values()],
            [*School.objects.order_by("pk").values()],
            [*SchoolBefore.objects.order_by("pk").values()],
            [*AuditRow.objects.order_by("pk").values()],
        ]


def the_school(trust, **named):
    with inside(trust):
        return School.objects.get(**named)


# schools that join


def test_a_school_of_the_group_joins_with_all_that_the_register_knows(north, tmp_path):
    version = north.own_unit.data_version

    said = run(written(tmp_path, row(), closed("101001", on="31-08-2019")))

    school = the_school(north, urn="150001")
    found = {column: getattr(school, column) for column in DATED}
    assert found == {c: ASHDALE[c] for c in found if c in ASHDALE} | {
        "is_church": False,
        "has_sixth_form": False,
    }
    assert (school.code, school.joined, school.predecessor_urn) == ("150001", ON, "101001")
    assert north.own_unit.data_version == version + 2
    assert "1 of them open in NORTH LEARNING TRUST (UID 17001)" in said
    assert "joined on 1 September 2026 (--on; an extract does not say" in said
    with inside(north):
        audit = AuditRow.objects.get(action="took in")
    assert (audit.unit_id, audit.by, audit.channel) == (school.pk, None, AuditRow.Channel.COMMAND)
    assert audit.reason == "Register of schools: edubasealldata20261122.csv"


def test_a_school_follows_the_last_one_that_closed_before_it_opened(north, tmp_path):
    run(
        written(
            tmp_path,
            row(opened="01-09-2019"),
            closed("101001", on="31-08-1999"),
            closed("101002", on="31-08-2019"),
            closed("101003", on="31-08-2020"),
            closed("101004", on=""),
        )
    )

    assert the_school(north, urn="150001").predecessor_urn == "101002"


def test_without_apply_it_is_the_same_words_and_no_change(north, ashdale, tmp_path):
    file = written(tmp_path, row(pupils="230"), row("150002", name="Beckfoot", number="2002"))
    before = everything(north)

    shown = run(file, apply=False)

    assert everything(north) == before
    applied = run(file)
    assert shown.splitlines()[:-1] == applied.splitlines()[:-1]
    assert shown.splitlines()[-1] == (
        "Nothing has been changed yet: --apply does it, from 1 September 2026 where no other "
        "date is given."
    )
    assert applied.splitlines()[-1] == "Changed North Learning Trust."
    assert everything(north) != before


def test_an_all_through_school_joins_with_a_part_for_each_phase(north, tmp_path):
    said = run(written(tmp_path, row(phase="7", high="18", sixth_form="1")))

    with inside(north):
        parts = Unit.objects.filter(kind=UnitKind.PART).order_by("code")
        found = [(part.code, part.phase, part.joined) for part in parts]
    assert found == [("150001-P", "primary", ON), ("150001-S", "secondary", ON)]
    assert "with a part for primary and a part for secondary" in said


def test_group_links_say_when_a_school_joined(north, tmp_path):
    links = group_links(
        tmp_path,
        ("150001", "9001", "School sponsor", "01-01-2001"),
        ("150001", SOUTH, "Multi-academy trust", "01-01-2015"),
        ("150001", NORTH, "Multi-academy trust", "01-04-2021"),
        ("150001", NORTH, "Multi-academy trust", "01-04-2017"),
    )
    other = row("150002", name="Beckfoot", number="2002")

    said = run(written(tmp_path, row(), other), links=[links])

    assert the_school(north, urn="150001").joined == date(2021, 4, 1)
    assert the_school(north, urn="150002").joined == ON
    assert "joined on 1 April 2021 (in grouplinks.csv)" in said
    assert "joined on 1 September 2026 (--on; grouplinks.csv does not say)" in said


def test_what_the_register_does_not_say_of_a_new_school_is_no_and_said_to_be(north, tmp_path):
    said = run(written(tmp_path, row(character="", sixth_form="", pupils="")))

    school = the_school(north, urn="150001")
    assert (school.is_church, school.has_sixth_form, school.pupils_on_roll) == (False, False, None)
    assert "the register does not say whether church school; taken as no." in said
    assert "the register does not say whether sixth form; taken as no." in said


def test_a_school_that_is_still_to_open_is_mentioned_only(north, ashdale, tmp_path):
    said = run(written(tmp_path, row(), row("150002", name="Beckfoot", status="4")))

    assert "Beckfoot (150002) is proposed to open: not a school yet." in said
    with inside(north):
        assert School.objects.count() == 1


# facts that are otherwise


@pytest.mark.parametrize(
    ("changed", "column", "was", "now", "said"),
    [
        case("name", {"name": "Ashdale Academy"}, "name", ASHDALE["name"], "Ashdale Academy", ""),
        case("number", {"number": "2009"}, "laestab", "3802001", "3802009", ""),
        case("type", {"kind": "28"}, "type_code", "34", "28", "type: was 34, now 28"),
        case(
            "phase", {"phase": "4"}, "phase", "primary", "secondary", "was primary, now secondary"
        ),
        case("low age", {"low": "2"}, "low_age", 4, 2, "lowest age: was 4, now 2"),
        case("high age", {"high": "16"}, "high_age", 11, 16, "highest age: was 11, now 16"),
        case(
            "church",
            {"character": "Church of England"},
            "is_church",
            False,
            True,
            "church school: was no, now yes",
        ),
        case(
            "sixth form",
            {"sixth_form": "1"},
            "has_sixth_form",
            False,
            True,
            "sixth form: was no, now yes",
        ),
        case("pupils", {"pupils": "0"}, "pupils_on_roll", 210, 0, "pupils on roll: was 210, now 0"),
    ],
)
def test_a_fact_changes_from_a_day_and_what_was_is_kept(
    north, ashdale, tmp_path, changed, column, was, now, said
):
    versions = ashdale.data_version, north.own_unit.data_version

    words = run(written(tmp_path, row(**changed)))

    school = the_school(north, pk=ashdale.pk)
    with inside(north):
        [before] = SchoolBefore.objects.all()
        assert getattr(school.as_on(date(2026, 8, 31)), column) == was
        assert getattr(school.as_on(ON), column) == now
        audit = AuditRow.objects.get(action="changed by the register")
    assert before.until == date(2026, 8, 31)
    assert {c: getattr(before, c) for c in DATED} == {c: getattr(ashdale, c) for c in DATED}
    assert (audit.before, audit.after) == ({column: was}, {column: now, "since": "2026-09-01"})
    assert (audit.unit_id, audit.channel, audit.by) == (school.pk, "command", None)
    assert school.data_version == versions[0] + 1
    assert north.own_unit.data_version == versions[1] + 1
    assert "~ " in words
    assert said in words


def test_the_words_have_every_dated_fact_of_a_school():
    assert tuple(FACTS) == DATED


def test_a_blank_in_the_register_changes_nothing(north, tmp_path):
    make_school(north, **ASHDALE, is_church=True, has_sixth_form=True)
    blank = row(low="", high="", sixth_form="", character="", pupils="")

    assert "Nothing to change" in run(written(tmp_path, blank))


def test_two_changes_leave_two_times_before(north, ashdale, tmp_path):
    run(written(tmp_path, row(pupils="220")))
    run(written(tmp_path, row(pupils="230")), on=date(2026, 11, 1))

    school = the_school(north, pk=ashdale.pk)
    with inside(north):
        pupils = [
            school.as_on(day).pupils_on_roll
            for day in (date(2026, 8, 31), ON, date(2026, 10, 31), date(2026, 11, 1))
        ]
    assert pupils == [210, 220, 220, 230]


def test_a_second_change_from_the_same_day_corrects_the_first(north, ashdale, tmp_path):
    run(written(tmp_path, row(pupils="22")))
    run(written(tmp_path, row(pupils="220")))

    school = the_school(north, pk=ashdale.pk)
    with inside(north):
        assert [before.pupils_on_roll for before in SchoolBefore.objects.all()] == [210]
        assert school.pupils_on_roll == 220


def test_nothing_changes_from_a_day_before_the_last_change(north, ashdale, tmp_path):
    run(written(tmp_path, row(pupils="220")))
    before = everything(north)

    said = refusal(written(tmp_path, row(pupils="230")), on=date(2026, 8, 1))

    assert "is otherwise from 1 August 2026, but ASH has changed on 1 September 2026" in said
    assert everything(north) == before
    with inside(north), pytest.raises(Refused):
        the_school(north, pk=ashdale.pk).become(date(2026, 8, 1), pupils_on_roll=230)


def test_a_change_from_the_day_of_joining_has_nothing_before(north, tmp_path):
    make_school(north, **ASHDALE | {"joined": ON, "high_age": 7})

    run(written(tmp_path, row()))

    with inside(north):
        assert not SchoolBefore.objects.exists()
        assert School.objects.get().high_age == 11


def test_ages_that_would_be_turned_round_are_refused(north, tmp_path):
    make_school(north, **ASHDALE)

    said = refusal(written(tmp_path, row(low="11", high="")))

    assert "would be for ages 11 to 11; the lowest must be below." in said


def test_when_a_school_joined_is_not_for_the_register_to_change(north, ashdale, tmp_path):
    links = group_links(tmp_path, ("150001", NORTH, "Multi-academy trust", "01-04-2021"))

    said = run(written(tmp_path, row()), links=[links])

    assert the_school(north, pk=ashdale.pk).joined == date(2019, 9, 1)
    assert "joined on 1 September 2019 here, on 1 April 2021 in the register. Not changed" in said


def test_a_school_without_urn_is_found_by_its_dfe_number(north, tmp_path):
    school = make_school(north, **ASHDALE | {"urn": None})

    said = run(written(tmp_path, row()))

    assert the_school(north, pk=school.pk).urn == "150001"
    assert "URN: was none, now 150001" in said


# all-through


def test_a_school_that_becomes_all_through_gets_its_parts(north, ashdale, tmp_path):
    said = run(written(tmp_path, row(phase="7", high="16")))

    with inside(north):
        parts = Unit.objects.filter(parent=ashdale).order_by("code")
        assert [(p.code, p.joined, p.left) for p in parts] == [
            ("ASH-P", ON, None),
            ("ASH-S", ON, None),
        ]
    assert "gets a part for primary and a part for secondary" in said


def test_a_school_that_is_no_more_all_through_keeps_its_parts_with_a_last_day(north, tmp_path):
    school = make_school(north, **ASHDALE | {"phase": Phase.ALL_THROUGH, "high_age": 16})

    said = run(written(tmp_path, row(phase="4", low="11", high="16")))

    with inside(north):
        parts = Unit.objects.filter(parent=school).order_by("code")
        assert [(p.code, p.left) for p in parts] == [
            ("ASH-P", date(2026, 8, 31)),
            ("ASH-S", date(2026, 8, 31)),
        ]
        assert AuditRow.objects.filter(action="ended").count() == 2
    assert "its part ASH-P ends" in said
    assert "Nothing to change" in run(written(tmp_path, row(phase="4", low="11", high="16")))


def test_parts_are_called_like_their_school_and_are_judged_anew(north, tmp_path):
    school = make_school(north, **ASHDALE | {"phase": Phase.ALL_THROUGH, "high_age": 16})

    run(written(tmp_path, row(phase="7", high="16", name="Ashdale Academy")))

    with inside(north):
        parts = Unit.objects.filter(parent=school).order_by("code")
        assert [p.name for p in parts] == [
            "Ashdale Academy, primary",
            "Ashdale Academy, secondary",
        ]
        assert {p.data_version for p in parts} == {2}


# schools that leave


BECK = {"urn": "150002", "code": "BECK", "name": "Beckfoot", "laestab": "3802002"}


@pytest.fixture
def beckfoot(north, ashdale):
    return make_school(north, **ASHDALE | BECK)


def beck(**changed):
    return row("150002", name="Beckfoot", number="2002", **changed)


MOVED = {"uid": SOUTH, "trust": "SOUTH LEARNING TRUST"}


@pytest.mark.parametrize(
    ("line", "left", "why"),
    [
        case(
            "closed on a day",
            closed("150002", name="Beckfoot", number="2002", on="31-12-2025"),
            date(2025, 12, 31),
            "it is closed",
        ),
        case(
            "closed, nobody says when",
            closed("150002", name="Beckfoot", number="2002", on=""),
            date(2026, 8, 31),
            "it is closed; the register does not say when: the day before --on",
        ),
        case(
            "in another trust",
            beck(**MOVED),
            date(2026, 8, 31),
            "it is in SOUTH LEARNING TRUST (UID 17002): the day before --on",
        ),
        case(
            "in no trust",
            beck(uid="", trust="", flag="0"),
            date(2026, 8, 31),
            "it is in no trust any more: the day before --on",
        ),
    ],
)
def test_a_school_that_left_keeps_all_and_gets_its_last_day(
    north, beckfoot, tmp_path, line, left, why
):
    before = everything(north)[1]

    said = run(written(tmp_path, row(), line))

    school = the_school(north, pk=beckfoot.pk)
    assert (school.left, school.data_version) == (left, beckfoot.data_version + 1)
    assert why in said
    assert [s | {"left": None, "data_version": 1} for s in everything(north)[1]] == before
    with inside(north):
        audit = AuditRow.objects.get(action="left")
        assert (audit.before, audit.after) == ({"left": None}, {"left": left.isoformat()})
        assert not SchoolBefore.objects.exists()
    assert "Nothing to change" in run(written(tmp_path, row(), line))


def test_a_last_day_after_the_day_of_the_change_is_written_once(north, beckfoot, tmp_path):
    line = closed("150002", name="Beckfoot", number="2002", on="31-10-2026")
    run(written(tmp_path, row(), line))

    assert the_school(north, pk=beckfoot.pk).left == date(2026, 10, 31)
    assert "Nothing to change" in run(written(tmp_path, row(), line))


def test_group_links_say_when_it_left_for_another_trust(north, beckfoot, tmp_path):
    links = group_links(tmp_path, ("150002", SOUTH, "Multi-academy trust", "01-04-2026"))

    said = run(written(tmp_path, row(), beck(**MOVED)), links=[links])

    assert the_school(north, pk=beckfoot.pk).left == date(2026, 3, 31)
    assert "it is in SOUTH LEARNING TRUST (UID 17002) since 1 April 2026" in said


def test_a_mixed_school_leaves_with_its_parts(north, ashdale, tmp_path):
    school = make_school(north, **ASHDALE | BECK | {"phase": Phase.ALL_THROUGH, "high_age": 16})

    run(written(tmp_path, row(), beck(**MOVED)))

    with inside(north):
        parts = Unit.objects.filter(parent=school)
        assert {part.left for part in parts} == {date(2026, 8, 31)}


def test_a_school_that_is_not_in_the_file_has_not_left(north, beckfoot, tmp_path):
    said = run(written(tmp_path, row()))

    assert the_school(north, pk=beckfoot.pk).left is None
    assert "Beckfoot (BECK, URN 150002) is not in this file: not changed." in said


def test_a_school_cannot_leave_before_it_joined(north, beckfoot, tmp_path):
    line = closed("150002", name="Beckfoot", number="2002", on="31-08-2018")

    said = refusal(written(tmp_path, row(), line))

    assert "line 3, URN: Beckfoot (BECK, URN 150002) is closed. Its last day would be" in said
    assert said.endswith(UNCHANGED)


def test_a_school_that_is_to_close_is_still_there(north, beckfoot, tmp_path):
    assert "Nothing to change" in run(written(tmp_path, row(), beck(status="3")))


# URNs that follow each other


def test_a_new_urn_with_the_same_dfe_number_is_the_same_school(north, ashdale, tmp_path):
    head = make_user("headteacher", north, units=[ashdale])
    file = written(tmp_path, closed("150001"), row("160001", opened="01-09-2025"))

    said = run(file)

    school = the_school(north, pk=ashdale.pk)
    with inside(north):
        assert School.objects.count() == 1
        assert (school.urn, school.predecessor_urn) == ("160001", "150001")
        assert school.as_on(date(2025, 8, 31)).urn == "150001"
        assert school.as_on(date(2025, 9, 1)).urn == "160001"
        assert [unit.pk for unit in head.memberships.get().units.all()] == [school.pk]
    assert (school.joined, school.left) == (ashdale.joined, None)
    assert "~ Ashdale Primary School (ASH), from 1 September 2025:" in said
    assert "the same school after a conversion: its URN follows 150001" in said
    assert "Nothing to change" in run(file)


@pytest.mark.parametrize(
    ("kinds", "number", "stays"),
    [
        case("the one predecessor", ["Predecessor"], "2001", True),
        case("another DfE number", ["Predecessor"], "2009", False),
        case("merged", ["Predecessor - merged"], "2001", False),
        case("amalgamated", ["Predecessor - amalgamated"], "2001", False),
        case("split", ["Predecessor - Split School"], "2001", False),
        case("one of two", ["Predecessor", "Predecessor"], "2001", False),
        case("the other way round", ["Successor"], "2001", False),
        case("not named", [], "2001", False),
    ],
)
def test_links_of_schools_say_whether_a_urn_follows(north, ashdale, tmp_path, kinds, number, stays):
    before = zip(["150001", "140001"], kinds, strict=False)
    links = school_links(tmp_path, *(("160001", urn, kind) for urn, kind in before))
    file = written(tmp_path, closed("150001"), row("160001", number=number, opened="01-09-2025"))

    if not stays:
        # So that another of its schools is in the group.
        make_school(north, **ASHDALE | BECK)
        file = written(
            tmp_path,
            closed("150001"),
            row("160001", number=number, opened="01-09-2025"),
            beck(),
        )
    run(file, links=[links])

    with inside(north):
        old, new = School.objects.get(pk=ashdale.pk), School.objects.get(urn="160001")
    assert (old.pk == new.pk) == stays
    assert old.left == (None if stays else date(2025, 8, 31))
    follows = "150001" if kinds == ["Predecessor"] else ""
    assert new.predecessor_urn == follows


def test_links_of_schools_are_enough_where_the_extract_has_open_schools_only(
    north, ashdale, tmp_path
):
    links = school_links(tmp_path, ("160001", "150001", "Predecessor"))

    run(written(tmp_path, row("160001", opened="01-09-2025")), links=[links])

    assert the_school(north, pk=ashdale.pk).urn == "160001"


def test_two_open_schools_with_one_dfe_number_are_refused(north, ashdale, tmp_path):
    make_school(north, **ASHDALE | BECK)
    lines = row(**MOVED), row("160001"), beck()

    said = refusal(written(tmp_path, *lines))

    assert "has the DfE number of ASH (URN 150001, line 2), and both are open in this file" in said


def test_a_urn_does_not_follow_one_that_is_still_open(north, ashdale, tmp_path):
    links = school_links(tmp_path, ("160001", "150001", "Predecessor"))

    said = refusal(written(tmp_path, row(**MOVED), row("160001")), links=[links])

    assert "both are open in this file; one URN must be closed." in said


def test_a_new_urn_whose_predecessor_is_not_in_the_file_is_refused(north, ashdale, tmp_path):
    make_school(north, **ASHDALE | BECK)

    said = refusal(written(tmp_path, row("160001"), beck()))

    assert "has the DfE number of ASH (URN 150001), which is not in this file." in said


# what cannot be


@pytest.mark.parametrize(
    ("there", "said"),
    [
        case(
            "it had left",
            {"left": date(2026, 3, 31)},
            "“Ashdale Primary School” is in the trust, and ASH left on 31 March 2026.",
        ),
        case(
            "same name without URN",
            {"urn": None, "laestab": ""},
            "“Ashdale Primary School” has the name of ASH, which has no URN.",
        ),
        case(
            "the code is taken",
            {"urn": "150009", "code": "150001", "laestab": "", "name": "Other"},
            "cannot be a school: ",
        ),
    ],
)
def test_a_school_that_cannot_be_told_is_refused_and_the_rest_with_it(north, tmp_path, there, said):
    make_school(north, **ASHDALE | there)
    make_school(north, **ASHDALE | BECK)
    before = everything(north)

    words = refusal(written(tmp_path, row(), beck(pupils="999")))

    assert words.startswith("edubasealldata20261122.csv, line 2, URN: ")
    assert said in words
    assert words.endswith(UNCHANGED)
    assert everything(north) == before


def test_a_school_of_another_trust_here_is_refused(north, tmp_path):
    make_school(make_trust("south", name="South Learning Trust"), **ASHDALE)

    said = refusal(written(tmp_path, row()))

    assert "is here already, as a school of South Learning Trust." in said


def test_another_group_by_mistake_sends_no_school_away(north, ashdale, tmp_path):
    before = everything(north)
    theirs = row("150002", name="Beckfoot", number="2002", **MOVED)

    said = refusal(written(tmp_path, row(), theirs), group=SOUTH)

    assert said.splitlines() == [
        "edubasealldata20261122.csv: none of the schools of North Learning Trust is in "
        "SOUTH LEARNING TRUST (UID 17002). Is this the right group?",
        UNCHANGED,
    ]
    assert everything(north) == before


def test_one_bad_cell_stops_all(north, ashdale, tmp_path):
    before = everything(north)

    said = refusal(written(tmp_path, row(pupils="230"), beck(low="four")))

    assert said.splitlines() == [
        "edubasealldata20261122.csv, line 3, StatutoryLowAge: “four” is no whole number; "
        "0 to 99 is allowed.",
        UNCHANGED,
    ]
    assert everything(north) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        case("no such trust", {"trust": "nowhere"}, "There is no trust with the slug nowhere."),
        case("a day to come", {"on": date(2999, 1, 1)}, "--on 2999-01-01 has not come yet"),
        case("no such links", {"links": [Path("none.csv")]}, "none.csv cannot be read: No such"),
    ],
)
def test_what_is_asked_for_must_be_there(north, tmp_path, options, said):
    assert said in refusal(written(tmp_path, row()), **options)


def test_schools_that_changed_while_the_file_was_read_stop_it(north, ashdale, tmp_path):
    seen = urns_here(north)
    extract = read_extract(written(tmp_path, row()), NORTH, seen)
    make_school(north, **ASHDALE | BECK)

    with pytest.raises(Refused, match="Somebody has changed the schools meanwhile"):
        bring_up_to_date(north, extract, Links(), ON, seen=seen, apply=True)


def test_a_file_that_is_not_there_is_named(north, tmp_path):
    assert "none.csv cannot be read: No such file" in refusal(tmp_path / "none.csv")


# again and again


def test_the_real_register_twice_changes_nothing_the_second_time(north):
    options = {"group": "5143", "links": [REAL / "group_links_2019.csv"]}

    first = run(REAL / "establishments_2026.csv", **options)
    before = everything(north)
    second = run(REAL / "establishments_2026.csv", **options)

    assert "To add (33):" in first
    assert "Nothing to change: North Learning Trust is as the register says." in second
    assert everything(north) == before


def test_schools_of_another_trust_are_never_touched(north, tmp_path):
    south = make_trust("south")
    make_school(south, **ASHDALE | BECK)
    before = everything(south)

    run(written(tmp_path, row(), beck(**MOVED)))

    assert everything(south) == before


def is_plainly_windows(name):
    """Its bytes say nothing else as UTF-8: nobody could tell which it is."""
    try:
        return name.encode("cp1252").decode() == name
    except UnicodeDecodeError:
        return True


NAMES = st.text(
    st.characters(codec="cp1252", categories=["L", "N"]), min_size=1, max_size=60
).filter(is_plainly_windows)


def lines(number):
    """One open school of the group, as the register may have it."""
    low = st.integers(2, 11)
    return st.builds(
        lambda low, span, **more: row(
            f"15{number:04}", number=f"{number}", low=str(low), high=str(low + span), **more
        ),
        low=low,
        span=st.integers(1, 14),
        name=NAMES,
        kind=st.sampled_from(["28", "34", "35", "36", "38", "40", "44", "45"]),
        status=st.sampled_from(["1", "3"]),
        phase=st.sampled_from([str(code) for code in codes.PHASES if code]),
        sixth_form=st.sampled_from(["0", "1", "2", ""]),
        character=st.sampled_from(["Church of England", "None", "Does not apply", "Muslim", ""]),
        pupils=st.one_of(st.just(""), st.integers(0, 3000).map(str)),
        opened=st.sampled_from(["", "01-01-1900", "01-09-2012"]),
    )


def registers():
    """A register's rows of one to four schools."""
    return st.integers(1, 4).flatmap(
        lambda many: st.tuples(*(lines(number) for number in range(1, many + 1)))
    )


# Each example is two or three imports.
FEW = settings(max_examples=25, deadline=None)


class WhateverTheRegisterSays(HypothesisTestCase):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    @FEW
    @given(registers(), registers())
    def test_importing_what_was_just_imported_changes_nothing(self, first, second):
        """Whatever stood in the trust before."""
        trust = make_trust("north", name="North Learning Trust")
        run(written(self.folder, *first), on=date(2026, 1, 1))
        file = written(self.folder, *second)
        run(file)
        before = everything(trust)

        said = run(file)

        assert "Nothing to change" in said
        assert everything(trust) == before

    @FEW
    @given(registers(), registers())
    def test_what_was_true_before_a_change_is_still_true_of_then(self, first, second):
        trust = make_trust("north", name="North Learning Trust")
        then, later = date(2026, 1, 1), date(2026, 8, 31)
        run(written(self.folder, *first), on=then)
        with inside(trust):
            facts = {s.pk: {c: getattr(s, c) for c in DATED} for s in School.objects.all()}

        run(written(self.folder, *second))

        with inside(trust):
            for pk, was in facts.items():
                on_that_day = School.objects.get(pk=pk).as_on(later)
                assert {c: getattr(on_that_day, c) for c in DATED} == was

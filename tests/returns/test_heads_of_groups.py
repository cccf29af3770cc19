"""Heads about a pupil group: an export with a column for each measure and group of pupils."""

import io
import zipfile

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from openpyxl import Workbook

from kpis.models import PupilGroup
from returns.models import Heading, Line
from returns.spreadsheets.proposing import proposed, spellings_of
from returns.spreadsheets.shapes import Of, rows_of
from schools.models import Role
from tests.factories import make_head, make_house, make_measure, make_return, make_term, make_user

from .test_foreign_heads import chosen_in, table
from .test_uploads import LATEST, address_of, confirm, send

ATT, ATT_PP = Of("attendance", "value"), Of("attendance", "value", "disadvantaged")


@pytest.fixture
def house(db):
    trust, _, attendance, schools = make_house(schools=2)
    attendance.groups.set(PupilGroup.objects.filter(code__in=["all", "disadvantaged", "send"]))
    make_measure(trust, "Persistent absence", better="lower", groups=["all", "eal"])
    make_measure(
        trust,
        "Clubs",
        counts="both",
        numerator_name="Pupils who took part",
        denominator_name="Pupils on roll",
        groups=["all", "send"],
    )
    make_measure(
        trust, "Homework done", counts="weight", denominator_name="Pupils asked", groups=["all"]
    )
    make_measure(trust, "Parents pleased", survey=True, groups=["all"])
    return trust, make_term(trust, LATEST), attendance, schools


def columns_of(client, address, data):
    """The page on which the heads of a file are given their meaning."""
    return send(client, address, data).request["PATH_INFO"] + "columns/"


def meant(client, address, heads):
    return chosen_in(client.get(columns_of(client, address, f"{','.join(heads)}\n".encode())))


def values():
    return {
        (measure, group): value or f"{numerator}/{denominator}"
        for measure, group, value, numerator, denominator in Line.everywhere.values_list(
            "measure__code", "group__code", "value", "numerator", "denominator"
        )
        if value or numerator
    }


@pytest.mark.django_db
def test_every_usual_spelling_is_of_one_group_of_the_list_and_no_other():
    groups = {
        group.code: spellings_of(group.code, group.name) for group in PupilGroup.objects.all()
    }
    for head, code in {
        "PP": "disadvantaged",
        "Pupil Premium": "disadvantaged",
        "SEN": "send",
        "SEN support": "sen_support",
        "EHCP": "ehcp",
        "EAL": "eal",
        "FSM": "fsm",
        "Male": "boys",
        "Girls": "girls",
        "LAC": "looked_after",
        "CIN": "child_in_need",
        "Not disadvantaged": "not_disadvantaged",
    }.items():
        assert proposed([head], groups) == {head: code}
    assert proposed(["Non PP", "Year 7", "FSM6"], groups) == {}


def test_a_line_is_a_row_for_each_group_that_a_head_says():
    names = {"school": "unit", "att": ATT, "att pp": ATT_PP}
    lines = table(["School", "Att", "Att PP"], ["100001", "94.1", "90.2"], ["100002", "", "89"])

    found = rows_of([lines], names, {"term": "Summer"})

    told = [(one.number, one.group, one["value"], one.letters["value"]) for one in found.rows]
    assert told == [
        (2, "", "94.1", "B"),
        (2, "disadvantaged", "90.2", "C"),
        (3, "disadvantaged", "89", "C"),
    ]


def test_heads_about_groups_are_proposed_where_the_term_asks_for_them(house, sign_in):
    _, term, _, [school, _] = house
    return_ = make_return(school, term)
    client = sign_in(make_head(school))

    proposals = meant(
        client,
        address_of("return-spreadsheet", return_),
        [
            "Attendance % PP",
            "Attendance % (SEND)",
            "Attendance % all pupils",
            "Attendance EAL",  # not asked of attendance
            "Attendance non-PP",
            "EAL persistent absences",
            "Clubs pupils on roll SEN",
            "PP",
        ],
    )

    assert proposals == {
        "Attendance % PP": "value of attendance, disadvantaged",
        "Attendance % (SEND)": "value of attendance, send",
        "Attendance % all pupils": "value of attendance",
        "Attendance EAL": "",
        "Attendance non-PP": "",
        "EAL persistent absences": "value of persistent-absence, eal",
        "Clubs pupils on roll SEN": "denominator of clubs, send",
        "PP": "",
    }


def test_the_choices_stand_under_the_group_that_they_are_about(house, sign_in):
    _, term, _, [school, _] = house
    client = sign_in(make_head(school))
    page = client.get(
        columns_of(client, address_of("return-spreadsheet", make_return(school, term)), b"A\n1\n")
    )

    groups = page.text.split("<optgroup ")[1:]
    labels = [one.partition('label="')[2].partition('"')[0] for one in groups]
    assert labels == [
        "What a row is about",
        "Figures of all pupils, or of the row&#x27;s group",
        "Figures of: Disadvantaged",
        "Figures of: SEND",
        "Figures of: English as an additional language",
    ]
    assert "Clubs, SEND: pupils on roll</option>" in groups[3]  # closed, it says its group too
    assert groups[3].count("<option") == 3  # attendance, and the two counts of clubs


@pytest.mark.parametrize("school_by_school", [True, False])
def test_heads_with_groups_are_said_once_applied_undone_and_remembered(
    house, sign_in, school_by_school
):
    trust, term, _, [school, _] = house
    if school_by_school:
        client = sign_in(make_head(school))
        address = address_of("return-spreadsheet", make_return(school, term))
    else:
        client = sign_in(make_user(Role.DATA_MANAGER, trust))
        address = reverse("returns:spreadsheet", args=[trust])
    data = (
        "URN,Attendance %,Attendance % PP,Clubs: pupils who took part (SEND),"
        f"Clubs: pupils on roll (SEND)\n{school.urn},94.1,90.2,15,40\n"
    ).encode()
    heads = columns_of(client, address, data)
    chosen = chosen_in(client.get(heads))

    checked = client.post(
        heads, {f"head-{at}": value for at, value in enumerate(chosen.values())}, follow=True
    )
    assert "3 new" in checked.text
    assert "Attendance, disadvantaged" in checked.text
    page = confirm(client, checked)
    expected = {
        ("attendance", "all"): "94.1",
        ("attendance", "disadvantaged"): "90.2",
        ("clubs", "send"): "15/40",
    }
    assert values() == expected
    client.post(page.request["PATH_INFO"] + "undo/")
    assert values() == {}

    again = send(client, address, data)  # nobody is asked any more
    assert "3 new" in again.text
    confirm(client, again)
    assert values() == expected
    kept = Heading.everywhere.get(heading="attendance % pp")
    assert (kept.column, kept.measure.code, kept.group.code) == (
        "value",
        "attendance",
        "disadvantaged",
    )
    with pytest.raises(ProtectedError):
        kept.group.delete()


def test_a_zip_of_exports_is_read_by_the_heads_that_are_remembered(house, sign_in):
    trust, _, attendance, schools = house
    group = PupilGroup.objects.get(code="send")
    for heading, meaning in {
        "urn": {"column": "unit"},
        "send %": {"column": "value", "measure": attendance, "group": group},
    }.items():
        Heading.everywhere.create(unit=trust.own_unit, heading=heading, **meaning)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for school in schools:
            book, saved = Workbook(), io.BytesIO()
            book.active.append(["URN", "SEND %"])
            book.active.append([school.urn, 91.5])
            book.save(saved)
            archive.writestr(f"{school.urn}.xlsx", saved.getvalue())
    client = sign_in(make_user(Role.DATA_MANAGER, trust))

    checked = send(
        client, reverse("returns:spreadsheet", args=[trust]), packed.getvalue(), "all.zip"
    )
    confirm(client, checked)

    assert Line.everywhere.filter(group=group, value="91.5").count() == 2


@pytest.mark.parametrize(
    ("told", "is_refused"),
    [("", False), ("disadvantaged", False), ("Disadvantaged", False), ("send", True), ("?", True)],
)
def test_a_head_and_a_row_that_say_two_groups_are_refused_at_the_cell(
    house, sign_in, told, is_refused
):
    _, term, attendance, [school, _] = house
    group = PupilGroup.objects.get(code="disadvantaged")
    Heading.everywhere.create(
        unit=school, heading="att pp", column="value", measure=attendance, group=group
    )
    client = sign_in(make_head(school))

    page = send(
        client,
        address_of("return-spreadsheet", make_return(school, term)),
        f"pupil_group,Att PP\n{told},90.2\n".encode(),
    )

    assert ("The head of this column says Disadvantaged" in page.text) == is_refused
    assert ("1 new" in page.text) != is_refused
    if is_refused:
        assert f"the pupil_group of this row says &quot;{told}&quot;" in page.text
        problems = client.get(page.request["PATH_INFO"] + "problems.csv").content.decode()
        assert "90.2" in problems


def test_what_a_column_fills_of_the_rows_group_is_as_it_was(house, sign_in):
    _, term, attendance, [school, _] = house
    Heading.everywhere.create(unit=school, heading="att", column="value", measure=attendance)
    client = sign_in(make_head(school))

    page = send(
        client,
        address_of("return-spreadsheet", make_return(school, term)),
        b"pupil_group,Att\n,94.1\nsend,91\n",
    )
    confirm(client, page)

    assert values() == {("attendance", "all"): "94.1", ("attendance", "send"): "91"}


# What cannot be sent by itself


def test_a_percentage_that_needs_counts_is_not_proposed_and_says_what_it_needs(house, sign_in):
    _, term, _, [school, _] = house
    client = sign_in(make_head(school))
    heads = columns_of(
        client,
        address_of("return-spreadsheet", make_return(school, term)),
        b"Clubs %,Clubs % SEND,Homework done %,Parents pleased %,Attendance %\n1,2,3,4,5\n",
    )

    page = client.get(heads)

    assert chosen_in(page) == {
        "Clubs %": "",
        "Clubs % SEND": "",
        "Homework done %": "value of homework-done",
        "Parents pleased %": "value of parents-pleased",
        "Attendance %": "value of attendance",
    }
    for words in (
        "Clubs is worked out from two counts: pupils who took part, and pupils on roll. "
        "It cannot be sent without them, so each needs a column.",
        "Clubs, SEND is worked out from two counts",
        "Homework done needs a column too for how many it is about (pupils asked).",
        "Parents pleased needs a column too for how many people answered (respondents).",
    ):
        assert words in page.text
    assert "Attendance needs" not in page.text
    assert "3 of 5 are proposed by name." in page.text

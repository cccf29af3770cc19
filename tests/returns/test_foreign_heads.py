"""The heads of another program's export: what is proposed, what is not, and a column a measure."""

import re

import pytest
from django.urls import reverse

from returns.models import Heading, Line, UploadedLine
from returns.spreadsheets.files import BadFile, UnknownHeads
from returns.spreadsheets.proposing import SPELLINGS, proposed
from returns.spreadsheets.shapes import Of, rows_of
from returns.spreadsheets.table import Table
from schools.models import AuditRow, Role
from tests.factories import make_head, make_house, make_measure, make_return, make_term, make_user

from .test_uploads import LATEST, address_of, confirm, send

MEASURES = {
    "attendance": ("attendance", "Attendance"),
    "pa": ("persistent_absence", "Persistent absence"),
    "authorised": ("Authorised absence",),
    "reading": ("Reading progress",),
    "writing": ("Writing progress",),
    "p8": ("progress_8", "Progress 8"),
    "a8": ("attainment_8", "Attainment 8"),
    "rwm": ("KS2 reading, writing and maths, expected standard",),
}


@pytest.mark.parametrize(
    ("head", "meaning"),
    [
        ("Att %", "attendance"),
        ("ATTENDANCE (%)", "attendance"),
        ("% attendance rate", "attendance"),
        ("Attendence", "attendance"),
        ("persistent-absences", "pa"),
        ("PA", "pa"),
        ("Progress8", "p8"),
        ("KS2 RWM exp.", "rwm"),
        ("School", "unit"),
        ("Indicator", "measure_code"),
        ("Result", "value"),
    ],
)
def test_a_head_is_proposed_by_code_name_and_usual_spelling(head, meaning):
    assert proposed([head], MEASURES | SPELLINGS) == {head: meaning}


@pytest.mark.parametrize(
    "head",
    [
        "Progress",  # of three measures
        "Absence",
        "Unauthorised absence",  # the opposite of a measure, one letter group away
        "Attendance PP",  # of some pupils, and not of all
        "Attendance 2024",
        "Attainment 9",
        "KS1 RWM exp.",
        "Teacher",
        "%",
        "",
    ],
)
def test_a_head_that_is_only_nearly_a_measure_is_not_proposed(head):
    assert proposed([head], MEASURES | SPELLINGS) == {}


def test_of_two_measures_alike_neither_is_proposed():
    alike = {"primary": ("Attendance",), "secondary": ("Attendance rate",)}
    assert proposed(["Att %"], alike) == {}
    near = {"one": ("Enrichment",), "other": ("Enrichments!",), "third": ("Enrichmant",)}
    assert proposed(["Enrichmint"], near) == {}


def test_two_heads_that_mean_the_same_are_left_to_a_person():
    assert proposed(["Att %", "Attendance"], MEASURES) == {}
    assert proposed(["Att %"], MEASURES, taken=["attendance"]) == {}


# A column for each measure


def table(*lines, **about):
    return Table(rows=[(number, list(cells)) for number, cells in enumerate(lines, 1)], **about)


ATT, PA = Of("attendance", "value"), Of("pa", "value")


def test_a_line_with_several_measures_is_a_row_for_each_that_it_fills():
    names = {"school": "unit", "att %": ATT, "pa %": PA, "head": ""}
    lines = table(
        ["School", "Att %", "Head", "PA %"],
        ["100001", "94.1", "A. N.", "18"],
        ["100002", "", "B. N.", "17"],
    )

    found = rows_of([lines], names, {"academic_year": "2025/26", "term": "Summer"})

    told = [(one.number, one["unit"], one["measure_code"], one["value"]) for one in found.rows]
    assert told == [
        (2, "100001", "attendance", "94.1"),
        (2, "100001", "pa", "18"),
        (3, "100002", "pa", "17"),
    ]
    assert [one.letters["value"] for one in found.rows] == ["B", "D", "D"]
    assert not found.faults


def test_a_cell_that_cannot_be_read_is_told_once():
    names = {"unit": "unit", "att %": ATT, "pa %": PA}
    lines = table(["unit", "Att %", "PA %"], ["100001", "94.1", "18"], wrongs={(2, 0): "An error."})

    assert len(rows_of([lines], names, {"term": "Summer"}).faults) == 1


def test_a_column_for_each_measure_and_one_that_names_it_do_not_go_together():
    lines = table(["unit", "measure_code", "Att %"], ["100001", "pa", "94.1"])
    with pytest.raises(UnknownHeads, match="Leave it out"):
        rows_of([lines], {"att %": ATT}, {"term": "Summer"})


def test_figures_are_counted_and_not_lines(monkeypatch):
    monkeypatch.setattr("returns.spreadsheets.shapes.MOST_ROWS", 3)
    lines = table(["unit", "Att %", "PA %"], *[["100001", "94.1", "18"]] * 2)
    with pytest.raises(BadFile, match="more than 3 figures"):
        rows_of([lines], {"att %": ATT, "pa %": PA}, {"term": "Summer"})


# On the page


@pytest.fixture
def house(db):
    trust, _, attendance, schools = make_house(schools=2)
    make_measure(trust, "Persistent absence", better="lower")
    counts = {"counts": "both", "numerator_name": "Pupils who took part"}
    make_measure(trust, "Clubs", denominator_name="Pupils on roll", **counts)
    return trust, make_term(trust, LATEST), attendance, schools


def chosen_in(page):
    """What stands in each choice: {head: value}."""
    boxes = re.findall(r'<label for="[^"]*">([^<]*)</label>.*?<select.*?</select>', page.text, re.S)
    picked = [
        (re.search(r'value="([^"]*)" selected', select) or ["", ""])[1]
        for select in re.findall(r"<select.*?</select>", page.text, re.S)
    ]
    return dict(zip(boxes, picked, strict=True))


DATA = (
    "URN,Att %,Persistant absence,Pupils who took part,Pupils on roll,Teacher\n"
    "{},93.5,18%,150,200,A. N. Other\n"
)


def test_an_export_with_a_column_for_each_measure_goes_in_once_its_heads_are_agreed(house, sign_in):
    _, term, _, [school, _] = house
    return_ = make_return(school, term)
    client = sign_in(make_head(school))
    checked = send(
        client, address_of("return-spreadsheet", return_), DATA.format(school.urn).encode()
    )
    heads = checked.request["PATH_INFO"] + "columns/"
    page = client.get(heads)

    proposals = chosen_in(page)
    assert proposals == {
        "URN": "unit",
        "Att %": "value of attendance",
        "Persistant absence": "value of persistent-absence",
        "Pupils who took part": "numerator of clubs",
        "Pupils on roll": "denominator of clubs",
        "Teacher": "",
    }
    assert page.text.count("Proposed by its name: check it.") == 5
    assert "5 of 6 are proposed by name. Nothing is kept until you say so." in page.text
    # Looked at and left, nothing of it is kept or applied.
    assert not Heading.everywhere.exists()
    assert "Say what its columns mean" in client.get(checked.request["PATH_INFO"]).text

    answer = {f"head-{place}": value for place, value in enumerate(proposals.values())}
    checked = client.post(heads, answer, follow=True)
    assert "0 will change · 3 new" in checked.text
    confirm(client, checked)
    told = {
        code: (value or numerator, denominator)
        for code, value, numerator, denominator in Line.everywhere.values_list(
            "measure__code", "value", "numerator", "denominator"
        )
    }
    assert told == {
        "attendance": ("93.5", ""),
        "persistent-absence": ("18%", ""),
        "clubs": ("150", "200"),
    }
    assert set(UploadedLine.everywhere.values_list("row", flat=True)) == {2}
    [said] = AuditRow.everywhere.filter(action="said what heads mean")
    assert said.after["att %"] == "value of attendance"


def test_what_was_said_of_a_head_can_be_said_otherwise(house, sign_in):
    _, term, attendance, [school, _] = house
    return_ = make_return(school, term)
    client = sign_in(make_head(school))
    Heading.everywhere.create(unit=school, heading="rate", column="value", measure=attendance)
    checked = send(client, address_of("return-spreadsheet", return_), b"Rate\n18\n")
    heads = checked.request["PATH_INFO"] + "columns/"
    assert f'href="{heads}">Change what they mean' in checked.text
    assert chosen_in(client.get(heads)) == {"Rate": "value of attendance"}

    checked = client.post(heads, {"head-0": "value of persistent-absence"}, follow=True)

    assert "Persistent absence" in checked.text
    confirm(client, checked)
    assert Line.everywhere.get().measure.code == "persistent-absence"
    assert client.get(heads).status_code == 404  # applied: nothing to be said any more


def test_what_was_said_before_wins_over_a_proposal(house, sign_in):
    _, term, attendance, [school, _] = house
    return_ = make_return(school, term)
    client = sign_in(make_head(school))
    Heading.everywhere.create(unit=school, heading="att %", column="")
    Heading.everywhere.create(unit=school, heading="result", column="value", measure=attendance)
    data = b"Att %,Result,Persistent absence\n90,93.5,18\n"

    checked = send(client, address_of("return-spreadsheet", return_), data)
    page = client.get(checked.request["PATH_INFO"] + "columns/")

    assert chosen_in(page) == {
        "Att %": "",
        "Result": "value of attendance",
        "Persistent absence": "value of persistent-absence",
    }
    assert page.text.count("Proposed by its name") == 1


def test_a_measure_with_counts_is_not_proposed_for_its_percentage(house, sign_in):
    trust, _, _, _ = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    page = reverse("returns:spreadsheet", args=[trust])

    checked = send(client, page, b"School,Clubs %\n100001,75\n")

    assert chosen_in(client.get(checked.request["PATH_INFO"] + "columns/"))["Clubs %"] == ""


def test_figures_of_measures_and_a_column_of_measures_are_not_chosen_together(house, sign_in):
    _, term, _, [school, _] = house
    return_ = make_return(school, term)
    client = sign_in(make_head(school))
    checked = send(client, address_of("return-spreadsheet", return_), b"A,B\n1,2\n")
    heads = checked.request["PATH_INFO"] + "columns/"

    for answer, words in (
        ({"head-0": "value of attendance", "head-1": "value"}, "cannot be there beside"),
        ({"head-0": "value of attendance", "head-1": "value of attendance"}, "cannot both mean"),
        ({"head-0": "unit", "head-1": ""}, "Say which column has the code or name"),
    ):
        page = client.post(heads, answer)
        assert page.status_code == 422
        assert words in page.text
    assert not Heading.everywhere.exists()

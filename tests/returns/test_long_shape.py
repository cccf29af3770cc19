"""What goes out as figures comes in again, and goes out the same."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from kpis.models import Entry, Judgement, Level, Scale, ScaleVersion
from returns.models import Return
from returns.spreadsheets.files import COLUMNS
from returns.spreadsheets.long_shape import rows_out
from schools.models import Role
from schools.tenancy import inside
from tests.factories import make_head, make_measure, make_school, make_term, make_trust, make_user

pytestmark = pytest.mark.django_db

TERM = "2026-summer"
EVERY_TERM = {"basis": "term", "unit": "%"}

# Of each kind of answer: the measure, and what is typed as a file has it.
ASKED = {
    "plain": {"counts": "none"},
    "counted": {"counts": "both", "numerator_name": "Present", "denominator_name": "Possible"},
    "weighed": {"counts": "weight", "kind": "score", "decimals": 2},
    "small-share": {"decimals": 2},
    "money": {"kind": "money", "decimals": 0, "about_pupils": False},
    "survey": {"survey": True},
    "yes-no": {"kind": "yes_no"},
    "when": {"kind": "date"},
    "cases": {"kind": "cases", "about_pupils": False},
    "rated": {"kind": "rating", "basis": "date"},
    "grade": {"kind": "level", "basis": "date"},
    "whole-year": {"basis": "academic_year"},
    "nobody": {},
    "hidden": {},
    "awaited": {},
    "of-groups": {"groups": ("all", "send")},
}
TYPED = [
    ("plain", {"value": "93.25", "why": "=SUM(A1) is no formula", "what_next": "Calls, “daily”"}),
    ("counted", {"numerator": "375", "denominator": "401"}),
    ("weighed", {"value": "-0.31", "denominator": "58"}),
    ("small-share", {"value": "0.25%"}),
    ("money", {"value": "£1,204,500"}),
    ("survey", {"value": "81", "respondents": "120", "invited": "150", "reviewer": "A. Pollster"}),
    ("yes-no", {"value": "yes", "on": "2026-05-12"}),
    ("when", {"value": "12 May 2026"}),
    ("cases", {"numerator": "2", "denominator": "9"}),
    (
        "rated",
        {
            "value": "close to target",
            "on": "2026-05-12",
            "reviewer": "B. Visitor",
            "kind": "external",
            "evidence": "Two visits,\nand a report",
        },
    ),
    ("grade", {"value": "Strong", "on": "2026-05-12"}),
    ("whole-year", {"value": "71", "term": "Year"}),
    ("nobody", {"value": "n/a"}),
    ("hidden", {"value": "few"}),
    ("awaited", {"value": "later", "on": "2026-10-01"}),
    ("of-groups", {"value": "90"}),
    ("of-groups", {"value": "80", "pupil_group": "send"}),
]


def a_trust_that_asks_everything():
    trust = make_trust()
    scale = Scale.everywhere.create(trust=trust, code="grades", name="Grades")
    version = ScaleVersion.everywhere.create(scale=scale, key="1")
    for order, name in enumerate(("Fragile", "Strong")):
        Level.everywhere.create(version=version, order=order, key=name.lower(), name=name)
    for code, columns in ASKED.items():
        more = {"scale": scale} if columns.get("kind") == "level" else {}
        name = code.capitalize()
        make_measure(trust, name, **{"code": code, **EVERY_TERM, **columns, **more})
    return trust, make_school(trust, "Ash School", code="ASH", urn=None)


def as_file(rows, path):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def typed_rows():
    about = {"unit": "ASH", "academic_year": "2025/26", "term": "Summer"}
    return [{**about, "measure_code": code, **cells} for code, cells in TYPED]


def bring_in(path, trust):
    manager = make_user(Role.DATA_MANAGER, trust)
    call_command(
        "import_figures", path, trust=trust.slug, email=manager.email, approve=True, verbosity=0
    )
    return manager


def out(trust, sign_in, kind="csv"):
    by = make_user(Role.DATA_MANAGER, trust)
    address = reverse(f"dashboard:figures-{kind}", args=[trust.slug], query={"term": TERM})
    answer = sign_in(by).get(address)
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def facts(trust):
    """What counts, without numbers of rows."""
    columns = ["value", "numerator", "denominator", "level__name", "done", "done_on", "why_none"]
    columns += ["expected_on", "respondents", "invited", "provider", "period", "group__code"]
    entries = Entry.everywhere.filter(measure__trust=trust)
    ratings = Judgement.everywhere.filter(measure__trust=trust)
    return (
        sorted(entries.values_list("measure__code", *columns), key=str),
        sorted(ratings.values_list("rating", "on", "kind", "reviewer", "evidence"), key=str),
    )


def test_out_in_and_out_again_is_the_same_for_every_kind_of_answer(tmp_path, sign_in):
    one, _ = a_trust_that_asks_everything()
    two, _ = a_trust_that_asks_everything()
    bring_in(as_file(typed_rows(), tmp_path / "typed.csv"), one)
    first = out(one, sign_in)
    path = tmp_path / "out.csv"
    path.write_bytes(first)

    bring_in(path, two)

    assert out(two, sign_in) == first
    assert facts(two) == facts(one)
    entries, ratings = facts(one)
    assert (len(entries), len(ratings)) == (len(TYPED) - 1, 1)


def test_figures_are_numbers_and_what_is_none_is_a_code(tmp_path):
    trust, _ = a_trust_that_asks_everything()
    bring_in(as_file(typed_rows(), tmp_path / "typed.csv"), trust)

    with inside(trust):
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in rows_out(Return.objects.all())]

    said = {(row["measure_code"], row["pupil_group"]): row for row in rows}
    assert said["plain", "all"]["value"] == Decimal("93.25")
    assert said["counted", "all"]["value"] == Decimal("93.5")
    assert said["counted", "all"]["numerator"] == 375
    assert said["money", "all"]["value"] == 1_204_500
    assert said["when", "all"]["value"] == date(2026, 5, 12)
    assert said["whole-year", "all"]["term"] == "Year"
    codes = [said[code, "all"]["value"] for code in ("nobody", "hidden", "awaited")]
    assert codes == ["z", "c", "x"]
    assert said["awaited", "all"]["on"] == date(2026, 10, 1)
    assert said["of-groups", "send"]["value"] == 80


def test_what_is_still_being_typed_is_in_no_file(tmp_path, sign_in):
    trust, _ = a_trust_that_asks_everything()
    manager = make_user(Role.DATA_MANAGER, trust)
    path = as_file(typed_rows(), tmp_path / "typed.csv")
    call_command("import_figures", path, trust=trust.slug, email=manager.email, verbosity=0)

    assert rows_of(out(trust, sign_in)) == []


def test_a_school_gets_its_own_figures_and_nobody_elses(tmp_path, sign_in):
    trust, ash = a_trust_that_asks_everything()
    make_school(trust, "Birch School", code="BIRCH", urn=None)
    rows = [
        *typed_rows(),
        {**typed_rows()[0], "unit": "BIRCH", "value": "41.7"},
    ]
    bring_in(as_file(rows, tmp_path / "typed.csv"), trust)
    address = reverse("dashboard:figures-csv", args=[trust.slug], query={"term": TERM})

    mine = sign_in(make_head(ash)).get(address).content
    everybodys = out(trust, sign_in)
    reader = sign_in(make_user(Role.LEADER, trust)).get(address)

    assert {row["unit"] for row in rows_of(mine)} == {"ASH"}
    assert {row["unit"] for row in rows_of(everybodys)} == {"ASH", "BIRCH"}
    assert reader.status_code == 404


@pytest.mark.parametrize("schools", [1, 3])
def test_more_schools_cost_no_more_queries(schools, tmp_path, django_assert_num_queries):
    trust, _ = a_trust_that_asks_everything()
    codes = ["ASH", *(f"S{number}" for number in range(1, schools))]
    for code in codes[1:]:
        make_school(trust, code=code, urn=None)
    rows = [{**row, "unit": code} for code in codes for row in typed_rows()]
    bring_in(as_file(rows, tmp_path / "typed.csv"), trust)

    term = make_term(trust, TERM)
    with inside(trust), django_assert_num_queries(1):
        found = list(rows_out(Return.objects.for_term(term)))

    assert len(found) == schools * len(TYPED)


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_page_of_spreadsheets_leads_to_the_figures_that_count(sign_in):
    trust, _ = a_trust_that_asks_everything()
    page = reverse("returns:spreadsheet", args=[trust.slug], query={"term": TERM})

    shown = sign_in(make_user(Role.DATA_MANAGER, trust)).get(page).text
    of_an_office = sign_in(make_user(Role.CONTRIBUTOR, trust)).get(page).text

    address = reverse("dashboard:figures-csv", args=[trust.slug], query={"term": TERM})
    assert address in shown
    assert address not in of_an_office

"""A real trust starts by command: its terms, its schools, its people."""

import io
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from schools.models import (
    AuditRow,
    Membership,
    Part,
    Phase,
    Role,
    School,
    Term,
    Trust,
    Unit,
    UnitKind,
    User,
)
from schools.tenancy import inside
from tests.factories import make_school, make_trust, make_user

pytestmark = pytest.mark.django_db

TERMS = """academic_year,term,starts,ends
2025/26,Autumn,2025-09-01,2025-12-19
2025/26,Spring,2026-01-05,2026-04-01
2025/26,Summer,2026-04-20,2026-07-21
"""


@pytest.fixture
def terms_file(tmp_path):
    def written(text=TERMS):
        path = tmp_path / "terms.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def run(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def refusal(*arguments, **options):
    with pytest.raises(CommandError) as said:
        run(*arguments, **options)
    return str(said.value)


def test_a_trust_begins_with_its_terms_and_a_unit_of_its_own(terms_file):
    said = run("create_trust", "North Learning Trust", "north", terms=terms_file())

    trust = Trust.objects.get()
    assert said == "Made North Learning Trust with 3 terms, at /t/north/\n"
    assert (trust.name, trust.slug, trust.is_example) == ("North Learning Trust", "north", False)
    with inside(trust):
        own = Unit.objects.get()
        assert (own.kind, own.code, own.joined) == (UnitKind.TRUST, "TRUST", date(2025, 9, 1))
        names = [str(term) for term in Term.objects.all()]
        assert names == ["Autumn 2025", "Spring 2026", "Summer 2026"]
        assert AuditRow.objects.get().channel == AuditRow.Channel.COMMAND


def test_a_return_opens_before_its_term_ends_and_is_due_in_the_next(terms_file):
    run("create_trust", "North", "north", terms=terms_file())

    with inside(Trust.objects.get()):
        autumn, _, summer = Term.objects.all()
    assert autumn.opens == date(2025, 12, 5)
    assert autumn.due == datetime(2026, 1, 19, 17, tzinfo=ZoneInfo("Europe/London"))
    assert summer.due.date() == date(2026, 9, 15)
    assert summer.due.astimezone(ZoneInfo("Europe/London")).hour == 17


def test_what_was_due_before_a_trust_begins_is_history(terms_file, monkeypatch):
    began = datetime(2026, 1, 19, 17, 1, tzinfo=UTC)  # a minute after the autumn was due
    monkeypatch.setattr("schools.management.commands.create_trust.timezone.now", lambda: began)
    run("create_trust", "North", "north", terms=terms_file())

    with inside(Trust.objects.get()):
        assert [term.is_history for term in Term.objects.all()] == [True, False, False]


def test_days_that_the_file_gives_win(terms_file):
    given = "academic_year,term,starts,ends,opens,due\n"
    given += "2025/26,Autumn,2025-09-01,2025-12-19,2025-12-01,2026-01-16\n"

    run("create_trust", "North", "north", terms=terms_file(given))

    with inside(Trust.objects.get()):
        [term] = Term.objects.all()
    assert (term.opens, term.due_day()) == (date(2025, 12, 1), date(2026, 1, 16))


BAD = [
    ("2025/27,Autumn,2025-09-01,2025-12-19", "academic_year is “2025/27”; write it like 2025/26."),
    ("2025/26,Fall,2025-09-01,2025-12-19", "term is “Fall”; write Autumn, Spring or Summer."),
    ("2025/26,Autumn,1/9/2025,2025-12-19", "starts is “1/9/2025”; write a day like 2025-09-01."),
    ("2025/26,Autumn,,2025-12-19", "starts is “”; write a day like 2025-09-01."),
    ("2025/26,Autumn,2025-12-19,2025-09-01", "a term must start before it ends."),
    ("2025/26,Autumn,2024-09-01,2024-12-19", "starts 2024-09-01 is outside 2025/26."),
    ("2025/26,Autumn,2025-09-01", "this line has more or fewer cells than the first one."),
]


@pytest.mark.parametrize(("line", "said"), BAD)
def test_a_bad_line_is_named_with_what_is_allowed(terms_file, line, said):
    path = terms_file(f"academic_year,term,starts,ends\n{line}\n")

    assert refusal("create_trust", "North", "north", terms=path) == f"terms.csv, line 2: {said}"
    assert not Trust.objects.exists()


def test_all_bad_lines_are_named_at_once(terms_file):
    path = terms_file("academic_year,term,starts,ends\n" + "\n".join(line for line, _ in BAD))

    said = refusal("create_trust", "North", "north", terms=path).splitlines()

    numbers = [re.match(r"terms\.csv, line (\d+)", sentence)[1] for sentence in said]
    assert numbers == ["2", "3", "4", "5", "6", "7", "8"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "terms.csv, line 1: the columns must be academic_year, term, starts, ends"),
        ("year,term,starts,ends\n", "terms.csv, line 1: the columns must be academic_year"),
        ("academic_year,term,starts,ends\n", "terms.csv: there is no term in this file."),
        (TERMS + TERMS.splitlines()[1], "this term is in the file twice."),
        (TERMS.replace("2026-01-05", "2025-12-19"), "starts before the one before it has ended."),
    ],
)
def test_a_file_that_makes_no_year_is_refused_whole(terms_file, text, said):
    assert said in refusal("create_trust", "North", "north", terms=terms_file(text))
    assert not Trust.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    missing = tmp_path / "none.csv"

    assert "none.csv cannot be read" in refusal("create_trust", "N", "north", terms=missing)


def test_two_trusts_cannot_have_one_address(terms_file):
    run("create_trust", "North", "north", terms=terms_file())

    said = refusal("create_trust", "Another North", "north", terms=terms_file())

    assert said == "Trust with this Slug already exists."
    assert Trust.objects.count() == 1


def add_school(**changed):
    school = {
        "trust": "north",
        "name": "Ashdale CE Primary",
        "code": "ASH",
        "urn": "123456",
        "phase": Phase.PRIMARY,
        "low_age": 4,
        "high_age": 11,
        "joined": date(2021, 9, 1),
        **changed,
    }
    return "add_school", school


def test_a_school_joins():
    trust = make_trust("north", name="North Learning Trust")
    before = trust.own_unit.data_version
    name, columns = add_school(is_church=True)

    assert run(name, **columns) == "Ashdale CE Primary is a school of North Learning Trust\n"

    with inside(trust):
        [school] = School.objects.all()
    assert (school.code, school.urn, school.is_church) == ("ASH", "123456", True)
    assert (school.phase, school.kind) == (Phase.PRIMARY, UnitKind.SCHOOL)
    assert trust.own_unit.data_version == before + 1


def test_an_all_through_school_has_a_part_for_each_phase():
    trust = make_trust("north")
    name, columns = add_school(phase=Phase.ALL_THROUGH, high_age=16)

    run(name, **columns)

    with inside(trust):
        parts = Unit.objects.filter(kind=UnitKind.PART).order_by("code")
        found = [(part.code, part.phase, part.parent.code) for part in parts]
    assert found == [("ASH-P", Phase.PRIMARY, "ASH"), ("ASH-S", Phase.SECONDARY, "ASH")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trust": "nowhere"}, "There is no trust with the slug nowhere."),
        ({"low_age": 16}, "The lowest age must be below the highest."),
        ({"code": "OLD", "urn": "654321"}, "already exists"),
        ({"urn": "999999"}, "The URN 999999 belongs to a school that is here already."),
        ({"short_name": "a name that is too long"}, "at most 18 characters"),
    ],
)
def test_a_school_that_cannot_be_is_refused(changed, said):
    make_school(make_trust("north"), code="OLD", urn="100001")
    make_school(make_trust("south"), urn="999999")
    before = Unit.everywhere.count(), AuditRow.everywhere.count()
    name, columns = add_school(**changed)

    assert said in refusal(name, **columns)
    assert (Unit.everywhere.count(), AuditRow.everywhere.count()) == before


def add_person(**changed):
    person = {
        "trust": "north",
        "role": Role.SCHOOL_EDITOR,
        "email": "Bea@Example.org",
        "name": "Bea Shah",
        "schools": ["ASH"],
        **changed,
    }
    return "add_person", person


@pytest.fixture
def ashdale():
    return make_school(make_trust("north", name="North Learning Trust"), "Ashdale", code="ASH")


def test_a_person_gets_a_role_and_a_link_that_sets_a_password_once(ashdale):
    name, person = add_person()
    said = run(name, **person)
    link = re.search(r"http://localhost:8000(/\S+)", said)[1]
    client = Client()

    form = client.get(link, follow=True).redirect_chain[-1][0]
    chosen = {"password1": "a long walk to the shops", "password2": "a long walk to the shops"}
    client.post(form, chosen)
    answer = Client().post(
        "/sign-in/", {"login": "bea@example.org", "password": chosen["password1"]}
    )

    assert said.startswith("Bea Shah: School editor in North Learning Trust\n")
    assert answer.status_code == 302
    assert "password1" not in Client().get(link, follow=True).text
    with inside(ashdale.trust):
        membership = Membership.objects.get()
        assert [unit.pk for unit in membership.units.all()] == [ashdale.pk]


def test_a_password_comes_from_standard_input_or_not_at_all(ashdale, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long walk to the shops\n"))
    name, person = add_person(password_stdin=True)

    said = run(name, **person)

    assert "http" not in said
    assert User.objects.get().check_password("a long walk to the shops")


def test_a_weak_password_makes_nobody(ashdale, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    name, person = add_person(password_stdin=True)

    assert "too short" in refusal(name, **person)
    assert not User.objects.exists()


def test_a_second_role_makes_no_second_account(ashdale):
    name, person = add_person()
    run(name, **person)
    run(name, **person | {"role": Role.LEADER, "schools": []})
    run(name, **person)

    user = User.objects.get()
    roles = set(Membership.everywhere.filter(user=user).values_list("role", flat=True))
    assert roles == {Role.SCHOOL_EDITOR, Role.LEADER}


def test_a_role_that_had_ended_begins_again(ashdale):
    name, person = add_person()
    run(name, **person)
    Membership.everywhere.update(ended_at="2026-01-01T00:00Z")

    run(name, **person)

    assert Membership.everywhere.get().ended_at is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trust": "nowhere"}, "There is no trust with the slug nowhere."),
        ({"schools": []}, "A school editor needs a school."),
        ({"schools": ["ELM"]}, "There is no school ELM. There are: ASH."),
        ({"role": Role.LEADER}, "A trust leader has the whole trust, not a school."),
        ({"role": Role.CONTRIBUTOR, "schools": []}, "A contributor needs an office"),
        ({"role": Role.CONTRIBUTOR, "schools": [], "offices": ["hr"]}, "There is no office hr."),
        ({"email": "not an address"}, "valid email address"),
    ],
)
def test_a_person_who_cannot_be_is_refused(ashdale, changed, said):
    make_school(make_trust("south"), code="ELM")
    name, person = add_person(**changed)

    assert said in refusal(name, **person)
    assert not User.objects.exists()
    assert not Membership.everywhere.exists()


def test_every_role_but_a_schools_has_the_whole_trust(ashdale):
    alone = set(Role) - {Role.HEADTEACHER, Role.SCHOOL_EDITOR, Role.CONTRIBUTOR}

    for role in alone:
        name, person = add_person(role=role, schools=[], email=f"{role}@example.org")
        run(name, **person)

    assert set(Membership.everywhere.values_list("role", flat=True)) == alone


def test_terms_are_in_order_whatever_the_order_of_the_file(terms_file):
    header, *lines = TERMS.splitlines()
    run("create_trust", "North", "north", terms=terms_file("\n".join([header, *lines[::-1]])))

    with inside(Trust.objects.get()):
        parts = [term.period.part for term in Term.objects.all()]
    assert parts == [Part.AUTUMN, Part.SPRING, Part.SUMMER]


def test_the_contributor_has_an_office(ashdale):
    user = make_user(Role.CONTRIBUTOR, ashdale.trust)

    with inside(ashdale.trust):
        assert [office.code for office in user.memberships.get().offices.all()] == ["hr"]

"""Figures from a file: the same words, the same actions, all rows or none."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from kpis.models import Entry, Judgement
from returns.models import Line, Return
from returns.spreadsheets.files import COLUMNS
from schools.models import AuditRow, Role, Unit
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_house,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

LATEST = "2026-summer"


@pytest.fixture
def file_of(tmp_path):
    """A CSV with these rows: each a mapping of columns."""

    def write(*rows, encoding="utf-8", columns=COLUMNS):
        path = tmp_path / "figures.csv"
        lines = [",".join(columns)]
        lines += [",".join(f'"{row.get(name, "")}"' for name in columns) for row in rows]
        path.write_bytes("\r\n".join(lines).encode(encoding))
        return path

    return write


@pytest.fixture
def bring_in(capsys):
    """Run the command as the data manager, and give back what it says."""

    def run(path, trust, by=None, **options):
        by = by or make_user(Role.DATA_MANAGER, trust)
        call_command("import_figures", path, trust=trust.slug, email=by.email, **options)
        return capsys.readouterr().out

    return run


def row(school, year="2025/26", term="Summer", measure="attendance", **cells):
    return {
        "unit": school.urn,
        "measure_code": measure,
        "academic_year": year,
        "term": term,
        **cells,
    }


def stored():
    return (
        Line.everywhere.count(),
        Entry.everywhere.count(),
        Return.everywhere.count(),
        AuditRow.everywhere.exclude(thing_kind="schools.trust").count(),
        dict(Unit.everywhere.values_list("pk", "data_version")),
    )


def test_a_row_for_the_present_term_is_typed_and_not_yet_sent(file_of, bring_in):
    trust, _, _, [school] = make_house()

    said = bring_in(file_of(row(school, value="93.5", why="Flu")), trust)

    [line] = Line.everywhere.all()
    assert (line.value, line.why) == ("93.5", "Flu")
    assert line.return_to.term == make_term(trust, LATEST)
    assert line.return_to.state == "in_progress"
    assert not Entry.everywhere.exists()
    [trail] = AuditRow.everywhere.filter(action="typed")
    assert (trail.channel, trail.on_behalf_of_id) == ("import", school.pk)
    assert "1 changed, 0 the same." in said


def test_the_same_file_again_changes_nothing(file_of, bring_in):
    trust, _, _, [school] = make_house()
    path = file_of(row(school, value="93.5"), row(school, "2024/25", "Autumn", value="91"))
    manager = make_user(Role.DATA_MANAGER, trust)
    bring_in(path, trust, by=manager)
    before = stored()

    said = bring_in(path, trust, by=manager)

    assert stored() == before
    assert "0 changed, 2 the same." in said


def test_a_past_term_is_history_and_approved_in_one_go(file_of, bring_in):
    trust, _, attendance, [school] = make_house()
    before = Unit.everywhere.get(pk=school.pk).data_version

    bring_in(file_of(row(school, "2024/25", "Autumn", value="91.25")), trust)

    [entry] = Entry.everywhere.all()
    assert (entry.value, entry.standing) == (Decimal("91.25"), "approved")
    assert (entry.measure, entry.collected_in) == (attendance, make_term(trust, "2024-autumn"))
    assert str(entry.period) == "2024/25 to autumn"
    [return_] = Return.everywhere.all()
    assert return_.state == "approved"
    assert AuditRow.everywhere.get(action="recorded").channel == "import"
    assert Unit.everywhere.get(pk=school.pk).data_version == before + 1


def test_history_adds_to_what_is_approved_and_never_changes_it(file_of, bring_in):
    trust, _, _, [school] = make_house()
    make_measure(trust, "Punctuality")
    past = {"year": "2024/25", "term": "Autumn"}
    bring_in(file_of(row(school, **past, value="91")), trust)

    bring_in(file_of(row(school, **past, measure="punctuality", value="97")), trust)
    with pytest.raises(CommandError, match="row 2, value: Another answer has been approved"):
        bring_in(file_of(row(school, **past, value="99")), trust)
    with pytest.raises(CommandError, match="Another answer has been approved"):
        bring_in(file_of(row(school, **past, value="CLEAR")), trust)

    assert sorted(Entry.everywhere.values_list("value", flat=True)) == [91, 97]


def test_a_late_return_that_a_school_has_begun_is_typed_into_and_not_approved(file_of, bring_in):
    trust, term, attendance, [school] = make_house()
    other = make_measure(trust, "Punctuality")
    make_return(school, term, typed="90", measure=attendance)

    bring_in(file_of(row(school, term="Autumn", measure=other.code, value="97")), trust)

    assert Return.everywhere.get().state == "in_progress"
    assert not Entry.everywhere.exists()


def test_a_head_loads_the_own_school_and_no_other(file_of, bring_in):
    trust, _, _, [mine, theirs] = make_house(schools=2)
    head = make_user(Role.HEADTEACHER, trust, units=[mine])

    bring_in(file_of(row(mine, value="93.5")), trust, by=head)
    before = stored()
    with pytest.raises(CommandError, match=f'row 2, unit: There is no unit "{theirs.urn}" for you'):
        bring_in(file_of(row(theirs, value="93.5")), trust, by=head)

    assert stored() == before


def test_submitting_and_approving_can_go_with_it(file_of, bring_in):
    trust, _, _, [one, two] = make_house(schools=2)

    bring_in(file_of(row(one, value="93.5")), trust, submit=True)
    bring_in(file_of(row(two, value="94.5")), trust, approve=True)

    assert dict(Entry.everywhere.values_list("unit_id", "standing")) == {
        one.pk: "provisional",
        two.pk: "approved",
    }


def test_a_blank_cell_changes_nothing_and_clear_takes_the_answer_away(file_of, bring_in):
    trust, _, attendance, [school] = make_house()
    summer = make_term(trust, LATEST)
    return_ = make_return(school, summer)
    make_line(return_, attendance, value="93.5", why="Flu")

    bring_in(file_of(row(school, what_next="Call families")), trust)
    [line] = Line.everywhere.all()
    assert (line.value, line.why, line.what_next) == ("93.5", "Flu", "Call families")

    bring_in(file_of(row(school)), trust)
    assert Line.everywhere.get().value == "93.5"
    bring_in(file_of(row(school, value="CLEAR")), trust)
    assert Line.everywhere.get().value == ""


def test_a_dry_run_says_what_would_change_and_stores_nothing(file_of, bring_in):
    trust, _, _, [school] = make_house()
    path = file_of(row(school, value="93.5"), row(school, "2024/25", "Autumn", value="91"))
    manager, before = make_user(Role.DATA_MANAGER, trust), stored()

    said = bring_in(path, trust, by=manager, dry_run=True)

    assert "2 would change" in said
    assert stored() == before


FAULTS = {
    "a letter in a figure": ({"value": "lots"}, "row 2, value: Enter Attendance as a number"),
    "a comma for a point": ({"value": "93,5"}, "row 2, value: Is this 93.5 or 935?"),
    "a share for a percentage": ({"value": "0.93"}, "row 2, value: Is Attendance 93% or 0.93%?"),
    "out of range": ({"value": "935"}, "row 2, value: Enter Attendance as a number between 0 and"),
    "no such unit": ({"unit": "999999"}, 'row 2, unit: There is no unit "999999"'),
    "no such measure": (
        {"measure_code": "atendance"},
        'row 2, measure_code: There is no measure "atendance". Did you mean attendance?',
    ),
    "no such group": (
        {"pupil_group": "boys"},
        "row 2, pupil_group: Attendance is asked for these groups: all.",
    ),
    "no such term": (
        {"term": "Winter"},
        "row 2, term: Write Autumn, Spring, Summer, Year or a day",
    ),
    "a day for a term": ({"term": "2026-05-12"}, "row 2, term: Attendance is not asked for a day"),
    "no such year": ({"academic_year": "2025/27"}, "row 2, academic_year: Write the academic year"),
    "a year not collected": (
        {"academic_year": "2019/20"},
        "row 2, term: No term that has opened asks Attendance about this. "
        "It is asked in autumn and spring and summer",
    ),
    "a part not asked": (
        {"value": "93", "respondents": "20"},
        "row 2, respondents: Attendance does not ask for this. Leave it empty.",
    ),
    "a part not asked beside a reason": (
        {"value": "few", "respondents": "20"},
        "row 2, respondents: Attendance does not ask for this. Leave it empty.",
    ),
    "too long": ({"value": "93", "why": "x" * 401}, "row 2, why: Shorten this to 400 characters."),
}


@pytest.mark.parametrize(("cells", "words"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_said_with_row_column_and_what_is_allowed(file_of, bring_in, cells, words):
    trust, _, _, [school] = make_house()
    manager = make_user(Role.DATA_MANAGER, trust)
    good = row(make_school(trust), value="93.5")
    before = stored()

    with pytest.raises(CommandError) as refused:
        bring_in(file_of({**row(school), **cells}, good), trust, by=manager)

    assert "Nothing was stored: 1 problem." in str(refused.value)
    assert words in str(refused.value)
    assert stored() == before


def test_a_unit_of_another_trust_is_no_unit(file_of, bring_in):
    trust, _, _, _ = make_house()
    stranger = make_school(make_trust())

    with pytest.raises(CommandError, match=f'There is no unit "{stranger.urn}" for you'):
        bring_in(file_of(row(stranger, value="93.5")), trust)


def test_every_fault_of_a_row_and_of_ten_thousand_rows_is_listed(file_of, bring_in):
    trust, _, _, [school] = make_house()
    bad = row(school, value="lots")
    worse = {**bad, "unit": "nobody", "measure_code": "nothing"}

    with pytest.raises(CommandError) as refused:
        bring_in(file_of(worse, *[bad] * 9_999), trust)

    said = str(refused.value)
    assert "Nothing was stored: 10,001 problems." in said
    assert "row 2, unit:" in said
    assert "row 2, measure_code:" in said
    assert "row 10001" in said
    assert not Line.everywhere.exists()


def test_the_same_answer_twice_is_refused(file_of, bring_in):
    trust, _, _, [school] = make_house()
    again = {**row(school, value="94"), "unit": school.code.lower(), "pupil_group": "All pupils"}

    with pytest.raises(CommandError, match="row 3, measure_code: The same answer stands in row 2"):
        bring_in(file_of(row(school, value="93.5"), again), trust)


FILES = {
    "not UTF-8": ("unit,measure_code,term\nécole,a,b".encode("cp1252"), "This is not UTF-8."),
    "a NUL": (b"unit,measure_code,term\na\x00,b,c", "NUL"),
    "unknown columns": (b"unit,measure_code,term,score\na,b,c,d", "row 1, score: Unknown column."),
    "a missing column": (b"unit,measure_code\na,b", "row 1, term: This column is missing."),
    "a column twice": (b"unit,measure_code,term,unit\n", "row 1, unit: This column stands there t"),
    "nothing": (b"", "It is empty."),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "It is a picture."),
    "broken quotes": (b'unit,measure_code,term\n"a"b,c,d', "This is no CSV"),
    "too large": (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    "too many rows": (b"unit,measure_code,term\n" + b"a,b,c\n" * 20_001, "more than 20,000 rows"),
    "too many cells": (b"unit,measure_code,term\na,b,c,d", "row 2: It has more cells"),
}


@pytest.mark.parametrize(("data", "words"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_table_is_refused_with_the_reason(tmp_path, bring_in, data, words):
    trust, _, _, _ = make_house()
    path = tmp_path / "figures.csv"
    path.write_bytes(data)

    with pytest.raises(CommandError) as refused:
        bring_in(path, trust)

    assert words in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_unicode_files_say_is_kept(file_of, bring_in, encoding):
    trust, _, _, [school] = make_house()

    bring_in(file_of(row(school, value="93.5", why="Café −"), encoding=encoding), trust)

    assert Line.everywhere.get().why == "Café −"


def test_an_old_windows_file_is_read_where_that_is_declared(file_of, bring_in):
    trust, _, _, [school] = make_house()
    path = file_of(row(school, value="93.5", why="Café £"), encoding="cp1252")

    with pytest.raises(CommandError, match="declare --encoding windows-1252"):
        bring_in(path, trust)
    bring_in(path, trust, encoding="windows-1252")

    assert Line.everywhere.get().why == "Café £"


def test_nobody_and_no_trust_are_named(file_of, bring_in, tmp_path):
    trust, _, _, [school] = make_house()
    path = file_of(row(school, value="93.5"))

    with pytest.raises(CommandError, match="There is no trust with the slug nowhere"):
        call_command("import_figures", path, trust="nowhere", email="a@example.org")
    with pytest.raises(CommandError, match="There is nobody with the e-mail address"):
        call_command("import_figures", path, trust=trust.slug, email="a@example.org")
    with pytest.raises(CommandError, match="No such file"):
        bring_in(tmp_path / "missing.csv", trust)
    with pytest.raises(CommandError, match="There is no unit"):
        bring_in(path, trust, by=make_user(Role.LEADER, trust))


# Every kind of answer


def test_each_kind_of_answer_has_its_spelling(file_of, bring_in):
    trust = make_trust()
    school = make_school(trust)
    dated = {"basis": "date", "unit": "", "seasonal": False}
    make_measure(trust, "Share", counts="both", groups=["all", "send"])
    make_measure(trust, "Domain", kind="yes_no", **dated)
    make_measure(trust, "Defects", kind="cases", basis="term", unit="defects")
    make_measure(trust, "Review", kind="rating", **dated)
    make_measure(trust, "Survey", survey=True, rated=True, counts="both", basis="academic_year")
    make_measure(trust, "KS2", kind="score", counts="weight", basis="academic_year", about="last")
    with inside(trust):
        scale = trust.scales.create(code="grades", name="Grades")
        version = scale.versions.create(key="1")
        version.levels.create(order=1, key="good", name="Good")
    make_measure(trust, "Inspection", kind="level", scale=scale, inspection=True, **dated)
    make_clause(make_kpi(make_plan(trust)), trust_measure(trust, "review"), rule="judged")
    rating = {"kind": "external", "reviewer": "A. Visitor", "evidence": "Report"}

    bring_in(
        file_of(
            row(school, measure="share", numerator="187", denominator="200"),
            row(school, measure="share", pupil_group="SEND", value="few"),
            row(school, measure="domain", value="yes", on="12 May 2026"),
            row(school, measure="defects", numerator="1", denominator="4"),
            row(school, measure="review", term="2026-05-12", year="", value="Amber", **rating),
            row(school, measure="review", value="green", on="14/05/2026", **rating),
            row(
                school,
                measure="survey",
                term="Year",
                numerator="70",
                denominator="90",
                invited="100",
                reviewer="The survey firm",
            ),
            row(school, measure="survey", term="Year", value="red", on="1 June 2026", **rating),
            row(school, measure="inspection", term="13/05/2026", year="", value="good"),
            row(school, measure="ks2", year="2024/25", term="Year", value="-1.2", denominator="30"),
        ),
        trust,
        approve=True,
    )

    answers = {
        (entry.measure.code, entry.group.code): entry
        for entry in Entry.everywhere.select_related("measure", "group")
    }
    assert answers["share", "all"].value == Decimal("93.5")
    assert answers["share", "send"].why_none == "too_few"
    assert answers["domain", "all"].done_on == date(2026, 5, 12)
    assert (answers["defects", "all"].numerator, answers["defects", "all"].value) == (1, 4)
    assert (answers["survey", "all"].provider, answers["survey", "all"].respondents) == (
        "The survey firm",
        90,
    )
    assert answers["inspection", "all"].level.name == "Good"
    assert answers["inspection", "all"].period.on == date(2026, 5, 13)
    assert (answers["ks2", "all"].value, answers["ks2", "all"].denominator) == (
        Decimal("-1.2"),
        30,
    )
    assert set(Judgement.everywhere.values_list("measure__code", "rating", "on", "reviewer")) == {
        ("review", "amber", date(2026, 5, 12), "A. Visitor"),
        ("review", "green", date(2026, 5, 14), "A. Visitor"),
        ("survey", "red", date(2026, 6, 1), "A. Visitor"),
    }


def trust_measure(trust, code):
    with inside(trust):
        return trust.measures.get(code=code)


def test_a_figure_goes_into_the_return_of_the_term_that_asks_about_its_period(file_of, bring_in):
    trust = make_trust()
    school = make_school(trust)
    make_measure(
        trust, "KS2", basis="academic_year", about="last", ask_spring=False, ask_summer=False
    )

    bring_in(file_of(row(school, "2023/24", "Year", "ks2", value="60")), trust)

    assert Return.everywhere.get().term == make_term(trust, "2024-autumn")
    assert str(Entry.everywhere.get().period) == "2023/24"


def test_what_an_office_answers_goes_into_the_trusts_own_return(file_of, bring_in):
    trust = make_trust()
    school = make_school(trust)
    with inside(trust):
        finance = trust.offices.create(code="finance", name="Finance")
    make_measure(trust, "Reserves", of="trust", office=finance)
    make_measure(trust, "Visit", office=finance)

    bring_in(
        file_of(
            row(school, measure="visit", value="80"),
            {**row(school, measure="reserves", value="12"), "unit": "TRUST"},
        ),
        trust,
    )

    assert Return.everywhere.get().unit.kind == "trust"
    assert set(Line.everywhere.values_list("unit__kind", "value")) == {
        ("school", "80"),
        ("trust", "12"),
    }


def test_a_measure_that_a_school_is_not_asked_says_why(file_of, bring_in):
    trust = make_trust()
    school, late = make_school(trust), make_school(trust, joined=date(2026, 5, 20))
    make_measure(trust)
    make_measure(trust, "Board seats", of="trust")

    with pytest.raises(CommandError) as refused:
        bring_in(
            file_of(row(school, measure="board-seats", value="1"), row(late, value="93")), trust
        )

    assert "row 2, measure_code: Board seats is asked of another kind of unit" in str(refused.value)
    assert f"{late} was not in the trust for all of it" in str(refused.value)

"""Outside figures come in from files: all or none, and the newest stands."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kpis.comparators import BadComparators, load_comparators, read_comparators
from kpis.models import Comparator, Series
from schools.models import AuditRow
from tests.factories import make_measure, make_trust

FOLDER = Path(__file__).parents[2] / "fixtures" / "comparators"
HEAD = (
    "series,provider,scope,scope_code,pupil_group,academic_year,term,basis,value,release,"
    "published_on,source_title,source_ref"
)
ROW = {
    "series": "attendance_live",
    "provider": "DfE",
    "scope": "phase",
    "scope_code": "primary",
    "pupil_group": "all",
    "academic_year": "2025/26",
    "term": "Autumn",
    "basis": "year_to_date",
    "value": "94.8058",
    "release": "provisional",
    "published_on": "2026-01-09",
    "source_title": "Pupil attendance in schools",
    "source_ref": "",
}

pytestmark = pytest.mark.django_db


def lines(*rows, head=HEAD):
    return [head, *(",".join({**ROW, **row}.values()) for row in rows)]


def load(*rows, **said):
    return dict(load_comparators(read_comparators(lines(*rows), "england.csv"), **said))


def problems(*rows, head=HEAD):
    with pytest.raises(BadComparators) as bad:
        read_comparators(lines(*rows, head=head), "england.csv")
    return bad.value.problems


def test_the_history_of_each_trust_that_compares_with_it_says_what_changed():
    load({})
    series = Comparator.objects.get().series
    ours, others = make_trust(), make_trust()
    make_measure(ours, series=series)
    make_measure(ours, "Attendance again", series=series)
    make_measure(others)

    load({"value": "94.9", "published_on": "2026-02-09"})
    load({"value": "94.9", "published_on": "2026-02-09"})  # nothing new

    [row] = AuditRow.everywhere.filter(action="brought in figures of")
    which = "2025/26 to autumn, phase primary, all, provisional"
    assert row.trust == ours
    assert (row.before, row.after) == ({which: "94.8058"}, {which: "94.9"})


def test_a_figure_comes_in_with_its_period_scope_and_source():
    assert load({}) == {"new": 1}

    figure = Comparator.objects.get()
    assert str(figure.series) == "DfE: attendance_live, year to date"
    assert (figure.scope, figure.scope_code, figure.group.code) == ("phase", "primary", "all")
    assert str(figure.period) == "2025/26 to autumn"
    assert (figure.value, figure.release) == (Decimal("94.8058"), "provisional")
    assert figure.source_title == "Pupil attendance in schools"


def test_loading_the_same_again_changes_nothing():
    load({})
    series = Series.objects.get()

    assert load({}) == {"same": 1}
    assert Series.objects.get().data_version == series.data_version


def test_a_newer_publication_takes_the_place_of_the_older_one():
    load({})
    before = Series.objects.get().data_version

    assert load({"value": "94.9", "published_on": "2026-01-23"}) == {"changed": 1}
    assert Comparator.objects.get().value == Decimal("94.9")
    assert Series.objects.get().data_version == before + 1


@pytest.mark.parametrize("published_on", ["2025-12-19", ""])
def test_an_older_publication_or_one_without_a_day_never_overwrites(published_on):
    load({})
    before = Series.objects.get().data_version

    assert load({"value": "91.0", "published_on": published_on}) == {"older": 1}
    assert Comparator.objects.get().value == Decimal("94.8058")
    assert Series.objects.get().data_version == before


def test_another_release_stands_beside_the_first():
    load({})

    load({"value": "94.7", "release": "final", "published_on": "2026-10-01"})

    releases = dict(Comparator.objects.values_list("release", "value"))
    assert releases == {"provisional": Decimal("94.8058"), "final": Decimal("94.7")}


def test_not_published_is_a_state_of_its_own_and_zero_is_a_figure():
    load({"value": "not published"}, {"term": "Spring", "value": "0"})

    told = set(Comparator.objects.values_list("value", "not_published"))
    assert told == {(None, True), (Decimal(0), False)}


def test_another_basis_is_another_series():
    load({}, {"basis": "term"}, {"basis": "academic_year", "term": "Year"})

    assert Series.objects.count() == 3
    assert {str(one.period) for one in Comparator.objects.all()} == {
        *("2025/26 to autumn", "Autumn 2025", "2025/26"),
    }


def test_the_year_to_date_at_the_end_of_the_year_is_its_summer():
    load({"term": "Year"})

    assert str(Comparator.objects.get().period) == "2025/26 to summer"


def test_a_figure_of_one_day_keeps_its_day():
    load({"basis": "date", "term": "2025-10-02"})

    assert str(Comparator.objects.get().period) == "2 October 2025"


def test_a_file_may_name_a_measure_that_has_a_series():
    series = Series.objects.create(provider="DfE", what="attendance_live", basis="year_to_date")
    make_measure(make_trust(), code="attendance", series=series)
    head = HEAD.replace("series", "measure_code")
    rows = [row.replace("attendance_live", "attendance") for row in lines({}, head=head)]

    figures = read_comparators(rows, "england.csv")
    assert load_comparators(figures) == {"new": 1}
    assert Comparator.objects.get().series == series

    with pytest.raises(BadComparators, match="measure_code: “absence” cannot be read"):
        read_comparators([row.replace("attendance", "absence") for row in rows], "england.csv")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"value": "94,1"}, "all columns: more or fewer cells"),
        ({"value": "abc"}, "value: “abc” cannot be read; allowed: a number like 94.1, or not"),
        ({"value": ""}, "value: “” cannot be read"),
        ({"value": "nan"}, "value: “nan” cannot be read"),
        ({"value": "٩٤"}, "value: “٩٤” cannot be read"),
        ({"series": "Attendance Live"}, "series: “Attendance Live” cannot be read"),
        ({"provider": ""}, "provider: “” cannot be read"),
        ({"scope": "region"}, "scope: “region” cannot be read; allowed: everyone, phase, unit"),
        ({"scope_code": "nursery"}, "scope_code: “nursery” cannot be read; allowed: primary"),
        ({"scope": "everyone"}, "scope_code: “primary” cannot be read; allowed: nothing"),
        ({"scope": "unit", "scope_code": ""}, "scope_code: “” cannot be read"),
        ({"pupil_group": "poor"}, "pupil_group: “poor” cannot be read; allowed: all"),
        ({"academic_year": "2025"}, "academic_year: “2025” cannot be read"),
        ({"academic_year": "2025/27"}, "academic_year: “2025/27” cannot be read"),
        (
            {"term": "Winter"},
            "term: “Winter” cannot be read; allowed: autumn, spring, summer, year",
        ),
        ({"basis": "term", "term": "Year"}, "term: “Year” cannot be read"),
        ({"basis": "academic_year"}, "term: “Autumn” cannot be read; allowed: year"),
        ({"basis": "weekly"}, "basis: “weekly” cannot be read"),
        ({"basis": "date", "term": "2024-10-02"}, "term: “2024-10-02” cannot be read"),
        ({"release": "latest"}, "release: “latest” cannot be read; allowed: provisional, revised"),
        ({"published_on": "23/07/2026"}, "published_on: “23/07/2026” cannot be read"),
        ({"source_title": ""}, "source_title: “” cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_column(cells, says):
    assert f"england.csv, line 3, {says}" in "\n".join(problems({"term": "Spring"}, cells))


def test_one_figure_twice_in_a_file_is_refused():
    assert problems({}, {"value": "1"}) == ["england.csv, line 3: line 2 gives this figure too."]


def test_other_columns_or_none_are_refused():
    assert "line 1: the columns must be series or measure_code" in problems(head="a,b")[0]
    assert problems() == ["england.csv: there is no figure in this file."]


def test_ten_thousand_bad_rows_get_an_answer_of_one_page():
    found = problems(*({"value": "x"} for _ in range(10_000)))

    assert len(found) == 51
    assert found[-1] == "9950 more like these."


def test_one_bad_file_keeps_all_of_them_out(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("\n".join(lines({})), encoding="utf-8")
    bad.write_text("\n".join(lines({"value": "x"})), encoding="utf-8")

    with pytest.raises(CommandError, match=r"bad.csv, line 2, value: “x”"):
        call_command("load_comparators", str(good), str(bad))

    assert not Series.objects.exists()


def test_the_files_for_england_load_and_say_what_is_not_published():
    call_command("load_comparators", *map(str, sorted(FOLDER.glob("*.csv"))))

    assert Comparator.objects.count() == 432
    never = Comparator.objects.filter(not_published=True, group__code="all")
    assert {(one.series.what, str(one.period)) for one in never} == {
        *((f"ks2_{subject}_progress", year) for subject in SUBJECTS for year in TWO_YEARS),
        *(("progress_8", year) for year in ("2024/25", "2025/26")),
    }
    assert not Comparator.objects.filter(source_title="").exists()
    live, census = (
        Comparator.objects.get(
            series__what=what, series__basis=basis, scope="everyone", period__year=2024,
            period__part=3, group__code="all",
        ).value
        for what, basis in [
            ("persistent_absence_live", "year_to_date"),
            ("persistent_absence_census", "academic_year"),
        ]
    )  # fmt: skip
    assert (live, census) == (Decimal("18.6999"), Decimal("18.14"))


SUBJECTS = ["reading", "writing", "maths"]
TWO_YEARS = ["2023/24", "2024/25"]

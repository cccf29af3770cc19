"""The matrix: every KPI and school at a glance, for those who may see them."""

import re
from datetime import date

import pytest
from django.urls import reverse

from kpis.models import Clause
from returns.models import Return
from schools.models import AuditRow, Role
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db


def matrix_page(trust, term, **choices):
    return reverse("dashboard:matrix", args=[trust], query={"term": term.slug, **choices})


@pytest.fixture
def as_leader(sign_in):
    """Open the matrix of a trust as its leader: the page."""

    def opened(trust, term, **choices):
        client = sign_in(make_user(Role.LEADER, trust))
        return client.get(matrix_page(trust, term, **choices))

    return opened


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


def row_of(page, name):
    """The row of one KPI, as it is served."""
    rows = re.findall(r'<tr id="kpi-.*?</tr>', page.text, re.DOTALL)
    return next(row for row in rows if f">{name}<" in row)


def tiles_of(page):
    """How many stand where, by the words of the tiles."""
    return {tile.status.words: tile.count for tile in page.context["matrix"].tiles}


def test_what_a_school_sends_is_judged_at_once_and_marked_provisional(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "93.5", standing="provisional")

    page = as_leader(trust, term)

    assert "Close to target: 93.5%, target at least 94.0%, margin 1.0." in page.text
    assert "Sent in, not approved yet" in page.text


def test_what_is_approved_has_no_mark(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "93.5")

    page = as_leader(trust, term)

    assert "Close to target: 93.5%" in page.text
    assert "Sent in, not approved yet" not in page.text


def test_zero_is_shown_as_a_figure_and_nothing_sent_is_not(as_leader):
    trust, term, attendance, [one, other] = make_house(2)
    make_entry(attendance, one, term, "0")

    page = as_leader(trust, term)

    assert '<span class="figure">0.0</span>' in page.text
    assert f"{other.name}. No status: no figure has been sent, was due 16 January 2026" in page.text
    assert '<span class="figure">Late</span>' in page.text
    assert tiles_of(page) == {
        "Off target": 1,
        "Close to target": 0,
        "On target": 0,
        "No status": 1,
    }


def test_another_schools_figure_does_not_exist_for_you(sign_in, as_leader):
    trust, term, attendance, [mine, theirs] = make_house(2)
    make_entry(attendance, theirs, term, "41.7")

    assert "41.7" in as_leader(trust, term).text
    assert theirs.name in as_leader(trust, term).text

    page = sign_in(make_head(mine)).get(matrix_page(trust, term))

    assert mine.name in page.text
    assert "41.7" not in page.text
    assert theirs.name not in page.text
    assert theirs.code not in page.text


def test_a_head_reads_how_many_others_are_off_target_never_which(sign_in):
    trust, term, attendance, schools = make_house(4)
    for school in schools:
        make_entry(attendance, school, term, "90.0")

    page = sign_in(make_head(schools[0])).get(matrix_page(trust, term))

    assert "4 off: yours and 3 other schools" in row_of(page, "Attendance")
    assert tiles_of(page)["Off target"] == 1


def test_a_leader_reads_the_first_three_names_and_how_many_more(as_leader):
    trust, term, attendance, schools = make_house(6)
    for school in schools[:5]:
        make_entry(attendance, school, term, "90.0")

    row = row_of(as_leader(trust, term), "Attendance")

    named = re.search(r"5 off: (.*?) and 2 more", row).group(1)
    assert re.findall(r">(School \d+)</a>", named) == [school.name for school in schools[:3]]
    assert re.search(rf"1 late: <a [^>]*>{schools[5].name}</a>", row)


def test_another_trusts_matrix_is_not_found(sign_in):
    trust, term, _, _ = make_house()
    other, other_term, _, _ = make_house()
    client = sign_in(make_user(Role.LEADER, trust))

    assert client.get(matrix_page(trust, term)).status_code == 200
    strange = client.get(matrix_page(other, other_term))
    missing = client.get("/t/no-such-trust/dashboard/")
    assert strange.status_code == missing.status_code == 404
    assert strange.content == missing.content


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.CONTRIBUTOR, Role.TRUST_ADMINISTRATOR])
def test_live_figures_are_not_for_everybody(role, sign_in):
    trust, term, _, _ = make_house()

    assert sign_in(make_user(role, trust)).get(matrix_page(trust, term)).status_code == 404


@pytest.mark.parametrize("schools", [1, 3, 25])
def test_more_schools_and_kpis_cost_no_more_queries(schools, sign_in, django_assert_num_queries):
    trust, term, attendance, units = make_house(schools)
    for unit in units:
        make_entry(attendance, unit, term, "93.5")
    for number in range(schools):
        make_clause(make_kpi(the_plan(trust), f"KPI {number}"), attendance, target="95.0")
    client = sign_in(make_user(Role.LEADER, trust))

    with django_assert_num_queries(16):
        page = client.get(matrix_page(trust, term, all=1))

    assert page.text.count("Close to target: 93.5%, target at least 94.0%") == schools


def test_the_trusts_figure_is_that_of_all_pupils_and_has_the_roll_ups_letter(as_leader):
    trust, term, _, schools = make_house(2)
    counted = make_measure(trust, "Absence", better="lower", counts="both")
    make_clause(make_kpi(the_plan(trust), "Absence"), counted, target="18.0", operator="<=")
    make_entry(counted, schools[0], term, "10", numerator=10, denominator=100)
    make_entry(counted, schools[1], term, "30", numerator=90, denominator=300)

    page = as_leader(trust, term)

    row = row_of(page, "Absence")
    assert 'class="cell trust red"' in row
    assert '<span class="figure">25.0</span>' in row
    # On a phone nothing but the target says why a figure of all is not what decides.
    assert "target 18.0% or less, each school</span>" in page.text


def test_a_kpi_of_the_trust_has_one_cell_for_all_schools(as_leader):
    trust, term, _, _ = make_house(3)
    training = make_measure(trust, "Training", of="trust")
    kpi = make_kpi(the_plan(trust), "Training")
    make_clause(kpi, training, target="85.0", level="trust", roll_up="trust_only")
    make_entry(training, trust.own_unit, term, "86.0")

    page = as_leader(trust, term)

    row = row_of(page, "Training")
    assert '<td class="whole" colspan="3">Measured for the trust as a whole</td>' in row
    assert "The trust. On target: 86.0%, target at least 85.0%." in row
    assert "target 85.0% or more</span>" in page.text
    assert tiles_of(page)["On target"] == 1


def test_a_kpi_of_several_parts_opens_in_place(as_leader):
    trust, term, attendance, [school] = make_house()
    kpi = make_kpi(the_plan(trust), "Together", key="together")
    reading = make_measure(trust, "Reading")
    make_clause(kpi, attendance, target="94.0", title="They come")
    make_clause(kpi, reading, target="50.0", title="They read")
    make_entry(attendance, school, term, "95.0")
    make_entry(reading, school, term, "40.0")

    closed = as_leader(trust, term)
    opened = as_leader(trust, term, open="together")

    assert "decided by They read" in row_of(opened, "Together")
    assert "They read: 40.0%, target at least 50.0%" in row_of(closed, "Together")
    assert "open=together#kpi-together" in closed.text
    assert 'id="kpi-together-c1"' not in closed.text
    assert "On target: 95.0%" in row_of(opened, "They come")
    assert "Off target: 40.0%" in row_of(opened, "They read")
    assert [clause.key for clause in Clause.everywhere.filter(node=kpi)] == ["c1", "c2"]


def test_movement_names_its_period_and_says_when_it_is_for_the_worse(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, make_term(trust, "2024-autumn"), "96.0")
    make_entry(attendance, school, term, "94.5")

    row = row_of(as_leader(trust, term), "Attendance")

    assert "Fell 1.5 points since Autumn 2024, got worse." in row
    assert "v. Autumn 2024" in row


def test_a_filter_hides_rows_without_a_match_and_greys_the_other_cells(as_leader):
    trust, term, attendance, [bad, good] = make_house(2)
    reading = make_measure(trust, "Reading")
    make_clause(make_kpi(the_plan(trust), "Reading"), reading, target="50.0")
    make_entry(attendance, bad, term, "80.0")
    make_entry(attendance, good, term, "96.0")
    for school in (bad, good):
        make_entry(reading, school, term, "60.0")

    page = as_leader(trust, term, show="off")

    assert "1 of 2 KPIs has a result off target" in page.text
    row = row_of(page, "Attendance")
    assert 'class="cell green dim"' in row
    assert 'class="cell red"' in row
    assert 'id="kpi-' in row
    assert ">Reading</a>" not in page.text


def test_a_filter_without_a_match_says_so_and_leads_back(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "96.0")

    page = as_leader(trust, term, show="late")

    assert "No results are late." in page.text
    assert "Show all" in page.text


def test_late_results_are_counted_and_listed(as_leader):
    trust, term, attendance, [_, sent] = make_house(2)
    make_entry(attendance, sent, term, "96.0")

    page = as_leader(trust, term)
    listed = as_leader(trust, term, show="late")

    assert page.context["matrix"].progress.late == 1
    assert page.context["matrix"].progress.late_url.endswith("show=late")
    assert "1 of 1 KPI has a result that is late: 1 result" in listed.text


def test_a_phase_shows_its_schools_alone(as_leader):
    trust, term, attendance, [primary] = make_house()
    secondary = make_school(trust, "Hexwater", phase="secondary", low_age=11, high_age=16)
    make_entry(attendance, primary, term, "96.0")
    make_entry(attendance, secondary, term, "80.0")

    page = as_leader(trust, term, phase="secondary")

    assert [column.name for column in page.context["matrix"].columns] == ["Hexwater"]
    assert tiles_of(page)["Off target"] == 1
    assert tiles_of(page)["On target"] == 0


def test_tabs_count_what_is_off_target_under_each_priority(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "80.0")

    tabs = as_leader(trust, term).context["matrix"].tabs

    assert [(tab.label, tab.count) for tab in tabs] == [
        ("All priorities", 1),
        ("Every pupil flourishes", 1),
    ]


@pytest.mark.parametrize("slug", ["2031-autumn", "2025-winter", "autumn", "²025-autumn", "0"])
def test_a_term_that_never_was_is_not_found(slug, sign_in):
    trust, term, _, _ = make_house()
    client = sign_in(make_user(Role.LEADER, trust))
    address = reverse("dashboard:matrix", args=[trust])

    assert client.get(address, {"term": term.slug}).status_code == 200
    assert client.get(address, {"term": slug}).status_code == 404


@pytest.mark.parametrize(
    "choices",
    [{"show": "everything"}, {"phase": "nursery"}, {"open": "nothing"}, {"show": "\x00'\"<b>"}],
)
def test_a_choice_that_means_nothing_is_left_out(choices, as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "96.0")

    page = as_leader(trust, term, **choices)

    assert page.status_code == 200
    assert "1 KPI, 1 school" in page.text


def test_progress_counts_what_is_in(as_leader, sign_in):
    trust, term, attendance, [one, other] = make_house(2)
    make_entry(attendance, one, term, "96.0", standing="provisional")
    with inside(trust):
        Return.objects.create(
            unit=one.unit_ptr, term=term, state="submitted", submitted_at=term.due
        )

    progress = as_leader(trust, term).context["matrix"].progress
    of_other = sign_in(make_head(other)).get(matrix_page(trust, term)).context["matrix"].progress

    assert (progress.schools_in, progress.schools) == (1, 2)
    assert (progress.figures_in, progress.figures, progress.share) == (1, 2, "50.0%")
    assert progress.changed == term.due
    assert (of_other.schools_in, of_other.schools, of_other.figures) == (0, 1, 1)
    assert of_other.changed is None


def test_a_closed_term_says_when(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "96.0")
    term.closed_at = term.due.replace(day=30)
    term.save()

    assert "Closed. Figures as at 30 January 2026." in as_leader(trust, term).text


def test_before_anybody_has_sent_anything_the_page_says_what_comes(as_leader):
    trust, term, _, _ = make_house()

    page = as_leader(trust, term)

    assert "No figures yet for Autumn 2025." in page.text
    assert reverse("returns:return-list", args=[trust]) in page.text


def test_a_trust_without_a_plan_is_told_so(as_leader):
    trust = make_trust()

    page = as_leader(trust, make_term(trust))

    assert "There is no plan yet" in page.text


def test_asking_for_the_page_writes_nothing(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "96.0")
    rows = AuditRow.everywhere.count()
    version = school.data_version

    as_leader(trust, term)

    assert AuditRow.everywhere.filter(thing_kind__startswith="kpis").count() == 0
    assert AuditRow.everywhere.count() - rows <= 1  # making the leader is a row
    school.refresh_from_db()
    assert school.data_version == version


def test_a_school_that_joined_later_has_a_column_and_what_it_owes_not(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, "96.0")
    new = make_school(trust, "Newly", joined=date(2025, 11, 1))

    row = row_of(as_leader(trust, term), "Attendance")

    assert f"{new.name}. Not applicable: joined during or after" in row


def test_on_a_card_a_figure_has_its_unit_and_a_word_has_none(as_leader):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, term, value="81.2")
    reserves = make_measure(trust, "Reserves", of="trust", unit="%")
    kpi = make_kpi(the_plan(trust), "Reserves")
    make_clause(kpi, reserves, target="5.0", level="trust", roll_up="trust_only")
    make_entry(reserves, trust.own_unit, term, value="6.4")

    page = as_leader(trust, term)

    cards = re.findall(r"</span><span>([^<]*)</span>", page.text[page.text.index('"cards') :])
    assert cards == ["0 of 1", "6.4%"]


def test_a_head_is_told_how_much_of_what_their_own_school_owes_is_in(sign_in, as_leader):
    trust, term, attendance, [school] = make_house()
    reserves = make_measure(trust, "Reserves", of="trust")
    kpi = make_kpi(the_plan(trust), "Reserves")
    make_clause(kpi, reserves, target="5.0", level="trust", roll_up="trust_only")
    make_entry(attendance, school, term, value="81.2")

    page = sign_in(make_head(school)).get(matrix_page(trust, term))

    assert "1 of 1 figures in (100.0%)" in " ".join(page.text.split())
    assert as_leader(trust, term).context["matrix"].progress.figures == 2

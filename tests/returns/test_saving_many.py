"""A file's lines go in together: the same rows as if each had been typed, at few queries."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kpis.models import Measure
from returns.asked.asking import Asking
from returns.asked.questions import NAMES, Typed
from returns.grid.saving import Change, save_lines
from returns.models import Heading, Line, Return, Upload
from returns.spreadsheets import uploads
from schools.models import AuditRow, Membership, Memberships, Role, Term, Unit
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_house,
    make_line,
    make_measure,
    make_term,
    make_user,
)
from tests.returns.test_uploads import (
    LATEST,
    confirm,
    csv_of,
    row,
    send,
    stored,
)

pytestmark = pytest.mark.django_db


def full_house(schools):
    trust, _, attendance, schools = make_house(schools=schools)
    make_measure(trust, "Share", counts="both", groups=["all", "send"])
    make_measure(trust, "Places", kind="number", unit="places")
    return trust, make_term(trust, LATEST), attendance, schools


def rows_about(schools, value):
    found = []
    for school in schools:
        found.append(row(school, value, why="Flu", what_next="Call"))
        found.append(row(school, measure="share", numerator="187", denominator="200"))
        found.append(row(school, "few", measure="share", pupil_group="send"))
        found.append(row(school, "1,204", measure="places"))
    return found


def told(schools):
    """All that the lines and the trail of some schools say, with their places for their names."""
    place = {school.pk: number for number, school in enumerate(schools)}
    columns = ("unit_id", "on_behalf_of_id", "thing_name", "thing_kind", "by_id", "action")
    trail = AuditRow.everywhere.filter(action="typed", unit__in=schools).order_by("pk")
    rows = [
        (place[unit], place[whom], name.replace(str(schools[place[unit]]), "School"), *rest)
        for unit, whom, name, *rest in trail.values_list(
            *columns, "before", "after", "trust_id", "reason"
        )
    ]
    lines = Line.everywhere.filter(unit__in=schools).order_by("unit", "measure", "group")
    columns = ("unit_id", "measure", "group", "number", "period", "version", "changed_by")
    said = [(place[unit], *rest) for unit, *rest in lines.values_list(*columns, *NAMES)]
    returns = Return.everywhere.filter(unit__in=schools).order_by("unit")
    return sorted(rows, key=str), said, list(returns.values_list("state", "version"))


def typed_one_by_one(trust, term, schools, manager, value):
    """What the file says, typed school by school by the action of the page."""
    with inside(trust):
        asking, memberships = Asking(term), Memberships(manager, trust)
        texts = {
            ("attendance", "all"): Typed(value=value, why="Flu", what_next="Call"),
            ("share", "all"): Typed(numerator="187", denominator="200"),
            ("share", "send"): Typed(value="few"),
            ("places", "all"): Typed(value="1,204"),
        }
        for school in schools:
            return_, _ = Return.objects.get_or_create(unit=school, term=term)
            lines = {line.key: line.version for line in return_.lines.all()}
            changes = [
                Change(asked, texts[asked.measure.code, asked.group.code], lines.get(asked.key, 0))
                for asked in asking.of_return(school.pk)
            ]
            save_lines(return_, changes, memberships=memberships, at=timezone.now())


def test_a_file_leaves_the_lines_and_the_trail_that_typing_leaves(sign_in):
    trust, term, _, schools = full_house(6)
    manager = make_user(Role.DATA_MANAGER, trust)
    client, address = sign_in(manager), reverse("returns:spreadsheet", args=[trust])
    by_hand, from_a_file = schools[:3], schools[3:]

    for value in ("93.5", "94.5"):
        typed_one_by_one(trust, term, by_hand, manager, value)
        confirm(client, send(client, address, csv_of(*rows_about(from_a_file, value))))

    assert told(from_a_file) == told(by_hand)
    trail, lines, _ = told(from_a_file)
    assert (len(trail), len(lines)) == (3 * (4 + 1), 3 * 4)
    of_lines = AuditRow.everywhere.filter(action="typed", unit__in=from_a_file)
    assert set(of_lines.values_list("channel", flat=True)) == {"import"}
    numbers = Line.everywhere.filter(unit__in=from_a_file).values_list("pk", flat=True)
    assert set(of_lines.values_list("thing_id", flat=True)) == set(numbers)


@pytest.mark.parametrize("schools", [1, 3, 25])
def test_more_schools_cost_no_more_queries(schools, sign_in):
    trust, _, _, schools = full_house(schools)
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    address = reverse("returns:spreadsheet", args=[trust])
    client.get(address)
    confirm(client, send(client, address, csv_of(*rows_about(schools, "93.5"))))
    page = send(client, address, csv_of(*rows_about(schools, "94.5")))

    with CaptureQueriesContext(connection) as asked:
        answer = client.post(page.request["PATH_INFO"], boxes_of(page))

    assert answer.status_code == 302
    assert Line.everywhere.filter(value="94.5").count() == len(schools)
    assert len(asked) <= 45


def test_one_return_that_was_sent_meanwhile_keeps_the_whole_file_out(sign_in):
    trust, term, _, schools = full_house(3)
    manager = make_user(Role.DATA_MANAGER, trust)
    client, address = sign_in(manager), reverse("returns:spreadsheet", args=[trust])
    client.get(address)
    page = send(client, address, csv_of(*rows_about(schools, "93.5")))
    Return.everywhere.filter(unit=schools[2]).update(state="submitted", version=F("version") + 1)
    before = stored()

    again = confirm(client, page)

    assert stored() == before
    assert again.status_code == 409
    words = f"The {term} return of {schools[2]} is submitted."
    assert words in client.get(page.request["PATH_INFO"]).text


# What was checked is kept for its confirmation, as long as nothing has changed


@pytest.fixture
def checks(monkeypatch):
    """How often a file is read against what the returns hold."""
    read = []

    class Counted(uploads.Import):
        def __init__(self, *args, **kwargs):
            read.append(kwargs["at"])
            super().__init__(*args, **kwargs)

    monkeypatch.setattr(uploads, "Import", Counted)
    return read


def shown_to_the_manager(sign_in):
    trust, term, _, schools = full_house(2)
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    address = reverse("returns:spreadsheet", args=[trust])
    client.get(address)
    return client, send(client, address, csv_of(*rows_about(schools, "93.5"))), term, schools


def test_what_was_shown_is_what_is_stored_and_is_worked_out_once(sign_in, checks):
    client, page, _, schools = shown_to_the_manager(sign_in)

    client.get(page.request["PATH_INFO"])
    confirm(client, page)

    assert len(checks) == 1
    assert Line.everywhere.filter(value="93.5").count() == len(schools)
    [applied] = Upload.everywhere.all()
    changed = set(Line.everywhere.values_list("changed_at", flat=True))
    assert changed == {applied.applied_at}
    assert applied.applied_at > checks[0]


def a_figure_typed_by_somebody_else(term, school):
    return_ = Return.everywhere.get(unit=school, term=term)
    make_line(return_, Measure.everywhere.get(code="attendance"), value="92.2")
    Return.everywhere.filter(pk=return_.pk).update(version=F("version") + 1)


def the_term_closed(term, school):
    Term.everywhere.filter(pk=term.pk).update(closed_at=timezone.now())


def the_school_left(term, school):
    Unit.everywhere.filter(pk=school.pk).update(
        left=date(2025, 9, 1), data_version=F("data_version") + 1
    )


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (a_figure_typed_by_somebody_else, "92.2"),
        (the_term_closed, "is locked"),
        (the_school_left, "was not in the trust for all of it"),
    ],
)
def test_whatever_changes_after_the_check_is_seen_when_it_is_confirmed(
    happens, words, sign_in, checks
):
    client, page, term, [school, _] = shown_to_the_manager(sign_in)
    happens(term, school)
    before = stored()

    again = confirm(client, page)

    assert len(checks) == 2
    assert stored() == before
    assert again.status_code == 409
    assert words in client.get(page.request["PATH_INFO"]).text


def test_a_role_that_is_lost_after_the_check_is_lost_when_it_is_confirmed(sign_in, checks):
    client, page, _, [school, other] = shown_to_the_manager(sign_in)
    role = Membership.everywhere.get()
    role.role = Role.HEADTEACHER
    role.save()
    with inside(other.trust):
        role.units.set([other])
    before = stored()

    again = confirm(client, page)

    assert stored() == before
    assert again.status_code == 409
    words = f"There is no unit &quot;{school.urn}&quot; for you."
    assert words in client.get(page.request["PATH_INFO"]).text


def test_what_a_head_means_now_counts_and_not_what_it_meant_when_it_was_checked(sign_in, checks):
    client, page, _, [school, _] = shown_to_the_manager(sign_in)
    with inside(school.trust):
        Heading.objects.create(unit=school.trust.own_unit, heading="why", column="what_next")
    before = stored()

    again = confirm(client, page)

    assert len(checks) == 2
    assert stored() == before
    assert again.status_code == 409

"""A spreadsheet on its way in: nothing before it is confirmed, all or nothing, once, and back."""

import io
import re
from datetime import timedelta
from html import unescape
from unittest.mock import ANY

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from returns.asked.questions import NAMES
from returns.models import Heading, Line, Return, Upload, UploadedLine
from returns.spreadsheets.files import COLUMNS
from returns.spreadsheets.sent_in import sent_in
from returns.spreadsheets.uploads import undoing
from schools.models import AuditRow, Membership, Memberships, Role, Term, Unit
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_clause,
    make_head,
    make_house,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

LATEST = "2026-summer"
NOW = timezone.now()


def csv_of(*rows, columns=COLUMNS):
    lines = [",".join(columns)]
    lines += [",".join(f'"{row.get(name, "")}"' for name in columns) for row in rows]
    return "\r\n".join(lines).encode()


def row(school, value="", measure="attendance", **cells):
    return {
        "unit": school.urn,
        "measure_code": measure,
        "academic_year": "2025/26",
        "term": "Summer",
        "value": value,
        **cells,
    }


@pytest.fixture
def house():
    trust, _, attendance, schools = make_house(schools=2)
    return trust, make_term(trust, LATEST), attendance, schools


def send(client, address, data, name="figures.csv", **boxes):
    """Choose a file on a page and check it; the answer of the page that then opens."""
    file = SimpleUploadedFile(name, data)
    return client.post(address, {"file": file, **boxes}, follow=True)


def address_of(page, return_):
    return reverse(f"returns:{page}", args=[return_.term.trust, return_.pk])


def confirm(client, page, **boxes):
    """Say yes to what a page has shown."""
    return client.post(page.request["PATH_INFO"], boxes_of(page) | boxes, follow=True)


def stored():
    return (
        list(Line.everywhere.order_by("pk").values_list("pk", "version", *NAMES)),
        Return.everywhere.exclude(state="not_started").count(),
        AuditRow.everywhere.exclude(thing_kind="schools.trust").count(),
        dict(Unit.everywhere.values_list("pk", "data_version")),
    )


def open_return(school, term, **typed):
    return_ = make_return(school, term)
    if typed:
        measure = school.trust.measures(manager="everywhere").get(code="attendance")
        make_line(return_, measure, **typed)
        Return.everywhere.filter(pk=return_.pk).update(state="in_progress")
    return return_


def test_nothing_is_stored_until_it_is_confirmed_and_then_what_was_shown(house, sign_in):
    _trust, term, _, [school, _] = house
    return_ = open_return(school, term, value="94.6")
    client = sign_in(make_head(school))
    before = stored()

    page = send(
        client, address_of("return-spreadsheet", return_), csv_of(row(school, "93.5", why="Flu"))
    )

    assert stored() == before
    assert "1 will change · 0 new · 0 the same" in page.text
    assert "94.6%" in page.text
    assert "93.5%" in page.text
    page = confirm(client, page)
    [line] = Line.everywhere.all()
    assert (line.value, line.why) == ("93.5", "Flu")
    assert "1 figure changed by" in page.text


def test_the_check_says_what_the_status_becomes_and_that_a_comment_is_needed(house, sign_in):
    _trust, term, _, [school, _] = house
    return_ = open_return(school, term, value="94.6")
    client = sign_in(make_head(school))

    page = send(client, address_of("return-spreadsheet", return_), csv_of(row(school, "80")))

    assert "Becomes off target, comment needed" in page.text
    words = {"why": "Flu", "what_next": "Call families, Ms Shah, March"}
    page = send(
        client, address_of("return-spreadsheet", return_), csv_of(row(school, "80", **words))
    )
    assert "Becomes off target" in page.text
    assert "comment needed" not in page.text


def test_one_audit_row_tells_of_the_whole_file_and_one_of_each_line(house, sign_in):
    trust, _term, _, schools = house
    manager = make_user(Role.DATA_MANAGER, trust)
    client = sign_in(manager)

    data = csv_of(*[row(school, "93.5") for school in schools])
    confirm(client, send(client, reverse("returns:spreadsheet", args=[trust]), data))

    [whole] = AuditRow.everywhere.filter(thing_kind="returns.upload")
    assert (whole.action, whole.by, whole.channel) == ("applied", manager, "import")
    assert (whole.after["lines"], whole.after["file"]) == (2, "figures.csv")
    typed = AuditRow.everywhere.filter(action="typed")
    assert {trail.on_behalf_of_id for trail in typed} == {school.pk for school in schools}
    assert {trail.channel for trail in typed} == {"import"}


def test_applied_again_it_changes_nothing(house, sign_in):
    _trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    page = send(client, address_of("return-spreadsheet", return_), csv_of(row(school, "93.5")))
    confirm(client, page)
    before = stored()

    for _ in range(3):
        assert confirm(client, page).status_code == 200

    assert stored() == before
    assert UploadedLine.everywhere.count() == 1


def test_what_has_changed_since_the_check_is_shown_and_not_stored_over(house, sign_in):
    _trust, term, _attendance, [school, _] = house
    return_ = open_return(school, term, value="94.6")
    client, other = sign_in(make_head(school)), sign_in(make_head(school))
    page = send(client, address_of("return-spreadsheet", return_), csv_of(row(school, "93.5")))
    edit = other.get(address_of("return-edit", return_))
    boxes = boxes_of(edit)
    [box] = [name for name in boxes if name.endswith("-value")]
    other.post(address_of("return-edit", return_), boxes | {box: "92.2"})

    again = confirm(client, page)

    assert again.status_code == 409
    assert "Figures have changed since you checked this file" in again.text
    assert "92.2%" in again.text
    assert "93.5%" in again.text
    assert Line.everywhere.get().value == "92.2"
    confirm(client, again)
    assert Line.everywhere.get().value == "93.5"


def test_only_who_has_sent_a_file_can_apply_it(house, sign_in):
    trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    page = send(
        sign_in(make_head(school)),
        address_of("return-spreadsheet", return_),
        csv_of(row(school, "93.5")),
    )
    manager = sign_in(make_user(Role.DATA_MANAGER, trust))
    before = stored()

    refused = confirm(manager, page)

    assert refused.status_code == 409
    assert stored() == before


def test_a_file_that_was_changed_on_the_disk_is_not_the_one_that_was_checked(house, sign_in):
    _trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    page = send(client, address_of("return-spreadsheet", return_), csv_of(row(school, "93.5")))
    with open(Upload.everywhere.get().file.path, "ab") as file:
        file.write(b"\r\n")

    assert confirm(client, page).status_code == 409
    assert not Line.everywhere.exists()


def test_one_bad_row_stops_the_whole_file_and_every_bad_row_is_named(house, sign_in):
    trust, _term, _, [school, other] = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    before = stored()
    bad = [row(school, "912"), row(other, "lots"), row(school, "94", measure="nothing")]

    page = send(client, reverse("returns:spreadsheet", args=[trust]), csv_of(*bad), "bad.csv")

    assert "3 problems. Nothing can be stored until the file is mended." in page.text
    assert "Enter Attendance as a number between 0 and 100." in page.text
    for words in ("row 2, column F", "row 3, column F", "row 4, column B", "lots", "912"):
        assert words in page.text
    assert confirm(client, page, fingerprint="").status_code == 409
    assert stored() == before


def test_two_hundred_problems_stand_on_the_page_and_all_in_the_download(house, sign_in):
    trust, _term, _, [school, _] = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    data = csv_of(*[row(school, "lots")] * 2_000)

    page = send(client, reverse("returns:spreadsheet", args=[trust]), data)

    upload = Upload.everywhere.get()
    assert page.text.count('<tr><th scope="row">') == 200
    assert page.text.index("The download has all 2000") < page.text.index("<tr><th scope")
    csv = client.get(reverse("returns:upload-problems-csv", args=[trust, upload.pk]))
    assert len(csv.content.splitlines()) == 2_001
    xlsx = client.get(reverse("returns:upload-problems-xlsx", args=[trust, upload.pk]))
    rows = list(load_workbook(io.BytesIO(xlsx.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2_001
    assert rows[1] == ("figures.csv", None, 2, "F", "value", "lots", ANY)


def test_an_upload_can_be_undone_but_for_what_was_changed_since(house, sign_in):
    trust, term, _attendance, [school, other] = house
    _first, second = open_return(school, term, value="94.6"), open_return(other, term, value="95")
    manager = make_user(Role.DATA_MANAGER, trust)
    client = sign_in(manager)
    data = csv_of(row(school, "93.5"), row(other, "96"))
    page = confirm(client, send(client, reverse("returns:spreadsheet", args=[trust]), data))
    edit = client.get(address_of("return-edit", second))
    [box] = [name for name in boxes_of(edit) if name.endswith("-value")]
    client.post(address_of("return-edit", second), boxes_of(edit) | {box: "97"})

    page = client.get(page.request["PATH_INFO"])
    assert f"{other}, 1 figure: changed since by" in page.text
    page = client.post(
        reverse("returns:upload-undo", args=[trust, Upload.everywhere.get().pk]), follow=True
    )

    values = dict(Line.everywhere.values_list("unit__code", "value"))
    assert values == {school.code: "94.6", other.code: "97"}
    assert "1 put back" in page.text
    assert "Changed since by" in page.text
    assert AuditRow.everywhere.filter(thing_kind="returns.upload", action="undone").count() == 1


def test_what_has_been_submitted_is_not_undone(house, sign_in):
    trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    page = send(client, address_of("return-spreadsheet", return_), csv_of(row(school, "93.5")))
    confirm(client, page)
    check = client.get(address_of("return-check", return_))
    client.post(address_of("return-submit", return_), boxes_of(check) | {"confirm": "on"})
    assert Return.everywhere.get().state == "submitted"
    before = stored()

    refused = client.post(reverse("returns:upload-undo", args=[trust, Upload.everywhere.get().pk]))

    assert refused.status_code == 409
    assert stored() == before


def test_an_upload_of_several_schools_is_undone_at_once_but_for_what_was_sent(house, sign_in):
    trust, term, _, [school, other] = house
    first, second = open_return(school, term, value="94.6"), open_return(other, term, value="95")
    manager = sign_in(make_user(Role.DATA_MANAGER, trust))
    data = csv_of(row(school, "93.5"), row(other, "96"))
    applied = confirm(manager, send(manager, reverse("returns:spreadsheet", args=[trust]), data))
    assert "in 2 returns at once" in applied.text
    Return.everywhere.filter(pk=second.pk).update(state="submitted")

    page = manager.get(applied.request["PATH_INFO"])
    assert f"{other}, 1 figure: sent since" in page.text
    address = reverse("returns:upload-undo", args=[trust, Upload.everywhere.get().pk])
    page = manager.post(address, follow=True)

    values = dict(Line.everywhere.values_list("unit__code", "value"))
    assert values == {school.code: "94.6", other.code: "96"}
    assert "Not put back" in page.text
    assert f"{other}, 1 figure: sent since" in page.text
    assert UploadedLine.everywhere.filter(undone=True).count() == 1
    assert Return.everywhere.get(pk=first.pk).version > first.version
    before = stored()
    assert manager.post(address).status_code == 409
    assert stored() == before


def test_what_is_no_longer_ones_own_is_not_put_back(house, sign_in):
    trust, term, _, [school, other] = house
    open_return(school, term, value="94.6"), open_return(other, term, value="95")
    manager = make_user(Role.DATA_MANAGER, trust)
    client = sign_in(manager)
    data = csv_of(row(school, "93.5"), row(other, "96"))
    applied = confirm(client, send(client, reverse("returns:spreadsheet", args=[trust]), data))
    with inside(trust):
        membership = Membership.objects.get(user=manager)
        membership.role = Role.SCHOOL_EDITOR
        membership.save()
        membership.units.set([school])

    page = client.get(applied.request["PATH_INFO"])
    assert f"{other}, 1 figure: no longer yours to change" in page.text
    client.post(reverse("returns:upload-undo", args=[trust, Upload.everywhere.get().pk]))

    values = dict(Line.everywhere.values_list("unit__code", "value"))
    assert values == {school.code: "94.6", other.code: "96"}


def test_a_file_for_another_term_says_which_template_is_wanted(house, sign_in):
    trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    make_return(school, make_term(trust, "2026-spring"))
    spring = [{**row(school, "93.5"), "term": "Spring"}] * 2

    page = send(client, address_of("return-spreadsheet", return_), csv_of(*spring))

    assert "This template is for Spring 2026. Download the Summer 2026 one." in page.text


def test_past_terms_of_several_schools_are_history_and_said_to_be(house, sign_in):
    trust, _term, _, schools = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    rows = [{**row(school, "93.5"), "term": "Spring"} for school in schools]

    page = send(client, reverse("returns:spreadsheet", args=[trust]), csv_of(*rows))
    assert "history: approved at once" in page.text
    confirm(client, page)

    assert set(Return.everywhere.values_list("state", flat=True)) >= {"approved"}
    assert AuditRow.everywhere.filter(action="recorded", channel="import").count() == 2


def test_the_heads_of_another_program_are_said_once_and_remembered(house, sign_in):
    _trust, term, _, [school, other] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    data = b"Indicator,Result,Teacher\nattendance,93.5,A. N. Other\n"
    page = send(client, address_of("return-spreadsheet", return_), data, "mis.csv")
    assert "Say what its columns mean" in page.text

    heads = page.request["PATH_INFO"] + "columns/"
    form = client.get(heads)
    assert "For example 93.5" in form.text
    assert "optional" not in form.text
    answer = {"head-0": "measure_code", "head-1": "value", "head-2": ""}
    page = client.post(heads, answer, follow=True)

    assert "0 will change · 1 new" in page.text
    assert set(Heading.everywhere.values_list("unit", "heading", "column")) == {
        (school.pk, "indicator", "measure_code"),
        (school.pk, "result", "value"),
        (school.pk, "teacher", ""),
    }
    confirm(client, page)
    assert Line.everywhere.get().value == "93.5"
    page = send(client, address_of("return-spreadsheet", return_), data.replace(b"93.5", b"94"))
    assert "1 will change" in page.text
    theirs = open_return(other, term)
    page = send(sign_in(make_head(other)), address_of("return-spreadsheet", theirs), data)
    assert "Say what its columns mean" in page.text


def test_most_rows_looking_odd_is_said_over_all_of_them(house, sign_in):
    trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    plan = make_plan(trust)
    rows = []
    for number in range(6):
        measure = make_measure(trust, f"Share {number}", usual_low="80", usual_high="100")
        make_clause(make_kpi(plan), measure, target="90.0")
        rows.append(row(school, "12", measure=measure.code))
    client = sign_in(make_head(school))

    page = send(client, address_of("return-spreadsheet", return_), csv_of(*rows))

    assert "Check that rows have not slipped" in page.text
    assert "It is usually between 80.0% and 100.0%." in page.text


def test_another_schools_file_and_another_trusts_do_not_exist(house, sign_in):
    trust, term, _, [school, other] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    page = send(client, address_of("return-spreadsheet", return_), csv_of(row(school, "93.5")))
    address = page.request["PATH_INFO"]
    assert client.get(address).status_code == 200

    assert sign_in(make_head(other)).get(address).status_code == 404
    stranger, *_ = make_house()
    elsewhere = sign_in(make_user(Role.DATA_MANAGER, stranger))
    assert elsewhere.get(address.replace(trust.slug, stranger.slug)).status_code == 404


def test_a_school_cannot_bring_in_figures_of_another_one(house, sign_in):
    trust, term, _, [school, other] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    before = stored()

    for address in (
        address_of("return-spreadsheet", return_),
        reverse("returns:spreadsheet", args=[trust]),
    ):
        page = send(client, address, csv_of(row(other, "93.5")))
        assert f"There is no unit &quot;{other.urn}&quot; for you." in page.text
        confirm(client, page, fingerprint="")

    assert stored() == before


def test_no_file_an_empty_one_and_one_that_is_too_large_are_said(house, sign_in):
    trust, _, _, _ = house
    client = sign_in(make_user(Role.DATA_MANAGER, trust))
    address = reverse("returns:spreadsheet", args=[trust])

    assert "Choose the file first." in client.post(address).text
    assert "The file is empty." in send(client, address, b"").text
    assert "larger than 5 MB" in send(client, address, b"x" * (5 * 1024 * 1024 + 1)).text
    assert not Upload.everywhere.exists()


def test_who_reads_the_file_of_somebody_else_is_led_to_no_page_of_theirs(house, client):
    trust, term, _, [school, _] = house
    client.force_login(make_head(school))
    return_ = make_return(school, term)
    sheets = address_of("return-spreadsheet", return_)
    page = send(client, sheets, csv_of(row(school, "lots")))
    assert page.text.count(f'href="{sheets}"') == 1

    client.force_login(make_user(Role.LEADER, trust))
    theirs = client.get(page.request["PATH_INFO"])

    assert "figures.csv" in theirs.text
    assert f'href="{sheets}"' not in theirs.text
    links = re.findall(r'<a [^>]*href="(/t/[^"#]*)"', theirs.text)
    assert {client.get(unescape(link)).status_code for link in links} == {200}


# Found again


def files_on(page):
    """What a page lists of the files that were sent in: [(name, what became of it)]."""
    rows = page.text.partition("Spreadsheets sent in</h2>")[2].partition("</table>")[0]
    return re.findall(r'<a href="/[^"]*/uploads/\d+/">([^<]*)</a></th><td>([^<]*)</td>', rows)


def test_a_file_is_found_again_on_the_pages_that_it_was_for(house, sign_in):
    trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    sheets, edit = address_of("return-spreadsheet", return_), address_of("return-edit", return_)
    assert files_on(client.get(edit)) == []

    checked = send(client, sheets, csv_of(row(school, "93.5")), "mine.csv")
    assert files_on(client.get(sheets)) == [("mine.csv", "Checked, and nothing stored")]
    confirm(client, checked)
    for address in (sheets, edit):
        assert files_on(client.get(address)) == [("mine.csv", "Applied: 1 figure, can be undone")]
    client.post(reverse("returns:upload-undo", args=[trust, Upload.everywhere.get().pk]))
    assert files_on(client.get(edit)) == [("mine.csv", "Undone: 1 of 1 figure put back")]


def test_a_file_that_cannot_be_undone_any_more_is_not_said_to_be(house, sign_in):
    trust, term, _, [school, other] = house
    return_ = open_return(school, term)
    client = sign_in(make_head(school))
    sheets, edit = address_of("return-spreadsheet", return_), address_of("return-edit", return_)
    confirm(client, send(client, sheets, csv_of(row(school, "93.5"))))

    # Somebody else reads of it; only who has sent it undoes it.
    manager = sign_in(make_user(Role.DATA_MANAGER, trust))
    assert files_on(manager.get(edit)) == [("figures.csv", "Applied: 1 figure")]
    for change in ({"state": "submitted"}, {"state": "approved"}):
        Return.everywhere.filter(pk=return_.pk).update(**change)
        assert files_on(client.get(edit)) == [("figures.csv", "Applied: 1 figure")]
    assert (
        files_on(sign_in(make_head(other)).get(reverse("returns:spreadsheet", args=[trust]))) == []
    )


def test_a_file_for_several_schools_is_listed_where_it_has_changed_something(house, sign_in):
    trust, term, _, [school, other] = house
    first, second = open_return(school, term), open_return(other, term)
    manager, head = sign_in(make_user(Role.DATA_MANAGER, trust)), sign_in(make_head(school))
    sheets = reverse("returns:spreadsheet", args=[trust])
    confirm(manager, send(manager, sheets, csv_of(row(school, "93.5")), "all.csv"))

    assert files_on(manager.get(address_of("return-edit", first)))
    assert files_on(manager.get(sheets))
    assert files_on(manager.get(address_of("return-edit", second))) == []
    # A school does not see the file of the trust, which may hold other schools.
    assert files_on(head.get(address_of("return-edit", first))) == []


def test_no_page_lists_more_files_than_it_has_room_for(house, sign_in):
    trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    head = make_head(school)
    client = sign_in(head)
    about = {"trust": trust, "by": head, "return_to": return_, "term": term, "digest": "0" * 64}
    Upload.everywhere.bulk_create(
        Upload(name=f"{number}.csv", checked_at=timezone.now(), **about) for number in range(30)
    )

    shown = [name for name, _ in files_on(client.get(address_of("return-edit", return_)))]
    assert shown == [f"{number}.csv" for number in range(29, 24, -1)]
    assert len(files_on(client.get(address_of("return-spreadsheet", return_)))) == 20


STATES = {
    "open": {},
    "sent": {"state": "submitted"},
    "sent back": {"state": "sent_back"},
    "approved": {"state": "approved", "approved_at": NOW},
    "closed": {"closed_at": NOW},
    "not open yet": {"opens": NOW + timedelta(days=2)},
    "reopened whole": {"approved_at": NOW, "reopened_at": NOW, "reopened": True},
    "another line reopened": {"approved_at": NOW, "reopened_at": NOW},
    "closed, then reopened": {"closed_at": NOW, "reopened_at": NOW + timedelta(hours=1)},
    "closed as it was reopened": {"closed_at": NOW, "reopened_at": NOW},
    "reopened, then closed": {"closed_at": NOW, "reopened_at": NOW - timedelta(hours=1)},
    "changed since": {"version": 7},
    "undone": {"undone": True},
}


@pytest.mark.parametrize("name", STATES)
def test_the_list_of_files_says_the_same_of_undoing_as_the_page_of_one(house, sign_in, name):
    trust, term, _, [school, _] = house
    return_ = open_return(school, term)
    head = make_head(school)
    client = sign_in(head)
    sheets = address_of("return-spreadsheet", return_)
    confirm(client, send(client, sheets, csv_of(row(school, "93.5"))))
    about = STATES[name]

    def change(model, *columns):
        told = {column: about[column] for column in columns if column in about}
        if told:
            model.everywhere.update(**told)

    change(Return, "state", "approved_at", "reopened_at")
    change(Line, "reopened", "version")
    change(UploadedLine, "undone")
    Term.everywhere.filter(pk=term.pk).update(
        **{column: about[column] for column in ("opens", "closed_at") if column in about}
    )

    memberships = Memberships(head, trust)
    with inside(trust):
        can, _ = undoing(Upload.objects.get(), memberships=memberships, at=NOW)
        [listed] = sent_in(memberships, term=term)
    assert listed.words.endswith("can be undone") == bool(can)
    assert bool(can) == (
        name
        in (
            "open",
            "sent back",
            "reopened whole",
            "closed, then reopened",
            "closed as it was reopened",
        )
    )

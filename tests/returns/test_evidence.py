"""Evidence beside an answer: added, seen, taken away, and never lost on the way."""

import errno
import io
import os
import re
import socket
import time
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kpis.models import Judgement
from returns.life.approving import approve
from returns.life.reopening import reopen
from returns.life.sending import submit, withdraw
from returns.models import Evidence, Line, Return
from schools.models import AuditRow, Memberships, Office, Role, Term, Unit
from schools.tenancy import inside
from tests.factories import (
    PDF,
    boxes_of,
    make_clause,
    make_evidence,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_return,
    make_user,
)

from ..dashboard.kpi_house import the_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    trust, term, attendance, schools = make_house(schools=2)
    Term.everywhere.filter(pk=term.pk).update(
        opens=timezone.localdate(), due=timezone.now() + timezone.timedelta(days=9)
    )
    term.refresh_from_db()
    return trust, term, attendance, schools


@pytest.fixture
def return_(house):
    _, term, attendance, [school, _] = house
    return make_return(school, term, typed="93.5", measure=attendance)


@pytest.fixture
def head(house, client):
    client.force_login(make_head(house[3][0]))
    return client


def page_of(return_, line=None):
    line = line or Line.everywhere.filter(return_to=return_).first()
    key = "-".join(map(str, line.key))
    return reverse("returns:evidence", args=[return_.term.trust, return_.pk, key])


def file_of(evidence):
    trust = evidence.line.return_to.term.trust
    return reverse("returns:evidence-file", args=[trust, evidence.pk])


def upload(client, address, data=PDF, name="review.pdf", content_type="application/pdf"):
    file = SimpleUploadedFile(name, data, content_type)
    return client.post(address, {"do": "file", "file": file}, follow=True)


def status_of(client, evidence):
    answer = client.get(file_of(evidence))
    if answer.streaming:  # read to its end, which closes the file
        assert b"".join(answer.streaming_content) == PDF
    return answer.status_code


def on_disk():
    folder = Path(storages["private"].location) / "evidence"
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


# Adding


def test_a_file_is_kept_under_a_name_that_says_nothing(return_, head):
    after = upload(head, page_of(return_), name="Governance review.pdf")

    assert "Added: Governance review.pdf." in after.text
    kept = Evidence.everywhere.get()
    assert re.fullmatch(r"evidence/[\w-]{32}", kept.file.name)
    assert kept.file.name.removeprefix("evidence/") in on_disk()
    assert Path(kept.file.path).stat().st_mode & 0o077 == 0
    [row] = AuditRow.everywhere.filter(thing_kind="returns.evidence")
    assert (row.action, row.before, row.after["sha256"]) == ("added", None, kept.digest)
    assert (row.unit_id, row.by) == (return_.unit_id, kept.added_by)
    assert Return.everywhere.get(pk=return_.pk).version == return_.version + 1


def test_the_page_says_that_no_pupil_may_be_named(return_, head):
    assert "Do not upload anything that names a pupil." in head.get(page_of(return_)).text


def test_a_file_comes_back_as_an_attachment_that_no_browser_opens_by_itself(return_, head):
    upload(head, page_of(return_), name="x.html", content_type="text/html")

    answer = head.get(file_of(Evidence.everywhere.get()))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="x.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<svg onload='alert(1)'/>", "review.pdf", "no file of a kind that is kept"),
        (b"", "review.pdf", "The file is empty"),
        (b"%PDF-" + b"x" * 10 * 1024 * 1024, "review.pdf", "larger than 10 MB"),
        (b"%PDF-" + b"x" * 12 * 1024 * 1024, "review.pdf", "larger than 10 MB"),
    ],
)
def test_what_is_not_kept_says_so_and_leaves_nothing(return_, head, data, name, words):
    before = on_disk()

    answer = upload(head, page_of(return_), data, name)

    assert answer.status_code == 422
    assert words in answer.text
    assert not Evidence.everywhere.exists()
    assert not AuditRow.everywhere.filter(thing_kind="returns.evidence").exists()
    assert on_disk() == before


def test_the_same_file_again_adds_nothing(return_, head):
    link = {"do": "link", "link": "https://example.org/review"}
    upload(head, page_of(return_))
    head.post(page_of(return_), link)
    before = Return.everywhere.values().get(pk=return_.pk)

    again = upload(head, page_of(return_))
    link_again = head.post(page_of(return_), link, follow=True)

    assert "There already: review.pdf." in again.text
    assert "The link is there already." in link_again.text
    assert Evidence.everywhere.count() == 2
    assert AuditRow.everywhere.filter(thing_kind="returns.evidence").count() == 2
    # Nor is the return another one: who approves has seen what there is.
    assert Return.everywhere.values().get(pk=return_.pk) == before


def test_what_is_taken_away_already_changes_nothing_more(return_, head):
    upload(head, page_of(return_))
    gone = Evidence.everywhere.get()
    for _ in range(2):
        versions = Return.everywhere.get(pk=return_.pk).version
        head.post(page_of(return_), {"do": "remove", "evidence": gone.pk})

    assert Return.everywhere.get(pk=return_.pk).version == versions
    rows = AuditRow.everywhere.filter(thing_kind="returns.evidence")
    assert set(rows.values_list("action", flat=True)) == {"added", "took away"}
    assert rows.count() == 2


def test_one_too_many_is_refused_and_what_is_there_already_is_not(return_, head, monkeypatch):
    monkeypatch.setattr("returns.evidence.attaching.MOST_FOR_ONE", 2)
    page, link = page_of(return_), {"do": "link", "link": "https://example.org/review"}
    assert upload(head, page).status_code == 200
    assert head.post(page, link, follow=True).status_code == 200

    answer = upload(head, page, PDF + b"%")
    assert answer.status_code == 409
    assert "There are 2 pieces of evidence here already. Take one away." in answer.text
    assert upload(head, page).status_code == 200
    assert head.post(page, link, follow=True).status_code == 200
    assert Evidence.everywhere.count() == 2


def test_a_full_disk_is_said_and_leaves_no_half_file(return_, head, monkeypatch):
    before, write = on_disk(), storages["private"].__class__._save

    def half(self, name, content):
        write(self, name, type(content)(content.read()[:9]))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storages["private"].__class__, "_save", half)
    answer = upload(head, page_of(return_))

    assert answer.status_code == 507
    assert "There is no room to keep files at the moment, so nothing was kept." in answer.text
    assert on_disk() == before
    assert not Evidence.everywhere.exists()
    assert not AuditRow.everywhere.filter(thing_kind="returns.evidence").exists()
    assert Return.everywhere.get(pk=return_.pk).version == return_.version


def test_evidence_before_the_answer_is_no_clash_for_who_has_the_box_open(house, head):
    trust, term, attendance, [school, _] = house
    make_measure(trust, "Behaviour")
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    edit = reverse("returns:return-edit", args=[trust, return_.pk])
    boxes = boxes_of(head.get(edit))
    [address] = {
        found
        for found in re.findall(r'href="([^"]*/evidence/[^"]*)"', head.get(edit).text)
        if found != page_of(return_)
    }
    upload(head, address)
    [value] = [name for name in boxes if name.endswith("-value") and not boxes[name]]

    answer = head.post(edit, {**boxes, value: "4.0"})

    assert answer.status_code == 302
    assert Line.everywhere.get(measure__code="behaviour").value == "4.0"


# Links


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/x",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@example.org/",
        "ftp://example.org",
        "https://exa mple.org",
        "file:///etc/passwd",
        "",
        "https://example.org/" + "x" * 600,
    ],
)
def test_only_a_secure_address_is_a_link(return_, head, link):
    answer = head.post(page_of(return_), {"do": "link", "link": link})

    assert answer.status_code == 422
    assert not Evidence.everywhere.exists()


def test_a_link_is_shown_and_never_followed(house, return_, head):
    """Nobody knocks at the door that it names, whatever page is looked at."""
    trust, term, _, _ = house
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.05)
        link = f"https://127.0.0.1:{door.getsockname()[1]}/review?a=1&b=2"
        head.post(page_of(return_), {"do": "link", "link": link, "name": "Review <b>"})
        manager = Client()
        manager.force_login(make_user(Role.DATA_MANAGER, trust))
        at = [trust, return_.pk]
        send(return_, Role.DATA_MANAGER)
        for client, address in (
            (head, page_of(return_)),
            (head, reverse("returns:return-edit", args=at)),
            (manager, reverse("returns:return-approve", args=at)),
            (manager, reverse("dashboard:trail", args=[trust])),
            (manager, reverse("returns:return-list", args=[trust], query={"term": term.slug})),
        ):
            assert client.get(address).status_code == 200
        page = manager.get(reverse("returns:return-approve", args=at)).text
        with pytest.raises(TimeoutError):
            door.accept()

    shown = link.replace("&", "&amp;")
    assert f'<a href="{shown}" rel="noopener noreferrer">Review &lt;b&gt;</a>' in page


# Who may see it


def test_a_file_is_there_for_its_school_and_those_who_see_all_and_not_for_others(house, return_):
    trust, _, _, [school, sister] = house
    kept = make_evidence(return_)
    elsewhere, *_ = make_house()
    answers = {}
    for name, user in {
        "head": make_head(school),
        "leader": make_user(Role.LEADER, trust),
        "sister": make_head(sister),
        "trustee": make_user(Role.TRUSTEE, trust),
        "other trust": make_user(Role.DATA_MANAGER, elsewhere),
    }.items():
        client = Client()
        client.force_login(user)
        answers[name] = status_of(client, kept)

    assert answers == {
        "head": 200,
        "leader": 200,
        "sister": 404,
        "trustee": 404,
        "other trust": 404,
    }


def test_a_contributor_sees_the_evidence_of_own_offices_alone(house, client):
    trust, term, _, _ = house
    hr, estates = (
        Office.everywhere.create(trust=trust, code=code, name=code) for code in ("hr", "estates")
    )
    return_ = make_return(
        trust.own_unit, term, typed="5", measure=make_measure(trust, "Absence", office=hr)
    )
    kept = make_evidence(return_)
    seen = []
    for office in (hr, estates):
        client.force_login(make_user(Role.CONTRIBUTOR, trust, offices=[office]))
        seen.append(status_of(client, kept))

    assert seen == [200, 404]


# Taking away


def test_what_is_taken_away_is_gone_and_said_in_the_trail(
    return_, head, django_capture_on_commit_callbacks
):
    upload(head, page_of(return_))
    kept = Evidence.everywhere.get()

    with django_capture_on_commit_callbacks(execute=True):
        after = head.post(page_of(return_), {"do": "remove", "evidence": kept.pk}, follow=True)

    assert "Taken away: review.pdf." in after.text
    assert "There is no evidence yet." in after.text
    assert not Path(kept.file.path).exists()
    assert head.get(file_of(kept)).status_code == 404
    last = AuditRow.everywhere.filter(thing_kind="returns.evidence").first()
    assert (last.action, last.before["evidence"], last.after) == ("took away", "review.pdf", None)


def test_a_crash_before_the_file_is_deleted_leaves_it_to_be_swept(return_, head):
    upload(head, page_of(return_))
    path = Path(Evidence.everywhere.get().file.path)

    # What is done after the commit never comes: a test commits nothing.
    head.post(page_of(return_), {"do": "remove", "evidence": Evidence.everywhere.get().pk})
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(path, (two_days_ago, two_days_ago))
    assert path.exists()
    call_command("sweep_files", stdout=io.StringIO())

    assert not path.exists()
    assert Evidence.everywhere.get().removed_at is not None


def test_evidence_of_another_return_cannot_be_taken_away_here(house, return_, head):
    _, term, attendance, [_, sister] = house
    theirs = make_evidence(make_return(sister, term, typed="95.0", measure=attendance))

    answer = head.post(page_of(return_), {"do": "remove", "evidence": theirs.pk})

    assert answer.status_code == 404
    assert Evidence.everywhere.there().filter(pk=theirs.pk).exists()


def test_nothing_is_added_or_taken_away_once_the_return_is_sent(house, return_, head):
    kept = make_evidence(return_)
    Return.everywhere.filter(pk=return_.pk).update(state="submitted")
    before = on_disk()

    added = upload(head, page_of(return_), PDF + b"\n%%EOF")
    removed = head.post(page_of(return_), {"do": "remove", "evidence": kept.pk})

    assert (added.status_code, removed.status_code) == (409, 409)
    assert "Add the file" not in head.get(page_of(return_)).text
    assert Evidence.everywhere.there().get() == kept
    assert on_disk() == before


# Whatever becomes of the answer


def who(return_, role):
    trust = return_.term.trust
    units = [return_.unit] if role == Role.HEADTEACHER else ()
    return {"memberships": Memberships(make_user(role, trust, units), trust), "at": timezone.now()}


def send(return_, role=Role.HEADTEACHER):
    with inside(return_.term.trust):
        there = Return.objects.get(pk=return_.pk)
        Line.objects.filter(return_to=there).update(why="Illness", what_next="Calls home")
        return submit(there, version=there.version, **who(return_, role))


def test_a_file_outlives_sending_taking_back_approving_and_reopening(house, return_, head):
    trust = house[0]
    upload(head, page_of(return_))
    kept = Evidence.everywhere.get()

    def is_there():
        answer = head.get(file_of(kept))
        return answer.status_code == 200 and b"".join(answer.streaming_content) == PDF

    send(return_)
    assert is_there()
    with inside(trust):
        withdraw(Return.objects.get(pk=return_.pk), **who(return_, Role.HEADTEACHER))
        assert is_there()
        sent = send(return_)
        approve(sent, version=sent.version, **who(return_, Role.DATA_MANAGER))
        assert is_there()
        reopen(sent, reason="A typing error", **who(return_, Role.DATA_MANAGER))
    assert is_there()
    rows = AuditRow.everywhere.filter(action="submitted")
    assert [row.after["evidence"][0]["sha256"] for row in rows] == [kept.digest] * 2


def test_what_an_approved_answer_rested_on_stays_even_when_it_is_taken_away(
    house, return_, head, django_capture_on_commit_callbacks
):
    upload(head, page_of(return_))
    kept = Evidence.everywhere.get()
    sent = send(return_)
    with inside(house[0]):
        approve(sent, version=sent.version, **who(return_, Role.DATA_MANAGER))
        reopen(sent, reason="A typing error", **who(return_, Role.DATA_MANAGER))

    with django_capture_on_commit_callbacks(execute=True):
        head.post(page_of(return_), {"do": "remove", "evidence": kept.pk})

    assert Evidence.everywhere.get().removed_at is not None
    assert Path(kept.file.path).exists()
    assert head.get(file_of(kept)).status_code == 404


def test_evidence_stands_beside_the_rating_on_its_kpi_and_says_until_when_it_holds(house, client):
    trust, term, _, [school, _] = house
    review = make_measure(trust, "Review", kind="rating", basis="date", unit="", decimals=0)
    kpi = make_kpi(the_plan(trust), "Reviewed")
    make_clause(kpi, review, rule="judged", operator="", expires_months=6)
    return_ = make_return(school, term)
    day = term.ends
    with inside(trust):
        line = return_.lines.create(
            measure=review,
            unit=Unit.objects.get(pk=school.pk),
            group=review.groups.first(),
            period=review.period_for(term),
            value="On target",
            rating="",
            on=day.isoformat(),
            reviewer="A. Inspector",
            kind="external",
            evidence="See the file.",
        )
    make_evidence(return_)
    make_evidence(return_, name="old.pdf", removed_at=timezone.now())
    client.force_login(make_head(school))

    assert "19 June 2026" in client.get(page_of(return_, line)).text
    kpi_page = reverse("dashboard:kpi", args=[trust, kpi.pk], query={"term": term.slug})
    assert "review.pdf" not in client.get(kpi_page).text  # not sent yet
    send(return_)
    assert Judgement.everywhere.get().lines(manager="everywhere").get() == line
    page = client.get(kpi_page).text

    assert "review.pdf" in page
    assert "old.pdf" not in page

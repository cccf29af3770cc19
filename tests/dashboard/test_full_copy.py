"""Everything of a trust goes out in one archive, and nothing of anybody else's."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db.models import BinaryField, FileField
from django.urls import reverse
from django.utils import timezone

from dashboard.full_copy.making import ask, make
from returns.spreadsheets.uploads import keep_file
from returns.spreadsheets.writing import long_xlsx
from schools.jobs import work_next
from schools.models import AuditRow, FullCopy, Memberships, Outbox, Role
from schools.tenancy import inside
from tests.factories import (
    make_entry,
    make_evidence,
    make_house,
    make_line,
    make_published,
    make_return,
    make_user,
    title_alone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive_of(tmp_path):
    """The archive that the command writes of a trust."""

    def write(trust):
        path = tmp_path / f"{trust.slug}.zip"
        call_command("full_copy", trust.slug, path, verbosity=0)
        return zipfile.ZipFile(path)

    return write


def rows_in(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_table_with_rows_of_a_trust_is_in_it(archive_of):
    trust, *_ = make_house()

    names = set(archive_of(trust).namelist())

    of_trusts = {m._meta.label_lower for m in apps.get_models() if hasattr(m, "to_trust")}
    assert names >= {f"tables/{name}.csv" for name in of_trusts - {"reports.privatenote"}}
    assert "tables/reports.privatenote.csv" not in names
    assert names >= {"tables/kpis.measure_groups.csv", "tables/schools.membership_units.csv"}
    assert names >= {"README.txt", "columns.csv", "figures.csv", "SHA256SUMS"}


def test_a_figure_stands_in_it_to_the_last_digit_with_its_trail(archive_of):
    trust, term, attendance, [school] = make_house()
    entry = make_entry(attendance, school, term, "93.512345")
    make_user(Role.LEADER, trust, email="amara@example.org")

    archive = archive_of(trust)

    [row] = rows_in(archive, "tables/kpis.entry.csv")
    assert (row["id"], row["value"]) == (str(entry.pk), "93.512345")
    assert row["unit_id"] == str(school.pk)
    people = rows_in(archive, "tables/schools.user.csv")
    assert "amara@example.org" in {one["email"] for one in people}
    assert set(people[0]) == {"id", "email", "name", "is_active"}
    trail = rows_in(archive, "tables/schools.auditrow.csv")
    assert len(trail) == AuditRow.everywhere.filter(trust=trust).count() > 0


def test_nothing_of_another_trust_is_in_it(archive_of):
    trust, _, _, [school] = make_house()
    other, term, attendance, [stranger] = make_house()
    make_entry(attendance, stranger, term, "41.7")
    make_user(Role.LEADER, other, email="stranger@example.org")
    school.name, stranger.name = "Ours", "Theirs"
    school.save()
    stranger.save()

    mine, theirs = archive_of(trust), archive_of(other)

    def said(archive):
        return "".join(archive.read(name).decode() for name in archive.namelist())

    canaries = ("41.7", "stranger@example.org", "Theirs", other.slug)
    assert [word in said(theirs) for word in canaries] == [True] * 4
    assert [word in said(mine) for word in canaries] == [False] * 4


def test_each_file_has_its_digest_and_each_column_its_meaning(archive_of):
    trust, *_ = make_house()

    archive = archive_of(trust)

    sums = dict(
        reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines()
    )
    assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
    assert all(
        hashlib.sha256(archive.read(name)).hexdigest() == digest for name, digest in sums.items()
    )
    columns = {(row["table"], row["column"]): row for row in rows_in(archive, "columns.csv")}
    assert columns["kpis.entry", "unit_id"]["points_to"] == "schools.unit"
    assert columns["returns.return", "note"]["meaning"] == "From the trust, when sent back."


def test_no_text_in_it_becomes_a_formula(archive_of):
    trust, term, _, [school] = make_house()
    make_return(school, term, note="=HYPERLINK(1)")

    [row] = rows_in(archive_of(trust), "tables/returns.return.csv")

    assert row["note"] == "'=HYPERLINK(1)"


def test_the_data_manager_asks_the_worker_makes_it_and_a_mail_says_so(sign_in):
    trust, *_ = make_house()
    manager = make_user(Role.DATA_MANAGER, trust)
    client, page = sign_in(manager), reverse("dashboard:full-copy", args=[trust.slug])
    client.post(page)
    assert "A copy is being made" in client.get(page).text

    while work_next(timezone.now()):
        pass

    copy = FullCopy.everywhere.get()
    got = client.get(reverse("dashboard:full-copy-file", args=[trust.slug, copy.pk]))
    content = b"".join(got.streaming_content)
    assert hashlib.sha256(content).hexdigest() == copy.digest
    assert len(content) == copy.size
    assert got["Content-Disposition"].startswith("attachment")
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    [mail] = Outbox.objects.filter(to=manager.email, subject__contains="full copy")
    assert page in mail.body
    assert copy.digest in client.get(page).text
    [trail] = AuditRow.everywhere.filter(action="asked for", thing_kind="schools.fullcopy")
    assert trail.by == manager


def test_asking_twice_and_making_twice_come_to_one(sign_in):
    trust, *_ = make_house()
    manager = make_user(Role.DATA_MANAGER, trust)
    now = timezone.now()

    with inside(trust):
        first, second = (ask(trust, by=manager, at=now) for _ in range(2))
        make(first.pk, now)
        digest = FullCopy.objects.get().digest
        make(first.pk, now)

        assert first == second
        assert FullCopy.objects.get().digest == digest
    assert Outbox.objects.filter(subject__contains="full copy").count() == 1


def test_after_a_week_it_is_deleted_and_not_found(sign_in):
    trust, *_ = make_house()
    manager = make_user(Role.DATA_MANAGER, trust)
    with inside(trust):
        copy = ask(trust, by=manager, at=timezone.now())
    work_next(timezone.now())
    copy.refresh_from_db()
    assert storages["private"].exists(copy.name)

    work_next(timezone.now() + FullCopy.LASTS - timedelta(hours=1))
    assert storages["private"].exists(copy.name)
    work_next(timezone.now() + FullCopy.LASTS + timedelta(hours=1))

    assert not storages["private"].exists(copy.name)
    address = reverse("dashboard:full-copy-file", args=[trust.slug, copy.pk])
    assert sign_in(manager).get(address).status_code == 404


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    trust, *_ = make_house()
    path = tmp_path / "there.zip"
    path.write_text("mine")

    with pytest.raises(CommandError, match="File exists"):
        call_command("full_copy", trust.slug, path)

    assert path.read_text() == "mine"


def ending_in(archive, table):
    return sorted(
        name.rpartition("/")[2].partition(".")[2]
        for name in archive.namelist()
        if name.startswith(f"files/{table}/")
    )


def test_each_file_in_it_has_the_ending_of_what_it_is(archive_of):
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term)
    make_evidence(return_, line=make_line(return_, attendance, value="93.5"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        zipped.writestr("one.xlsx", long_xlsx([], title="x", as_at=term.due))
    memberships = Memberships(make_user(Role.DATA_MANAGER, trust), trust)
    with inside(trust):
        for data in (
            b"unit,value\n",
            long_xlsx([], title="x", as_at=term.due),
            packed.getvalue(),
            b"%PDF-1.7",
        ):
            keep_file(data, "figures", memberships=memberships, term=term, at=timezone.now())
    make_published(trust, files={"docx": title_alone, "pdf": title_alone})

    archive = archive_of(trust)

    assert ending_in(archive, "returns.evidence") == ["pdf"]
    assert ending_in(archive, "returns.upload") == ["", "csv", "xlsx", "zip"]
    assert ending_in(archive, "reports.publishedfile") == ["docx", "pdf"]
    assert "ending of what it is" in archive.read("README.txt").decode()


def test_every_table_that_keeps_files_says_how_they_end():
    keeping = [
        model
        for model in apps.get_models()
        if hasattr(model, "to_trust") and not getattr(model, "stays_private", False)
        for field in model._meta.local_concrete_fields
        if isinstance(field, (BinaryField, FileField))
    ]

    assert keeping
    assert [model for model in keeping if not hasattr(model, "ending")] == []

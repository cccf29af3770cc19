"""A file is read once, whichever process asks next; what was kept is believed if it is ours."""

import zlib

import pytest
from django.utils import timezone

from returns.models import Line
from returns.spreadsheets import read_once
from returns.spreadsheets.files import COLUMNS
from returns.spreadsheets.importing import Import
from returns.spreadsheets.table import Table
from returns.spreadsheets.uploads import apply_upload, checked, keep_file
from schools import kept
from schools.models import Memberships, Role
from schools.tenancy import inside
from tests.factories import make_house, make_term, make_user

pytestmark = pytest.mark.django_db

CELLS = {
    "measure_code": "attendance",
    "academic_year": "2025/26",
    "term": "Summer",
    "value": "93.5",
    "why": "Erkältung, ½ of Year 3 – \N{FACE WITH MEDICAL MASK}",
}


@pytest.fixture
def sent():
    """A file with one figure, checked: the trust, the upload, who sent it, what it would change."""
    trust, _, _, [school] = make_house()
    term = make_term(trust, "2026-summer")
    manager = make_user(Role.DATA_MANAGER, trust)
    told = {"unit": school.urn, **CELLS}
    text = "\r\n".join([",".join(COLUMNS), ",".join(f'"{told.get(name, "")}"' for name in COLUMNS)])
    with inside(trust):
        does = {"memberships": Memberships(manager, trust), "at": timezone.now()}
        upload = keep_file(text.encode(), "figures.csv", term=term, **does)
        _, figures = checked(upload, **does)
        yield upload, does, figures


def in_another_process(monkeypatch, upload, does):
    """The check of a process that remembers nothing: what it would change, how often it read."""
    read, real = [], read_once.read_file
    monkeypatch.setattr(read_once, "read_file", lambda *args: read.append(1) or real(*args))
    kept.forget()
    _, figures = checked(upload, **does)
    monkeypatch.setattr(read_once, "read_file", real)
    return figures, len(read)


def test_another_process_checks_what_was_read_and_reads_nothing(sent, monkeypatch):
    upload, does, shown = sent

    figures, read = in_another_process(monkeypatch, upload, does)

    assert read == 0
    assert figures is not shown
    assert figures.fingerprint() == shown.fingerprint()
    apply_upload(upload, figures, fingerprint=shown.fingerprint(), **does)
    assert list(Line.objects.values_list("value", "why")) == [("93.5", CELLS["why"])]


def test_rights_and_figures_are_looked_at_again_though_nothing_is_read(sent, monkeypatch):
    upload, does, _ = sent
    looked, real = [], Import.__init__

    def look(self, *args, **told):
        looked.append(1)
        real(self, *args, **told)

    monkeypatch.setattr(Import, "__init__", look)
    in_another_process(monkeypatch, upload, does)

    assert looked == [1]


def another_figure(body):
    text = zlib.decompress(body).replace(b"93.5", b"12.5")
    return zlib.compress(text)


def test_what_somebody_has_put_in_its_place_is_not_believed(sent, monkeypatch):
    upload, does, shown = sent
    storage, name = upload.file.storage, read_once._name(upload)
    with storage.open(name) as file:
        whole = file.read()
    body = whole[read_once.SIGNED :]
    assert another_figure(body) != body
    with open(storage.path(name), "wb") as file:
        file.write(whole[: read_once.SIGNED] + another_figure(body))

    figures, read = in_another_process(monkeypatch, upload, does)

    assert read == 1
    assert figures.fingerprint() == shown.fingerprint()


@pytest.mark.parametrize("half", [0, 30, 100])
def test_half_a_file_is_not_believed(sent, monkeypatch, half):
    upload, does, shown = sent
    path = upload.file.storage.path(read_once._name(upload))
    with open(path, "r+b") as file:
        file.truncate(half)

    figures, read = in_another_process(monkeypatch, upload, does)

    assert read == 1
    assert figures.fingerprint() == shown.fingerprint()


def test_what_was_read_of_another_file_or_in_another_encoding_is_not_believed(sent):
    upload, _, _ = sent
    for name, value in ("digest", "0" * 64), ("encoding", "windows-1252"):
        before = getattr(upload, name)
        setattr(upload, name, value)
        assert read_once._kept(upload) is None
        setattr(upload, name, before)
    assert read_once._kept(upload) is not None


def test_what_an_older_version_has_read_is_read_again(sent, monkeypatch):
    upload, does, _ = sent
    monkeypatch.setattr(read_once, "_readers_digest", lambda: "an older one")

    assert in_another_process(monkeypatch, upload, does)[1] == 1


def test_where_nothing_can_be_kept_the_file_is_read_again(sent, monkeypatch):
    upload, does, shown = sent

    def full(*args, **told):
        raise OSError("No space left on device")

    read_once.forget_tables(upload)
    monkeypatch.setattr(upload.file.storage, "save", full)

    assert in_another_process(monkeypatch, upload, does)[1] == 1
    figures, read = in_another_process(monkeypatch, upload, does)
    assert read == 1
    assert figures.fingerprint() == shown.fingerprint()


def test_nothing_that_was_read_is_left_when_it_is_applied(sent, django_capture_on_commit_callbacks):
    upload, does, shown = sent
    storage, name = upload.file.storage, read_once._name(upload)
    assert storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        apply_upload(upload, shown, fingerprint=shown.fingerprint(), **does)

    assert not storage.exists(name)
    assert storage.exists(upload.file.name)


def test_all_that_a_table_says_is_kept():
    table = Table(
        sheet="Autumn",
        rows=[(1, ["a", ""]), (7, ["é", "\ud800"])],
        kinds={(7, 1): "percent"},
        wrongs={(9, 0): "An error"},
        merged=[(1, 2, 3, 4)],
        hidden={7},
        file="Ashdale.xlsx",
    )

    assert read_once._unpacked(read_once._packed([table, Table()])) == [table, Table()]

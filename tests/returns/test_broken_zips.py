"""Whatever reading a broken zip raises, it is refused with words: as evidence and as figures."""

import io
import zipfile

import pytest

from returns.broken_zips import BROKEN
from returns.evidence.kinds import NotKept, kind_of
from returns.spreadsheets.files import BadFile
from returns.spreadsheets.zip_file import holds_books, read_zip

pytestmark = pytest.mark.no_database

PARTS = "[Content_Types].xml", "word/document.xml"


def zip_of(*names):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"PK\x03\x04" + bytes(range(256)) * 8)
    return packed.getvalue()


@pytest.mark.parametrize("error", BROKEN)
def test_what_a_part_raises_when_it_is_opened_is_no_error_of_ours(error, monkeypatch):
    evidence, books = zip_of(*PARTS), zip_of("one.xlsx")

    def broken(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(zipfile.ZipFile, "open", broken)
    with pytest.raises(NotKept, match="cannot be opened"):
        kind_of(evidence)
    with pytest.raises(BadFile, match="The zip is damaged"):
        read_zip(books)


@pytest.mark.parametrize("error", BROKEN)
def test_a_list_of_parts_that_cannot_be_read_is_no_zip_of_workbooks(error, monkeypatch):
    data = zip_of("one.xlsx")
    assert holds_books(data)

    def broken(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(zipfile.ZipFile, "namelist", broken)
    assert not holds_books(data)


def test_a_part_whose_packing_is_damaged_is_refused():
    data = bytearray(zip_of("one.xlsx"))
    data[60:70] = b"\xff" * 10

    with pytest.raises(BadFile, match="The zip is damaged"):
        read_zip(bytes(data))

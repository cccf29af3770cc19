"""What a file of evidence is, by its content: what is kept, what is refused, with what advice."""

import io
import struct
import zipfile
from contextlib import suppress

import pytest

from returns.evidence.attaching import shown_name
from returns.evidence.kinds import MOST_BYTES, NotKept, kind_of

OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n%%EOF\n"


def png(width=10, height=10):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + b"\0" * 8 + b"IEND\0\0\0\0"
    )


def jpg(width=10, height=10, frame=0xC0):
    about = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    size = struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9
    return b"\xff\xd8" + about + bytes([0xFF, frame]) + size + b"\xff\xda" + b"\0" * 20


def office(main="wordprocessingml.document.main+xml", part="word/document.xml", **others):
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", f"<Types>{OFFICE}{main}</Types>")
        zipped.writestr(part, "<w/>")
        for name, content in others.items():
            zipped.writestr(name.replace("__", "/"), content)
    return to.getvalue()


EXCEL = office("spreadsheetml.sheet.main+xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (PDF, "pdf"),
        (png(), "png"),
        (png(10_000, 5_000), "png"),
        (jpg(), "jpg"),
        (jpg(4_000, 3_000, frame=0xC2), "jpg"),
        (office(), "docx"),
        (EXCEL, "xlsx"),
    ],
)
def test_what_is_kept_is_known_by_its_content(data, ending):
    assert kind_of(data).ending == ending


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "is empty"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 MB"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no file of a kind"),
        (b"<html><script>alert(1)</script></html>", "no file of a kind"),
        (b"GIF89a" + b"\0" * 30, "no file of a kind"),
        (b"MZ" + b"\0" * 100, "no file of a kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Take the password off"),
        (b"%PDF-1.4\n1 0 obj", "cut off"),
        (png(10_000, 5_001), "50 million pixels"),
        (jpg(60_000, 60_000), "50 million pixels"),
        (png(0, 10), "PNG is broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "PNG is broken"),
        (b"\xff\xd8\xff\xda" + b"\0" * 40, "JPG is broken"),
        (b"\xff\xd8\xff", "JPG is broken"),
        (b"\xff\xd8\xff\xe0\x00\x00" + b"\0" * 40, "JPG is broken"),
        (b"PK\x03\x04" + b"\0" * 60, "cannot be opened"),
        (office()[:-30], "cannot be opened"),
        (office("macroEnabled.wordprocessingml.document.main+xml"), "holds macros"),
        (office(part="word/other.xml"), "neither Word nor Excel"),
    ],
)
def test_what_is_not_kept_says_what_to_do_instead(data, advice):
    with pytest.raises(NotKept, match=advice):
        kind_of(data)


def test_a_file_with_macros_is_refused_whatever_it_declares():
    to = io.BytesIO(office())
    with zipfile.ZipFile(to, "a") as zipped:
        zipped.writestr("word/vbaProject.bin", "x")

    with pytest.raises(NotKept, match="holds macros"):
        kind_of(to.getvalue())


def test_a_packed_folder_is_refused():
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as zipped:
        zipped.writestr("pupils.csv", "x")

    with pytest.raises(NotKept, match="packed folder"):
        kind_of(to.getvalue())


def test_a_file_that_unpacks_to_more_than_it_may_is_refused_before_it_is(monkeypatch):
    with zipfile.ZipFile(to := io.BytesIO(office()), "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("word/media/image1.png", bytes(1_000_001))
    monkeypatch.setattr("returns.evidence.kinds.MOST_UNPACKED", 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # whoever unpacks anything breaks

    with pytest.raises(NotKept, match="unpacks to far more"):
        kind_of(to.getvalue())


def test_more_parts_than_any_document_has_are_refused():
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as zipped:
        for number in range(2_001):
            zipped.writestr(f"{number}", "")

    with pytest.raises(NotKept, match="unpacks"):
        kind_of(to.getvalue())


@pytest.mark.parametrize(
    "data", [PDF, png(), jpg(), office(), EXCEL], ids=["pdf", "png", "jpg", "docx", "xlsx"]
)
def test_a_broken_file_is_kept_or_refused_and_never_breaks_us(data):
    """Cut off, or with one byte turned round, at every place."""
    refused = 0
    for at in range(len(data)):
        for broken in (data[:at], data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]):
            with suppress(NotKept):
                assert kind_of(broken).ending
                continue
            refused += 1

    assert refused > len(data) // 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("review.pdf", "review.pdf"),
        ("review.pdf.exe", "review.pdf.pdf"),
        ("..\\..\\windows\\x.html", "x.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("...", "evidence.pdf"),
        ("", "evidence.pdf"),
        ("x" * 400 + ".pdf", "x" * 115 + ".pdf"),
    ],
)
def test_a_name_keeps_no_folder_and_ends_as_its_content(name, shown):
    assert shown_name(name, "pdf") == shown

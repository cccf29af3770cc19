"""What a file of evidence is, by what is in it and never by its name. Pure: bytes in, a kind out.

Nothing is unpacked but the list of parts of an Office file, and no picture is
drawn: its size stands in its head.
"""

import io
import struct
import zipfile
from dataclasses import dataclass

from ..broken_zips import BROKEN

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_ENTRIES, MOST_UNPACKED, MOST_CONTENTS = 2_000, 200 * 1024 * 1024, 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
ALLOWED = "a PDF, a Word or Excel file, a JPG or a PNG"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is kept: how it is called, ends and is declared."""

    words: str
    ending: str
    content_type: str


PDF = Kind("PDF", "pdf", "application/pdf")
JPG = Kind("JPG", "jpg", "image/jpeg")
PNG = Kind("PNG", "png", "image/png")
WORD = Kind("Word", "docx", f"{OFFICE}wordprocessingml.document")
EXCEL = Kind("Excel", "xlsx", f"{OFFICE}spreadsheetml.sheet")
KINDS = {kind.ending: kind for kind in (PDF, JPG, PNG, WORD, EXCEL)}


class NotKept(Exception):
    """The file is none of those that are kept; the message says what to do instead."""


def kind_of(data: bytes) -> Kind:
    """The kind of a file, or NotKept.

    >>> kind_of(b"%PDF-1.7 ... %%EOF").words
    'PDF'
    """
    if not data:
        raise NotKept("The file is empty. Choose another.")
    if len(data) > MOST_BYTES:
        raise NotKept("The file is larger than 10 MB. Make it smaller, or give a link to it.")
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-2048:]:
            raise NotKept("The PDF is cut off: its end is missing. Save it again.")
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _small_enough(PNG, _size_of_png(data))
    if data.startswith(b"\xff\xd8\xff"):
        return _small_enough(JPG, _size_of_jpg(data))
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(OLE):
        raise NotKept(
            "It is an old Word or Excel file, or has a password. Take the password off, save it as "
            ".docx or .xlsx, or as a PDF, and choose it again."
        )
    raise NotKept(f"It is no file of a kind that is kept. Choose {ALLOWED}.")


def _small_enough(kind: Kind, size: tuple[int, int]) -> Kind:
    width, height = size
    if not (width and height):
        raise NotKept(f"The {kind.words} is broken. Save it again.")
    if width * height > MOST_PIXELS:
        raise NotKept("The picture has more than 50 million pixels. Make it smaller.")
    return kind


def _size_of_png(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR" or len(data) < 24 or b"IEND" not in data[-64:]:
        return 0, 0
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _size_of_jpg(data: bytes) -> tuple[int, int]:
    """Width and height from the frame, which stands before the picture; 0 where there is none."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA or length < 2:
            break
        at += 2 + length
    return 0, 0


def _office(data: bytes) -> Kind:
    """Word or Excel by the parts that it declares; never one with macros."""
    broken = NotKept("The file cannot be opened. Save it again in Word or Excel.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zipped:
            parts = zipped.infolist()
            if len(parts) > MOST_ENTRIES or sum(one.file_size for one in parts) > MOST_UNPACKED:
                raise NotKept("The file unpacks to far more than it says. Save it as a PDF.")
            names = {one.filename.lower() for one in parts}
            with zipped.open("[Content_Types].xml") as opened:
                declared = opened.read(MOST_CONTENTS)
    except KeyError:
        raise NotKept(f"It is a packed folder (zip). Choose {ALLOWED}.") from None
    except BROKEN:
        raise broken from None
    if any(name.endswith("vbaproject.bin") for name in names) or b"macroEnabled" in declared:
        raise NotKept("The file holds macros. Save it without them, as .docx, .xlsx or PDF.")
    for kind, main, part in (
        (WORD, b"wordprocessingml.document.main+xml", "word/document.xml"),
        (EXCEL, b"spreadsheetml.sheet.main+xml", "xl/workbook.xml"),
    ):
        if main in declared and part in names:
            return kind
    raise NotKept(f"It is neither Word nor Excel. Choose {ALLOWED}.")


def size_words(size: int) -> str:
    """A size as people read it.

    >>> size_words(1_258_291), size_words(14_000), size_words(3)
    ('1.2 MB', '14 KB', '1 KB')
    """
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} MB"
    return f"{max(1, round(size / 1024))} KB"

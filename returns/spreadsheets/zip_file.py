"""A zip of workbooks, one for each return, as it was downloaded: the tables of all of them.

Nothing is written to the disk, and the limits of a single file hold for all of
the workbooks together: bytes, unpacked bytes, rows and cells.
"""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from ..broken_zips import BROKEN
from .files import (
    MOST_BOOKS,
    MOST_BYTES,
    MOST_CELLS,
    MOST_ROWS,
    MOST_UNPACKED,
    BadFile,
    Fault,
    shortened,
)
from .table import Table
from .xlsx_file import read_xlsx

ZIP = b"PK\x03\x04"  # how each begins
ONLY_BOOKS = "Only Excel workbooks (.xlsx) belong into a zip."
TOO_MUCH = "Together the workbooks are too large. Send fewer of them at once."
DAMAGED = "The zip is damaged and cannot be read. Make it again, or send the workbooks one by one."
# What systems put into a zip by themselves.
RUBBISH = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")


def holds_books(data: bytes) -> bool:
    """Whether a zip is one of workbooks, and not a workbook itself."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except BROKEN:
        return False
    is_document = {"[content_types].xml", "xl/workbook.xml", "mimetype"} & set(names)
    return not is_document and any(name.endswith(".xlsx") for name in names)


def read_zip(data: bytes) -> list[Table]:
    """The tables of all workbooks, each with the name of its file. BadFile names every bad one."""
    tables: list[Table] = []
    faults: list[Fault] = []
    unpacked = rows = cells = 0
    try:
        with ZipFile(BytesIO(data)) as archive:
            for entry in _books(archive):
                name = shortened(entry.filename)
                try:
                    book = _unpacked(archive, entry)
                    unpacked += _size_of(book)
                    if unpacked > MOST_UNPACKED:
                        raise BadFile(Fault(0, "", TOO_MUCH))
                    found = read_xlsx(book)
                except BadFile as why:
                    faults += [replace(one, sheet=_under(name, one.sheet)) for one in why.faults]
                    if unpacked > MOST_UNPACKED:
                        break
                    continue
                for table in found:
                    table.file = name
                    rows += len(table.rows)
                    cells += sum(len(texts) for _, texts in table.rows)
                if rows > MOST_ROWS or cells > MOST_CELLS:
                    raise BadFile(Fault(0, "", TOO_MUCH))
                tables += found
    except BROKEN:
        raise BadFile(Fault(0, "", DAMAGED)) from None
    if faults:
        raise BadFile(*faults)
    return tables


def _books(archive: ZipFile) -> list[ZipInfo]:
    """The entries that are somebody's files; BadFile if they are too many or cannot be opened."""
    entries = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir() and not _is_rubbish(entry.filename.lower())
    ]
    if len(entries) > MOST_BOOKS:
        words = f"It holds more than {MOST_BOOKS} files. Send fewer of them at once."
        raise BadFile(Fault(0, "", words))
    if len({entry.filename for entry in entries}) != len(entries):
        raise BadFile(Fault(0, "", DAMAGED))
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadFile(Fault(0, "", "The zip has a password. Make it again without one."))
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadFile(Fault(0, "", TOO_MUCH))
    return entries


def _is_rubbish(name: str) -> bool:
    return name.startswith(RUBBISH[0]) or name.rpartition("/")[2] in RUBBISH


def _unpacked(archive: ZipFile, entry: ZipInfo) -> bytes:
    """One workbook. What the zip says of its size is not trusted: no more is unpacked."""
    if not entry.filename.lower().endswith(".xlsx"):
        raise BadFile(Fault(0, "", ONLY_BOOKS))
    with archive.open(entry) as opened:
        book = opened.read(MOST_BYTES + 1)
    if len(book) > MOST_BYTES:
        raise BadFile(Fault(0, "", "It is larger than 5 MB. Split it into several files."))
    if not book.startswith(ZIP):
        raise BadFile(Fault(0, "", ONLY_BOOKS))
    return book


def _size_of(book: bytes) -> int:
    try:
        with ZipFile(BytesIO(book)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except BROKEN:
        return 0  # read_xlsx says what is wrong with it


def _under(file: str, sheet: str) -> str:
    return f"{file}, {sheet}" if sheet else file

"""The one door for a file of figures: what kind it is by its content, and its tables."""

from .csv_file import read_csv
from .files import MOST_BYTES, BadFile, Fault
from .table import Table
from .xlsx_file import SAVE_AGAIN, read_xlsx
from .zip_file import ZIP, holds_books, read_zip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What people choose by mistake, by how it begins.
OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a Word document",
    b"<": "a web page or XML",
}
NOT_OURS = "The selected file must be the Excel or CSV template."


def read_file(data: bytes, encoding: str = "utf-8") -> list[Table]:
    """The tables of a file, by its content and not its name. BadFile says what to do instead."""
    if len(data) > MOST_BYTES:
        raise BadFile(Fault(0, "", "It is larger than 5 MB. Split it into several files."))
    if not data.strip():
        raise BadFile(Fault(0, "", f"It is empty. {NOT_OURS}"))
    if data.startswith(ZIP):
        return read_zip(data) if holds_books(data) else read_xlsx(data)
    if data.startswith(OLE):
        raise BadFile(Fault(0, "", _old_excel(data)))
    for begins, kind in OTHERS.items():
        if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(begins):
            raise BadFile(Fault(0, "", f"It is {kind}. {NOT_OURS}"))
    return [read_csv(data, encoding)]


def ending_of(data: bytes) -> str:
    """How the name of a file of figures ends, by its content; "" if it is none.

    >>> ending_of(b"unit,value"), ending_of(b"%PDF-1.7")
    ('csv', '')
    """
    if data.startswith(ZIP):
        return "zip" if holds_books(data) else "xlsx"
    is_other = data.startswith((OLE, *OTHERS))
    return "" if is_other else "csv"


def _old_excel(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "It has a password. Take the password off and save it again."
    return f"It is an old Excel workbook (.xls) or another old document. {SAVE_AGAIN}"

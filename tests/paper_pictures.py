"""Pages of a report's PDF as pictures, in colour and as paper without colour has them."""

import io
import shutil
import subprocess

from pypdf import PdfReader

DOTS = 80  # per inch
# The bookmark at which a picture is taken, and how the picture is called.
PAGES = {
    "": "first",
    "2 Exceptions": "exceptions",
    "3 Priorities": "priority",
    "4 All results": "matrix",
    "Definitions and target rules": "definitions",
}
GREY = ("first", "matrix")


def photograph_paper(pdf, folder):
    """``pdf`` is the bytes of the file; says so where the tool for it is missing."""
    tool = shutil.which("pdftoppm")
    if tool is None:
        print("NO PICTURES OF THE PDF: no pdftoppm (apt-get install poppler-utils)", flush=True)
        return
    for page, name in pages_of(pdf).items():
        for look, options in (("", ()), ("-grey", ("-gray",))):
            if look and name not in GREY:
                continue
            path = folder / f"report-pdf-{name}{look}"
            where = ("-r", str(DOTS), "-f", str(page), "-l", str(page), "-singlefile")
            subprocess.run([tool, *where, *options, "-png", "-", path], input=pdf, check=True)
            print(f"{path.name}.png", flush=True)


def pages_of(pdf):
    """The number of each page that is taken, with its name."""
    reader = PdfReader(io.BytesIO(pdf))
    found = {1: PAGES[""]}
    for one in _flat(reader.outline):
        if one.title in PAGES:
            found[reader.get_destination_page_number(one) + 1] = PAGES[one.title]
    return found


def _flat(outline):
    for one in outline:
        if isinstance(one, list):
            yield from _flat(one)
        else:
            yield one

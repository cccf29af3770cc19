"""What a Word file is made of: headings, paragraphs and tables that survive being pasted.

python-docx leaves some things to be said in its XML: heads that every page
repeats, rows that are never split, the fill of a cell, the language.
"""

import io
import re
import zipfile
from datetime import datetime

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

WIDTH, HEIGHT, MARGIN = Mm(210), Mm(297), Mm(18)
UPRIGHT, ACROSS = 174, 261  # millimetres of text, by how the paper lies
INK, SECOND = RGBColor(0x14, 0x18, 0x1F), RGBColor(0x4A, 0x51, 0x60)
# As in the PDF: fill and text, the worst the darkest.
FILLS = {
    "red": ("A3122A", RGBColor(0xFF, 0xFF, 0xFF)),
    "amber": ("EFA12B", RGBColor(0x1F, 0x14, 0x00)),
    "green": ("DDF1E3", RGBColor(0x0A, 0x40, 0x20)),
}
# What XML cannot hold, but the ends of lines and tabs.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text):
    """The text without what no Word file can hold."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Paper:
    """One Word file as it grows. Styles are Word's own, so that a clerk can change them."""

    def __init__(self, *, title, author, moment):
        self.file, self.width = docx.Document(), UPRIGHT
        self._set_properties(title, author, moment)
        section = self.file.sections[0]
        section.page_width, section.page_height = WIDTH, HEIGHT
        section.left_margin = section.right_margin = MARGIN
        section.top_margin = section.bottom_margin = MARGIN
        self._set_styles()

    def _set_properties(self, title, author, moment):
        told = self.file.core_properties
        told.title, told.author, told.comments = writable(title)[:255], writable(author)[:255], ""
        told.created = told.modified = moment
        told.last_modified_by, told.revision, told.language = "", 1, "en-GB"

    def _set_styles(self):
        styles = self.file.styles
        for name, size, before in (
            ("Normal", 11, 0),
            ("Title", 24, 0),
            ("Heading 1", 16, 18),
            ("Heading 2", 13, 14),
            ("Heading 3", 11, 10),
            ("Caption", 10, 10),
        ):
            style = styles[name]
            style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), INK
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(kind), None)
            for kind in ("w:hAnsi", "w:cs", "w:eastAsia"):
                fonts.set(qn(kind), "Arial")
            style.paragraph_format.space_before = Pt(before)
            style.paragraph_format.space_after = Pt(4 if name.startswith("Head") else 6)
            style.paragraph_format.keep_with_next = name != "Normal"
        properties = styles["Title"].element.get_or_add_pPr()
        for line in properties.findall(qn("w:pBdr")):
            properties.remove(line)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        styles["Normal"].element.get_or_add_rPr().append(language)

    def foot(self, words):
        """The line at the foot of every page, with its number."""
        paragraph = self.file.sections[0].footer.paragraphs[0]
        self._run(paragraph, f"{words} · page ", size=8, color=SECOND)
        self._field(paragraph, "PAGE")
        self._run(paragraph, " of ", size=8, color=SECOND)
        self._field(paragraph, "NUMPAGES")

    def heading(self, words, level):
        """Level 0 is the title of the whole."""
        paragraph = self.file.add_heading("", level)
        self._run(paragraph, words)

    def paragraph(self, words, *, style=None, bold="", small=False):
        """Words, after a beginning in bold."""
        paragraph = self.file.add_paragraph(style=style)
        if bold:
            self._run(paragraph, f"{bold} ", bold=True)
        self._run(paragraph, words, **({"size": 9, "color": SECOND} if small else {}))
        return paragraph

    def turn(self, *, across):
        """Go on on a new page that lies across, or stands upright again."""
        section = self.file.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        sides = (HEIGHT, WIDTH) if across else (WIDTH, HEIGHT)
        section.page_width, section.page_height = sides
        self.width = ACROSS if across else UPRIGHT

    def table(self, caption, heads, widths, rows, *, size=9):
        """A table with its caption above. A cell is text, or (text, status) with its fill."""
        if caption:
            self.paragraph(caption, style="Caption")
        table = self.file.add_table(rows=0, cols=len(heads), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        self._rule(table)
        self._describe(table, caption)
        total = sum(widths)
        sizes = [Mm(self.width * width / total) for width in widths]
        for column, width in zip(table.columns, sizes, strict=True):
            column.width = width
        self._row(table, heads, sizes, size, is_head=True)
        for row in rows:
            self._row(table, row, sizes, size)
        after = self.file.add_paragraph().paragraph_format
        after.space_after, after.line_spacing = Pt(0), Pt(8)

    def _row(self, table, cells, widths, size, *, is_head=False):
        row = table.add_row()
        told = row._tr.get_or_add_trPr()
        told.append(OxmlElement("w:cantSplit"))
        if is_head:
            told.append(OxmlElement("w:tblHeader"))
        for cell, content, width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            words, status = content if isinstance(content, tuple) else (content, "")
            fill, color = FILLS.get(status, ("E3E6EB" if is_head else "", INK))
            if fill:
                self._shade(cell, fill)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            self._run(paragraph, words, size=size, bold=is_head or bool(status), color=color)

    def _run(self, paragraph, words, *, size=None, bold=None, color=None):
        run = paragraph.add_run(writable(words))
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        if color is not None:
            run.font.color.rgb = color
        return run

    def _field(self, paragraph, name):
        for kind, text in (("begin", ""), ("", name), ("separate", ""), ("end", "")):
            run = self._run(paragraph, "", size=8, color=SECOND)
            part = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                part.set(qn("w:fldCharType"), kind)
            else:
                part.text = text
            run._r.append(part)

    def _shade(self, cell, fill):
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)

    def _describe(self, table, words):
        """What a screen reader says of the table."""
        told = OxmlElement("w:tblCaption")
        told.set(qn("w:val"), writable(words))
        table._tbl.tblPr.append(told)

    def _rule(self, table):
        """Lines between the rows, none between the columns."""
        lines = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            line = OxmlElement(f"w:{side}")
            is_there = side in ("top", "bottom", "insideH")
            line.set(qn("w:val"), "single" if is_there else "nil")
            if is_there:
                line.set(qn("w:sz"), "4")
                line.set(qn("w:color"), "B5B5B5")
            lines.append(line)
        layout = table._tbl.tblPr.find(qn("w:tblLayout"))
        layout.addprevious(lines)

    def written(self):
        """The bytes; the same for the same content on any day."""
        made = io.BytesIO()
        self.file.save(made)
        return _dated(made)


def _dated(made):
    """The same parts under one fixed date: what a zip says of its parts is the clock's."""
    to = io.BytesIO()
    day = datetime(1980, 1, 1)  # noqa: DTZ001 - the first day that a zip knows
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(to, "w") as taken:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, day.timetuple()[:6])
            part.compress_type, part.create_system = zipfile.ZIP_DEFLATED, 3
            part.external_attr = 0o600 << 16
            taken.writestr(part, given.read(name))
    return to.getvalue()

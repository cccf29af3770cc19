"""Ten thousand figures from one workbook: kept, shown as a preview, applied with their trail.

Figures that are new, figures that take the place of others, and the same where
the confirmation reaches another process than the check did.

The floor reads the same file once with the same reader, cell by cell and no
more, and writes the rows that the import wrote by the bare driver: a statement
for each table, all in one transaction.
"""

import re
from decimal import Decimal
from io import BytesIO
from random import Random

from django.db.models import JSONField
from django.utils import timezone
from openpyxl import load_workbook
from xlsxwriter import Workbook

from kpis.models import Entry, Measure
from returns.asked.asking import Asking
from returns.asked.questions import NAMES
from returns.collecting.opening import open_returns
from returns.models import Line
from returns.spreadsheets.files import COLUMNS
from returns.spreadsheets.long_shape import WHOLE_YEARS
from returns.spreadsheets.template import year_words
from returns.spreadsheets.uploads import apply_upload, checked, keep_file
from returns.uploaded import UploadedLine
from schools import kept
from schools.models import AuditRow, Memberships, Term
from schools.tenancy import inside

from .ground import cookie_of
from .rounds import Measured
from .site import html_of

FIGURES, LIMIT = 10_000, 3.0
MOST = 0.9  # of the questions: a few say by chance what was said before
NONE, LATER = {"value": "z"}, {"value": "x", "on": "2099-01-31"}
LATER_OF = {Measure.Kind.YES_NO: {"value": "no"}, Measure.Kind.DATE: {"value": "2025-11-22"}}
WRITTEN = (Line, UploadedLine, AuditRow)
REWRITTEN = frozenset({*NAMES, "version", "changed_at", "changed_by_id"})


def measured(stage):
    """The largest trust sends a file about the term after those that have figures."""
    importing = Importing(stage)
    size = f"{len(importing.asked):,} figures"
    limit = LIMIT if len(importing.asked) == FIGURES else None
    for of, floor_of, prepare in (
        ("new", ImportFloor, importing.forget),
        ("changed", ChangeFloor, importing.begin_with_others),
    ):
        floor, name = f"floor of {size}, {of}", f"{size} imported with preview, {of}"
        bare = floor_of(stage.bare, importing, prepare)
        yield Measured(floor, bare.write, bare.prepare)
        yield Measured(name, importing.import_it, prepare, floor, limit)
        yield Measured(
            f"the same, confirmed to another process, {of}",
            importing.import_in_two_processes,
            prepare,
            floor,
        )


class Importing:
    """One workbook, sent in by the data manager as often as it is measured.

    Another one, of the same questions with other figures, has been sent in before
    where they are to be changed.
    """

    def __init__(self, stage):
        self.site, ground = stage.site, stage.largest
        self.ground, self.cookie = ground, cookie_of(ground.manager)
        self.random = Random(f"a file for {ground.size}")  # noqa: S311 - the same file each time
        with inside(ground.trust):
            self.memberships = Memberships(ground.manager, ground.trust)
            self.term = Term.objects.select_related("period__year").order_by("period__on").last()
            asking = Asking(self.term)
            open_returns(asking)
            self.asked = self.random.sample(asking.every, min(FIGURES, len(asking.every)))
            self.asked.sort(key=lambda one: (one.unit.id, one.measure.pk, one.group.pk))
            self.last = last_figures()
            self.file = self._workbook(asking.units)
            self.before = self._workbook(asking.units, LATER, about=0.9)

    def import_in_two_processes(self):
        """The same; the second request finds nothing in memory."""
        self.import_it(between=kept.forget)

    def import_it(self, file=None, between=lambda: None):
        """What the two requests of a person do: send and look; then apply."""
        at, does = timezone.now(), {"memberships": self.memberships}
        with inside(self.ground.trust):
            upload = keep_file(file or self.file, "figures.xlsx", term=self.term, at=at, **does)
        path, query = self.ground.address(f"uploads/{upload.pk}/")
        page = html_of(self.site.answer(path, query, self.cookie)).decode()
        fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page)[1]
        between()
        with inside(self.ground.trust):
            _, figures = checked(upload, at=at, **does)
            apply_upload(upload, figures, fingerprint=fingerprint, at=at, **does)

    def forget(self):
        """No line as yet, no file in mind; the trail stays, for nobody can take it away."""
        with inside(self.ground.trust):
            UploadedLine.objects.filter(upload__term=self.term).delete()
            Line.objects.filter(return_to__term=self.term).delete()
        kept.forget()

    def begin_with_others(self):
        """The lines say what the file before this one has said."""
        self.forget()
        self.import_it(self.before)
        kept.forget()

    def _workbook(self, units, without=NONE, *, about=1.0):
        """In the columns of ``import_figures``, as the site itself exports figures."""
        body = BytesIO()
        book = Workbook(body, {"in_memory": True})
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, COLUMNS)
        for number, asked in enumerate(self.asked, 1):
            told = {
                "unit": units[asked.unit.id].code,
                "measure_code": asked.measure.code,
                "pupil_group": asked.group.code,
                **self._about(asked.measure),
                **(self._figure(asked, about) or self._without(asked.measure, without)),
            }
            sheet.write_row(number, 0, [told.get(column) for column in COLUMNS])
        book.close()
        return body.getvalue()

    def _about(self, measure):
        period = measure.asked_about(self.term)
        if measure.basis in WHOLE_YEARS:
            return {"academic_year": year_words(period.year_id), "term": "Year"}
        return {
            "academic_year": year_words(self.term.period.year_id),
            "term": self.term.period.get_part_display(),
        }

    def _figure(self, asked, about):
        """About so many times the last one; one of thirty is far off, and one is missing."""
        last, move = self.last.get(asked.key[:3]), self.random.gauss(about, 0.01)
        place = self.random.randrange(30)
        if last is None or place == 0 or asked.measure.kind == Measure.Kind.CASES:
            return None
        if place == 1:
            move = 0.5
        if asked.measure.counts == Measure.Counts.BOTH:
            of = int(last.denominator)
            return {"numerator": min(int(last.numerator * Decimal(move)), of), "denominator": of}
        weight = asked.measure.counts == Measure.Counts.WEIGHT
        beside = {"denominator": int(last.denominator)} if weight else {}
        return {"value": round(float(last.value) * move, 2), **beside}

    def _without(self, measure, without):
        return without if without is NONE else LATER_OF.get(measure.kind, LATER)


def last_figures():
    """The latest figure of each question, by measure, unit and group."""
    rows = Entry.objects.filter(value__isnull=False).order_by("period__on")
    columns = "measure_id", "unit_id", "group_id", "value", "numerator", "denominator"
    return {tuple(row[:3]): row for row in rows.values_list(*columns, named=True)}


class ImportFloor:
    """The rows that an import wrote, taken over once, and written again as they are."""

    def __init__(self, bare, importing, prepare):
        self.bare, self.importing, self.prepare = bare, importing, prepare
        prepare()
        last = [self._last(model) for model in WRITTEN]
        importing.import_it()
        self.tables = [self._taken(*pair) for pair in zip(WRITTEN, last, strict=True)]
        importing.forget()
        if any(len(rows) < MOST * len(importing.asked) for _, rows in self.tables):
            raise RuntimeError("Too few rows were written to measure by.")

    def write(self):
        """Read each cell of the file, then write all rows."""
        book = load_workbook(BytesIO(self.importing.file), read_only=True, data_only=True)
        rows = [cells for sheet in book for cells in sheet.iter_rows(values_only=True)]
        book.close()
        if len(rows) <= len(self.importing.asked):
            raise RuntimeError("Too few rows were read to measure by.")
        with self.bare.transaction():
            for sql, rows in self.tables:
                self.bare.write(sql, rows)

    def _last(self, model):
        return self.bare.rows(f"SELECT MAX(id) FROM {model._meta.db_table}")[0][0] or 0  # noqa: S608

    def _taken(self, model, last):
        """A statement that writes one row, and the rows. The trail's find numbers of their own."""
        fields = [
            one
            for one in model._meta.concrete_fields
            if model is not AuditRow or one.attname != "id"
        ]
        table, names = model._meta.db_table, [f'"{one.column}"' for one in fields]
        rows = self._rows(fields, names, table, last)
        marks = ", ".join("?" * len(names))
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows  # noqa: S608

    def _rows(self, fields, names, table, last, *, changed=False):
        read = [
            f"CAST({name} AS TEXT)" if isinstance(one, JSONField) else name
            for name, one in zip(names, fields, strict=True)
        ]
        also = " AND version > 1" if changed else ""
        sql = f"SELECT {', '.join(read)} FROM {table} WHERE id > ?{also}"  # noqa: S608
        return self.bare.rows(sql, last)


class ChangeFloor(ImportFloor):
    """The same where each line is there: it gets its new text, the other rows are added.

    The lines are other ones each time; the first is as far from the last as ever.
    """

    def __init__(self, bare, importing, prepare):
        super().__init__(bare, importing, prepare)
        self.prepare = self._begin

    def _begin(self):
        self.importing.begin_with_others()
        first = self._first_line()
        places = {Line: (-1,), UploadedLine: (self.line_at,)}
        self.tables = [
            (sql, [_moved(row, places.get(model, ()), first - self.first) for row in rows])
            for model, (sql, rows) in zip(WRITTEN, self.tables, strict=True)
        ]
        self.first = first

    def _first_line(self):
        term = self.importing.term.pk
        return self.bare.rows(
            "SELECT MIN(line.id) FROM returns_line line JOIN returns_return held "
            "ON held.id = line.return_to_id WHERE held.term_id = ?",
            term,
        )[0][0]

    def _taken(self, model, last):
        if model is UploadedLine:
            names = [one.attname for one in model._meta.concrete_fields]
            self.line_at = names.index("line_id")
        if model is not Line:
            return super()._taken(model, last)
        self.first = self._first_line()
        fields = [one for one in model._meta.concrete_fields if one.attname in REWRITTEN]
        fields.append(model._meta.pk)
        table, names = model._meta.db_table, [f'"{one.column}"' for one in fields]
        rows = self._rows(fields, names, table, self.first - 1, changed=True)
        told = ", ".join(f"{name} = ?" for name in names[:-1])
        return f"UPDATE {table} SET {told} WHERE id = ?", rows  # noqa: S608


def _moved(row, places, by):
    """A row with other numbers at some places."""
    if not by or not places:
        return row
    row = list(row)
    for place in places:
        row[place] += by
    return row

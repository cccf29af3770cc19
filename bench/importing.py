"""Ten thousand figures from one workbook: kept, shown as a preview, applied with their trail.

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
from returns.asking import Asking
from returns.files import COLUMNS
from returns.long_shape import WHOLE_YEARS
from returns.models import Line
from returns.opening import open_returns
from returns.spreadsheets.template import year_words
from returns.uploaded import UploadedLine
from returns.uploads import apply_upload, checked, keep_file
from schools import kept
from schools.models import AuditRow, Memberships, Term
from schools.tenancy import inside

from .ground import cookie_of
from .rounds import Measured
from .site import html_of

FIGURES, LIMIT = 10_000, 3.0
WRITTEN = (Line, UploadedLine, AuditRow)


def measured(stage):
    """The largest trust sends a file about the term after those that have figures."""
    importing = Importing(stage)
    floor = ImportFloor(stage.bare, importing)
    size = f"{len(importing.asked):,} figures"
    yield Measured(f"floor of {size}", floor.write, importing.forget)
    name, limit = (
        f"{size} imported, with preview",
        LIMIT if len(importing.asked) == FIGURES else None,
    )
    yield Measured(name, importing.import_it, importing.forget, f"floor of {size}", limit)


class Importing:
    """One workbook, sent in by the data manager as often as it is measured."""

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

    def import_it(self):
        """What the two requests of a person do: send and look; then apply."""
        at, does = timezone.now(), {"memberships": self.memberships}
        with inside(self.ground.trust):
            upload = keep_file(self.file, "figures.xlsx", term=self.term, at=at, **does)
        path, query = self.ground.address(f"uploads/{upload.pk}/")
        page = html_of(self.site.answer(path, query, self.cookie)).decode()
        fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page)[1]
        with inside(self.ground.trust):
            _, figures = checked(upload, at=at, **does)
            apply_upload(upload, figures, fingerprint=fingerprint, at=at, **does)

    def forget(self):
        """No line as yet, no file in mind; the trail stays, for nobody can take it away."""
        with inside(self.ground.trust):
            UploadedLine.objects.filter(upload__term=self.term).delete()
            Line.objects.filter(return_to__term=self.term).delete()
        kept.forget()

    def _workbook(self, units):
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
                **self._figure(asked),
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

    def _figure(self, asked):
        """Near the last one; of thirty one is far off, and one has none, as what is no figure."""
        last, move = self.last.get(asked.key[:3]), self.random.gauss(1, 0.01)
        place = self.random.randrange(30)
        if last is None or place == 0 or asked.measure.kind == Measure.Kind.CASES:
            return {"value": "z"}
        if place == 1:
            move = 0.5
        if asked.measure.counts == Measure.Counts.BOTH:
            of = int(last.denominator)
            return {"numerator": min(int(last.numerator * Decimal(move)), of), "denominator": of}
        weight = asked.measure.counts == Measure.Counts.WEIGHT
        beside = {"denominator": int(last.denominator)} if weight else {}
        return {"value": round(float(last.value) * move, 2), **beside}


def last_figures():
    """The latest figure of each question, by measure, unit and group."""
    rows = Entry.objects.filter(value__isnull=False).order_by("period__on")
    columns = "measure_id", "unit_id", "group_id", "value", "numerator", "denominator"
    return {tuple(row[:3]): row for row in rows.values_list(*columns, named=True)}


class ImportFloor:
    """The rows that an import wrote, taken over once, and written again as they are."""

    def __init__(self, bare, importing):
        self.bare, self.importing = bare, importing
        importing.forget()
        last = [self._last(model) for model in WRITTEN]
        importing.import_it()
        self.tables = [self._taken(*pair) for pair in zip(WRITTEN, last, strict=True)]
        importing.forget()
        if any(len(rows) < len(importing.asked) for _, rows in self.tables):
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
        names = [f'"{one.column}"' for one in fields]
        read = [
            f"CAST({name} AS TEXT)" if isinstance(one, JSONField) else name
            for name, one in zip(names, fields, strict=True)
        ]
        table, marks = model._meta.db_table, ", ".join("?" * len(names))
        rows = self.bare.rows(f"SELECT {', '.join(read)} FROM {table} WHERE id > ?", last)  # noqa: S608
        return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows  # noqa: S608

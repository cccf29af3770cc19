"""The archive itself: one zip of tables, plans, figures and files, with a list of digests.

All of it is read at one moment, while others go on saving.
"""

import hashlib
import zipfile
from contextlib import contextmanager

from django.db import connection, transaction

from kpis.plan_files.exporting import export_plan
from priorities.models import Plan
from returns.models import Return
from returns.spreadsheets.files import COLUMNS
from returns.spreadsheets.long_shape import rows_out
from schools.refused import Refused

from ..exports import as_csv
from .tables import contents_of, tables_of

BOM = b"\xef\xbb\xbf"
README = """\
All data of {trust}, as at {at:%d %B %Y, %H:%M} UTC.

figures.csv      all answers that count, in the columns in which figures are imported
plans/           each plan as a plan file
tables/          every table as CSV, with the numbers by which rows point at each other
files/           what people have sent in, and the files of published reports, by table and row,
                 each with the ending of what it is (.pdf, .docx, .xlsx, .csv and so on)
columns.csv      of every table each column: what it holds, where it points, what it means
SHA256SUMS       the digest of every file here, as `sha256sum --check` reads it

CSV is UTF-8 with commas. An empty cell is no value. Where a text could be taken for a formula
(it begins with = + - @ or a tab) an apostrophe stands in front of it: take one away.
Moments are in UTC. A row of two tables (a school is a unit) stands in both, whole.

Not in here: passwords and what belongs to signing in, mail that was sent, and notes that only
the person who wrote them may see.
{missing}"""


def write(trust, to, at):
    """Write the archive of a trust into a binary file; we are inside the trust."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as zipped, at_one_moment():
        archive = _Archive(zipped)
        missing = []
        for plan in Plan.objects.select_related("trust").order_by("key", "version"):
            name = f"plans/{plan.key}-{plan.version}.yaml"
            try:
                archive.add(name, [export_plan(plan).encode()])
            except Refused as why:
                missing.append(f"{name} could not be written: {why}")
        archive.add_rows("figures.csv", COLUMNS, rows_out(Return.objects.all()))
        columns = []
        for table in tables_of(trust):
            heads = [column.name for column in table.columns]
            archive.add_rows(f"tables/{table.name}.csv", heads, table.rows())
            columns += [
                (table.name, one.name, one.kind, one.points_to, one.meaning, table.meaning)
                for one in table.columns
            ]
        heads = ("table", "column", "kind", "points_to", "meaning", "meaning_of_table")
        archive.add_rows("columns.csv", heads, columns)
        for path, chunks in contents_of():
            archive.add(path, chunks)
        words = README.format(trust=trust.name, at=at, missing="\n".join(missing))
        archive.add("README.txt", [words.encode()])
        sums = "".join(f"{digest}  {name}\n" for name, digest in archive.digests)
        zipped.writestr("SHA256SUMS", sums)


class _Archive:
    """A zip that remembers the digest of all that was put into it."""

    def __init__(self, zipped):
        self.zipped, self.digests = zipped, []

    def add(self, name, chunks):
        digest = hashlib.sha256()
        with self.zipped.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
        self.digests.append((name, digest.hexdigest()))

    def add_rows(self, name, heads, rows):
        self.add(name, self._lines(heads, rows))

    def _lines(self, heads, rows):
        yield BOM + as_csv.line(heads).encode()
        for row in rows:
            yield as_csv.line(row).encode()


@contextmanager
def at_one_moment():
    """Read everything as it is now. On neither database does a save have to wait for it."""
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        # What the settings ask for takes the lock for writing; reading needs none.
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual
        return
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield

"""Figures of many schools and terms from one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from schools.models import Trust, User
from schools.refused import Refused
from schools.tenancy import inside

from ...spreadsheets.files import ENCODINGS, BadFile
from ...spreadsheets.importing import Import
from ...spreadsheets.reading import read_file
from ...spreadsheets.shapes import rows_of


class Command(BaseCommand):
    help = (
        "Bring in figures from a CSV or an Excel workbook, all rows or none. They go the way of "
        "the form: into the returns of the terms that ask for them, in the name of a person who "
        "may type them. What a data manager brings in for a term that is over, into a return that "
        "nobody has begun, is history, and approved at once. The same file again changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--trust", required=True, metavar="SLUG")
        parser.add_argument("--as", required=True, metavar="EMAIL", dest="email")
        parser.add_argument("--dry-run", action="store_true", help="say what would change")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8")
        parser.add_argument(
            "--submit", action="store_true", help="and submit the returns of the present term"
        )
        parser.add_argument("--approve", action="store_true", help="and approve them too")

    def handle(self, *, file, trust, email, encoding, dry_run, submit, approve, **options):
        try:
            found = rows_of(read_file(file.read_bytes(), encoding))
        except BadFile as why:
            self.refuse(file, why.faults)
        except OSError as why:
            raise CommandError(f"{file}: {why.strerror}.") from why
        trust, by = self.named(trust, email)

        with inside(trust), transaction.atomic():
            figures = Import(found.rows, by=by, at=timezone.now())
            faults = [*found.faults, *figures.faults]
            if faults := sorted(faults, key=lambda fault: (fault.sheet, fault.row)):
                self.refuse(file, faults)
            try:
                counts = figures.apply(then_submit=submit, then_approve=approve)
            except Refused as why:
                raise CommandError(f"Nothing was stored.\n{why}") from why
            transaction.set_rollback(dry_run)
        for return_, count in counts.items():
            self.stdout.write(f"{return_}: {count} line{'' if count == 1 else 's'}")
        would = "would change" if dry_run else "changed"
        self.stdout.write(f"{sum(counts.values())} {would}, {figures.same} the same.")

    def named(self, slug, email):
        """The trust and the person; CommandError where either does not exist."""
        try:
            return Trust.objects.get(slug=slug), User.objects.get_by_natural_key(email)
        except Trust.DoesNotExist as why:
            raise CommandError(f"There is no trust with the slug {slug}.") from why
        except User.DoesNotExist as why:
            raise CommandError(f"There is nobody with the e-mail address {email}.") from why

    def refuse(self, file, faults):
        told = "\n".join(f"{file.name}: {fault}" for fault in faults)
        number = f"{len(faults):,} problem{'' if len(faults) == 1 else 's'}"
        raise CommandError(f"Nothing was stored: {number}.\n{told}")

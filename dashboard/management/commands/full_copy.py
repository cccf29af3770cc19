"""All of a trust's data in one archive, from the shell."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools.models import Trust
from schools.tenancy import inside

from ...full_copy import archive


class Command(BaseCommand):
    help = "Write all data of a trust into one archive of open formats, while people go on working."

    def add_arguments(self, parser):
        parser.add_argument("trust", metavar="TRUST", help="the trust's name in addresses")
        parser.add_argument("file", metavar="FILE", type=Path, help="a zip that is not there yet")

    def handle(self, *, trust, file, **options):
        try:
            found = Trust.objects.get(slug=trust)
        except Trust.DoesNotExist as why:
            raise CommandError(f"There is no trust with the slug {trust}.") from why
        try:
            with inside(found), file.open("xb") as to:
                archive.write(found, to, timezone.now())
        except OSError as why:
            raise CommandError(f"{file}: {why.strerror}.") from why
        self.stdout.write(f"Wrote {file}.")

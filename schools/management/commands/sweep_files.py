"""Files that a crash has left behind."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from schools.stray_files import sweep


class Command(BaseCommand):
    help = (
        "Delete uploads, evidence and full copies that are older than a day and that no row names: "
        "a crash between writing a file and committing its row leaves one. Run it once a day; "
        "run again it deletes nothing more."
    )

    def handle(self, **options):
        gone = sweep(timezone.now())
        self.stdout.write(f"{len(gone)} file{'' if len(gone) == 1 else 's'} deleted.")

"""The example trust goes, and nothing else does."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from demo.house import NAME, SLUG
from demo.removing import remove
from schools.models import Trust

from .load_demo import PASSWORDS


class Command(BaseCommand):
    help = f"Remove {NAME}: every row of the invented trust and nothing else."

    def add_arguments(self, parser):
        parser.add_argument(
            "--passwords",
            type=Path,
            default=PASSWORDS,
            metavar="FILE",
            help="where it stands who can sign in (default: .demo-passwords)",
        )

    def handle(self, *, passwords, **options):
        trust = Trust.objects.filter(slug=SLUG).first()
        if trust is None:
            self.stdout.write(f"{NAME} is not here; nothing was removed.")
            return
        if not trust.is_example:
            raise CommandError(f"The trust at /t/{SLUG}/ is a real one, so it stays.")
        gone = remove(trust)
        passwords.unlink(missing_ok=True)
        self.stdout.write(f"Removed {NAME}: {sum(gone.values()):,} rows of {len(gone)} tables.")

"""The example trust, with people who can sign in."""

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from demo.house import NAME, SLUG
from demo.loading import load
from schools.models import Trust, Unit

PASSWORDS = Path(settings.BASE_DIR) / ".demo-passwords"


class Command(BaseCommand):
    help = (
        f"Load {NAME}: an invented trust with figures for nine terms, laid out from today. "
        "Doing it again changes nothing; remove_demo takes it away."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--passwords",
            type=Path,
            default=PASSWORDS,
            metavar="FILE",
            help="where to write who can sign in (default: .demo-passwords)",
        )

    def handle(self, *, passwords, **options):
        trust = Trust.objects.filter(slug=SLUG).first()
        if trust is not None and not trust.is_example:
            raise CommandError(
                f"A real trust has the address /t/{SLUG}/; the example cannot stand beside it."
            )
        if trust is None:
            self.stdout.write(f"Loading {NAME}, an invented trust (it takes a minute)")
            trust, people = load(localdate())
            write_for_owner(passwords, "\n".join(told(people)))
            schools = Unit.everywhere.schools().filter(trust=trust)
            self.stdout.write(f"Loaded, with {schools.count()} schools.")
        else:
            self.stdout.write(
                f"{NAME} is here already, laid out from {localdate(trust.created_at)}; "
                "nothing was changed. To lay it out from today: "
                "manage.py remove_demo, then manage.py load_demo."
            )
        self.stdout.write("")
        if passwords.exists():
            self.stdout.write(passwords.read_text(encoding="utf-8"))
            self.stdout.write(f"(also in {passwords.name})")
        else:
            self.stdout.write(
                f"Who signs in with which password stood in {passwords.name}, which is gone. "
                "For new ones: manage.py remove_demo, then manage.py load_demo."
            )


def told(people):
    """Who signs in, with which password, and what they see: a line each."""
    yield f"Everybody signs in with the password {people.password}"
    yield ""
    width = max(len(email) for email, *_ in people.told)
    for email, name, post, what in people.told:
        yield f"  {email:{width}}  {name}, {post.lower()}: {what}"
    yield ""


def write_for_owner(path, text):
    """Write a file that nobody but its owner can read, whatever stood there before."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)

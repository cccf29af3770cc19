"""A trust's schools are brought up to date with the register of schools (GIAS)."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools.models import Trust
from schools.refused import Refused
from schools.register.applying import bring_up_to_date, urns_here
from schools.register.changes import in_words
from schools.register.extract import read_extract
from schools.register.files import BadRegister
from schools.register.links import read_links
from schools.register.words import said


class Command(BaseCommand):
    help = (
        "Show what an extract of the register of schools (GIAS) would change in a trust: schools "
        "that join, facts that are otherwise, schools that have left. --apply changes it."
    )

    def add_arguments(self, parser):
        parser.add_argument("trust", metavar="TRUST", help="the slug of the trust")
        parser.add_argument("file", metavar="FILE", type=Path, help="edubasealldata….csv")
        parser.add_argument(
            "--group", required=True, metavar="NAME_OR_UID", help="the trust in the register"
        )
        parser.add_argument(
            "--links",
            action="append",
            default=[],
            metavar="FILE",
            type=Path,
            help="group links (when schools joined) or links of schools (predecessors); twice "
            "for both",
        )
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="DATE",
            help="from when changes hold that have no date of their own: 2026-09-01; today",
        )
        parser.add_argument("--apply", action="store_true", help="change it")

    def handle(self, *, trust, file, group, links, on, apply, **options):
        today = timezone.localdate()
        on = on or today
        if on > today:
            raise CommandError(f"--on {on} has not come yet; today is the latest.")
        try:
            trust = Trust.objects.get(slug=trust)
            seen = urns_here(trust)
            extract = read_extract(file, group, seen)
            asked = seen | {member.urn for member in extract.members}
            changes = bring_up_to_date(
                trust,
                extract,
                read_links(links, asked),
                on,
                seen=seen,
                apply=apply,
            )
        except Trust.DoesNotExist as why:
            raise CommandError(f"There is no trust with the slug {trust}.") from why
        except OSError as why:
            raise CommandError(f"{why.filename} cannot be read: {why.strerror}") from why
        except BadRegister as why:
            raise CommandError("\n".join([*why.problems, "Nothing has been changed."])) from why
        except Refused as why:
            raise CommandError(str(why)) from why

        self.stdout.write(
            f"{extract.name}: {extract.rows:,} schools, {len(extract.members)} of them open in "
            f"{extract.group} (UID {extract.uid})"
        )
        for line in said(changes):
            self.stdout.write(line)
        if not changes:
            self.stdout.write(f"Nothing to change: {trust} is as the register says.")
        elif apply:
            self.stdout.write(f"Changed {trust}.")
        else:
            self.stdout.write(
                "Nothing has been changed yet: --apply does it, from "
                f"{in_words(on)} where no other date is given."
            )

"""A real trust begins: its name, its address and its terms."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools.actions import found_trust
from schools.term_files import BadTerms, read_terms


class Command(BaseCommand):
    help = "Make a trust with its terms. Next: add_school, add_person, load_plan."

    def add_arguments(self, parser):
        parser.add_argument("name", help='as people say it: "Northmere Learning Trust"')
        parser.add_argument("slug", help="as it stands in addresses: northmere")
        parser.add_argument(
            "--terms",
            required=True,
            type=Path,
            metavar="FILE",
            help="CSV: academic_year, term, starts, ends and, if needed, opens, due",
        )
        parser.add_argument("--contact-name", default="", help="whom people ask for help")
        parser.add_argument("--contact-email", default="")

    def handle(self, *, name, slug, terms, contact_name, contact_email, **options):
        try:
            with terms.open(encoding="utf-8-sig", newline="") as file:
                dates = read_terms(file, terms.name)
            trust = found_trust(
                name=name,
                slug=slug,
                terms=dates,
                at=timezone.now(),
                contact_name=contact_name,
                contact_email=contact_email,
            )
        except (OSError, UnicodeDecodeError) as why:
            raise CommandError(f"{terms} cannot be read: {why}") from why
        except BadTerms as why:
            raise CommandError("\n".join(why.problems)) from why
        except ValidationError as why:
            raise CommandError("\n".join(why.messages)) from why
        self.stdout.write(f"Made {trust} with {len(dates)} terms, at /t/{trust.slug}/")

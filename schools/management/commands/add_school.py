"""A school joins a trust."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from schools.actions import take_in
from schools.models import Phase, Trust
from schools.refused import Refused

PHASES = [phase for phase in Phase.values if phase != Phase.ALL]

COLUMNS = [
    *["name", "short_name", "code", "urn", "laestab", "phase", "low_age", "high_age"],
    *["is_church", "has_sixth_form", "pupils_on_roll", "joined"],
]


class Command(BaseCommand):
    help = "Make a school of a trust. An all-through school gets a part for each phase."

    def add_arguments(self, parser):
        parser.add_argument("--trust", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True)
        parser.add_argument("--short-name", default="", help="18 characters at most, for columns")
        parser.add_argument("--code", required=True, help="your own short code, used in files")
        parser.add_argument("--urn", help="six digits, from the register of schools")
        parser.add_argument("--laestab", default="", help="seven digits")
        parser.add_argument("--phase", required=True, choices=PHASES)
        parser.add_argument("--low-age", required=True, type=int)
        parser.add_argument("--high-age", required=True, type=int)
        parser.add_argument("--church", action="store_true", dest="is_church")
        parser.add_argument("--sixth-form", action="store_true", dest="has_sixth_form")
        parser.add_argument("--pupils", type=int, dest="pupils_on_roll")
        parser.add_argument("--joined", required=True, type=date.fromisoformat, help="2021-09-01")

    def handle(self, *, trust, **options):
        columns = {name: options[name] for name in COLUMNS}
        try:
            school = take_in(trust=Trust.objects.get(slug=trust), **columns)
        except Trust.DoesNotExist as why:
            raise CommandError(f"There is no trust with the slug {trust}.") from why
        except ValidationError as why:
            raise CommandError("\n".join(why.messages)) from why
        except Refused as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{school} is a school of {school.trust}")

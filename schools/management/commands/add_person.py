"""A person gets a role in a trust, and a way to sign in."""

import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from schools.actions import give_role
from schools.models import Office, Role, Trust, Unit
from schools.passwords import link_to_set_a_password
from schools.refused import Refused
from schools.tenancy import inside


class Command(BaseCommand):
    help = (
        "Give a person a role. A new person's link to set a password is printed; it works "
        "once, for seven days. A password is only taken from standard input."
    )

    def add_arguments(self, parser):
        parser.add_argument("--trust", required=True, metavar="SLUG")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--school", action="append", default=[], metavar="CODE", dest="schools")
        parser.add_argument("--office", action="append", default=[], metavar="CODE", dest="offices")
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *, trust, role, email, name, schools, offices, password_stdin, **options):
        password = sys.stdin.readline().rstrip("\n") if password_stdin else None
        try:
            trust = Trust.objects.get(slug=trust)
            if password is not None:
                validate_password(password)
            with inside(trust):
                membership = give_role(
                    trust=trust,
                    email=email,
                    name=name,
                    role=role,
                    units=named(Unit.objects.schools(), schools, "school"),
                    offices=named(Office.objects.all(), offices, "office"),
                )
        except Trust.DoesNotExist as why:
            raise CommandError(f"There is no trust with the slug {trust}.") from why
        except ValidationError as why:
            raise CommandError("\n".join(why.messages)) from why
        except Refused as why:
            raise CommandError(str(why)) from why

        self.stdout.write(f"{membership} in {trust}")
        user = membership.user
        if password is not None:
            user.set_password(password)
            user.save(update_fields=["password"])
        elif not user.has_usable_password():
            self.stdout.write(f"To set a password: {link_to_set_a_password(user)}")


def named(rows, codes, kind):
    """The rows with these codes; Refused names the ones that there are not."""
    found = {row.code: row for row in rows.filter(code__in=codes)}
    if unknown := [code for code in codes if code not in found]:
        there_are = ", ".join(rows.order_by("code").values_list("code", flat=True)) or "none"
        raise Refused(f"There is no {kind} {', '.join(unknown)}. There are: {there_are}.")
    return list(found.values())

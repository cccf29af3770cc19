"""The example trust itself: schools, sites, committees, suppliers, and its people."""

import secrets
from datetime import date, time

from django.contrib.auth.hashers import make_password

from schools.actions import COMMAND, found_trust, give_role, take_in
from schools.models import AuditRow, Deadline, Office, Role, Unit, User

from .tables import rows

NAME, SLUG, DOMAIN = "Northmere Learning Trust", "northmere", "northmere.example"
LONG_AGO = date(2016, 9, 1)
ADMINISTRATOR = "system_administrator"

# Without letters and digits that look alike.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def build(table):
    """Make the trust with its terms and its own unit."""
    return found_trust(
        name=NAME,
        slug=SLUG,
        terms=table.terms,
        is_example=True,
        editor_submits=True,
        contact_name="Joan Pettifer",
        contact_email=f"data@{DOMAIN}",
    )


def take_in_schools(trust, table):
    """Every school, and what hangs on schools. Inside the trust."""
    for row in rows("schools"):
        if row["name"]:
            take_in(trust=trust, **_school(row, table))
    for row in rows("units"):
        unit = Unit.objects.create(
            trust=trust,
            kind=row["kind"],
            code=row["code"],
            name=row["name"],
            short_name=row["name"][:18],
            joined=LONG_AGO,
        )
        unit.serves.set(Unit.objects.filter(code__in=row["serves"].split()))
        AuditRow.objects.record("took in", unit, by=None, unit=unit, channel=COMMAND)


def _school(row, table):
    return {
        "code": row["code"],
        "name": row["name"],
        "short_name": row["short_name"],
        "phase": row["phase"],
        "low_age": int(row["low_age"]),
        "high_age": int(row["high_age"]),
        "is_church": row["church"] == "yes",
        "has_sixth_form": row["sixth_form"] == "yes",
        "pupils_on_roll": int(row["pupils"]),
        "joined": _joined(row["joined"], table),
    }


def _joined(said, table):
    """A day, or the first day of the term with that number."""
    if said.isdigit():
        return table.dates(table.index(int(said))).starts
    return date.fromisoformat(said)


def give_more_time(trust, table):
    """Thistlemarr may send later: its office manager has the return open. Inside the trust."""
    term = trust.terms.get(period__year=table.last // 3, period__part=table.last % 3 + 1)
    school = Unit.objects.get(code="THI")
    deadline = Deadline.objects.create(
        term=term,
        unit=school,
        due=table.at(-6, time(17)),
        reason="The school office was flooded. Agreed with the trust.",
    )
    AuditRow.objects.record(
        "gave more time", deadline, by=None, unit=school, channel=COMMAND, reason=deadline.reason
    )


class People:
    """Everybody at the example trust: accounts, roles, and one password made now.

    Those that the table says something about can sign in with it; the others
    have an account and no password. Inside the trust.
    """

    def __init__(self, trust):
        self.trust = trust
        self.password = "-".join(
            "".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4)
        )
        self._hashed = make_password(self.password)
        self.told = []  # (e-mail, name, role, what they see)

    def let_in(self, *, offices):
        """Let in those who have an office, or those who have none.

        The offices come with the plan, and somebody has to load it.
        """
        for row in rows("people"):
            if bool(row["offices"]) != offices:
                continue
            email = f"{row['email']}@{DOMAIN}"
            if row["role"] == ADMINISTRATOR:
                _administrator(email, row["name"])
            else:
                self._give_role(email, row)
            if row["what"]:
                self.told.append((email, row["name"], _post(row), row["what"]))
        told = [email for email, *_ in self.told]
        User.objects.filter(email__in=told).update(password=self._hashed)

    def _give_role(self, email, row):
        give_role(
            trust=self.trust,
            email=email,
            name=row["name"],
            role=row["role"],
            units=Unit.objects.filter(code__in=row["schools"].split()),
            offices=Office.objects.filter(code__in=row["offices"].split()),
        )


def _administrator(email, name):
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name})
    user.is_staff = user.is_superuser = user.is_active = True
    user.save()


def _post(row):
    if row["role"] == ADMINISTRATOR:
        return "System administrator"
    return str(Role(row["role"]).label)

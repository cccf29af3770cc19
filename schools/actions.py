"""Changes to several rows at once: a trust begins, a school joins, a person gets a role."""

from datetime import date

from django.db import transaction

from .models import (
    AuditRow,
    Membership,
    Period,
    Phase,
    School,
    Term,
    Trust,
    Unit,
    UnitKind,
    User,
)
from .people import OF_A_SCHOOL, Role
from .refused import Refused
from .tenancy import inside

COMMAND = AuditRow.Channel.COMMAND

# A mixed school is asked and judged by its parts, one for each phase.
PARTS = [("P", Phase.PRIMARY), ("S", Phase.SECONDARY)]


@transaction.atomic
def found_trust(*, name, slug, terms, at=None, by=None, channel=COMMAND, **settings):
    """Make a trust with its terms and its own unit, TRUST.

    ``terms`` are ``term_files.TermDates``; ``settings`` are columns of Trust.
    The unit is there from the first day of the first school year. ``at``: the
    moment from which figures are collected; what was due before it is history.
    """
    trust = Trust(name=name, slug=slug, **settings)
    trust.full_clean()
    trust.save()
    with inside(trust):
        Unit.objects.create(
            trust=trust,
            kind=UnitKind.TRUST,
            code="TRUST",
            name=name,
            short_name="Trust",
            joined=date(min(term.year for term in terms), 9, 1),
        )
        periods = Period.objects.for_terms([(term.year, term.part) for term in terms])
        Term.objects.bulk_create(
            Term(
                trust=trust,
                period=periods[term.year, term.part],
                starts=term.starts,
                ends=term.ends,
                opens=term.opens,
                due=term.due,
                is_history=at is not None and term.due < at,
            )
            for term in terms
        )
        AuditRow.objects.record(
            "created", trust, by=by, channel=channel, after={"slug": slug, "terms": len(terms)}
        )
    return trust


@transaction.atomic
def take_in(*, trust, by=None, channel=COMMAND, reason="", **columns):
    """Make a school of the trust, with a part for each phase if it has both.

    ``columns`` are those of School. ValidationError says what cannot be.
    """
    with inside(trust):
        school = School(trust=trust, kind=UnitKind.SCHOOL, **columns)
        school.full_clean()
        if school.urn and School.everywhere.filter(urn=school.urn).exists():
            raise Refused(f"The URN {school.urn} belongs to a school that is here already.")
        school.save()
        if school.phase == Phase.ALL_THROUGH:
            begin_parts(school, school.joined)
        Unit.objects.filter(kind=UnitKind.TRUST).changed()
        AuditRow.objects.record(
            "took in",
            school,
            unit=school,
            by=by,
            channel=channel,
            after={"code": school.code},
            reason=reason,
        )
    return school


def begin_parts(school, on):
    """Give a mixed school its part for each phase, from a day on."""
    for letter, phase in PARTS:
        Unit.objects.create(
            trust=school.trust,
            kind=UnitKind.PART,
            code=f"{school.code}-{letter}",
            name=part_name(school.name, phase),
            phase=phase,
            parent=school,
            joined=on,
        )


def part_name(name, phase):
    return f"{name}, {Phase(phase).label.lower()}"


@transaction.atomic
def give_role(*, trust, email, name, role, units=(), offices=(), by=None, channel=COMMAND):
    """Give a person a role in the trust, and the person an account if there is none.

    Given again, the units and offices are added to those that the role has.
    The account has no password until its person sets one.
    """
    if role in OF_A_SCHOOL and not units:
        raise Refused(f"A {Role(role).label.lower()} needs a school.")
    if role not in OF_A_SCHOOL and units:
        raise Refused(f"A {Role(role).label.lower()} has the whole trust, not a school.")
    if role != Role.CONTRIBUTOR and offices:
        raise Refused("Only a contributor has an office.")
    if role == Role.CONTRIBUTOR and not offices:
        raise Refused("A contributor needs an office: whose measures are they?")

    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User(email=User.objects.normalize_email(email).lower(), name=name)
        user.set_unusable_password()
        user.full_clean()
        user.save()
    with inside(trust):
        membership, _ = Membership.objects.get_or_create(
            trust=trust, user=user, role=role, defaults={"ended_at": None}
        )
        membership.ended_at = None
        membership.save()
        membership.units.add(*units)
        membership.offices.add(*offices)
        AuditRow.objects.record(
            "gave a role",
            membership,
            by=by,
            channel=channel,
            after={"role": role, "units": [unit.code for unit in membership.units.all()]},
        )
    return membership

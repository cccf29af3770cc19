"""What timed commands share: one trust or all of them, and a trouble in one stops no other."""

from abc import ABC, abstractmethod

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools.models import Term, Trust
from schools.refused import Refused
from schools.tenancy import inside

from ...board.listing import returns_seen


class OfTrusts(ABC, BaseCommand):
    """Asks ``of_trust`` for one trust after the other. Safe to run twice, at any time."""

    def add_arguments(self, parser):
        parser.add_argument("--trust", metavar="SLUG", help="this trust alone; otherwise all")

    def handle(self, *, trust, **options):
        trusts = Trust.objects.filter(slug=trust) if trust else Trust.objects.all()
        if trust and not trusts:
            raise CommandError(f"There is no trust with the slug {trust}.")
        troubles = []
        for one in trusts:
            try:
                with inside(one):
                    self.of_trust(one, timezone.now(), **options)
            except Refused as why:
                troubles.append(f"{one}: {why}")
        if troubles:
            raise CommandError("\n".join(troubles))

    @abstractmethod
    def of_trust(self, trust, now, **options):
        """Do it for one trust, inside it. Refused is told at the end, and stops no other."""


def open_terms(now):
    """The terms of the trust that are being collected, and its whole calendar."""
    calendar = list(Term.objects.select_related("period__year").order_by("period__on"))
    today = timezone.localdate(now)
    return [term for term in calendar if term.is_collected(today)], calendar


def returns_of(term):
    """All returns of a term with their units and own deadlines."""
    return list(returns_seen(term, EVERYTHING, None))


class _Everything:
    """A command sees all returns of the trust that it is inside."""

    sees_all = True


EVERYTHING = _Everything()

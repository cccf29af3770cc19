"""The end of a term's collecting."""

from datetime import timedelta

from django.core.management.base import CommandError

from schools.models import Deadline, Term
from schools.refused import Refused

from ...collecting.terms import close, late_for_good
from ...models import Return
from ._of_trusts import OfTrusts, open_terms


class Command(OfTrusts):
    help = (
        "Close a term, or every term whose last deadline is so many days past. What was not sent "
        "stays late for good. Refused, naming them, while returns wait for a decision."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--term", metavar="SLUG", help="this one: 2025-autumn")
        parser.add_argument(
            "--days-after", type=int, metavar="DAYS", help="all whose last deadline is so long past"
        )

    def handle(self, *, term, days_after, **options):
        if (term is None) == (days_after is None):
            raise CommandError("Say which: --term 2025-autumn, or --days-after 14.")
        if term and not options["trust"]:
            raise CommandError("Say of which trust: --trust SLUG.")
        super().handle(term=term, days_after=days_after, **options)

    def of_trust(self, trust, now, *, term, days_after, **options):
        refused = []
        for one in self._named(term) if term else over(now, days_after):
            if one.closed_at:
                self.stdout.write(f"{trust}, {one}: closed already")
                continue
            late = [str(each.unit) for each in late_for_good(one)]
            try:
                close(one, memberships=None, at=now)
            except Refused as why:
                refused.append(f"{one}: {why}")
                continue
            self.stdout.write(f"{trust}, {one}: closed. Late for good: {', '.join(late) or 'none'}")
        if refused:
            raise Refused("\n".join(refused))

    def _named(self, slug):
        found = list(Term.objects.named(slug).select_related("period__year"))
        if not found:
            raise Refused(f"There is no term {slug}.")
        return found


def over(now, days):
    """The terms being collected whose last deadline is so many days past, own ones included.

    One in which nobody was ever asked is left, as history is: closed, it could not be filled
    from records.
    """
    terms, _ = open_terms(now)
    asked = set(Return.objects.filter(term__in=terms).values_list("term", flat=True))
    ended = []
    for term in terms:
        if term.pk not in asked:
            continue
        own = Deadline.objects.filter(term=term).order_by("-due").values_list("due", flat=True)
        if max([term.due, *own[:1]]) + timedelta(days=days) < now:
            ended.append(term)
    return ended

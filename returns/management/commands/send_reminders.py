"""Mails to those whose returns are late, or due soon."""

from datetime import timedelta

from django.utils import timezone

from ...asked.asking import Asking
from ...board.owing import Owing
from ...board.reminding import letters_for, remind, to_remind
from ._of_trusts import OfTrusts, open_terms, returns_of


class Command(OfTrusts):
    help = (
        "Remind those whose returns are late: one mail to a person a day (Europe/London), however "
        "often this runs. It names what is missing and holds no figure."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--within",
            type=int,
            default=0,
            metavar="DAYS",
            help="those due within so many days too",
        )

    def of_trust(self, trust, now, *, within, **options):
        terms, calendar = open_terms(now)
        for term in terms:
            returns = to_remind(returns_of(term), now, timedelta(days=within))
            owing = Owing(Asking(term, calendar), returns, timezone.localdate(now))
            sent = remind(letters_for(returns, owing, trust=trust, now=now), trust=trust, at=now)
            self.stdout.write(f"{trust}, {term}: {len(sent)} mails queued")

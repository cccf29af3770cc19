"""The returns of each term whose first day has come."""

from django.utils import timezone

from ...asked.asking import Asking
from ...board.owing import Owing
from ...board.reminding import letters_for, remind, to_tell
from ...collecting.opening import open_returns
from ...models import Return
from ._of_trusts import OfTrusts, open_terms, returns_of


class Command(OfTrusts):
    help = (
        "Open the returns of every term whose first day has come (Europe/London). With --tell, "
        "each school and office gets one mail that its return is open. Run again, nothing more "
        "happens; killed half-way, the next run does the rest."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--tell", action="store_true", help="mail those who can fill it in")

    def of_trust(self, trust, now, *, tell, **options):
        terms, calendar = open_terms(now)
        for term in terms:
            asking = Asking(term, calendar)
            before = Return.objects.for_term(term).count()
            open_returns(asking)
            opened = Return.objects.for_term(term).count() - before
            self.stdout.write(f"{trust}, {term}: {opened} returns opened")
            if tell:
                returns = to_tell(returns_of(term), now)
                owing = Owing(asking, returns, timezone.localdate(now))
                letters = letters_for(returns, owing, trust=trust, now=now)
                sent = remind(letters, trust=trust, at=now)
                self.stdout.write(f"{trust}, {term}: {len(sent)} mails queued")

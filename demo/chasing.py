"""What the data manager has chased in the example, and the evidence that was sent with a rating.

Both by the actions that people use. Inside the trust.
"""

from datetime import timedelta

from django.utils import timezone

from returns.asked.asking import Asking
from returns.board.owing import Owing
from returns.board.reminding import letters_for, remind, to_remind
from returns.evidence.attaching import add_file, add_link
from returns.evidence.kinds import kind_of
from returns.life.entering import asked_by
from returns.management.commands._of_trusts import returns_of
from schools.models import Outbox

REVIEW = "Governance review, summary.pdf"
LINK = "https://files.northmere.example/governance/review"
AFTER_THE_DEADLINE = timedelta(hours=16)


def remind_the_late(trust, term, *, memberships):
    """The morning after the deadline everybody who was late was reminded.

    Nobody has the invented addresses, so the mails themselves do not wait to be sent.
    """
    at = term.due + AFTER_THE_DEADLINE
    late = to_remind(returns_of(term), at)
    owing = Owing(Asking(term), late, timezone.localdate(at))
    letters = letters_for(late, owing, trust=trust, now=at)
    sent = remind(letters, trust=trust, at=at, memberships=memberships)
    to = [letter.person.email for letter in sent]
    Outbox.objects.filter(to__in=to, created_at=at).delete()


def attach(return_, asking, *, memberships, at):
    """A file and a link beside the first rating of a return that is being typed."""
    lines = return_.lines.select_related("measure", "group").order_by("pk")
    line = lines.exclude(reviewer="").first() or lines.first()
    asked, who = asked_by(line, asking), {"memberships": memberships, "at": at}
    data = a_page("Northmere Learning Trust", "Summary of the review. All of this is invented.")
    add_file(return_, asked, name=REVIEW, data=data, kind=kind_of(data), **who)
    return_.refresh_from_db()
    add_link(return_, asked, link=LINK, name="The whole review", **who)


def a_page(*lines):
    """A PDF of one page with a few lines of text."""
    words = " ".join(f"({line}) Tj 0 -24 Td" for line in lines)
    stream = f"BT /F1 14 Tf 72 760 Td {words} ET"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    text, starts = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    size = len(bodies) + 1
    text += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
    text += f"<< /Size {size} /Root 1 0 R >>\nstartxref\n{text.index('xref')}\n%%EOF\n"
    return text.encode("ascii")

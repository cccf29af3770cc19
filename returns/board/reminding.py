"""Reminding those whose return is not in: one mail to a person a day, shown before it goes.

A mail names what is missing and where to type it; it never holds a figure.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from schools.models import AuditRow, Outbox, Role, User
from schools.refused import Refused

from ..grid.rows import moment_words, time_words
from ..grid.sheet import TYPING
from ..life.states import State
from ..models import Return
from ..reminded import Reminder
from .owing import of_person

MINUTES_FOR_ONE = 3  # figures typed in a minute
MOST_NAMES = 30


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail that could go now; ``returns`` are those that it is about.

    ``sent_at``: when this person has been reminded today already, so it stays.
    """

    person: User
    returns: tuple[Return, ...]
    subject: str
    body: str
    sent_at: datetime | None = None


def to_remind(returns, now, within=timedelta()):
    """The returns that are not in and late, or due soon; none of a term closed or history."""
    return [
        each
        for each in returns
        if each.state in TYPING
        and each.term.is_collected(timezone.localdate(now))
        and now + within > (each.own_due or each.term.due)
    ]


def reminded_words(emails, returns, now):
    """That all of these people have been reminded today, when and by whom; "" if one has not."""
    today = timezone.localdate(now)
    done = Reminder.objects.filter(day=today, person__email__in=emails)
    if not emails or done.values("person").count() < len(emails):
        return ""
    last = (
        AuditRow.objects.filter(
            action="reminded",
            thing_kind="returns.return",
            thing_id__in=[each.pk for each in returns],
        )
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    words = f"Everybody who is late was reminded today, {time_words(done.latest('at').at)}"
    return f"{words}, by {last.by}" if last and last.by else words


def to_tell(returns, now):
    """The returns that have opened, that nobody has begun and about which nobody was written to."""
    told = set(Reminder.objects.filter(returns__in=returns).values_list("returns", flat=True))
    return [
        each
        for each in returns
        if each.pk not in told and each.state_on(timezone.localdate(now)) == State.NOT_STARTED
    ]


def letters_for(returns, owing, *, trust, now):
    """The mails to those who can send these returns: one to each person, by name."""
    theirs = {}
    for each in sorted(returns, key=lambda each: (each.unit.name, each.pk)):
        missing = owing.missing(each)
        for contact in owing.contacts(each):
            _, told = theirs.setdefault(contact.person.pk, (contact.person, {}))
            own = of_person(missing, contact)
            told[each] = told[each] if len(told.get(each, ())) > len(own) else own
    day = timezone.localdate(now)
    reminded = Reminder.objects.filter(day=day, person__in=theirs)
    done = dict(reminded.values_list("person_id", "at"))
    people = sorted(theirs.values(), key=lambda pair: (pair[0].name, pair[0].pk))
    return [
        _letter(person, told, owing, trust, now, done.get(person.pk)) for person, told in people
    ]


@transaction.atomic
def remind(letters, *, trust, at, memberships=None):
    """Queue the mails that have not gone today, with the trail; those that went now.

    ``memberships`` are the data manager's; a command has none. Asked again on
    the same day, or by two people at once, nobody gets a second mail.
    """
    if memberships is not None and not memberships.has(Role.DATA_MANAGER):
        raise Refused("Only the data manager reminds the schools.")
    sent = []
    for letter in letters:
        reminder, is_new = Reminder.objects.get_or_create(
            trust=trust, person=letter.person, day=timezone.localdate(at), defaults={"at": at}
        )
        if is_new:
            reminder.returns.set(letter.returns)
            Outbox.objects.create(
                to=letter.person.email, subject=letter.subject, body=letter.body, created_at=at
            )
            sent.append(letter)
    _record(sent, memberships, at)
    return sent


def _record(sent, memberships, at):
    """One row of the trail for each return, with the names of those who were written to."""
    told = {}
    for letter in sent:
        for each in letter.returns:
            told.setdefault(each, []).append(str(letter.person))
    channel = AuditRow.Channel.FORM if memberships else AuditRow.Channel.COMMAND
    AuditRow.objects.bulk_create(
        AuditRow.objects.prepared(
            "reminded",
            each,
            at=at,
            by=memberships.user if memberships else None,
            unit=each.unit,
            channel=channel,
            after={"sent to": ", ".join(names)},
        )
        for each, names in told.items()
    )


# The words


def _letter(person, told, owing, trust, now, sent_at):
    returns = tuple(told)
    parts = [_about(each, missing, owing, trust, now) for each, missing in told.items()]
    whom = ", ".join(filter(None, [trust.contact_name, trust.contact_email]))
    closing = [f"If something is in the way, write to {whom}."] if whom else []
    return Letter(
        person=person,
        returns=returns,
        subject=_subject(told),
        body="\n\n".join([f"{person},", *parts, *closing, trust.name]) + "\n",
        sent_at=sent_at,
    )


def _subject(told):
    if len(told) > 1:
        term = next(iter(told)).term
        return f"{len(told)} {term} returns are not in yet"
    [(each, missing)] = told.items()
    left = figures_left(len(missing)) if missing else "ready to check and submit"
    if each.state == State.SENT_BACK:
        left = "sent back to you"
    return f"{each.term} return, {each.unit}: {left}"[:200]


def _about(return_, missing, owing, trust, now):
    """What one return still needs: when it was due, what is missing, how long it takes, where."""
    due = return_.own_due or return_.term.due
    was = "was" if now > due else "is"
    first = f"The {return_.term} return of {return_.unit} {was} due on {moment_words(due, True)}."
    is_back = return_.state == State.SENT_BACK
    at = "returns:return-edit" if missing or is_back else "returns:return-check"
    link = settings.SITE_ADDRESS + reverse(at, args=[trust, return_.pk])
    if is_back:
        first += " It was sent back to you: see what the trust asks, then submit it again."
    if is_back and not missing:
        return f"{first}\n{link}"
    if not missing:
        return f"{first} All its figures are in. Check it and submit it:\n{link}"
    said = f"{first} It has {figures_left(len(missing))}:"
    asks = f"{takes(len(missing))} Open your return:"
    return "\n".join([said, *_names(return_, missing, owing), asks, link])


def _names(return_, missing, owing):
    """A measure once, whatever the number of its pupil groups: "- Attendance (3 figures)"."""
    names = Counter(owing.measure_of(asked, return_) for asked in missing)
    lines = [
        f"- {name}" + (f" ({many} figures)" if many > 1 else "") for name, many in names.items()
    ]
    more = len(lines) - MOST_NAMES
    return lines if more <= 0 else [*lines[:MOST_NAMES], f"- and {more} more"]


def figures_left(count):
    return "1 figure left" if count == 1 else f"{count} figures left"


def takes(count):
    """How long so many figures take to type, in whole minutes."""
    minutes = -(-count // MINUTES_FOR_ONE)
    return f"It takes about {minutes} minute{'' if minutes == 1 else 's'}."

"""What the example's board has been told: two published reports, one corrected, and a draft.

By the same actions as on screen, on days on which it could have been.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone

from kpis.rag.verdict import Status
from priorities.models import Node
from reports.building.drafting import (
    Draft,
    Picked,
    add_meeting,
    begin,
    save_cut,
    save_draft,
    suggestions_for,
)
from reports.freezing.board import board_of
from reports.freezing.snapshot import item_key
from reports.publishing import ask_to_publish, publish
from reports.reading.asking import answer, ask
from schools.models import Job, Membership, Memberships, Outbox, Role, Term

from .timetable import LONDON, weekday

BOARD = "Trust board"
TERMS_TOLD = (2, 1)  # so many terms before the last one: those that are published
MEETS_AFTER = timedelta(weeks=4)  # the returns were due
PAPERS_BEFORE = timedelta(days=7)
ASKS = {
    2: ("Agree the attendance target for the year to come",),
    1: (
        "Approve the plan for clubs and activities",
        "Note how the gap in results has moved",
    ),
    0: ("Agree who visits which school in the spring",),
}
SAID = (
    (
        "Two year groups are behind it. Both had supply teachers for most of the term.",
        "A permanent teacher starts after the holidays, and we look again at half term.",
        "Director of Education",
        "Half term",
    ),
    (
        "Buses were cut in September, so fewer pupils can stay after school.",
        "The clubs move to the lunch hour, and the trust pays for one late bus.",
        "Headteacher",
        "The end of next term",
    ),
    (
        "More pupils were asked than last year, and the new ones answer less.",
        "Form tutors ask them in person.",
        "Head of Personal Development",
        "Next term",
    ),
)
QUESTIONS = {
    True: "Which year groups are behind this, and was it the same last year?",
    False: "When will the board hear whether it has worked?",
}
ANSWER = "Years 8 and 9. Last year it was Year 9 alone."
CORRECTION = "The comment on the first exception named the wrong term. The figures are as before."


def report(trust, table):
    """Everything that the board has been told. Inside the trust, all figures collected."""
    leader = Memberships(Membership.objects.get(role=Role.LEADER).user, trust)
    for back in TERMS_TOLD:
        drafted, at = _drafted(trust, table, table.last - back, back, leader)
        if back == TERMS_TOLD[0]:
            _save_cut(trust, leader, at)
        _published(drafted, at, leader)
    _asked(drafted, at + timedelta(days=1), trust, leader)
    _corrected(drafted, at + timedelta(days=2), leader)
    _asked(drafted, at + timedelta(days=3), trust, None)
    _drafted(trust, table, table.last, 0, leader)


def _save_cut(trust, leader, at):
    """The people committee reads what is about people."""
    people = Node.objects.get(role="priority", code="C")
    trustee = Membership.objects.filter(role=Role.TRUSTEE).first().user
    save_cut(
        trust,
        None,
        name="People committee",
        members=[trustee.pk],
        priorities=[people.pk],
        kpis=[],
        memberships=leader,
        at=at,
    )


def _drafted(trust, table, index, back, leader):
    """A draft with its exceptions and what is said of them; the moment at which it was written."""
    term = Term.objects.select_related("period__year").get(
        period__year=index // 3, period__part=index % 3 + 1
    )
    due = timezone.localdate(term.due)
    day = min(due + timedelta(days=12), table.today - timedelta(days=2 + 3 * back))
    meets = due + MEETS_AFTER
    if back == 0:
        meets = table.today + timedelta(days=16)
    at = datetime.combine(weekday(day), time(14, 5), LONDON)
    meeting = add_meeting(
        trust,
        name=BOARD,
        on=weekday(meets),
        papers_on=weekday(meets - PAPERS_BEFORE),
        committee="",
        memberships=leader,
        at=at,
    )
    today = timezone.localdate(at)
    drafted = begin(meeting, term, by=leader.user, at=at, today=today)
    board = board_of(trust, drafted.plan, term, today)
    save_draft(
        drafted,
        _choices(drafted, board, back),
        edition=drafted.edition,
        memberships=leader,
        at=at,
    )
    drafted.refresh_from_db()
    return drafted, at


def _choices(drafted, board, back):
    """Five exceptions as the rules suggest them, of different KPIs, most of them with words."""
    told, picks = set(), []
    for one in suggestions_for(drafted, board):
        if one.candidate.kpi in told or one.candidate.standing.status is Status.GREY:
            continue
        told.add(one.candidate.kpi)
        words = SAID[len(picks)] if len(picks) < len(SAID) and (back or len(picks) < 2) else None
        picks.append(
            Picked(
                one.candidate.kpi,
                one.candidate.unit,
                order=len(picks) + 1,
                rule=one.rule,
                **dict(
                    zip(("why", "what_next", "who", "by_when"), words or ("",) * 4, strict=True)
                ),
            )
        )
        if len(picks) == (5 if back else 4):
            break
    return Draft(
        summary=drafted.summary,
        asks=ASKS[back],
        about=tuple(_about(words, picks, board) for words in ASKS[back]),
        picks=tuple(picks),
        priorities=frozenset(top.id for top in board.tops),
        columns={"for_decision": True},
    )


def _about(words, picks, board):
    """The exception whose KPI an ask names."""
    named = ((pick.node, pick.unit) for pick in picks)
    titles = {one: board.by_kpi[one[0]].branch.title.lower() for one in named}
    return next((one for one, title in titles.items() if title in words.lower()), None)


def _asked(drafted, at, trust, leader):
    """A trustee asks about an exception; with a leader, it is answered a day later."""
    trustee = Memberships(Membership.objects.filter(role=Role.TRUSTEE).first().user, trust)
    pick = drafted.picks.select_related("node", "unit")[0 if leader else 1]
    question = ask(
        drafted,
        item=item_key(pick),
        words=QUESTIONS[bool(leader)],
        memberships=trustee,
        at=at,
        today=timezone.localdate(at),
    )
    if leader:
        later = at + timedelta(hours=20)
        answer(question, words=ANSWER, seen="", memberships=leader, at=later)
    Outbox.objects.filter(to__in=_people(trustee, trust), done_at=None).delete()


def _people(trustee, trust):
    leaders = Membership.objects.filter(role=Role.LEADER)
    return [trustee.user.email, *leaders.values_list("user__email", flat=True)]


def _published(drafted, at, leader, correction=""):
    number = drafted.versions.count() + 1
    ask_to_publish(drafted, number=number, correction=correction, memberships=leader, at=at)
    published = publish(drafted.pk, at)
    # Long since done and sent: the worker has nothing to do for an invented past.
    Job.objects.filter(trust=leader.trust, done_at=None).update(done_at=at)
    Outbox.objects.filter(to__in=_trustees(), done_at=None).delete()
    return published


def _trustees():
    held = Membership.objects.filter(role=Role.TRUSTEE)
    return list(held.values_list("user__email", flat=True))


def _corrected(drafted, at, leader):
    """The second report again, with the comment put right."""
    pick = drafted.picks.first()
    drafted.refresh_from_db()
    picks = [
        Picked(
            one.node_id,
            one.unit_id,
            one.order,
            one.why.replace("most of the term", "the first half of the term")
            if one == pick
            else one.why,
            one.what_next,
            one.who,
            one.by_when,
        )
        for one in drafted.picks.all()
    ]
    asks = drafted.asks.select_related("about")
    draft = Draft(
        summary=drafted.summary,
        asks=tuple(ask.words for ask in asks),
        about=tuple(ask.about and (ask.about.node_id, ask.about.unit_id) for ask in asks),
        picks=tuple(picks),
        priorities=frozenset(drafted.priorities.values_list("pk", flat=True)),
    )
    save_draft(drafted, draft, edition=drafted.edition, memberships=leader, at=at)
    _published(drafted, at, leader, CORRECTION)

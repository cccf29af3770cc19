"""What a leader does to a draft: begin it, save it. One transaction each, with its trail."""

from dataclasses import dataclass, field
from itertools import zip_longest

from django.db import transaction

from dashboard.matrix.filters import standing_of
from kpis import facts
from kpis.models import Comment
from kpis.rag.dates import written as day_in_words
from kpis.rag.verdict import Status
from schools.models import AuditRow, Role
from schools.refused import Refused

from ..freezing.board import board_of
from ..freezing.ranking import miss_of
from ..freezing.snapshot import inserted_of, read_by
from ..models import Ask, Cut, Meeting, Pick, Published, Report
from ..publishing import locked
from ..shapes import Document
from .inserting import started
from .suggesting import Candidate, suggested
from .told import APPENDIX, PURPOSES, cut_in_words, differing, draft_in_words

LEADERS_ONLY = "Only a leader of the trust writes its board reports."
BEING_MADE = "This report is being made. Wait until it is published, then correct it."
THERE_ALREADY = "This meeting has a report for that committee already. Go on with that one."
MEANWHILE = "Somebody else has saved this draft since you opened it."


@dataclass(frozen=True, slots=True)
class Picked:
    """One exception as a form has it; ``rule`` is what suggested it."""

    node: int
    unit: int
    order: int
    why: str = ""
    what_next: str = ""
    who: str = ""
    by_when: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a leader chooses, as the form has it.

    ``about`` says of each ask which exception it is about, as (node, unit), or None.
    """

    summary: str
    asks: tuple[str, ...] = ()
    about: tuple[tuple[int, int] | None, ...] = ()
    picks: tuple[Picked, ...] = ()
    priorities: frozenset[int] = field(default_factory=frozenset)
    columns: dict = field(default_factory=dict)


@transaction.atomic
def add_meeting(trust, *, name, on, papers_on, committee, memberships, at):
    """A day on which the board or a committee meets."""
    if not memberships.has(Role.LEADER):
        raise Refused(LEADERS_ONLY)
    if Meeting.objects.filter(trust=trust, name=name, on=on).exists():
        raise Refused(f"{name} on {on.day} {on:%B %Y} is there already.")
    meeting = Meeting.objects.create(
        trust=trust, name=name, on=on, papers_on=papers_on, committee=committee
    )
    days = {"day": day_in_words(on)} | ({"papers": day_in_words(papers_on)} if papers_on else {})
    after = {"name": name} | days | ({"committee": committee} if committee else {})
    AuditRow.objects.record("added", meeting, by=memberships.user, at=at, after=after)
    return meeting


@transaction.atomic
def save_cut(trust, held, *, name, members, priorities, kpis, memberships, at):
    """Save what a committee reads and who sits on it.

    ``held`` is the choice that is changed, None for a new one.
    """
    if not memberships.has(Role.LEADER):
        raise Refused(LEADERS_ONLY)
    if Cut.objects.filter(name=name).exclude(pk=held and held.pk).exists():
        raise Refused(f"{name} has its choice already. Change that one.")
    before = cut_in_words(held) if held else None
    cut = held or Cut(trust=trust)
    cut.name = name
    cut.save()
    cut.priorities.set(priorities)
    cut.kpis.set(kpis)
    cut.members.set(members)
    after = cut_in_words(cut)
    if before is not None:
        before, after = differing(before, after)
    if after or before:
        AuditRow.objects.record(
            "chose what is read by", cut, by=memberships.user, at=at, before=before, after=after
        )
    return cut


@transaction.atomic
def begin(meeting, term, *, cut=None, by, at, today):
    """Begin the report of a term to a meeting; the one that is there already stays as it is.

    With ``cut`` it is the report of that committee. Its summary begins with the
    facts, and every priority that is read is in it.
    """
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    held = Report.objects.filter(meeting=meeting, term=term, cut=cut).first()
    if held is not None:
        return held
    plan = facts.plan_for(term)
    if plan is None:
        raise Refused("There is no plan yet, so there is nothing to report on.")
    report = Report.objects.create(
        meeting=meeting, term=term, plan=plan, cut=cut, begun_by=by, begun_at=at
    )
    board = board_of(meeting.trust, plan, term, today)
    chosen = read_by(cut, board)
    report.summary = started(inserted_of(board, chosen))
    report.save(update_fields=["summary"])
    report.priorities.set({one.top for one in chosen})
    after = {"term": str(term)} | ({"committee": cut.name} if cut else {})
    AuditRow.objects.record("began", report, by=by, at=at, after=after)
    return report


def cut_for(meeting):
    """What the committee that meets reads, by its name; None for the whole board."""
    return Cut.objects.filter(name__in=[meeting.committee, meeting.name]).first()


@transaction.atomic
def save_draft(report, draft, *, edition, memberships, at):
    """Put what a leader has chosen in the place of what was there; ``edition`` is what they saw."""
    if not memberships.has(Role.LEADER):
        raise Refused(LEADERS_ONLY)
    report = locked(report)
    if report.publishing_since is not None:
        raise Refused(BEING_MADE)
    if report.edition != edition:
        raise Refused(MEANWHILE)
    cut = draft.columns.get("cut_id", report.cut_id)
    others = Report.objects.filter(meeting=report.meeting_id, term=report.term_id, cut=cut)
    if others.exclude(pk=report.pk).exists():
        raise Refused(THERE_ALREADY)
    before = draft_in_words(report)
    for name, value in draft.columns.items():
        setattr(report, name, value)
    report.summary = draft.summary
    report.priorities.set(draft.priorities)
    _put_picks(report, draft.picks)
    _put_asks(report, draft)
    before, after = differing(before, draft_in_words(report))
    if before == after:
        return report
    report.edition += 1
    report.save()
    AuditRow.objects.record(
        "changed the draft of", report, by=memberships.user, at=at, before=before, after=after
    )
    return report


COLUMNS = (*PURPOSES, "provisional", *APPENDIX)


def _put_asks(report, draft):
    picks = {(pick.node_id, pick.unit_id): pick for pick in report.picks.all()}
    kept = [each for each in zip_longest(draft.asks, draft.about) if each[0]]
    held = list(report.asks.all())
    for order, (text, about) in enumerate(kept, 1):
        values = {"words": text, "about": picks.get(about)}
        Ask.objects.update_or_create(report=report, order=order, defaults=values)
    report.asks.filter(pk__in=[one.pk for one in held], order__gt=len(kept)).delete()


def _put_picks(report, picks):
    held = {(pick.node_id, pick.unit_id): pick for pick in report.picks.all()}
    for order, picked in enumerate(sorted(picks, key=lambda one: one.order), 1):
        pick = held.pop((picked.node, picked.unit), None)
        is_new = pick is None
        pick = pick or Pick(
            report=report, node_id=picked.node, unit_id=picked.unit, rule=picked.rule
        )
        pick.order = order
        words = {name: getattr(picked, name) for name in ("why", "what_next", "who", "by_when")}
        if is_new and not any(words.values()):
            words |= _said_already(report, picked.node)
        for name, value in words.items():
            setattr(pick, name, value)
        pick.save()
    Pick.objects.filter(pk__in=[pick.pk for pick in held.values()]).delete()


def _said_already(report, node):
    """What a leader has written beside the KPI this term, to begin with."""
    own = report.meeting.trust.own_unit
    said = Comment.objects.filter(node=node, unit=own, term=report.term).first()
    return {"why": said.why, "what_next": said.what_next} if said else {}


# What the rules suggest


def suggestions_for(report, board):
    """The results that the rules name, whether they are ticked or not.

    Of a committee's report only of what the committee reads.
    """
    named = promised_before(report)
    candidates = []
    for across in read_by(report.cut, board):
        places = across.standings if across.is_whole else across.results
        for unit in places:
            result = board.result(across, unit)
            standing = across.standings.get(unit) or standing_of(result, True)
            key = f"{across.branch.key}:{board.given.units[unit].code}"
            candidates.append(
                Candidate(
                    kpi=across.promise.id,
                    unit=unit,
                    standing=standing,
                    miss=miss_of(result) if standing.status is Status.RED else 0,
                    place=len(candidates),
                    promised=key in named,
                )
            )
    return suggested(candidates)


def promised_before(report):
    """The items that the report before this one named as exceptions.

    That is the latest to the same readers; without one, the latest of the trust.
    """
    earlier = Published.objects.exclude(report=report).newest_for(report.cut)
    if earlier is None:
        return frozenset()
    return frozenset(one.key for one in Document.read(earlier.snapshot).exceptions)

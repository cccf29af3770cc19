"""The board of a term's returns: who is late, what that hides, and what to do about it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.urls import reverse

from schools.models import UnitKind

from ..grid.rows import moment_words
from ..life.states import Action, State
from ..models import Line
from ..reminded import Reminder
from ..typed.half_typed import half_typed
from .listing import Empty, ReturnRow, collect_url, counts_words, returns_seen, row_of
from .odd_in_term import OddInTerm
from .owing import Owing
from .reminding import reminded_words, to_remind

UNSENT = {State.NOT_STARTED, State.IN_PROGRESS, State.SENT_BACK, State.LOCKED}
CLAIMS = {"not_applicable", "too_few"}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One return on the board.

    ``missing`` are the figures without an answer, ``hides`` the KPIs that are
    not known, or known in part, without them. ``queries`` count what has to be
    read before it is approved: odd figures nobody has explained, claims, what
    the trust has asked. ``pick`` names the return and the version that was
    shown, where it may be approved together with others.
    """

    row: ReturnRow
    number: int
    due: datetime
    missing: tuple[str, ...]
    hides: tuple[tuple[str, str], ...]
    queries: int
    reminded: datetime | None
    contacts: tuple[tuple[str, str], ...]
    pick: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of returns to look at, and how many there are of it."""

    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Files:
    """The addresses of the files of what the board shows, and of every missing figure in it."""

    xlsx: str
    csv: str
    missing: str


@dataclass(frozen=True, slots=True)
class Board:
    """The board of one term, with one choice of its returns."""

    heading: str
    title: str
    due_words: str = ""
    summary: str = ""
    rows: tuple[BoardRow, ...] = ()
    choices: tuple[Choice, ...] = ()
    collect_url: str = ""
    files: Files | None = None
    approve_url: str = ""
    remind_url: str = ""
    remind_words: str = ""
    reminded_words: str = ""
    can_pick: bool = False
    empty: Empty | None = None


SHOW = {
    "": ("All", lambda one: True),
    "late": ("Late", lambda one: bool(one.row.late_words)),
    "approve": ("To approve", lambda one: one.row.state == State.SUBMITTED),
    "queries": ("With queries", lambda one: one.queries > 0),
    "unsent": ("Not sent", lambda one: one.row.state in UNSENT),
    "approved": ("Approved", lambda one: one.row.state == State.APPROVED),
}


def board_of(asking, memberships, now, today, show=""):
    """The board as the data manager sees it; a fixed number of queries, whatever its size."""
    show = show if show in SHOW else ""
    returns = list(returns_seen(asking.term, memberships, None))
    every = _rows(asking, returns, memberships, now, today)
    rows = tuple(one for one in every if SHOW[show][1](one))
    counts = {key: sum(map(keeps, every)) for key, (_, keeps) in SHOW.items()}
    late = to_remind(returns, now)
    heading = f"{asking.term} returns"
    return Board(
        heading=heading,
        title=_title(counts, heading),
        due_words=f"Due {moment_words(asking.term.due, weekday=True)}",
        summary=counts_words(counts["approved"], counts["approve"], counts["late"]),
        rows=rows,
        choices=tuple(
            Choice(label, _address(memberships, asking.term, key), counts[key], key == show)
            for key, (label, _) in SHOW.items()
            if counts[key] or key in ("", show)
        ),
        collect_url=collect_url(asking.term, memberships),
        files=_files(memberships, asking.term, show),
        approve_url=_address(memberships, asking.term, "", "returns:approve-several"),
        remind_url=_address(memberships, asking.term, "", "returns:remind") if late else "",
        remind_words=_remind_words(late),
        reminded_words=reminded_words(_to_write_to(every, late), late, now) if late else "",
        can_pick=any(one.pick for one in rows),
        empty=None
        if rows
        else _empty(asking.term, memberships, show, is_over=not returns and asking.term.due < now),
    )


def _rows(asking, returns, memberships, now, today):
    owing = Owing(asking, returns, today)
    half = half_typed(asking, returns, today)
    odd = OddInTerm([each for each in returns if each.state != State.APPROVED], asking, today)
    asked, claims = _asked_and_claimed(asking.term)
    reminded = dict(
        Reminder.objects.filter(returns__term=asking.term)
        .values_list("returns")
        .annotate(last=Max("at"))
    )
    owed = Counter(map(asking.returning, asking.every))
    rows = []
    for each in returns:
        missing = owing.missing(each)
        queries = odd.count(each) + asked[each.pk] + claims[each.pk]
        rows.append(
            BoardRow(
                row=row_of(each, owed[each.unit_id], half[each.pk], memberships, now, today),
                number=each.pk,
                due=each.own_due or each.term.due,
                missing=tuple(owing.name_of(one, each) for one in missing),
                hides=tuple(_kpi(pk, name, each, memberships) for pk, name in owing.hides(missing)),
                queries=queries,
                reminded=reminded.get(each.pk),
                contacts=tuple((one.person.name, one.person.email) for one in owing.contacts(each)),
                pick="" if queries else pick_of(each, memberships, today),
            )
        )
    return sorted(rows, key=lambda one: _order(one.row))


def _to_write_to(rows, late):
    """The addresses of those who can send what is late."""
    numbers = {each.pk for each in late}
    return {email for one in rows if one.number in numbers for _, email in one.contacts}


def _order(row):
    """Late first, the longest first named by its school; then what waits to be approved."""
    return (not row.late_words, row.state != State.SUBMITTED, row.order[2], row.unit)


def _asked_and_claimed(term):
    """Of each return: what the trust has asked about it, and the claims that wait."""
    lines = Line.objects.filter(return_to__term=term)
    waits = Q(return_to__state=State.SUBMITTED, entry__why_none__in=CLAIMS)
    waits &= Q(entry__claim_accepted=False)
    counted = lines.order_by().values_list("return_to")
    asked = counted.exclude(question="").annotate(many=Count("pk"))
    return Counter(dict(asked)), Counter(dict(counted.filter(waits).annotate(many=Count("pk"))))


def pick_of(return_, memberships, today):
    """What a tick on the board approves: the return and the version that was shown."""
    if not return_.allows(Action.APPROVE, memberships, today):
        return ""
    if not memberships.trust.approves_own and return_.submitted_by == memberships.user:
        return ""
    return f"{return_.pk}.{return_.version}"


def _kpi(pk, name, return_, memberships):
    query = {"term": return_.term.slug}
    if return_.unit.kind == UnitKind.SCHOOL:
        query["school"] = return_.unit.code
    return name, reverse("dashboard:kpi", args=[memberships.trust, pk], query=query)


def _address(memberships, term, show, page="returns:return-list"):
    query = {"term": term.slug, **({"show": show} if show else {})}
    return reverse(page, args=[memberships.trust], query=query)


def _files(memberships, term, show):
    xlsx, csv = (
        _address(memberships, term, show, f"dashboard:returns-{kind}") for kind in ("xlsx", "csv")
    )
    return Files(xlsx, csv, f"{csv}&table=missing")


def _remind_words(returns):
    schools = sum(not each.is_the_trusts for each in returns)
    words = f"Remind {schools} late school{'' if schools == 1 else 's'}"
    if not schools:
        return "Remind the offices that are late"
    return words if schools == len(returns) else f"{words} and the offices"


def _empty(term, memberships, show, *, is_over):
    """What stands in place of the rows: of a term before the plan, how its figures get in."""
    if not is_over:
        return Empty(_nothing(show))
    url = _address(memberships, term, "", "returns:spreadsheet")
    words = f"Nobody is asked for figures of {term}. What you know of them can be brought in."
    return Empty(words, url, "Bring them in as history")


def _nothing(show):
    return {
        "late": "No return is late.",
        "approve": "No return waits to be approved.",
        "queries": "No return has an open query.",
        "unsent": "Every return has been sent.",
        "approved": "No return has been approved yet.",
    }.get(show, "Nothing is asked of anybody in this term.")


def _title(counts, heading):
    """The live counts first: a tab shows only the beginning."""
    parts = [(counts["late"], "late"), (counts["approve"], "to approve")]
    said = ", ".join(f"{count} {words}" for count, words in parts if count)
    return f"{said}: {heading}" if said else heading

"""The rows of a return's pages: arranged, in words, ready to be printed."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_words

from schools.models import Basis, Role, UnitKind
from schools.people import OF_A_SCHOOL

from ..asked.asking import ALL_PUPILS
from ..asked.questions import Typed
from ..life.states import Action, State
from ..typed.reading import read
from .sheet import TYPING, Sheet, answer_words, day_words

REASONS = {
    "not_applicable": "Not applicable",
    "too_few": "Too few pupils",
    "not_available": "Not available yet",
}
RATINGS = {"green": "On target", "amber": "Close to target", "red": "Off target"}
EMPTY = "Not filled in"


@dataclass(frozen=True, slots=True)
class Head:
    """What every page of a return says about it."""

    unit: str
    term_name: str
    state: str
    state_words: str
    due_words: str
    late_words: str
    figures_in: int
    figures: int
    read_only: bool
    closed_words: str
    sent_words: str
    note: str
    check_url: str
    submit_url: str
    can_submit: bool
    can_approve: bool
    can_reopen: bool
    withdraw_url: str
    reopen_url: str
    on_behalf: bool
    is_reopened: bool
    earlier: tuple[tuple[str, str], ...] = ()

    @property
    def approve_words(self):
        """What the button does: it never counts what is blank as a figure."""
        if self.figures_in == self.figures:
            return f"Approve all {self.figures} figures"
        return f"Approve {self.figures_in} of {self.figures} figures"

    @property
    def blank_words(self):
        """What approving does not bring in."""
        blank = self.figures - self.figures_in
        if not blank:
            return ""
        words = "is not filled in and stays" if blank == 1 else "are not filled in and stay"
        return f"{blank} {words} missing."


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One question with its boxes, named as in its form and in reading order.

    ``answers`` are those of the answer, ``reason`` and ``until`` say why there is
    none, ``below`` stand under the row, ``note`` and ``comments`` are what people
    say about it, ``hidden`` travels with them; where nothing can be typed they are
    empty, and ``shown`` is the answer in words. ``key``, ``code``, ``counts`` and
    ``again`` are for the scripts, which fill the cells of target and result.
    """

    anchor: str
    key: str
    code: str
    name: str
    unit_words: str
    counts: str
    group: str
    basis: str
    what_counts: str
    before: str
    before_period: str
    form: Any
    answers: list
    reason: str
    until: str
    below: list
    comments: list
    has_comment: bool
    question: str
    hidden: list
    shown: str
    read_by: str
    kpi_url: str
    history_url: str = ""
    log_url: str = ""
    with_whom: str = ""
    again: str = ""
    evidence_url: str = ""
    evidence: int = 0
    is_rated: bool = False

    @property
    def whole_name(self):
        return ", ".join(filter(None, [self.name, self.group]))

    @property
    def is_typed(self):
        """Whether the scripts have to know it: it has boxes, or a log that may be kept."""
        return bool(self.answers or (self.log_url and self.hidden))


@dataclass(frozen=True, slots=True)
class RowSection:
    """The rows of one priority."""

    title: str
    slug: str
    figures_in: int
    figures: int
    edit_url: str
    rows: list

    @property
    def state_words(self):
        return section_words(self.figures_in, self.figures)


def section_words(figures_in, figures):
    return "All in" if figures_in == figures else f"{figures_in} of {figures} figures"


def figures_words(figures_in, figures):
    return f"{figures_in} of {figures} figures in"


def head_of(sheet: Sheet, now, earlier=()):
    """The top of a return's pages, for one person now; ``earlier`` are links to those before."""
    return_, memberships, today = sheet.return_, sheet.memberships, sheet.today
    at = [memberships.trust, return_.pk]
    figures_in, figures = sheet.counts()
    allowed = {action: return_.allows(action, memberships, today) for action in Action}
    at_school = return_.is_held_by(memberships, OF_A_SCHOOL)
    return Head(
        unit=str(return_.unit),
        term_name=str(return_.term),
        state=sheet.state,
        state_words=sheet.state.label,
        due_words=due_words(return_, sheet.state, now),
        late_words=late_words(return_, now),
        figures_in=figures_in,
        figures=figures,
        read_only=not allowed[Action.SAVE],
        closed_words=closed_words(return_, sheet.state),
        sent_words=sent_words(return_),
        note=return_.note if sheet.state == State.SENT_BACK or return_.is_reopened else "",
        check_url=reverse("returns:return-check", args=at),
        submit_url=reverse("returns:return-submit", args=at),
        can_submit=allowed[Action.SUBMIT],
        can_approve=allowed[Action.APPROVE],
        can_reopen=allowed[Action.REOPEN]
        and (return_.is_reopened or sheet.state in (State.APPROVED, State.LOCKED)),
        withdraw_url=reverse("returns:return-withdraw", args=at)
        if allowed[Action.WITHDRAW]
        else "",
        reopen_url=reverse("returns:return-reopen", args=at),
        on_behalf=allowed[Action.SAVE]
        and not return_.is_the_trusts
        and not at_school
        and memberships.has(Role.DATA_MANAGER),
        is_reopened=return_.is_reopened,
        earlier=earlier,
    )


def closed_words(return_, state):
    """Why nothing can be typed, where the term is why."""
    if state == State.NOT_OPEN:
        return f"Opens {day_words(return_.term.opens)}."
    if state == State.LOCKED:
        words = f"{return_.term} is closed."
        return words if return_.term.is_history else f"{words} What was not sent stays late."
    return ""


def sent_words(return_):
    if return_.state == State.APPROVED:
        return f"Approved on {moment_words(return_.approved_at)}."
    if return_.state == State.SUBMITTED:
        return f"Sent by {return_.submitted_by} on {moment_words(return_.submitted_at)}."
    return ""


def due_words(return_, state, now):
    """When it is due and, while it can be typed into, how long that is: "(6 days left)"."""
    due = return_.own_due or return_.term.due
    words = f"Due {moment_words(due, weekday=True)}"
    if state not in TYPING:
        return words
    if now > due:
        return f"{words}. You can still send it"
    days = (timezone.localdate(due) - timezone.localdate(now)).days
    left = {0: "today", 1: "tomorrow"}.get(days, f"{days} days left")
    return f"{words} ({left})"


def late_words(return_, now):
    if not return_.is_late(now):
        return ""
    days = return_.days_late(now)
    return f"late {days} day{'' if days == 1 else 's'}" if days else "late"


def moment_words(at, weekday=False):
    """A moment in London: "Friday 16 January 2026, 5pm"."""
    local = timezone.localtime(at)
    time = time_words(at).replace(":00", "")
    return f"{date_words(local, 'l j F Y' if weekday else 'j F Y')}, {time}"


def time_words(at):
    """The time of day in London: "3:42pm"."""
    return date_words(timezone.localtime(at), "g:ia").replace(".", "")


def entry_sections(sheet: Sheet, forms, read_only, people=frozenset()):
    """The rows with their boxes; ``forms`` by the key of the question.

    ``people`` are the numbers of those who fill in the return.
    """
    before, carried = sheet.before(), sheet.carried()

    def row(asked):
        is_closed = read_only or not sheet.return_.is_open_to(sheet.lines.get(asked.key))
        found = _entry_row(sheet, asked, forms[asked.key], before.get(asked.key), is_closed)
        if whom := sheet.with_whom(asked, people):
            found = replace(found, with_whom=whom)
        entry = carried.get(asked.key)
        return replace(found, again=_again(entry, found.answers)) if entry else found

    return sections_of(sheet, row, lambda asked: asked.key in forms)


def sections_of(sheet, row, keeps=lambda asked: True):
    edit = reverse("returns:return-edit", args=[sheet.memberships.trust, sheet.return_.pk])
    found = []
    for section in sheet.sections():
        figures_in, figures = sheet.counts(section.asked)
        rows = [row(asked) for asked in section.asked if keeps(asked)]
        if not rows:
            continue
        url = f"{edit}#{section.slug}"
        found.append(RowSection(section.title, section.slug, figures_in, figures, url, rows))
    return found


def _entry_row(sheet, asked, form, before, read_only):
    measure, line = asked.measure, sheet.lines.get(asked.key)
    figure, period = before or ("", "")
    log_url = log_url_of(sheet, asked)
    is_in_words = read_only or bool(log_url)

    return EntryRow(
        anchor=anchor_of(asked),
        key=key_words((measure.pk, asked.unit.id, asked.group.code)) if asked.number == 1 else "",
        code=measure.code if asked.group.code == ALL_PUPILS else "",
        name=sheet.name_of(asked),
        unit_words=measure.unit,
        counts=counts_words(measure),
        group=sheet.group_of(asked),
        basis=basis_words(sheet, asked),
        what_counts=measure.what_counts if not sheet.group_of(asked) else "",
        before=figure,
        before_period=period,
        form=form,
        answers=[] if is_in_words else form.answer_names,
        reason="" if read_only else "why_none",
        until="until" if "until" in form.boxes and not read_only else "",
        below=[] if read_only else form.below_names,
        comments=[] if read_only else ["why", "what_next"],
        has_comment=bool(line and (line.note or line.why or line.what_next)),
        question=line.question if line and sheet.state == State.SENT_BACK else "",
        hidden=[] if read_only else ["seen"],
        shown=shown_words(sheet, asked)[0] if is_in_words else "",
        read_by=read_by_words(sheet, asked),
        kpi_url=kpi_url(sheet, asked),
        evidence_url=evidence_url(sheet, asked),
        evidence=len(sheet.evidence_of(asked)),
        is_rated=measure.rated or measure.kind == "rating",
        history_url=history_url(sheet, asked),
        log_url=log_url,
    )


@lru_cache(maxsize=10_000)
def _page_of(page, *at, **query):
    """An address. A grid has hundreds, the same for everybody, and each takes a while to make."""
    return reverse(page, args=at, query=query)


def evidence_url(sheet, asked):
    """The page of what an answer rests on."""
    trust = sheet.memberships.trust.slug
    return _page_of("returns:evidence", trust, sheet.return_.pk, evidence_key(asked))


def evidence_key(asked):
    """A question in an address: "3-12-1-1"."""
    return "-".join(map(str, asked.key))


def log_url_of(sheet, asked):
    """Where the unit keeps its log, if its counts are worked out from one."""
    if not asked.measure.keeps_log:
        return ""
    at = [sheet.memberships.trust, sheet.return_.pk, asked.measure.pk, asked.unit.id]
    return reverse("returns:return-log", args=at)


def _again(entry, answers):
    """What to type for the same figure again, box by box: "84.2", "32|38"."""
    texts = [getattr(entry, name, None) for name in answers]
    return "|".join(f"{text.normalize():f}" for text in texts) if None not in texts else ""


def counts_words(measure):
    """How two counts make the figure, for the script that works it out: "100 1 %"."""
    if measure.counts != "both":
        return ""
    return f"{measure.per} {measure.decimals} {'%' if measure.kind == 'percentage' else ''}".strip()


def read_by_words(sheet, asked):
    """How many KPIs a figure serves; said once, beside the whole measure."""
    count = len(sheet.place_of(asked).kpis)
    if not count or sheet.group_of(asked):
        return ""
    return f"read by {count} KPI{'' if count == 1 else 's'}"


def history_url(sheet, asked):
    """Where every figure of its first KPI is told with who typed, sent and approved it."""
    return kpi_url(sheet, asked, "dashboard:kpi-history")


def kpi_url(sheet, asked, page="dashboard:kpi"):
    """The page of the first KPI that reads it; "" if none does.

    It is about the school, for who may see the school's figures: an office of the
    trust answers about schools whose other figures it never sees.
    """
    kpis, sees = sheet.place_of(asked).kpis, sheet.memberships
    if not kpis:
        return ""
    is_seen = sees.sees_all or asked.unit.id in sees.unit_ids
    at_school = asked.unit.kind == UnitKind.SCHOOL and is_seen
    about = {"school": asked.unit.code} if at_school else {}
    return _page_of(page, sees.trust.slug, kpis[0], term=sheet.term_slug, **about)


def key_words(question):
    """A question of the rules in an attribute: measure, unit and group, "3-12-all"."""
    return "-".join(map(str, question))


def anchor_of(asked):
    return "line-" + "-".join(map(str, asked.key))


def basis_words(sheet, asked):
    """Which stretch of time is asked about, where it is not the term itself."""
    basis, period = asked.measure.basis, asked.period
    if basis == Basis.DATE:
        return ""
    if period.index != sheet.asking.index or basis not in (Basis.TERM, Basis.YEAR_TO_DATE):
        return period.name
    return "year to date" if basis == Basis.YEAR_TO_DATE else "this term"


def shown_words(sheet, asked):
    """What a line says, in words, and the problems with it."""
    line = sheet.lines.get(asked.key)
    return said_words(sheet.asking, asked, line.typed if line else Typed(), sheet.today)


def said_words(asking, asked, typed, today):
    """What was typed for a question, in words, and the problems with it."""
    said = read(asking.question(asked), typed, today)
    if said.problems:
        raw = [typed.value, typed.numerator, typed.denominator, typed.rating]
        return " / ".join(filter(None, raw)) or EMPTY, [one.words for one in said.problems]
    words = []
    if said.answer and said.answer.why_none:
        words.append(_why_none_words(said.answer))
    elif said.answer:
        words.append(answer_words(said.answer, asked.measure, _level(asking, said.answer)))
    if said.rating:
        rating = said.rating
        words.append(f"{RATINGS[rating.rating]}, {rating.reviewer}, {day_words(rating.on)}")
    return "; ".join(words) or EMPTY, []


def _why_none_words(answer):
    words = REASONS[answer.why_none]
    return f"{words}, expected {day_words(answer.expected_on)}" if answer.expected_on else words


def _level(asking, answer):
    if answer.level is None:
        return ""
    every = (level for levels in asking.levels.values() for level in levels)
    return next(level.name for level in every if level.id == answer.level)

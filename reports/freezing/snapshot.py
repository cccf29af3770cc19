"""The frozen document of a report, put together from what was judged and what was drafted."""

from collections import Counter
from functools import cached_property
from itertools import islice

from django.utils import timezone

from dashboard import charts
from dashboard.cells import movement_of, written_figure
from dashboard.kpi.bullet_of import Bullets
from dashboard.matrix.changes import difference_words, differences
from dashboard.matrix.filters import SPREAD, spread_words, statuses
from dashboard.matrix.progress import progress_of
from dashboard.plan.details import read_details
from dashboard.plan.page import year_of, years_of
from dashboard.plan.tree import Tree
from dashboard.results import ORDER, basis_of, promised
from kpis.models import Comment, Reply
from kpis.rag.dates import written as day_in_words
from kpis.rag.shown import rounded
from kpis.rag.verdict import Mark, Status
from schools.models import UnitKind

from ..building.inserting import Inserted, resolved
from ..models import Provisional
from ..shapes import Answered, Ask, Counts, Document, Exceptional, Header, Result
from .board import board_of
from .definitions import definitions_of, explained, releases_of
from .matrix import matrix_of, unit_of
from .might_ask import questions_of
from .ranking import ranked
from .sections import section_of
from .writing import bullet_shape, chip_of, movement_shape, spark_shape, stack_shape

STACK_WIDTH = 360
QUESTIONS = 3  # as many as leave page 1 on one sheet


def document_of(report, *, number, correction, by, at, restated=(), board=None, draws=True):
    """The whole document as it would be published now. Inside the trust.

    ``number`` is the version, ``by`` the name of whoever publishes it, ``at``
    the moment of the figures. ``restated`` are past figures put right since
    they were printed. Without ``draws`` it has all words and no lines of the last
    terms, for which every school is judged in each of them.
    """
    today = timezone.localdate(at)
    board = board or board_of(
        report.meeting.trust, report.plan, report.term, today, provisional=report.provisional
    )
    return Writing(report, board, draws).document(number, correction, by, at, tuple(restated))


class Writing:
    """Writes one report from one judged term."""

    def __init__(self, report, board, draws=True):
        self.report, self.board, self.draws = report, board, draws
        self.chosen = read_by(report.cut, board)
        self.priorities = _priorities(report, board, self.chosen)
        self.tally = _tally(self.chosen)
        self.inserted = inserted_of(board, self.chosen)

    @cached_property
    def tree(self):
        """The plan with what stands beside its entries: dates, jobs, links."""
        return Tree(
            self.board.plan, self.board.facts.tree, read_details(self.board.plan), addresses=None
        )

    def document(self, number, correction, by, at, restated):
        report = self.report
        exceptions = tuple(self._exceptions())
        worst, improving, falling = (
            tuple(self._result(*pair) for pair in pairs) for pairs in ranked(self.chosen)
        )
        numbers = {one.key: one.number for one in exceptions}
        asked = report.asks.select_related("about__node", "about__unit")
        asks = tuple(
            Ask(n, one.words, numbers.get(item_key(one.about), "") if one.about else "")
            for n, one in enumerate(asked, 1)
        )
        sections = tuple(
            section_of(self, top, place) for place, top in enumerate(self.priorities, 1)
        )
        shown = [one for one in self.chosen if one.top in {top.id for top in self.priorities}]
        return Document(
            header=self._header(number, correction, by, at, len(asks)),
            asks=asks,
            summary=tuple(
                resolved(paragraph, self.inserted)
                for paragraph in report.summary.splitlines()
                if paragraph.strip()
            ),
            counts=self.counts(self.tally),
            worst=worst,
            improving=improving,
            falling=falling,
            questions=tuple(islice(questions_of(exceptions, self.board), QUESTIONS)),
            exceptions=exceptions,
            sections=sections,
            restatements=restated,
            matrix=matrix_of(self.board, shown) if report.shows_results else None,
            definitions=definitions_of(self.board, shown),
            explained=explained(self.board),
            releases=releases_of(self.board, shown),
        )

    # The head

    def _header(self, number, correction, by, at, asks):
        report, board = self.report, self.board
        when = timezone.localtime(at)
        meeting = report.meeting
        return Header(
            trust=board.trust.name,
            plan=f"{board.plan.title}, {years_of(board.plan)}",
            year_of=year_of(board.plan, board.today),
            term=str(report.term),
            title=report.title,
            meeting=meeting.name,
            meeting_on=day_in_words(meeting.on),
            meeting_date=meeting.on.isoformat(),
            committee="" if report.cut else meeting.committee,
            purpose=purpose_words(report, asks),
            as_at=moment_in_words(when),
            as_at_moment=at.isoformat(),
            version=number,
            correction=correction,
            prepared_by=by,
            completeness=self._completeness(),
            provisional=self._provisional(),
            is_example=board.trust.is_example,
        )

    def _completeness(self):
        board = self.board
        late = sum(one.late for one in self.tally.elements())
        told = progress_of(
            board.facts, board.small.sight, board.term, late, "", board.beside.returns
        )
        words = f"{told.figures_in} of {told.figures} figures in ({told.share})"
        return f"{words}, {_many(late, 'result')} late" if late else words

    def _provisional(self):
        if self.report.provisional == Provisional.LEAVE_OUT:
            units = {one.promise.id for one in self.chosen}
            board = self.board
            back = sum(kpi in units for kpi, _ in board.brought_back)
            count = back + sum(kpi in units for kpi, _ in board.left_out)
            words = f"{_many(count, 'provisional result')} left out" if count else ""
            return f"{words}, {back} with the approved figure in its place" if back else words
        count = sum(
            Mark.PROVISIONAL in result.verdict.marks
            for one in self.chosen
            for result in (one.results or {0: one.trust}).values()
        )
        return f"{_many(count, 'result')} provisional, marked so" if count else ""

    # Counts

    def counts(self, tally):
        """How many stand where, and the same of those that were there last term."""
        now = statuses(tally)
        then = {}
        for standing, count in tally.items():
            if standing.before is not None:
                then[standing.before] = then.get(standing.before, 0) + count
        differ = differences(tally)
        words = ", ".join(
            f"{difference_words(differ[status])} {name}"
            for status, name in SPREAD.items()
            if status.is_colour and differ.get(status)
        )
        return Counts(
            now=_stack(now),
            now_name=str(self.report.term),
            before=_stack(then) if then else None,
            before_name=self.board.past.name if then else "",
            words=f"{words} than in {self.board.past.name}" if words else "",
        )

    # Results and exceptions

    def _told(self, across, unit):
        """What every line about one result says, in the words of the dashboard."""
        board = self.board
        cell, result = board.cell(across, unit), board.result(across, unit)
        clause = (result and result.clause) or across.promise.clauses[0]
        figure = (written_figure(result) if result else "") or cell.figure
        movement = movement_of(result.said) if result else None
        return {
            "chip": chip_of(result.verdict),
            "kpi": across.branch.title,
            "code": across.branch.code,
            "school": "" if unit == board.given.trust else board.given.units[unit].name,
            "figure": figure,
            "target": promised(board.given, across.promise, clause)[1],
            "movement": movement_shape(movement),
            "spark": spark_shape(board.spark(across, unit)) if self.draws else None,
        }

    def _result(self, across, unit):
        return Result(**self._told(across, unit), say=self.board.cell(across, unit).spoken)

    def _exceptions(self):
        said, answered = Said(self.report), _answered(self.report)
        place = 0
        for pick in self.report.picks.select_related("node", "unit"):
            across = self.board.by_kpi.get(pick.node_id)
            if across is None or self.board.result(across, pick.unit_id) is None:
                continue  # it is asked no more: nothing can be said of it
            place += 1
            result = self.board.result(across, pick.unit_id)
            yield Exceptional(
                number=f"2.{place}",
                **self._told(across, pick.unit_id),
                sentence=self.board.sentence(across, pick.unit_id),
                bullet=bullet_shape(self._bullet(across, result, pick.unit_id)),
                why=resolved(pick.why, self.inserted),
                what_next=resolved(pick.what_next, self.inserted),
                who=pick.who,
                by_when=pick.by_when,
                reply=said.reply(pick),
                suggested=pick.rule,
                answered=tuple(answered.get(item_key(pick), ())),
                key=item_key(pick),
            )

    def _bullet(self, across, result, unit):
        if result.clause is None or result.said is None or result.said.figure is None:
            return None
        told = {unit: result.said}
        return Bullets(self.board.given, across.promise, result.clause).of(told).get(unit)

    def kpi_told(self, across):
        """One KPI's row in the table of its priority."""
        board = self.board
        trust = board.given.trust
        told, cell = self._told(across, trust), board.cell(across, trust)
        result = across.trust
        clause = result.clause or across.promise.clauses[0]
        told.pop("school")
        name = told.pop("kpi")
        return {
            **told,
            "name": name,
            "basis": basis_of(board.given, clause),
            "number": cell.value,
            "unit": unit_of(result),
            "target_number": _target_of(result.said),
            "spread": "" if across.is_whole else spread_words(across.tally),
            "say": cell.spoken,
            "key": across.branch.key,
        }


class Said:
    """What was written beside results in the report's term: comments and replies."""

    def __init__(self, report):
        term = report.term
        self.comments = {(c.node_id, c.unit_id): c for c in Comment.objects.filter(term=term)}
        self.replies = {(r.node_id, r.unit_id): r for r in Reply.objects.filter(term=term)}

    def reply(self, pick):
        """The school's own words: the headteacher's reply, else what came with its return.

        Of the trust as a whole no school says anything; and what the report says
        already is not said twice.
        """
        if pick.unit.kind == UnitKind.TRUST:
            return ""
        if found := self.replies.get((pick.node_id, pick.unit_id)):
            return found.text
        found = self.comments.get((pick.node_id, pick.unit_id))
        if found is None or found.on_page:
            return ""
        said = (pick.why, pick.what_next)
        return " ".join(text for text in (found.why, found.what_next) if text and text not in said)


def _answered(report):
    """What was asked about each item of an earlier version, and answered."""
    found = {}
    questions = report.questions.exclude(answered_at=None).select_related("asked_by", "answered_by")
    for one in questions:
        found.setdefault(one.item, []).append(
            Answered(
                asked_by=str(one.asked_by),
                asked_on=day_in_words(timezone.localdate(one.asked_at)),
                question=one.words,
                answered_by=str(one.answered_by),
                answered_on=day_in_words(timezone.localdate(one.answered_at)),
                answer=one.answer,
            )
        )
    return found


def item_key(pick):
    """What an exception is known by, whatever its number is in a version."""
    return f"{pick.node.key}:{pick.unit.code}"


def inserted_of(board, chosen):
    """The facts that a text may insert, worked out from the results."""
    return Inserted.of(
        tally=_tally(chosen),
        term=str(board.term),
        before=board.past.name,
        kpis=len(chosen),
        schools=len(board.schools),
        worst=_worst_kpi(chosen),
    )


def _worst_kpi(chosen):
    """The KPI with most schools off target, and how many they are."""
    counts = [
        (sum(r.verdict.status is Status.RED for r in one.results.values()), one) for one in chosen
    ]
    count, one = max(counts, key=lambda pair: pair[0], default=(0, None))
    return (one.branch.title, count) if count else None


def purpose_words(report, asks):
    """For decision (1) and assurance."""
    decision = f"decision ({asks})" if asks else "decision"
    told = [
        words
        for words, is_so in (
            (decision, report.for_decision),
            ("assurance", report.for_assurance),
            ("information", report.for_information),
        )
        if is_so
    ]
    return f"For {' and '.join([', '.join(told[:-1]), told[-1]] if told[1:] else told)}" * bool(
        told
    )


def moment_in_words(when):
    """3 February 2026, 2:05pm."""
    clock = f"{when.hour % 12 or 12}:{when:%M}{'am' if when.hour < 12 else 'pm'}"
    return f"{day_in_words(when.date())}, {clock}"


def _target_of(said):
    """The target with as many decimals as its figures have, and more only where it needs them."""
    if said is None or said.target is None or said.shown is None:
        return said and said.target
    shown = rounded(said.target, said.shown.decimals)
    return shown if shown == said.target else said.target.normalize()


def _stack(found):
    return stack_shape(
        charts.stack([(status, found.get(status, 0)) for status in ORDER], width=STACK_WIDTH)
    )


def _tally(chosen):
    return sum((one.tally for one in chosen), Counter())


def read_by(cut, board):
    """The KPIs that a committee reads: those chosen, and all of a priority without any chosen."""
    if cut is None:
        return list(board.every)
    priorities = set(cut.priorities.values_list("pk", flat=True))
    kpis = set(cut.kpis.values_list("pk", flat=True))
    picked = {one.top for one in board.every if one.promise.id in kpis}
    return [one for one in board.every if one.promise.id in kpis or one.top in priorities - picked]


def _priorities(report, board, chosen):
    wanted = set(report.priorities.values_list("pk", flat=True))
    held = {one.top for one in chosen}
    return [top for top in board.tops if top.id in wanted and top.id in held]


def _many(count, thing):
    return f"{count} {thing}{'' if count == 1 else 's'}"


def late_in(report, board):
    """How many of the results that the report is about are late."""
    return sum(one.late for one in _tally(read_by(report.cut, board)).elements())


def lacks(report, board):
    """What a draft still lacks before a board should read it, a line each."""
    late = late_in(report, board)
    unsaid = report.picks.filter(why="", what_next="").count()
    if late:
        yield f"{_many(late, 'result')} {'is' if late == 1 else 'are'} late"
    if not report.picks.exists():
        yield "no exception is ticked yet"
    if unsaid:
        yield f"{_many(unsaid, 'exception')} without a comment"
    if not report.asks.exists():
        yield "the board is asked nothing yet"

"""What a spreadsheet would change, row by row, in words: now, will be, what happens.

Arranged from the very Import that applying stores. How an answer would be
judged is worked out for the rows of one page, as the entry grid does it.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Paginator

from kpis.facts import facts_of, plan_for, read_figures, read_plan
from kpis.models import Measure
from schools.models import Period

from ..asked.asking import Asked
from ..asked.questions import Typed
from ..grid.rows import EMPTY, said_words, time_words
from ..life.states import Action
from ..models import Line
from ..typed.as_typed import NOTHING, AsTyped
from .importing import row_key

PER_PAGE = 400
MOST_NAMED = 5  # returns of one past term
FAULTS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One line that the file changes. ``key`` names it in the form where somebody must choose."""

    rows: str
    sheet: str
    unit: str
    measure: str
    now: str
    will_be: str
    happens: str
    notes: tuple[str, ...]
    status: object = None
    asks: bool = False
    is_new: bool = False
    clash_words: str = ""
    key: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """One page of rows, and what is said over all of them."""

    rows: tuple[PreviewRow, ...]
    page: object
    changing: int
    new: int
    same: int
    clashes: int
    faults: tuple
    fault_count: int
    notes: tuple[str, ...]
    warning: str
    history: tuple[str, ...]
    several_units: bool
    fingerprint: str

    @property
    def stored(self):
        return self.changing + self.new

    @property
    def can_apply(self):
        return not self.fault_count and self.stored > 0


def preview_of(found, figures, *, number=1, per_page=PER_PAGE):
    """The page of a checked file. ``found`` are its rows, ``figures`` their Import."""
    effects = [one for one in figures.effects if one.changes]
    effects.sort(key=lambda effect: not effect.clashes)  # what has to be decided stands first
    page = Paginator(effects, per_page).get_page(number)
    shown = list(page)
    judged = _judged(shown, figures)
    people = _who_changed(shown)
    rows = tuple(_row(effect, figures, judged, people) for effect in shown)
    stored = figures.changes
    new = sum(not effect.held.has_answer for effect in stored)
    return Preview(
        rows=rows,
        page=page,
        changing=len(stored) - new,
        new=new,
        same=figures.same,
        clashes=sum(effect.clashes for effect in effects),
        faults=tuple(figures.faults[:FAULTS_SHOWN]),
        fault_count=len(figures.faults),
        notes=(*found.notes, *_hidden(found)),
        warning=_warning(judged, len(shown)),
        history=_history(stored),
        several_units=len({effect.asked.unit.id for effect in effects}) > 1,
        fingerprint=figures.fingerprint(),
    )


def _history(stored):
    """The past terms that are filled in, each with whose returns: "Autumn 2024 (Elm School)"."""
    past = {one.place: one.return_ for one in stored if one.action == Action.RECORD}
    terms = defaultdict(list)
    for return_ in sorted(past.values(), key=lambda one: (one.term.period.on, one.unit.name)):
        terms[str(return_.term)].append(str(return_.unit))
    return tuple(
        f"{term} ({', '.join(names) if len(names) <= MOST_NAMED else f'{len(names)} returns'})"
        for term, names in terms.items()
    )


def _hidden(found):
    hidden = sum(row.hidden for row in found.rows)
    if not hidden:
        return ()
    return (f"{hidden} row{' is' if hidden == 1 else 's are'} hidden in the file, and read too.",)


def _warning(judged, shown):
    odd = sum(bool(queries) for _, _, queries in judged.values())
    if shown < 5 or odd * 2 <= shown:
        return ""
    return "Most figures look very different from last term. Check that rows have not slipped."


def _row(effect, figures, judged, people):
    asked = effect.asked
    asking = figures.asking_of(effect.return_.term)
    now, _ = said_words(asking, asked, effect.held, figures.today)
    will_be, problems = said_words(asking, asked, effect.typed, figures.today)
    before, after, queries = judged.get(_place(effect), (NOTHING, NOTHING, []))
    status = after.status if effect.typed.has_answer and not problems else None
    return PreviewRow(
        rows=", ".join(str(row.number) for row in effect.rows),
        sheet=effect.rows[0].sheet,
        unit=asked.unit.name,
        measure=_name(asked),
        now="" if now == EMPTY else now,
        will_be="" if will_be == EMPTY else will_be,
        happens=_happens(effect, now, will_be, problems, before, after),
        notes=(*_cell_notes(effect), *queries),
        status=status,
        asks=after.wants_words
        and not problems
        and not (effect.typed.why and effect.typed.what_next),
        is_new=not effect.held.has_answer,
        clash_words=_clash_words(effect, now, people),
        key=row_key(effect.rows[0]),
        is_mine=effect.clashes and not effect.is_left,
    )


def _name(asked):
    return f"{asked.name}, answer {asked.number}" if asked.number > 1 else asked.name


def _happens(effect, now, will_be, problems, before, after):
    """In words: what becomes of the figure, and what of what is said about it."""
    if problems:
        return "Problem"
    said = []
    if effect.held.has_answer and not effect.typed.has_answer:
        said.append("Removed")
    elif not effect.held.has_answer and effect.typed.has_answer:
        said.append("New")
    elif now != will_be:
        said.append("Change")
    if any(getattr(effect.held, name) != getattr(effect.typed, name) for name in COMMENTS):
        said.append("Comment")
    said = said or ["Written differently"]
    words = ", ".join([said[0], *(word.lower() for word in said[1:])])
    if effect.action == Action.RECORD:
        words += ", history: approved at once"
    if after.status and after.status.is_colour and after.status != before.status:
        words += f". Becomes {after.status.words.lower()}"
    return words


COMMENTS = ("why", "what_next", "note", "evidence")


def _who_changed(effects):
    """Of what clashes, who has changed it and when, by line; no query where nothing does."""
    clashing = [one.line.pk for one in effects if one.clashes and one.line]
    if not clashing:
        return {}
    lines = Line.objects.filter(pk__in=clashing).exclude(changed_at=None)
    return {one.pk: (one.changed_by, one.changed_at) for one in lines.select_related("changed_by")}


def _clash_words(effect, now, people):
    if not effect.clashes:
        return ""
    who = ""
    if effect.line and effect.line.pk in people:
        by, at = people[effect.line.pk]
        who = f"{by} at {time_words(at)}"
    since = f"Changed since this template was made{f', by {who}' if who else ''}"
    return f"{since}: it is {now.lower() if now == EMPTY else now} now."


def _cell_notes(effect):
    for row in effect.rows:
        if row.kinds.get("value") == "percent":
            yield f"A per cent cell: counts as it is shown, {row['value']}."
        if row.hidden:
            yield "This row is hidden in the file."


# How the answers would be judged


def _place(effect):
    return effect.asked.measure.pk, effect.asked.unit.id, effect.asked.group.code


def _judged(effects, figures):
    """Each question of some rows: its result now, its result with the file, what looks odd."""
    found, terms = {}, {}
    for effect in effects:
        if effect.action == Action.SAVE:
            terms.setdefault(effect.return_.term_id, []).append(effect)
    for told in terms.values():
        after = AsUploaded(told, figures, lambda effect: effect.typed)
        if after.facts is None:
            continue
        before = AsUploaded(told, figures, lambda effect: effect.held, after)
        now = before.results_alone() if before.told or before.rated else {}
        then, odd = after.results()
        for effect in told:
            place = _place(effect)
            result = now.get(place, NOTHING), then.get(place, NOTHING), odd.get(place, [])
            found[place] = result
    return found


class AsUploaded(AsTyped):
    """What some rows of a file say, over the facts of their own units."""

    def __init__(self, effects, figures, typed_of, like=None):
        self.return_, self.today = effects[0].return_, figures.today
        self.offices, self.trust = None, figures.memberships.trust
        self.told, self.rated, self.usual, self.noted = {}, {}, {}, set()
        self.asked = {_place(effect)[:2] for effect in effects}
        if like is None:
            self._read(effects, figures)
        else:
            self.facts, self.calendar, self.places = like.facts, like.calendar, like.places
        if self.facts is None:
            return
        periods = {}
        for effect in effects:
            typed, measure = typed_of(effect), effect.asked.measure
            if not typed.has_answer:
                continue
            self.return_ = effect.return_
            about = measure.basis, measure.about
            if about not in periods:
                periods[about] = measure.asked_about(effect.return_.term)
            self._take(_LineToBe(typed, measure, effect.asked, periods[about]))

    def _read(self, effects, figures):
        term, trust = effects[0].return_.term, figures.memberships.trust
        plan, self.facts = plan_for(term), None
        if plan is not None:
            promised = read_plan(trust, plan, term, figures.today)
            self.calendar, self.places = promised.calendar, promised.places
            units = {effect.asked.unit.id for effect in effects}
            self.facts = facts_of(promised, read_figures(promised, units, history=True))

    def is_asked(self, measure, unit):
        return (measure.id, unit.id) in self.asked


class _LineToBe(NamedTuple):
    """As much of a line as it takes to judge it; never stored."""

    typed: Typed
    measure: Measure
    asked: Asked
    period: Period

    @property
    def measure_id(self):
        return self.measure.pk

    @property
    def unit_id(self):
        return self.asked.unit.id

    @property
    def group(self):
        return self.asked.group

    @property
    def note(self):
        return self.typed.note

"""From what was typed to what counts: lines become entries, judgements, comments.

The actions call it inside their transaction, and nobody else does.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef

from kpis.models import Comment, CountedCase, Entry, Judgement, Reading, Standing, WhyNone
from kpis.rag.judged import Rater
from priorities.models import NodeRole
from schools.at_once import add, write
from schools.models import Basis, Period, Unit

from ..asked.asking import Asked, name_of
from ..asked.questions import Problem, Read
from ..models import Line
from ..typed.logs import logs_of
from ..typed.reading import read
from .states import State

CLAIMS = [WhyNone.NOT_APPLICABLE, WhyNone.TOO_FEW]
COMMENT_LENGTH = Comment._meta.get_field("why").max_length


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line, the question that it answers and what it says."""

    line: Line
    asked: Asked
    read: Read


def read_lines(return_, asking, lines, today):
    """Read lines of one return together: what each says, and what is wrong with it.

    A line that is no longer asked (its school was excepted meanwhile) still
    says what was typed into it. ``lines`` come with their measure and group.
    """
    raters = asked_raters({line.measure_id for line in lines if line.rating or line.value})
    found = []
    for line in lines:
        asked = asked_by(line, asking)
        said = read(asking.question(asked), line.typed, today)
        if said.rating and (problem := wrong_rater(return_, said.rating, asked, raters)):
            said = Read(problems=(problem,))
        found.append(ReadLine(line, asked, said))
    return _without_doubles(found)


def asked_by(line, asking):
    """The question of a line."""
    return Asked(
        measure=line.measure,
        unit=asking.units[line.unit_id],
        group=line.group,
        period=asking.period_of(line.measure),
        number=line.number,
    )


def asked_raters(measures):
    """Who may rate, by the clauses that read a measure: {measure: raters}, anyone as ""."""
    rows = Reading.objects.filter(
        measure__in=measures, clause__archived_at=None, clause__versions__rule="judged"
    ).order_by("clause__versions__from_period__on")
    latest = {}
    for measure, clause, rated_by in rows.values_list(
        "measure_id", "clause_id", "clause__versions__rated_by"
    ):
        latest.setdefault(measure, {})[clause] = rated_by
    return {measure: set(clauses.values()) for measure, clauses in latest.items()}


def wrong_rater(return_, rating, asked, raters):
    """The problem of a rating that no clause may use; None where one may."""
    wanted = raters.get(asked.measure.pk, set())
    rater = Rater(rater_of(return_, rating.kind))
    if not wanted or any(not one or rater.may_stand_for(Rater(one)) for one in wanted):
        return None
    who = "somebody outside the trust" if wanted == {"outside"} else "somebody outside the school"
    return Problem("kind", f"The plan asks {who} to rate {asked.name}.")


def rater_of(return_, kind):
    """Who rates: somebody outside, or whoever's return it is."""
    if kind == Judgement.Kind.EXTERNAL:
        return Judgement.RatedBy.OUTSIDE
    return Judgement.RatedBy.TRUST if return_.is_the_trusts else Judgement.RatedBy.SCHOOL


def _without_doubles(found):
    """Two answers to one question about one day: the second is a problem."""
    seen, kept = Counter(), []
    for one in found:
        if (day := _day_of(one)) is not None:
            question = (*one.line.key[:3], day)
            seen[question] += 1
            if seen[question] > 1:
                words = f"{one.asked.name} has two answers for one day. Change one, or clear it."
                one = ReadLine(one.line, one.asked, Read(problems=(Problem("on", words),)))
        kept.append(one)
    return kept


def _day_of(one):
    """What tells two answers of one term apart; None for no answer."""
    if one.read.rating:
        return one.read.rating.kind, one.read.rating.on
    return one.read.answer and (one.read.answer.on or "term")


def enter(return_, found, *, standing):
    """Make of each line what it says, in the place of what stood there.

    Returns the answers made and those replaced, as plain data for the trail.
    """
    answers = [one for one in found if one.read.answer]
    days = _periods_of({one.read.answer.on for one in answers} - {None})
    ratings = [one for one in found if one.read.rating]
    entries = [_entry(return_, one, standing, days) for one in answers]
    judgements = [_judgement(return_, one, standing) for one in ratings]

    replaced = [*_replace(Entry, entries, standing), *_replace(Judgement, judgements, standing)]
    add(entries)
    add(judgements)
    for one, entry in zip(answers, entries, strict=True):
        one.line.entry = entry
    for one, judgement in zip(ratings, judgements, strict=True):
        one.line.judgement = judgement
    _count_cases(return_.term, answers)
    became = {one.line.pk: one.line for one in (*answers, *ratings)}
    write(list(became.values()), ["entry", "judgement"])
    return [trail_of(made) for made in (*entries, *judgements)], replaced


def _count_cases(term, answered):
    """Let the cases of a log go in with the entry that counts them, as they stand now.

    Where nothing has been written down, or another number told, the two counts stand alone.
    """
    entries = {one.line.key[:2]: one.line.entry for one in answered}
    logs = logs_of(term, [one.line for one in answered])
    CountedCase.objects.bulk_create(
        CountedCase(
            entry=entries[key],
            what=case.what,
            opened=case.opened,
            planned=case.planned,
            closed=case.closed,
        )
        for key, cases in logs.items()
        if entries[key].value == len(cases)
        for case in cases
    )


def _periods_of(days):
    """The periods of single days, those of other trusts and years too."""
    kept = {period.on: period for period in Period.objects.filter(basis=Basis.DATE, on__in=days)}
    return kept | {day: Period.objects.on_day(day) for day in days - set(kept)}


def _entry(return_, one, standing, days):
    line, answer = one.line, one.read.answer._asdict()
    on, level = answer.pop("on"), answer.pop("level")
    period = days[on].pk if on else line.period_id
    return Entry(
        measure_id=line.measure_id,
        unit_id=line.unit_id,
        group_id=line.group_id,
        period_id=period,
        level_id=level,
        standing=standing,
        claim_accepted=standing == Standing.APPROVED and answer["why_none"] in CLAIMS,
        collected_in=return_.term,
        **answer,
    )


def _judgement(return_, one, standing):
    line, rating = one.line, one.read.rating
    return Judgement(
        measure_id=line.measure_id,
        unit_id=line.unit_id,
        group_id=line.group_id,
        standing=standing,
        rated_by=rater_of(return_, rating.kind),
        collected_in=return_.term,
        **asdict(rating),
    )


def _replace(model, made, standing):
    """Take away what stood in the place of what is made, whatever return brought it in."""
    places = {_place(one) for one in made}
    there = model.objects.filter(
        standing=standing,
        measure__in={one.measure_id for one in made},
        unit__in={one.unit_id for one in made},
    )
    old = [one for one in there if _place(one) in places]
    model.objects.filter(pk__in=[one.pk for one in old]).delete()
    return [trail_of(one) for one in old]


def _place(answer):
    return tuple(getattr(answer, name) for name in answer.SAME_QUESTION)


def provisional_of(return_):
    """What this return has brought in and nobody has approved yet: entries, judgements."""
    return [
        model.objects.provisional().filter(lines__return_to=return_) for model in (Entry, Judgement)
    ]


def take_out(return_):
    """Remove what a submitted return has brought in; it lives on in the trail."""
    gone = []
    for answers in provisional_of(return_):
        gone += [trail_of(answer) for answer in answers]
        answers.delete()
    return gone


def keep_in_mind(lines):
    """Before reopened lines are sent again: what each of them was when it was approved."""
    kept = [
        line
        for line in lines
        if line.reopened and line.was_entry_id is None and line.was_judgement_id is None
    ]
    for line in kept:
        line.was_entry_id, line.was_judgement_id = line.entry_id, line.judgement_id
        line.entry = line.judgement = None
    write(kept, ["was_entry", "was_judgement", "entry", "judgement"])


def bring_back(return_):
    """What was approved is again what its line became; what was sent since is gone."""
    return_.lines.exclude(was_entry=None, was_judgement=None).update(
        entry=F("was_entry"), judgement=F("was_judgement"), was_entry=None, was_judgement=None
    )


def let_count(return_):
    """Let it take the place of what was approved before; claims are accepted with it.

    Of a reopened line, what it said before goes, whatever it says now: another
    day, another answer or none.
    """
    entries, judgements = provisional_of(return_)
    entries.filter(why_none__in=CLAIMS).update(claim_accepted=True)
    replaced = []
    for model, was in ((Entry, "was_entry"), (Judgement, "was_judgement")):
        before = model.objects.filter(pk__in=return_.lines.exclude(**{was: None}).values(was))
        replaced += [trail_of(answer) for answer in before]
        before.delete()
    for answers in (entries, judgements):
        question = {name: OuterRef(name) for name in answers.model.SAME_QUESTION}
        before = answers.model.objects.approved().filter(Exists(answers.filter(**question)))
        replaced += [trail_of(answer) for answer in before]
        before.delete()
        answers.update(standing=Standing.APPROVED)
    return replaced


def trail_of(answer):
    """An entry or judgement as plain data, for the trail: what is empty is left out, 0 is not."""
    return {
        field.attname: f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
        for field in answer._meta.concrete_fields
        if (value := getattr(answer, field.attname)) not in (None, "") and value is not False
    }


def write_comments(term, unit_ids):
    """Write the whys of submitted lines beside the KPIs that read their measures.

    Two returns may speak of one school and KPI, the school's and the trust's:
    so what is said of these units in this term is gathered again from both.
    """
    lines = (
        Line.objects.filter(return_to__term=term, unit__in=unit_ids)
        .filter(return_to__state__in=[State.SUBMITTED, State.APPROVED])
        .exclude(why="", what_next="")
        .select_related("measure", "group", "return_to")
        .order_by("pk")
    )
    wanted = _gathered(list(lines))
    for there in Comment.objects.filter(term=term, unit__in=unit_ids):
        text = wanted.pop((there.node_id, there.unit_id), None)
        if there.on_page:
            continue
        if text is None:
            there.delete()
        elif (there.why, there.what_next) != (text["why"], text["what_next"]):
            Comment(pk=there.pk, term=term, **text).save(force_update=True)
    Comment.objects.bulk_create(Comment(term=term, **text) for text in wanted.values())


def _gathered(lines):
    """The columns of each comment: {(node, unit): columns}."""
    readers = Reading.objects.filter(
        measure__in={line.measure_id for line in lines},
        clause__archived_at=None,
        clause__node__archived_at=None,
        clause__node__role=NodeRole.KPI,
    )
    said = {}
    for measure, node in set(readers.values_list("measure_id", "clause__node_id")):
        for line in lines:
            if line.measure_id == measure:
                said.setdefault((node, line.unit_id), []).append(line)
    return {
        (node, unit): {
            "node_id": node,
            "unit_id": unit,
            "why": _joined(lines, "why"),
            "what_next": _joined(lines, "what_next"),
            "by_id": lines[-1].changed_by_id or lines[-1].return_to.submitted_by_id,
        }
        for (node, unit), lines in said.items()
    }


def _joined(lines, part):
    """The texts of several lines of one KPI, each under the name of what it is about."""
    said = [
        (name_of(line.measure, line.group), getattr(line, part))
        for line in sorted(lines, key=lambda line: line.pk)
        if getattr(line, part)
    ]
    if len(said) == 1:
        return said[0][1]
    text = " ".join(f"{name}: {words}" for name, words in said)
    return text if len(text) <= COMMENT_LENGTH else f"{text[: COMMENT_LENGTH - 1]}…"


def raise_versions(unit_ids):
    """Units whose facts have changed, and the schools of which they are parts."""
    parents = Unit.objects.filter(parts__in=unit_ids).values_list("pk", flat=True)
    Unit.objects.filter(pk__in={*unit_ids, *parents}).changed()

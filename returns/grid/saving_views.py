"""What the script of the entry grid asks: keep one line, and say what it comes to.

Both answer in JSON. The page works without them.
"""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from schools.access import access
from schools.models import Role
from schools.refused import Refused

from ..asked.asking import minimum_of
from ..life.states import MOVES, Action
from ..models import Return
from ..typed.as_typed import NOTHING, AsTyped
from ..typed.reading import read
from ..typed.seen import fingerprint
from ..typed.too_few import in_place_of
from .line_form import LineForm
from .rows import figures_words, key_words, section_words, shown_words, time_words
from .saving import Clash, save_lines
from .sheet import Sheet

SCHOOL = {Role.HEADTEACHER, Role.SCHOOL_EDITOR}
TYPE = SCHOOL | {Role.DATA_MANAGER, Role.CONTRIBUTOR}
READ = TYPE | {Role.LEADER, Role.AUDITOR}
GONE = "This is not asked here any more. Read the page again."


@access(POST=TYPE)
def return_line(request, trust, pk):
    """Keep one line of a return as it was typed, whatever it is.

    200 kept, 409 changed by somebody else meanwhile or not to be changed, 422
    cannot be kept as it is.
    """
    sheet = Sheet(_return(request, pk), request.memberships, timezone.localdate())
    asked = next((one for one in sheet.asked if _is_posted(one, request.POST)), None)
    try:
        return _save(request, sheet, asked) if asked else _gone(sheet)
    except Refused as why:
        return JsonResponse({"words": str(why)}, status=409)


def _save(request, sheet, asked):
    line = sheet.lines.get(asked.key)
    question, minimum = sheet.asking.question(asked), minimum_of(asked.measure, request.trust)
    form = LineForm(asked, question, line, sheet.return_.term, request.POST, minimum)
    if not form.is_valid:
        return JsonResponse({"words": _first_error(form), "problems": _errors(form)}, status=422)
    at = timezone.now()
    changes = [form.change] if form.change else []
    try:
        kept = save_lines(
            sheet.return_, changes, memberships=request.memberships, at=at, asking=sheet.asking
        )
    except Clash as clash:
        return JsonResponse(_theirs(form, clash.lines[asked.key]), status=409)
    if kept:
        sheet.lines[asked.key] = line = kept[0]
    state = MOVES[sheet.state, Action.SAVE] if kept else sheet.state
    return JsonResponse({**_kept(sheet, asked, form, line, at), "state": state.label})


def _gone(sheet):
    """A line that is not asked; Refused where the whole return is not to be typed into."""
    sheet.return_.move(Action.SAVE, memberships=sheet.memberships, today=sheet.today)
    return JsonResponse({"words": GONE}, status=422)


@access(GET=READ)
def return_results(request, trust, pk):
    """Beside each box: what is promised, what its answer comes to, what looks odd."""
    found, odd = AsTyped(_return(request, pk), request.memberships, timezone.localdate()).results()
    return JsonResponse(
        {
            key_words(question): _result_words(found.get(question, NOTHING), odd.get(question, []))
            for question in found.keys() | odd.keys()
        }
    )


def _return(request, pk):
    found = Return.objects.seen_by(request.memberships).to_show().with_facts_version()
    return get_object_or_404(found, pk=pk)


def _is_posted(asked, posted):
    return f"{LineForm.prefix_of(asked)}-seen" in posted


def _kept(sheet, asked, form, line, at):
    """What the script says and shows of a line that is kept."""
    problems = read(form.question, form.typed, sheet.today).problems
    return {
        "seen": fingerprint(line.version if line else 0, form.typed),
        "saved_at": time_words(at),
        "shown": shown_words(sheet, asked)[0],
        "figures": figures_words(*sheet.counts()),
        "sections": {
            each.slug: section_words(*sheet.counts(each.asked)) for each in sheet.sections()
        },
        "problems": [[form.id_of(form.box_of(one.part)), one.words] for one in problems],
        **_too_few(form),
    }


def _too_few(form):
    """What was set in place of a small count; ``is_small``, if it will be once the row is left."""
    if form.too_few_words:
        names = ("value", "numerator", "denominator", "why_none")
        set_to = {form.name_of(n): getattr(form.typed, n) for n in names if n in form.boxes}
        return {"few": form.too_few_words, "set_to": set_to}
    small = form.is_being_typed and in_place_of(form.question, form.typed, form.held, form.minimum)
    return {"is_small": bool(small)}


def _theirs(form, line):
    """Both texts, so that the person can choose; nothing was kept."""
    names = [name for name in form.boxes if name != "seen"]
    said = " / ".join(getattr(line, name) or "empty" for name in form.answer_names)
    at = time_words(line.changed_at)
    return {
        "seen": fingerprint(line.version, line.typed),
        "theirs": {form.name_of(name): getattr(line, name) for name in names},
        "words": f"{line.changed_by} changed this to {said} at {at}.",
    }


def _errors(form):
    return [[form.id_of(name), words] for name, errors in form.errors.items() for words in errors]


def _first_error(form):
    return next(words for errors in form.errors.values() for words in errors)


def _result_words(result, odd):
    status = result.status
    return {
        "target": result.target,
        "status": status and [status.value, status.letter, status.words],
        "sentence": result.sentence,
        "asks": result.wants_words,
        "queries": odd,
    }

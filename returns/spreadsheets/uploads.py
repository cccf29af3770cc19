"""What happens to a spreadsheet: it is kept, checked, applied once, and perhaps undone.

Reading and checking touch nothing and hold nothing; ``apply_upload`` and
``undo_upload`` are one transaction each. What cannot be done raises Refused.
"""

from collections import defaultdict
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import PurePath
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from kpis.models import Measure, PupilGroup, Series
from schools.at_once import add_rows
from schools.kept import Kept
from schools.models import AuditRow, Term, Unit, UnitKind
from schools.refused import Refused

from ..asked.asking import ALL_PUPILS, Asking
from ..asked.questions import NAMES
from ..grid.saving import Change
from ..grid.sheet import TYPING
from ..life.entering import asked_by
from ..life.states import State
from ..models import Heading, Return, Upload, UploadedLine
from ..typed.spelling import lower_first
from .files import MOST_ROWS, BadFile, UnknownHeads
from .importing import Import
from .proposing import ALL_SPELT, spellings_of
from .read_once import forget_tables, tables_in
from .saving_many import save_many
from .shapes import Of, Rows, rows_of

Channel = AuditRow.Channel
STAYS = {
    State.NOT_OPEN: "The term is not open yet",
    State.SUBMITTED: "Sent since",
    State.APPROVED: "Approved since",
    State.LOCKED: "The term is closed",
}
HISTORY = "History: approved at once"
KEPT_FOR = timedelta(days=1)  # a file that was checked and not applied


# A file is checked again for each page of its preview, and when it is applied.
_checks = Kept(MOST_ROWS, lambda checked: 1 + len(checked[0].rows))


class Figures(NamedTuple):
    """What a column may hold, and how a form and other programs call it.

    Without a ``group`` it is about that of the row. ``needs`` says what must stand beside it.
    """

    words: str
    group: PupilGroup | None
    spellings: tuple[str, ...]
    needs: str = ""


class Lacking(NamedTuple):
    """A figure that cannot be sent by itself: no column may hold it, and its needs are told."""

    measure: str
    group: str


class Changed(Refused):
    """What was confirmed is not what would be stored: something has changed since the check."""


def keep_file(data, name, *, memberships, term, at, return_to=None, encoding="utf-8"):
    """Keep a file that was sent in, so that what is applied is what was checked."""
    old = Upload.objects.filter(by=memberships.user, applied_at=None)
    for upload in old.filter(checked_at__lt=at - KEPT_FOR):
        forget_tables(upload)
        upload.file.delete(save=False)
        upload.delete()
    upload = Upload(
        trust=memberships.trust,
        by=memberships.user,
        return_to=return_to,
        term=term,
        name=PurePath(name.replace("\\", "/")).name[-200:] or "figures",
        digest=sha256(data).hexdigest(),
        encoding=encoding,
        checked_at=at,
    )
    upload.file.save("", ContentFile(data), save=False)
    try:
        upload.save(force_insert=True)
    except Exception:
        upload.file.delete(save=False)
        raise
    return upload


def foreign_heads(upload):
    """The heads of a file that are not ours, whether somebody has said what they mean or not.

    With the first rows below them; None where all are ours, or where it cannot be read.
    """
    try:
        _rows_in(upload, _bytes_of(upload), {})
    except UnknownHeads as why:
        return why.heads, why.sample
    except BadFile:
        return None
    return None


def _bytes_of(upload):
    """The file itself; Refused if it is another one by now."""
    with upload.file.open("rb") as file:
        data = file.read()
    if sha256(data).hexdigest() != upload.digest:
        raise Refused("The file is not the one that was checked. Send it again.")
    return data


def _rows_in(upload, data, names):
    return rows_of(tables_in(upload, data), names, _given(upload))


def names_for(upload):
    """What the heads of other programs mean: {heading: our column, or figures of a measure}."""
    headings = Heading.objects.filter(unit=heads_of(upload)).order_by("heading")
    told = headings.values_list("heading", "column", "measure__code", "group__code")
    return {
        head: Of(measure, column, group or "") if measure else column
        for head, column, measure, group in told
    }


def figures_of(upload):
    """What a column may hold of the measures that the term asks: {Of or Lacking: Figures}.

    Of the return's unit if the file is for one; each for the groups that it is
    asked for. A rating is several answers, and has a row.
    """
    asking = Asking(upload.term)
    asked = asking.of_return(upload.return_to.unit_id) if upload.return_to else asking.every
    pairs = {(one.measure, one.group) for one in asked if one.measure.kind != Measure.Kind.RATING}
    measures = {measure for measure, _ in pairs}
    told = [(measure, None) for measure in measures] + [
        (measure, group) for measure, group in pairs if group.code != ALL_PUPILS
    ]
    told.sort(key=lambda one: (one[1].order if one[1] else -1, one[0].name, one[0].pk))
    groups = {group: _with_pupils(spellings_of(group.code, group.name)) for _, group in pairs}
    found = {}
    for measure, group in told:
        spellings = ("", *ALL_SPELT) if group is None else groups[group]
        found |= _columns_of(asking, measure, group, spellings)
    return found


def _with_pupils(spellings):
    return (*spellings, *(f"{one} pupils" for one in spellings))


def _columns_of(asking, measure, group, spellings):
    """The boxes of one measure, for one group or for that which a row says."""
    question = asking.question_about(measure, group or asking.groups_of(measure)[0])
    code, name, of = measure.code, measure.name, group.code if group else ""
    part, whole = question.parts
    shown = question.name if group else name  # a choice that is closed does not show its heading

    def spelt(*texts):
        return tuple(f"{text} {one}" for text in texts for one in spellings)

    def count(label):
        words = f"{shown}: {lower_first(label)}"
        return Figures(words, group, spelt(label, f"{name} {label}"))

    found, needs = {}, needs_of(question)
    if question.counts == "both" or question.kind == Measure.Kind.CASES:
        found[Of(code, "numerator", of)] = count(part)
        found[Of(code, "denominator", of)] = count(whole)
        found[Lacking(code, of)] = Figures("", group, spelt(code, name), needs)
        return found
    found[Of(code, "value", of)] = Figures(shown, group, spelt(code, name), needs)
    if question.counts == "weight":
        found[Of(code, "denominator", of)] = count(whole)
    return found


def needs_of(question):
    """What must stand in columns beside the figure itself, in a sentence; "" for nothing."""
    part, whole = map(lower_first, question.parts)
    name = question.name
    if question.counts == "both" or question.kind == Measure.Kind.CASES:
        words = f"{name} is worked out from two counts: {part}, and {whole}."
        return f"{words} It cannot be sent without them, so each needs a column."
    needs = [f"how many it is about ({whole})"] if question.counts == "weight" else []
    if question.survey and not needs:
        needs = ["how many people answered (respondents)"]
    return f"{name} needs a column too for {needs[0]}." if needs else ""


def heads_of(upload):
    """The unit whose words for heads count: the return's, or the trust for several schools."""
    if upload.return_to:
        return upload.return_to.unit
    return Unit.objects.get(kind=UnitKind.TRUST)


def _given(upload):
    """What goes for every row where the file does not say it."""
    period = upload.term.period
    given = {"academic_year": str(period.year), "term": period.get_part_display()}
    if upload.return_to:
        given["unit"] = upload.return_to.unit.code
    return given


def checked(upload, *, memberships, at, mine=()):
    """What applying would do now: the rows and the Import of them.

    Worked out once as long as nothing has changed that decides it: who asks on
    which day, what is asked, what the returns say.
    """
    data, names = _bytes_of(upload), names_for(upload)
    key = (
        *(upload.pk, upload.digest, upload.encoding, *names.items()),
        *(
            memberships.user.pk,
            *((one, memberships.units_of(one)) for one in sorted(memberships.roles)),
        ),
        *(memberships.office_ids, timezone.localdate(at), frozenset(mine), *_versions()),
    )
    kept = _checks.get(key)
    if kept is None:
        kept = _checked(upload, data, names, memberships, at, mine)
        _checks.put(key, kept)
    found, figures = kept
    return found, figures.again(memberships=memberships, at=at)


def _versions():
    """Numbers of which one is another as soon as something has changed that a file is read by.

    Each version is only ever raised, so their sum says whether one was.
    """
    every = Sum("data_version")
    yield from Unit.objects.aggregate(every).values()
    yield from Series.objects.aggregate(every).values()
    yield from Return.objects.aggregate(Sum("version"), Count("pk")).values()
    yield from Term.objects.order_by("pk").values_list("pk", "opens", "due", "closed_at")


def _checked(upload, data, names, memberships, at, mine):
    try:
        found = _rows_in(upload, data, names)
    except BadFile as why:
        found = Rows(faults=why.faults, asks_heads=isinstance(why, UnknownHeads))
    figures = Import(found.rows, memberships=memberships, at=at, only=upload.return_to, mine=mine)
    figures.faults = sorted(
        [*found.faults, *figures.faults], key=lambda fault: (fault.sheet, fault.row)
    )
    return found, figures


def remember_heads(upload, columns, *, memberships, at):
    """Keep what the heads of an export mean: {heading: our column, or ""; or an Of}."""
    unit = heads_of(upload)
    with transaction.atomic():
        there = {one.heading: one for one in Heading.objects.filter(unit=unit)}
        before = names_for(upload)
        changed = {
            heading: meaning
            for heading, meaning in columns.items()
            if heading not in before or before[heading] != meaning
        }
        if not changed:
            return
        codes = {meaning.measure for meaning in changed.values() if isinstance(meaning, Of)}
        measures = {one.code: one for one in Measure.objects.live().filter(code__in=codes)}
        groups = {one.code: one for one in PupilGroup.objects.all()}
        for heading, meaning in changed.items():
            one = there.get(heading) or Heading(unit=unit, heading=heading)
            is_figures = isinstance(meaning, Of)
            one.column = meaning.column if is_figures else meaning
            one.measure = measures[meaning.measure] if is_figures else None
            one.group = groups[meaning.group] if is_figures and meaning.group else None
            one.save()
        AuditRow.objects.record(
            "said what heads mean",
            upload,
            at=at,
            by=memberships.user,
            unit=unit,
            before={heading: _meaning_words(before.get(heading, "")) for heading in changed},
            after={heading: _meaning_words(meaning) for heading, meaning in changed.items()},
        )


def _meaning_words(meaning):
    return meaning.words if isinstance(meaning, Of) else meaning


@transaction.atomic
def apply_upload(upload, figures, *, fingerprint, memberships, at):
    """Store what was checked, all of it or nothing, once.

    ``fingerprint`` is that of the Import that was shown: if another one would
    be stored by now, Changed. Applied again it changes nothing.
    """
    upload = _own(upload, memberships)
    if upload.applied_at is not None:
        return upload
    if figures.faults:
        raise Refused("Nothing was stored: the file has problems. Mend it and check it again.")
    if figures.fingerprint() != fingerprint:
        raise Changed("Figures have changed since you checked this file. Look again, then apply.")
    if not figures.changes:
        raise Refused("This file changes nothing.")
    kept = []

    def keep(effect, line, version):
        row = effect.rows[0]
        kept.append((line, row.sheet[:60], row.number, version, *effect.held))

    counts = figures.apply(kept=keep)
    add_rows(UploadedLine, ("line", "sheet", "row", "version", *NAMES), kept, {"upload": upload.pk})
    upload.applied_at = at
    upload.save(update_fields=["applied_at"])
    _record("applied", upload, memberships, at, {"lines": len(kept), "returns": counts})
    transaction.on_commit(partial(forget_tables, upload))
    return upload


@transaction.atomic
def undo_upload(upload, *, memberships, at):
    """Put back what the lines said before, where nobody has changed or sent them since."""
    upload = _own(upload, memberships)
    if upload.applied_at is None or upload.undone_at is not None:
        raise Refused("There is nothing to undo.")
    can, _ = undoing(upload, memberships=memberships, at=at)
    if not can:
        raise Refused("None of these figures can be put back: the page of the file says why.")
    askings, told = {}, defaultdict(list)
    for one in can:
        term = one.line.return_to.term
        asking = askings.get(term) or askings.setdefault(term, Asking(term))
        asked = asked_by(one.line, asking)
        told[one.line.return_to].append(Change(asked, one.typed, one.version))
    does = {"memberships": memberships, "at": at, "channel": Channel.IMPORT}
    save_many(told, asking_of=askings.get, **does)
    UploadedLine.objects.filter(upload=upload, pk__in=[one.pk for one in can]).update(undone=True)
    upload.undone_at = at
    upload.save(update_fields=["undone_at"])
    _record("undone", upload, memberships, at, {"lines": len(can)})
    return upload


def undoing(upload, *, memberships, at):
    """The lines of an upload that can be put back, and those that stay as they are.

    Each of the latter says why in ``stays``, which is "" for the others. Whether
    whoever asks may still type there is looked at for its sender alone.
    """
    memberships = memberships if upload.by_id == memberships.user.pk else None
    can, cannot = [], []
    today = timezone.localdate(at)
    lines = UploadedLine.objects.filter(upload=upload).select_related(
        "upload",
        "line__measure",
        "line__group",
        "line__unit",
        "line__changed_by",
        "line__return_to__term__period",
        "line__return_to__unit",
    )
    for one in lines:
        one.stays = _stays(one, memberships, today)
        (cannot if one.stays else can).append(one)
    return can, cannot


def _stays(one, memberships, today):
    """Why a line is not put back; "" if it can be."""
    line, return_ = one.line, one.line.return_to
    state = return_.state_on(today)
    if one.undone:
        return "Undone"
    if line.version != one.version:
        return f"Changed since by {line.changed_by}" if line.changed_by else "Changed since"
    sent = return_.submitted_at
    if state == State.APPROVED and sent and sent <= one.upload.applied_at:
        return HISTORY
    if state not in TYPING:
        return STAYS[state]
    if not return_.is_open_to(line):
        return STAYS[State.APPROVED]
    if memberships and not return_.is_typed_by(line.measure, memberships):
        return "No longer yours to change"
    return ""


def _own(upload, memberships):
    """The upload under a lock, for whoever sent it and nobody else."""
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.by_id != memberships.user.pk:
        raise Refused(
            f"{upload.by} has sent this file, and nobody else can say what becomes of it."
        )
    return upload


def _record(action, upload, memberships, at, after):
    AuditRow.objects.record(
        action,
        upload,
        at=at,
        by=memberships.user,
        unit=upload.return_to and upload.return_to.unit,
        channel=Channel.IMPORT,
        after={"file": upload.name, "digest": upload.digest, **after},
    )

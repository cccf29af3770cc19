"""Adding evidence to an answer and taking it away, each with its row in the trail.

Who may type into the line may do it, as long as the line is open. The file is
written last, in the transaction; if that fails nothing of it is left.
"""

import hashlib
import os
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from schools.models import AuditRow
from schools.refused import Refused

from ..life.states import Action
from ..models import Line, Return
from . import Evidence

MOST_FOR_ONE = 20
LONGEST = Evidence._meta.get_field("name").max_length


@transaction.atomic
def add_file(return_, asked, *, name, data, kind, memberships, at):
    """Keep a file beside an answer: (evidence, whether it is new).

    ``kind`` is what its content says it is.
    """
    digest = hashlib.sha256(data).hexdigest()
    return_, line = _held(return_, asked, memberships, at)
    if there := Evidence.objects.there().filter(line=line, digest=digest).first():
        return there, False
    line = _typed_into(return_, asked, line, memberships, at)
    name = shown_name(name, kind.ending)
    evidence = Evidence(line=line, name=name, ending=kind.ending, size=len(data), digest=digest)
    evidence.file.name = evidence.file.field.generate_filename(evidence, name)
    _add(evidence, memberships, at)
    _write(evidence, data)
    return evidence, True


@transaction.atomic
def add_link(return_, asked, *, link, name, memberships, at):
    """Keep the address of what lies elsewhere, never followed: (evidence, whether it is new)."""
    return_, line = _held(return_, asked, memberships, at)
    if there := Evidence.objects.there().filter(line=line, link=link).first():
        return there, False
    line = _typed_into(return_, asked, line, memberships, at)
    evidence = Evidence(line=line, name=(name or link)[:LONGEST], link=link)
    _add(evidence, memberships, at)
    return evidence, True


@transaction.atomic
def remove(evidence, *, memberships, at):
    """Take evidence away. Its file goes too, unless an answer has been approved with it."""
    line = Line.objects.select_related("return_to").get(pk=evidence.line_id)
    return_ = Return.objects.held(line.return_to_id)
    _must_be_typed(return_, line.measure, line, memberships, at)
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if evidence.removed_at is not None:
        return evidence
    _type(return_, memberships, at)
    evidence.removed_at, evidence.removed_by = at, memberships.user
    storage, name = evidence.file.storage, evidence.file.name
    has_counted = return_.approved_at is not None and evidence.added_at <= return_.approved_at
    if name and not has_counted:
        # The row lets go of it first: a crash before it is deleted leaves it to ``sweep_files``.
        evidence.file = ""
        transaction.on_commit(lambda: storage.delete(name))
    evidence.save(update_fields=["removed_at", "removed_by", "file"])
    _record("took away", evidence, memberships, at, before=evidence.told)
    return evidence


def shown_name(name, ending):
    """The name of a file without its folders and signs that do not print; it ends as its content.

    >>> shown_name("C:\\\\Reviews\\\\governance.PDF", "pdf"), shown_name("../../x.html", "pdf")
    ('governance.pdf', 'x.pdf')
    """
    bare = PurePosixPath(name.replace("\\", "/")).name
    stem = "".join(sign for sign in bare if sign.isprintable()).strip(" .")
    stem = stem.rpartition(".")[0] if "." in stem else stem
    return f"{stem.strip(' .')[: LONGEST - 5] or 'evidence'}.{ending}"


def _held(return_, asked, memberships, at):
    """The return under its lock and the line of a question, if there is one: both open to this."""
    return_ = Return.objects.held(return_.pk)
    line = return_.lines.filter(**_where(asked)).first()
    _must_be_typed(return_, asked.measure, line, memberships, at)
    return return_, line


def _must_be_typed(return_, measure, line, memberships, at):
    today = timezone.localdate(at)
    return_.must_allow(Action.SAVE, memberships=memberships, today=today)
    return_.must_be_open_to(measure, line, memberships)


def _type(return_, memberships, at):
    """What the return says changes: the one who approves must have seen it."""
    return_.move(Action.SAVE, memberships=memberships, today=timezone.localdate(at))
    return_.save(update_fields=["state", "version"])


def _typed_into(return_, asked, line, memberships, at):
    """The line that evidence is about to hang on, made where nothing has been typed yet."""
    _type(return_, memberships, at)
    if line is None:
        # Nobody has typed into it: who has the empty box open sees no clash.
        period = asked.measure.period_for(return_.term)
        line = Line.objects.create(return_to=return_, period=period, version=0, **_where(asked))
    return line


def _where(asked):
    return {
        "measure": asked.measure,
        "unit_id": asked.unit.id,
        "group": asked.group,
        "number": asked.number,
    }


def _add(evidence, memberships, at):
    if Evidence.objects.there().filter(line=evidence.line).count() >= MOST_FOR_ONE:
        raise Refused(f"There are {MOST_FOR_ONE} pieces of evidence here already. Take one away.")
    evidence.added_at, evidence.added_by = at, memberships.user
    evidence.save(force_insert=True)
    _record("added", evidence, memberships, at, after=evidence.told)


def _record(action, evidence, memberships, at, **change):
    line = evidence.line
    # Of the evidence, not of the line: a line's rows are what was typed into it.
    AuditRow.objects.record(
        action,
        evidence,
        at=at,
        by=memberships.user,
        unit=line.unit,
        on_behalf_of=line.return_to.on_behalf_of(memberships),
        **change,
    )


def _write(evidence, data):
    """Put the bytes where they belong. A half file never stays: not of a full disk either."""
    storage, name = evidence.file.storage, evidence.file.name
    try:
        storage.save(name, ContentFile(data))
        with storage.open(name) as kept:
            os.fsync(kept.fileno())
    except BaseException:
        storage.delete(name)
        raise

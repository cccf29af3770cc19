"""Every table of a trust, as rows of text: found by what models say of themselves, not by a list.

Which rows belong to a trust each model says (``to_trust``), so a table that is
added later is in the next copy. What only one person may ever see (a model
that ``stays_private``), passwords and mail are in none.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, FileField, Q

from kpis.models import Comparator, PupilGroup, Series
from priorities.models import Framework, FrameworkItem
from schools.models import AcademicYear, AuditRow, Period, Trust, User

AT_ONCE = 2000
PERSON = ("id", "email", "name", "is_active")


@dataclass(frozen=True, slots=True)
class Column:
    """A column, what kind of value it holds, the table that it points to, and what it means."""

    name: str
    kind: str
    points_to: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its file is ``tables/<name>.csv``. ``rows`` reads it anew each time."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[tuple[Any, ...]]]


def tables_of(trust):
    """All of them: the trust's own (we are inside it), their links, and what is common to all."""
    yield _table(Trust, Trust.objects.filter(pk=trust.pk))
    for model in _models():
        yield _table(model, model.objects.all())
        yield from _links(model, trust)
    for model in (AcademicYear, Period, PupilGroup, Framework, FrameworkItem):
        yield _table(model, model.objects.all())
    series = Series.objects.filter(owner__in=("", trust.slug))
    yield _table(Series, series)
    yield _table(Comparator, Comparator.objects.filter(series__in=series))
    acted = AuditRow.objects.values("by")
    people = User.objects.filter(Q(memberships__trust=trust) | Q(pk__in=acted)).distinct()
    yield _table(User, people, only=PERSON)


def _models():
    """The models whose rows belong to a trust, by name."""
    found = [model for model in apps.get_models() if hasattr(model, "to_trust")]
    shown = [model for model in found if not getattr(model, "stays_private", False)]
    return sorted(shown, key=_name)


def _links(model, trust):
    """The tables between two others that no model of ours stands for."""
    for field in model._meta.local_many_to_many:
        between = field.remote_field.through
        if between._meta.auto_created:
            own = {f"{field.m2m_field_name()}__{model.to_trust}": trust}
            yield _table(between, between.objects.filter(**own), f"Links of {_name(model)}.")


def _name(model):
    return model._meta.label_lower


def _table(model, rows, meaning="", only=()):
    fields = [
        field
        for field in model._meta.concrete_fields
        if not isinstance(field, BinaryField) and (not only or field.name in only)
    ]
    names = [field.attname for field in fields]

    def read():
        ordered = rows.order_by("pk").values_list(*names)
        for row in ordered.iterator(chunk_size=AT_ONCE):
            yield tuple(map(_plain, row))

    meaning = meaning or (inspect.getdoc(model) or "").partition("\n")[0]
    return Table(_name(model), meaning, tuple(map(_column, fields)), read)


def _column(field):
    points_to = _name(field.related_model) if field.is_relation else ""
    choices = ", ".join(f"{key} ({label})" for key, label in field.choices or () if key != "")
    meaning = " ".join(part for part in (str(field.help_text), choices) if part)
    return Column(field.attname, field.get_internal_type(), points_to, meaning)


def _plain(value):
    """As a cell of CSV: moments in UTC to the last digit, yes and no as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def contents_of():
    """What lies in no cell: (path in the archive, chunks of bytes) of files and what is binary.

    How the name of each ends its row says (``ending``), so that it can be opened.
    """
    for model in _models():
        for field in model._meta.local_concrete_fields:
            rows = model.objects.order_by("pk")
            if isinstance(field, BinaryField):
                for row in rows.iterator(chunk_size=20):
                    if (content := getattr(row, field.attname)) is not None:
                        yield _path(row, f"{row.pk}-{field.name}"), [bytes(content)]
            elif isinstance(field, FileField):
                for row in rows.iterator(chunk_size=AT_ONCE):
                    if file := getattr(row, field.name):
                        yield _path(row, row.pk), _chunks(file)


def _path(row, name):
    ending = f".{row.ending}" if row.ending else ""
    return f"files/{_name(type(row))}/{name}{ending}"


def _chunks(file):
    with file.open("rb") as opened:
        yield from opened.chunks()

"""Columns as text, and back: what a plan file says and what the database holds, compared.

Everything that a plan file decides is known in one form, the *state*: the path
of a thing, such as ("node", "a1"), to its columns, name to text. Two states
can be compared, and one can be kept in the audit trail.
"""

from datetime import date
from decimal import Decimal

from django.db import models


def written(value):
    """A column's value as text; nothing is empty text, a decimal has no idle zeros.

    >>> written(Decimal("85.000000")), written(True), written(None)
    ('85', 'yes', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value.normalize(), "f") if value else "0"
        case date():
            return value.isoformat()
    return str(value)


def state_of(instance, names):
    """The columns of a row as text. ``office__code`` is the code of its office."""
    return {name: written(_follow(instance, name)) for name in names}


def _follow(instance, name):
    for step in name.split("__"):
        if instance is None:
            return None
        instance = getattr(instance, step)
    return instance


def typed(model, columns):
    """Text as the columns of ``model`` take it; names with ``__`` are left out."""
    return {
        name: _typed(model._meta.get_field(name), text)
        for name, text in columns.items()
        if "__" not in name
    }


def _typed(column, text):
    if text == "" and column.null:
        return None
    match column:
        case models.BooleanField():
            return text == "yes"
        case models.DecimalField():
            return Decimal(text)
        case models.IntegerField():
            return int(text)
        case models.DateField():
            return date.fromisoformat(text)
    return text


def plain_number(text):
    """A number as typed in a file, written as the database's is.

    >>> plain_number("0.20"), plain_number("")
    ('0.2', '')
    """
    return written(Decimal(text)) if text else ""


def plain_whole(text):
    """A whole number as typed in a file, without the noughts before it.

    >>> plain_whole("012"), plain_whole("")
    ('12', '')
    """
    return str(int(text)) if text else ""


def plain_flag(text):
    """Yes or no as a file may write it ("true" is yes), as the database's is written."""
    return "yes" if text in ("yes", "true") else "no"

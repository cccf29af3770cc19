"""Private files that no row names: what a crash between writing and committing has left behind.

A file is written before the row that names it is committed, so a young one may
still be waiting for its row. Only our own folders are looked at.
"""

from datetime import timedelta

from django.apps import apps
from django.core.files.storage import storages
from django.db.models import FileField

from .models import FullCopy

FOLDERS = ("copies", "evidence", "uploads")
OLD = timedelta(days=1)


def sweep(now):
    """Delete them; their names. Done twice it deletes nothing more."""
    private = storages["private"]
    # Files first: whatever gets its row after this look is there among the names.
    old = [name for name in _files(private) if private.get_modified_time(name) <= now - OLD]
    names = _named() if old else set()
    stray = sorted(name for name in old if name not in names)
    for name in stray:
        private.delete(name)
    return stray


def _files(private):
    for folder in FOLDERS:
        if private.exists(folder):
            for name in private.listdir(folder)[1]:
                yield f"{folder}/{name}"


def _named():
    """The names of files in the rows of every trust, whatever stores them: too many do no harm."""
    names = set(FullCopy.everywhere.values_list("name", flat=True))
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, FileField):
                rows = getattr(model, "everywhere", model._default_manager)
                names.update(rows.values_list(field.attname, flat=True))
    return names

"""Proves that what was published is what is stored: every digest, and the chain of them all."""

from .models import Published
from .publishing import chained, digest_of
from .shapes import Document


def faults(trust):
    """What is wrong with the published reports of a trust, a sentence each; none if all is well.

    Inside the trust. What only SQL can do to a stored row is found here.
    """
    before, place = "", 0
    for one in Published.objects.prefetch_related("files").order_by("place").iterator(10):
        place += 1
        if one.place != place:
            yield f"{one}: place {place} is missing from the chain."
            place = one.place
        yield from (f"{one}: {what}" for what in _of(one, before))
        before = one.digest


def _of(one, before):
    for name in ("snapshot", "html", "sheet"):
        if digest_of(getattr(one, name)) != getattr(one, f"{name}_digest"):
            yield f"its {NAMES[name]} is not what was published."
    files = list(one.files.all())
    for file in files:
        if digest_of(bytes(file.content)) != file.digest or len(file.content) != file.size:
            yield f"its {file.kind} file is not what was published."
    if chained(one, files, before) != one.digest:
        yield "it does not follow from the version before it."
    try:
        Document.read(one.snapshot)
    except (ValueError, TypeError, KeyError):
        yield "its snapshot cannot be read."


NAMES = {"snapshot": "snapshot", "html": "page", "sheet": "style sheet"}

"""The example's plan: its days filled in, then loaded like any other plan file."""

from string import Template

from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read
from schools.models import Part, Period

from .outside import DFE
from .tables import FOLDER

FILE = FOLDER / "plan.yaml"
NOTHING_NEWER = "DfE has no figure for this period yet, so an invented one stands in."
PUBLISHED = "DfE has published figures for this period."


def written(table, providers):
    """The text of the plan file, every word with a dollar sign filled in."""
    return Template(FILE.read_text(encoding="utf-8")).substitute(**table.words(), **providers)


def load(trust, table, outside, *, by):
    """Load the plan as it began, and each change of a provider as a dated version."""
    before = None
    for index in range(table.first_of_plan, table.last + 1):
        providers = outside.providers(index)
        if providers == before:
            continue
        year, part = divmod(index, 3)
        since = reason = None
        if before is not None:
            since = Period.objects.for_term(year, Part(part + 1))
            reason = _why(before, providers)
        text = written(table, providers)
        load_plan(read(text, FILE.name), trust, by=by, since=since, reason=reason or "")
        before = providers


def _why(before, after):
    came = any(who == DFE != before[word] for word, who in after.items())
    went = any(who != DFE == before[word] for word, who in after.items())
    return " ".join([PUBLISHED] * came + [NOTHING_NEWER] * went)

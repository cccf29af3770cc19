"""Questions of trustees beside a published report, in the order of its items."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from kpis.rag.dates import written

from ..shapes import Document


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page has it. ``at`` is its item: 2.3 Attendance, Kelbeck.

    ``at_url`` leads to it in the report.
    """

    at: str
    at_url: str
    words: str
    asked: str
    answer: str
    answered: str
    answer_url: str = ""


def asked_of(report, items, page="", trust=None):
    """Every question of a report, in the order of its items; with ``trust`` where to answer.

    ``page`` is the address of the version that ``items`` are of, "" for this page.
    """
    questions = report.questions.select_related("asked_by", "answered_by")
    places = {key: place for place, (key, _) in enumerate(items)}
    names = dict(items)
    return [
        Asked(
            at=names.get(one.item, ""),
            at_url=f"{page}#item-{names[one.item].split()[0]}" if one.item in names else "",
            words=one.words,
            asked=f"{one.asked_by}, {written(timezone.localdate(one.asked_at))}",
            answer=one.answer,
            answered=f"{one.answered_by}, {written(timezone.localdate(one.answered_at))}"
            if one.answered_at
            else "",
            answer_url=reverse("reports:report-answer", args=[trust, report.pk, one.pk])
            if trust
            else "",
        )
        for one in sorted(questions, key=lambda one: places.get(one.item, -1))
    ]


def items_of(published):
    """(key, 2.3 Attendance, Kelbeck) of each exception that a version names."""
    found = Document.read(published.snapshot).exceptions
    return [
        (one.key, f"{one.number} {one.kpi}{f', {one.school}' if one.school else ''}")
        for one in found
    ]


def asked_since(published):
    """The questions of a report that are not in this version of it."""
    document = Document.read(published.snapshot)
    frozen = {told.question for one in document.exceptions for told in one.answered}
    asked = asked_of(published.report, items_of(published))
    return [one for one in asked if one.words not in frozen]

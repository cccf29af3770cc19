"""What a return said when it was sent the time before: who approves reads what has changed."""

from decimal import Decimal
from types import SimpleNamespace

from schools.models import AuditRow

from ..grid.sheet import answer_words
from ..models import Return

# What tells nothing of the answer itself.
BESIDE = {"id", "standing", "claim_accepted", "collected_in_id"}
FIGURES = ("value", "numerator", "denominator")
WHY_NONE = {
    "not_applicable": "not applicable",
    "too_few": "too few pupils",
    "not_available": "not available yet",
}
RATED = {"green": "on target", "amber": "close to target", "red": "off target"}


def words_of_before(sheet):
    """{line's key: "Was 93.5% when it was last sent."}, of what has changed since then.

    The history keeps what each submission brought in. Of a reopened return only
    the reopened figures were sent again: what came before them is looked up further back.
    """
    rows = AuditRow.objects.filter(
        thing_kind=Return._meta.label_lower, thing_id=sheet.return_.pk, action="submitted"
    )
    *earlier, latest = [_answers(row) for row in rows.order_by("pk")] or [{}]
    if not earlier:
        return {}
    before = {}
    for answers in earlier:
        before |= answers
    told = {}
    for asked in sheet.asked:
        question = tuple(map(str, asked.key[:3]))
        now, then = latest.get(question), before.get(question)
        if asked.number == 1 and now != then and (now is not None or _is_sent_again(sheet, asked)):
            words = "; ".join(_words(sheet, asked, one) for one in then or [])
            told[asked.key] = f"Was {words} when last sent." if words else "New since last sent."
    return told


def _is_sent_again(sheet, asked):
    """Whether a figure that is no longer there was part of the latest submission."""
    return not sheet.return_.is_reopened or sheet.return_.is_open_to(sheet.lines.get(asked.key))


def _answers(row):
    """Of one submission: {(measure, unit, group): its answers}."""
    found = {}
    for answer in row.after.get("answers", []):
        question = tuple(answer[name] for name in ("measure_id", "unit_id", "group_id"))
        said = {name: text for name, text in answer.items() if name not in BESIDE}
        found.setdefault(question, []).append(said)
    return found


def _words(sheet, asked, said):
    """One answer of the history as people read it."""
    if "rating" in said:
        return RATED[said["rating"]]
    if "why_none" in said:
        return WHY_NONE[said["why_none"]]
    if "done" in said:
        return {"yes": "yes", "not_yet": "not yet", "at_risk": "at risk"}[said["done"]]
    if "level_id" in said:
        every = (level for levels in sheet.asking.levels.values() for level in levels)
        return next((level.name for level in every if str(level.id) == said["level_id"]), "")
    texts = dict.fromkeys(FIGURES) | {n: Decimal(said[n]) for n in FIGURES if n in said}
    return answer_words(SimpleNamespace(**texts, done=None, done_on=None), asked.measure)

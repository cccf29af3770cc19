"""What is typed into the returns of a term and is no answer yet: it is kept, and it is not in.

Of what has been sent nothing is half typed: that stops submitting.
"""

from collections import Counter

from kpis.models import Measure, PupilGroup

from ..grid.sheet import TYPING
from ..spreadsheets.lines_now import lines_now
from .reading import answers_in_full


def half_typed(asking, returns, today, offices=None):
    """How many figures of each return are half typed, or cannot be read: {its number: count}.

    One query, whatever their number. ``offices`` are those whose figures of
    the trust's own return somebody sees, None for all of them.
    """
    typing = {each.pk: each for each in returns if each.state in TYPING}
    lines = lines_now(list(typing)) if typing else {}
    told = [
        (typing[pk], line)
        for pk, there in lines.items()
        for line in there.values()
        if line.key[3] == 1 and line.typed.has_answer
    ]
    measures = _with_strays(Measure, asking.measures, {line.key[0] for _, line in told})
    groups = _with_strays(PupilGroup, asking.groups, {line.key[2] for _, line in told})
    found = Counter()
    for return_, line in told:
        measure, group = measures[line.key[0]], groups[line.key[2]]
        is_own = offices is None or not return_.is_the_trusts or measure.office_id in offices
        if is_own and not answers_in_full(asking.question_about(measure, group), line.typed, today):
            found[return_.pk] += 1
    return found


def _with_strays(model, asked, numbers):
    """Those that the term asks, and those of lines that it asks no more."""
    strays = numbers - asked.keys()
    return {**asked, **model.objects.in_bulk(strays)} if strays else asked

"""What a trustee might ask about the exceptions of a report."""

from kpis.rag.verdict import Status

from ..shapes import Question


def questions_of(exceptions, board):
    """Of each kind of question one, each about another exception."""
    following = [term for term in board.terms if term.period.index > board.term.period.index]
    later = min(following, key=lambda term: term.period.index, default=None)
    by = f" by {later}" if later else ""
    asked = set()
    for one in exceptions:
        for kind, words in _might_ask(one, by):
            if kind not in asked:
                asked.add(kind)
                yield Question(words, one.number)
                break


def _might_ask(one, by):
    """(kind, question) about one exception, the most telling first."""
    whose = f"{one.kpi}{f' at {one.school}' if one.school else ''}"
    status = one.chip.status
    if status == Status.RED.value and one.movement and one.movement.worse:
        yield "worse", f"{whose} is off target and got worse: what will be different{by}?"
    if status == Status.GREEN.value:
        yield "falling", f"{whose} is still on target: what would show that it slips?"
    if status == Status.GREY.value:
        yield "missing", f"When will we know how {whose} stands?"
    if one.what_next or one.who:
        yield "works", f"How will we know that what is planned for {whose} works?"
    else:
        yield "plan", f"Who does what about {whose}, and by when?"

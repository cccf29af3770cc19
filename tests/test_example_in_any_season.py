from collections import Counter
from datetime import date

import pytest

from demo.loading import load
from kpis.facts import plan_for, read_facts
from kpis.rag.judging import judge_all
from kpis.rag.verdict import Mark, Reason, Status
from schools.models import Term
from schools.tenancy import inside


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2027, 1, 12), date(2027, 3, 20), date(2027, 7, 15)], ids=str)
def test_loaded_in_any_season_it_shows_every_state_and_few_reds(day):
    trust, _ = load(day)
    with inside(trust):
        terms = Term.objects.select_related("period__year").opened(day)
        verdicts = [list(_verdicts(trust, term, day)) for term in terms]

    count = Counter(verdict.status for verdict in verdicts[-1])
    coloured = sum(count[colour] for colour in (Status.GREEN, Status.AMBER, Status.RED))
    assert set(count) == set(Status)
    assert 0.5 < count[Status.GREEN] / coloured < 0.7
    assert count[Status.RED] / coloured < 0.2
    assert {verdict.reason for term in verdicts for verdict in term} == set(Reason)
    assert {mark for term in verdicts for verdict in term for mark in verdict.marks} == set(Mark)


def _verdicts(trust, term, day):
    for result in judge_all(read_facts(trust, plan_for(term), term, day)):
        yield result.trust.verdict
        yield from (cell.verdict for cell in result.schools.values())

from collections import Counter
from datetime import date

import pytest

from demo.loading import load
from kpis.facts import plan_for, read_facts
from kpis.rag.judging import judge_all
from kpis.rag.verdict import Status
from schools.models import Term
from schools.tenancy import inside


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2027, 1, 12), date(2027, 3, 20), date(2027, 7, 15)], ids=str)
def test_loaded_in_any_season_it_shows_all_statuses_and_few_reds(day):
    trust, _ = load(day)
    with inside(trust):
        term = Term.objects.select_related("period__year").opened(day).last()
        results = judge_all(read_facts(trust, plan_for(term), term, day))

    count = Counter(
        verdict.status
        for result in results
        for verdict in [result.trust.verdict, *(one.verdict for one in result.schools.values())]
    )
    coloured = sum(count[colour] for colour in (Status.GREEN, Status.AMBER, Status.RED))
    assert set(count) == set(Status)
    assert 0.5 < count[Status.GREEN] / coloured < 0.7
    assert count[Status.RED] / coloured < 0.2

"""What was due before the trust began to collect is missing, and nobody is late with it."""

from dataclasses import replace

import pytest

from kpis.rag.choose import missing
from kpis.rag.verdict import Mark

from .builders import TRUST, make_given


@pytest.mark.parametrize(("later", "is_late"), [(0, True), (1, False)])
def test_what_was_due_before_the_trust_began_is_not_late(later, is_late):
    given = make_given()
    term = replace(given.term, collected_from=given.term.index + later)
    given = replace(given, term=term)
    [measure, *_] = given.measures.values()

    verdict = missing(given, measure, given.units[TRUST])

    assert (Mark.LATE in verdict.marks) is is_late

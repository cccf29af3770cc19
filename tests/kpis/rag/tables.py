"""How the tables of named cases are written."""

from decimal import Decimal

import pytest

from kpis.rag.shown import Kind, Shown
from kpis.rag.side import Sign
from kpis.rag.verdict import Reason, Status, Verdict

COUNT = Shown(Kind.NUMBER, 0, "vacancies")
PUPILS = Shown(Kind.NUMBER, 0, "pupils")
SCORE = Shown(Kind.NUMBER, 2)
RATE = Shown(Kind.NUMBER, 2, "per 100 pupils")
POUNDS = Shown(Kind.MONEY, 0)

SIGNS = {sign.words: sign for sign in Sign}


def case(name, *values):
    return pytest.param(*values, id=name)


def number(text):
    """A figure of a table; None stays "nobody has told us"."""
    return None if text is None else Decimal(text)


GREEN = Verdict(Status.GREEN, Reason.MET, "95.0%, target at least 95.0%")
AMBER = Verdict(Status.AMBER, Reason.NEAR, "94.9%, target at least 95.0%, margin 1.0")
RED = Verdict(Status.RED, Reason.OFF, "90.0%, target at least 95.0%, margin 1.0")
MISSING = Verdict(Status.GREY, Reason.NO_DATA, "no figure has been sent")
TOO_FEW = Verdict(Status.GREY, Reason.SUPPRESSED, "fewer than 6 pupils")
NOT_DUE = Verdict(Status.GREY, Reason.NOT_DUE, "not done by 1 May 2026")
NOT_JUDGED = Verdict(Status.GREY, Reason.NOT_JUDGED, "not inspected since joining")
BASELINE_YEAR = Verdict(Status.GREY, Reason.BASELINE_YEAR, "48.0%, the first figure")
NOT_HERE = Verdict(Status.NOT_APPLICABLE, Reason.NOT_APPLICABLE, "no sixth form")
NOBODY = Verdict(Status.NOT_APPLICABLE, Reason.NO_COHORT, "no pupils to count")
EVERY = (GREEN, AMBER, RED, MISSING, TOO_FEW, NOT_DUE, NOT_JUDGED, NOT_HERE, NOBODY)

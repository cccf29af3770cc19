"""What the list of schools itself answers."""

from decimal import Decimal

from kpis.models import Measure
from kpis.rag import given
from kpis.rag.applies import applies
from schools.models import UnitKind


def register_answers(measures, units, trust, calendar, term):
    """What the list of schools itself answers, for each term up to the chosen one.

    Worked out here each time, never stored and never asked.
    """
    schools = [unit for unit in units.values() if unit.kind == UnitKind.SCHOOL]
    answers = {}
    for measure in measures.values():
        if not measure.register:
            continue
        by_period = {}
        for index in calendar.days:
            if index > term.period.index:
                break
            period = calendar.ending(index, measure.basis)
            counted = [s for s in schools if applies(measure.applicability, s.place, index)]
            day = calendar.days[index][1]
            value = _counted(measure.register, counted, period, day, index)
            if value is not None:
                by_period[period] = given.Answer(period=period, collected=index, value=value)
        answers[measure.id, trust, given.ALL_PUPILS] = tuple(by_period.values())
    return answers


def _counted(register, schools, period, day, index):
    """The register's figure on a day, None where the register does not say."""
    here = [s for s in schools if s.joined <= day and (s.left is None or s.left >= day)]
    match register:
        case Measure.Register.SCHOOLS:
            return Decimal(len(here))
        case Measure.Register.SCHOOLS_JOINED:
            return Decimal(sum(period.starts <= s.joined <= day for s in schools))
        case Measure.Register.PUPILS:
            pupils = [s.place.at(index).pupils for s in here]
            return None if None in pupils else Decimal(sum(pupils))

"""A clause by the figures of all its units, pooled phase by phase where England is.

Source: docs/rag.md, From schools to the trust.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kpis.rag import outside
from kpis.rag.applies import applies
from kpis.rag.given import Clause, Given, Measure, Promise, Reading, Terms, Unit
from kpis.rag.given.units import called
from kpis.rag.grey import not_applicable
from kpis.rag.outcome import Said
from kpis.rag.periods import in_force_now
from kpis.rag.say import by_all, does_apply, joined_by_all
from kpis.rag.scales import scales
from kpis.rag.together import of_all
from kpis.rag.weigh import weigh


def all_together(
    given: Given, promise: Promise, clause: Clause, units: Sequence[Unit], things: str
) -> Said:
    """Judge the figures of all units together, reading by reading.

    ``things`` is what the units are called as a kind.
    """
    return by_all(
        given,
        [
            (reading, _reading_together(given, promise, clause, reading, units, things))
            for reading in clause.readings
        ],
    )


def _reading_together(
    given: Given,
    promise: Promise,
    clause: Clause,
    reading: Reading,
    units: Sequence[Unit],
    things: str,
) -> Said:
    measure = given.measures[reading.measure]
    its = [
        unit
        for unit in units
        if does_apply(given, clause, reading, unit)
        and applies(measure.applicability, unit.place, given.term.index)
    ]
    if not its:
        nobody = not_applicable(f"applies to none of the {called(units, things)}")
        return Said(nobody, asked=False)
    pools = _pools(given, in_force_now(given, clause), measure, its)
    return joined_by_all(
        [
            (name, weigh(scales(given, promise, clause, reading, evidence.period), evidence))
            for name, among, whose in pools
            for words in [called(among, things)]
            for evidence in [of_all(given, clause, reading, measure, among, whose, words)]
        ]
    )


def _pools(
    given: Given, terms: Terms, measure: Measure, units: Sequence[Unit]
) -> Iterator[tuple[str, list[Unit], Unit]]:
    """(name, units, whose comparator) of each pool: one for all, or one for each phase.

    A school of several phases is compared with a mix of its own: it stands alone.
    """
    trust = given.units[given.trust]
    is_compared = terms.rule == "compare" or terms.against == "national_other"
    if not (is_compared and outside.is_by_phase(outside.series_for(given, measure, terms))):
        yield "", list(units), trust
        return
    mixed = [unit for unit in units if unit.place.has_parts]
    plain = [unit for unit in units if not unit.place.has_parts]
    for phase in sorted({unit.phase for unit in plain}):
        among = [unit for unit in plain if unit.phase == phase]
        yield phase.replace("_", " "), among, replace(trust, phase=phase)
    for unit in mixed:
        yield unit.phase.replace("_", " "), [unit], unit

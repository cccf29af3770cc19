"""All schools together, from their counts: what stands beside a verdict without a colour."""

from kpis.rag.begin import before
from kpis.rag.choose import shown_as
from kpis.rag.others import answer_of
from kpis.rag.pool import Amount, pooled


def pooled_figure(measure, answers):
    """The figure of some answers together, as shown, and how many it is about.

    Never the mean of their figures; (None, None) without counts.
    """
    amounts = (_amount(measure, answer) for answer in answers if answer is not None)
    pool = pooled([amount for amount in amounts if amount is not None])
    value = pool.exact(measure.per)
    return (
        (None, None) if value is None else (shown_as(measure).figure(value), int(pool.denominator))
    )


def _amount(measure, answer):
    if answer.denominator is None:
        return None
    if measure.counts == "weight":
        value = answer.value
        return None if value is None else Amount.weighted(value, int(answer.denominator))
    return None if answer.numerator is None else Amount(answer.numerator, answer.denominator)


def trust_said(given, line):
    """What the trust's cell says beside its letter: the figure of all schools together.

    A clause that compares with England is pooled and judged phase by phase,
    but one figure of the trust is that of every school.
    """
    said = line.together or line.trust
    units = [given.units[pk] for pk in line.units]
    if said.figure is None or said.period is None or len({unit.phase for unit in units}) < 2:
        return said
    terms = line.clause.in_force(said.period.index)
    if terms.rule != "compare":
        return said
    measure, group = given.measures[said.measure], terms.group
    told = [(unit, answer_of(given, measure, unit, group, said.period)) for unit in units]
    told = [(unit, answer) for unit, answer in told if answer is not None]
    figure, count = pooled_figure(measure, [answer for _, answer in told])
    if figure is None:
        return said
    earlier = [before(given, measure, unit, group, said.period) for unit, _ in told]
    has_past = all(earlier)
    was, _ = pooled_figure(measure, earlier)
    return said._replace(
        figure=figure,
        base=count,
        before=was if has_past else None,
        before_period=earlier[0].period if has_past else None,
        target=None,
        expected=None,
    )

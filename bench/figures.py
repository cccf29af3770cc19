"""Fifteen terms of figures for an invented trust, from one seed.

Some are late, some have a reason instead, some are about too few pupils, some
have been sent in and not approved yet.
"""

from datetime import timedelta
from decimal import Decimal
from itertools import islice

from kpis.models import Comparator, CountedCase, Entry, Judgement, Override, WhyNone
from schools.models import Part
from schools.tenancy import inside

from .house import FIRST_YEAR, STARTS, YEARS

AT_ONCE = 2_000
LATE, GONE, NO_FIGURE, PROVISIONAL, REPLACED = 0.04, 0.01, 0.03, 0.25, 0.1
IN_GROUP = {"disadvantaged": (0.27, 8), "send": (0.16, 12)}
OUTSIDE_OF = {"primary": 0.3, "secondary": -0.3}  # in what lies between schools
NEVER_PUBLISHED = (2019, 2020)


def fill(house):
    """Write all figures of a house; how many entries there are."""
    with inside(house.trust):
        filling = Filling(house)
        _outside(house)
        written = _in_batches(Entry, filling.entries())
        _in_batches(Judgement, filling.judgements())
        _in_batches(CountedCase, filling.cases())
        _by_hand(house)
    return written


def _in_batches(model, rows):
    rows, written = iter(rows), 0
    while batch := list(islice(rows, AT_ONCE)):
        model.objects.bulk_create(batch)
        written += len(batch)
    return written


class Filling:
    """The answers, measure by measure and school by school."""

    def __init__(self, house):
        self.house, self.random = house, house.random
        self.terms = house.terms[: YEARS * 3]
        self.last = self.terms[-1]
        units = [*house.schools, *house.parts]
        self.good = {unit.pk: self.random.gauss(0, 1) for unit in units}
        # One school in twelve is very small.
        self.size = {
            unit.pk: 0.06 if place % 12 == 5 else self.random.uniform(0.4, 2)
            for place, unit in enumerate(units)
        }

    def entries(self):
        for counted, measure in self.house.measures:
            match measure.kind:
                case "level":
                    yield from self._levels(counted, measure)
                case "yes_no":
                    yield from self._done(counted, measure)
                case "cases":
                    yield from self._confirmed(measure)
                case "rating":
                    pass
                case _:
                    yield from self._figures(counted, measure)

    def _asked(self, measure):
        """The terms that ask, each with the period that it asks about."""
        for term in self.terms:
            if Part(term.period.part) in measure.asked_parts():
                period = self.house.asked_about(measure, term)
                if measure.series_id is None or period.year_id not in NEVER_PUBLISHED:
                    yield term, period

    def _figures(self, counted, measure):
        random, better = self.random, -1 if measure.better == "lower" else 1
        asked = list(self._asked(measure))
        for unit in self.house.answering(measure):
            asked_here = [(t, p) for t, p in asked if unit.joined <= t.starts]
            own = counted.apart * (0.6 * self.good[unit.pk] + 0.8 * random.gauss(0, 1)) * better
            for term, period in asked_here:
                gone = random.random()
                if gone < (LATE if term is self.last else GONE):
                    continue
                standing = {"standing": self._standing(term), "collected_in": term}
                years = (term.period.year_id - FIRST_YEAR) * 0.25 - 0.5
                moved = (years * better + random.gauss(0, 0.35)) * counted.apart
                value = counted.middle + own + moved
                reason = self._reason(term) if random.random() < NO_FIGURE else None
                for group in counted.groups:
                    place = {
                        "measure": measure,
                        "unit": unit,
                        "period": period,
                        "group_id": self.house.groups[group],
                    }
                    told = reason or self._told(counted, measure, unit, group, value)
                    yield Entry(**place, **standing, **told)
                    if standing["standing"] == "provisional" and random.random() < REPLACED:
                        # Reopened: what was approved before is still there.
                        before = self._told(counted, measure, unit, group, value + 0.4)
                        yield Entry(**place, standing="approved", collected_in=term, **before)

    def _standing(self, term):
        is_open = term is self.last and self.random.random() < PROVISIONAL
        return "provisional" if is_open else "approved"

    def _reason(self, term):
        why = self.random.choice(list(WhyNone))
        later = self.random.choice((-20, 200))
        return {
            "why_none": why,
            "expected_on": term.ends + timedelta(days=later) if why == "not_available" else None,
            "claim_accepted": why != "not_available" and self.random.random() < 0.7,
        }

    def _told(self, counted, measure, unit, group, value):
        share, behind = IN_GROUP.get(group, (1, 0))
        value -= behind * (1 if measure.better == "higher" else -1) * (0.7 + 0.3 * share)
        of = max(1, round(counted.of * self.size[unit.pk] * share))
        if measure.counts == "weight":
            return {"value": Decimal(f"{value:.2f}"), "denominator": of}
        if measure.counts == "none":
            value = max(value, 0)
            return {"value": Decimal(f"{value:.{measure.decimals}f}")}
        part = max(0, round(value * of / measure.per))
        part = min(part, of) if measure.kind == "percentage" else part
        exact = Decimal(part * measure.per) / of
        told = {"numerator": part, "denominator": of, "value": exact.quantize(Decimal("0.000001"))}
        if measure.survey:
            told |= {"respondents": of, "invited": of * 2, "provider": "A survey company"}
        return told

    # What is not a figure

    def _levels(self, counted, measure):
        levels = self.house.levels[self.house.scale_of(counted)]
        for unit in self.house.schools:
            place = self.random.choice((0, 1, 1, 2, 2))
            terms = self.terms[2::3]
            if measure.inspection:
                terms = self.random.sample(self.terms, self.random.choice((0, 1, 1, 1, 2)))
            for term in terms:
                if unit.joined > term.starts:
                    continue
                place = min(place + self.random.choice((0, 0, 1)), len(levels) - 1)
                yield self._on_the_day(measure, unit, term, level=levels[place])

    def _done(self, counted, measure):
        begun = [term for term in self.terms if term.ends >= STARTS]
        for unit in self.house.schools:
            if "this year" in counted.name:
                for term in begun[1::3]:
                    if self.random.random() < 0.85:
                        yield self._on_the_day(measure, unit, term, done="yes", done_on=term.ends)
                continue
            ready = self.random.randint(0, 9)
            for number, term in enumerate(begun[: ready + 1]):
                if number == ready:
                    yield self._on_the_day(measure, unit, term, done="yes", done_on=term.ends)
                else:
                    said = self.random.choice(("not_yet", "not_yet", "at_risk"))
                    yield self._on_the_day(measure, unit, term, done=said)

    def _on_the_day(self, measure, unit, term, **told):
        return Entry(
            measure=measure,
            unit=unit,
            period=self.house.asked_about(measure, term),
            group_id=self.house.groups["all"],
            standing=self._standing(term),
            collected_in=term,
            **told,
        )

    def _confirmed(self, measure):
        for term, period in list(self._asked(measure)):
            for unit in self.house.schools:
                if unit.joined <= term.starts and self.random.random() > LATE:
                    yield Entry(
                        measure=measure,
                        unit=unit,
                        period=period,
                        group_id=self.house.groups["all"],
                        standing=self._standing(term),
                        collected_in=term,
                        value=self.random.choice((0, 0, 1, 2)),
                    )

    def cases(self):
        """As many as each entry says, where units keep a log."""
        entries = Entry.objects.filter(measure__kind="cases").select_related("collected_in")
        for entry in entries.order_by("pk"):
            for _ in range(int(entry.value)):
                opened = entry.collected_in.starts + timedelta(days=self.random.randint(0, 60))
                closed = opened + timedelta(days=self.random.choice((20, 40, 500)))
                yield CountedCase(
                    entry=entry,
                    what="Something to mend",
                    opened=opened,
                    closed=closed if closed < entry.collected_in.ends else None,
                )

    def judgements(self):
        for _, measure in self.house.measures:
            if measure.kind != "rating":
                continue
            for unit in self.house.schools:
                for term in self.terms:
                    if unit.joined > term.starts or self.random.random() < 0.35:
                        continue
                    yield Judgement(
                        measure=measure,
                        unit=unit,
                        group_id=self.house.groups["all"],
                        kind="external" if self.random.random() < 0.1 else "internal",
                        on=term.ends - timedelta(days=self.random.randint(0, 40)),
                        standing=self._standing(term),
                        rating=self.random.choice(("green", "green", "amber", "red")),
                        rated_by="school",
                        reviewer="A. Reviewer",
                        evidence="Seen in lessons.",
                        collected_in=term,
                    )


def _outside(house):
    """Figures of England, by phase and group, with releases, and years without one."""
    rows = []
    for number, (counted, measure) in enumerate(house.measures):
        if measure.series_id is None or measure.series.comparators.exists():
            continue
        periods = {house.asked_about(measure, term) for term in house.terms[: YEARS * 3]}
        newest = max(period.on for period in periods)
        for period in sorted(periods, key=lambda period: (period.on, period.pk)):
            is_newest = period.on == newest
            missing = period.year_id in NEVER_PUBLISHED or (is_newest and number % 7 == 6)
            for phase, better in OUTSIDE_OF.items():
                place = {
                    "series": measure.series,
                    "scope": "phase",
                    "scope_code": phase,
                    "period": period,
                    "published_on": period.on,
                    "source_title": "Invented to measure by",
                }
                groups = {"all": 0}
                if len(counted.groups) > 1:
                    groups |= {"disadvantaged": -9, "not_disadvantaged": 4}
                for group, off in groups.items():
                    place["group_id"] = house.groups[group]
                    if missing:
                        rows.append(Comparator(**place, not_published=True))
                        continue
                    value = counted.middle + better * counted.apart + off * (counted.apart > 1)
                    value = Decimal(f"{value:.2f}")
                    releases = ("provisional", "revised") if is_newest else ("final",)
                    rows += [Comparator(**place, value=value, release=one) for one in releases]
    Comparator.objects.bulk_create(rows, batch_size=AT_ONCE)


def _by_hand(house):
    """A leader has set a few by hand."""
    Override.objects.bulk_create(
        Override(
            node=kpi,
            unit=house.schools[number % len(house.schools)],
            term=house.term,
            status="amber",
            reason="Agreed with the board",
            by=house.leader,
        )
        for number, (_, kpi) in enumerate(house.kpis[::25])
    )

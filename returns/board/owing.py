"""What is missing in the returns of a term, what that hides, and who can send it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from kpis.models import KPI
from schools.models import Membership, Role, UnitKind
from schools.people import OF_A_SCHOOL

from ..asked.asking import ALL_PUPILS, Asked
from ..asked.plan_order import Place, read_places
from ..grid.sheet import TYPING
from ..life.entering import asked_by
from ..models import Line
from ..typed.reading import answers_in_full
from ..typed.spelling import lower_first


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can send what a return owes; ``offices`` are those of a contributor."""

    person: object
    role: str
    offices: frozenset = frozenset()

    def answers(self, measure):
        return self.role != Role.CONTRIBUTOR or measure.office_id in self.offices


class Owing:
    """The figures that are missing in a term's returns, read for all of them at once."""

    def __init__(self, asking, returns, today):
        self.asking, self.returns = asking, returns
        answered, self._blank = defaultdict(set), defaultdict(list)
        for line in self._lines():
            if self._is_in(line, today):
                answered[line.return_to_id].add(line.key)
            else:
                self._blank[line.return_to_id].append(line)
        self._missing = defaultdict(list)
        open_ones = {each.unit_id: each for each in returns if _is_asked(each)}
        for asked in asking.every:
            each = open_ones.get(asking.returning(asked))
            if each is not None and asked.key not in answered[each.pk]:
                self._missing[each.pk].append(asked)

    def _lines(self):
        lines = Line.objects.filter(return_to__term=self.asking.term, number=1)
        return lines.select_related("measure__office", "group")

    def _is_in(self, line, today):
        """What is half typed is missing still."""
        question = self.asking.question_about(line.measure, line.group)
        return line.typed.has_answer and answers_in_full(question, line.typed, today)

    def missing(self, return_):
        """The questions of a return without an answer: of one that is sent, those left blank."""
        if _is_asked(return_):
            found = self._missing[return_.pk]
        else:
            found = [
                asked_by(line, self.asking)
                for line in self._blank[return_.pk]
                if line.entry_id is None and line.judgement_id is None
            ]
        return sorted(found, key=self._order)

    def _order(self, asked):
        return (self.places.get(asked.measure.pk, Place()).order, asked.measure.pk, *asked.key[1:])

    def name_of(self, asked, return_):
        """A question as its return calls it: "Attendance, primary, disadvantaged pupils"."""
        words = self.measure_of(asked, return_)
        if asked.group.code == ALL_PUPILS:
            return words
        return f"{words}, {lower_first(asked.group.name)}"

    def measure_of(self, asked, return_):
        """The measure, and what it is about where that is not the return's own unit."""
        if asked.unit.id == return_.unit_id:
            return asked.measure.name
        unit = asked.unit.name.removeprefix(f"{return_.unit}, ")
        return f"{asked.measure.name}, {unit}"

    @cached_property
    def places(self):
        return read_places(self.asking.term)

    @cached_property
    def _titles(self):
        return {kpi.pk: kpi.short for kpi in KPI.objects.live()}

    def hides(self, missing):
        """The KPIs that read what is missing, in the order of the plan: (number, name)."""
        found = {
            pk: self._titles[pk]
            for asked in missing
            for pk in self.places.get(asked.measure.pk, Place()).kpis
            if pk in self._titles
        }
        return tuple(found.items())

    @cached_property
    def _people(self):
        """Those who can send, by the unit whose return it is: headteachers before editors."""
        found = defaultdict(list)
        roles = (*OF_A_SCHOOL, Role.CONTRIBUTOR)
        held = Membership.objects.current().filter(role__in=roles)
        for one in held.select_related("user").prefetch_related("units", "offices"):
            if one.role == Role.CONTRIBUTOR:
                offices = frozenset(office.pk for office in one.offices.all())
                found[self.asking.trust_unit].append(Contact(one.user, one.role, offices))
                continue
            for unit in one.units.all():
                found[unit.pk].append(Contact(one.user, one.role))
        return found

    def contacts(self, return_):
        """The people of a return. Of the trust's own, those whose office has lines in it."""
        people = sorted(
            self._people[return_.unit_id],
            key=lambda one: (one.role != Role.HEADTEACHER, one.person.name, one.person.pk),
        )
        if return_.unit.kind == UnitKind.TRUST:
            missing = self.missing(return_)
            people = [one for one in people if any(one.answers(each.measure) for each in missing)]
        return people


def _is_asked(return_):
    """Whether what the term asks now is what is missing; once sent, what was asked then."""
    return return_.state in TYPING and not return_.is_reopened


def of_person(missing: list[Asked], contact):
    """What of a return's missing figures one person answers for."""
    return [asked for asked in missing if contact.answers(asked.measure)]

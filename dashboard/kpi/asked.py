"""Which KPI, which of its clauses and which school one person has asked for and may read."""

from dataclasses import replace

from django.utils.datastructures import MultiValueDict

from kpis.rag.judging import schools_of
from priorities.models import NodeRole


class Hidden(LookupError):
    """What was asked for is not there, or not for this person."""


def _as_query(choices):
    """Choices that come from no address."""
    return MultiValueDict({name: [value] for name, value in choices.items()})


class Asked:
    """One KPI as one person asks for it: its clauses that they may read, and the school that leads.

    Raises Hidden for a school or a KPI that they may not see.
    """

    def __init__(self, facts, pk, sight, query, addresses):
        self.facts, self.given, self.sight = facts, facts.given, sight
        self.addresses = addresses
        self.query = query if hasattr(query, "getlist") else _as_query(query)
        self.branch = facts.branch(pk)
        if self.branch is None or not facts.given.promises:
            raise Hidden
        self.promise = self._mine(facts.given.promises[0])
        self.school = self._school(query.get("school", ""))

    def _mine(self, promise):
        """A contributor reads the clauses whose measures they answer for, and no other."""
        if not self.sight.is_of_an_office:
            return promise
        offices = {pk: about.office_id for pk, about in self.facts.definitions.items()}
        clauses = tuple(
            clause
            for clause in promise.clauses
            if clause.readings
            and all(self.sight.answers_for(offices[r.measure]) for r in clause.readings)
        )
        if not clauses:
            raise Hidden
        return replace(promise, clauses=clauses)

    def _school(self, code):
        if not code:
            return None
        for unit in schools_of(self.given):
            if unit.code == code and self.sight.is_mine(unit.id):
                return unit
        raise Hidden

    @property
    def measures(self):
        """The numbers of the measures that the clauses read."""
        return {r.measure for clause in self.promise.clauses for r in clause.readings}

    @property
    def unit(self):
        """Whose verdict leads: the school's, else the trust's."""
        return self.school or self.given.units[self.given.trust]

    def breadcrumbs(self):
        """Plan, then the priority that the KPI stands under."""
        crumbs = [("Plan", self.addresses.plan())]
        branch = self.branch
        while branch.parent is not None and branch.role != NodeRole.PRIORITY:
            branch = self.facts.branch(branch.parent)
        if branch is not self.branch:
            crumbs.append((branch.title, self.addresses.plan(view="tree", anchor=f"#{branch.key}")))
        return crumbs

"""Addresses of the pages: the trust in the path, the term and the choices in the query."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its count, if it has one, and whether it is where we are."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


def at_school(code):
    """What the address of a KPI ends on when a school leads its page."""
    return "&" + urlencode({"school": code})


@dataclass(frozen=True, slots=True)
class Addresses:
    """The pages of one trust in one term, and this page with other choices."""

    trust: str
    term: str
    page: str = "dashboard:matrix"
    choices: tuple[tuple[str, str], ...] = ()

    def kpi(self, pk, school=None, clause=None, anchor=""):
        """A KPI, led by one school and about one clause where they are given."""
        query = [("term", self.term), ("school", school), ("clause", clause)]
        return self._address("dashboard:kpi", query, pk) + anchor

    def kpi_choice(self, pk, **choices):
        """A KPI with other choices: the school, the clause, the measure in the chart."""
        return self._address("dashboard:kpi", [("term", self.term), *choices.items()], pk)

    def of_kpi(self, page, pk, choices):
        """Another address of a KPI: its history, a file of its chart; with (name, value) pairs."""
        return self._address(page, [("term", self.term), *choices], pk)

    def answer(self, pk, reading, kind):
        """The form in which a leader settles one thing about a KPI."""
        return self._address("dashboard:answer", [("term", self.term)], pk, reading, kind)

    def say(self, pk):
        """Where a leader comments on a result for the trust."""
        return self._address("dashboard:say", [("term", self.term)], pk)

    def reply(self, pk, school):
        """Where a headteacher replies to a status of their school."""
        return self._address("dashboard:reply", [("term", self.term), ("school", school)], pk)

    def by_hand(self, pk, school=None):
        """The form in which a leader sets the status of a KPI for one term."""
        return self._address("dashboard:by-hand", [("term", self.term), ("school", school)], pk)

    def matrix(self, **choices):
        return self._address("dashboard:matrix", [("term", self.term), *choices.items()])

    def plan(self, anchor="", **choices):
        return self._address("dashboard:plan", [("term", self.term), *choices.items()]) + anchor

    def entry(self, key):
        """Where an entry stands in the full tree, opened so that it can be seen."""
        return self.plan(view="tree", open="all", anchor=f"#entry-{key}")

    def coverage(self):
        """The frameworks that the plan is held against."""
        return self._address("dashboard:plan-coverage", [("term", self.term)])

    def readiness(self):
        """What the plan lacks."""
        return self._address("dashboard:plan-readiness", [("term", self.term)])

    def school(self, code, term=None):
        """A school on a page, in another term where one is told."""
        return self._address("dashboard:school", [("term", term or self.term)], code)

    def schools(self, **choices):
        """The list of schools."""
        return self._address("dashboard:schools", [("term", self.term), *choices.items()])

    def compare(self, codes=()):
        """Some schools side by side, by their codes."""
        query = [("term", self.term), *(("school", code) for code in codes)]
        return self._address("dashboard:schools-compare", query)

    def returns(self):
        return self._address("returns:return-list", [("term", self.term)])

    def a_return(self, pk):
        """One unit's return, to be typed."""
        return reverse("returns:return-edit", args=[self.trust, pk])

    def here(self, **changes):
        """This page with these choices changed; None takes one away."""
        kept = [(name, value) for name, value in self.choices if name not in changes]
        return self._address(self.page, [("term", self.term), *kept, *changes.items()])

    def opened(self, key):
        """This page with one row opened, or closed again if it is open."""
        others = [(name, value) for name, value in self.choices if (name, value) != ("open", key)]
        is_open = len(others) < len(self.choices)
        query = [("term", self.term), *others, ("open", None if is_open else key)]
        return f"{self._address(self.page, query)}#kpi-{key}"

    def _address(self, page, query, *args):
        told = [(name, value) for name, value in query if value not in (None, "")]
        return reverse(page, args=[self.trust, *args], query=told)

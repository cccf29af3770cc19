"""A trust with something to report: a term of figures, a leader who drafts, a trustee who reads."""

from dataclasses import dataclass

import pytest
from django.urls import reverse

from kpis.models import KPI
from reports.models import Pick
from schools.models import Memberships, Role
from schools.tenancy import inside
from tests.factories import make_entry, make_house, make_report, make_term, make_user


@dataclass
class Told:
    """A trust, its draft with one exception that has been written about, and its people."""

    trust: object
    term: object
    attendance: object
    schools: list
    report: object
    leader: object
    trustee: object

    def address(self, name, *args):
        return reverse(f"reports:report-{name}", args=[self.trust, *args])

    def memberships(self):
        return Memberships(self.leader, self.trust)


@pytest.fixture
def told(db):
    trust, term, attendance, schools = make_house(schools=2)
    before = make_term(trust, "2024-autumn")
    for school, then, now in zip(schools, ("94.8", "95.0"), ("91.7", "95.2"), strict=True):
        make_entry(attendance, school, before, value=then)
        make_entry(attendance, school, term, value=now)
    return told_by(trust, term, attendance, schools)


def told_by(trust, term, attendance, schools):
    report = make_report(trust, term)
    leader = make_user(Role.LEADER, trust, email=f"leader@{trust.slug}.example")
    trustee = make_user(Role.TRUSTEE, trust, email=f"trustee@{trust.slug}.example")
    with inside(trust):
        report.begun_by = leader
        report.save()
        Pick.objects.create(
            report=report,
            node=KPI.objects.get(),
            unit=schools[0].unit_ptr,
            order=1,
            why="Two weeks of flu in Year 4.",
            what_next="Visits to the families.",
            who="The headteacher",
            by_when="Half term",
            rule="Off target and getting worse",
        )
    return Told(trust, term, attendance, schools, report, leader, trustee)

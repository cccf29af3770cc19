"""Load the example trust: everything of it, or nothing."""

from django.db import transaction

from schools.models import User
from schools.tenancy import inside

from . import house, leading, outside, plan, reporting
from .collecting import Collecting
from .figures import Figures
from .timetable import timetable


@transaction.atomic
def load(today):
    """Make the example trust as of a day; the trust, and its ``house.People``."""
    table = timetable(today)
    outside.load_england()
    trust = house.build(table)
    with inside(trust):
        house.take_in_schools(trust, table)
        house.give_more_time(trust, table)
        people = house.People(trust)
        people.let_in(offices=False)

        england = outside.Outside()
        outside.invent(trust, england, table)
        leader = User.objects.get(email=f"leader@{house.DOMAIN}")
        plan.load(trust, table, england, by=leader)
        people.let_in(offices=True)

        figures = Figures(table, england)
        figures.log.write(by=User.objects.get(email=f"estates@{house.DOMAIN}"))
        Collecting(trust, table, figures).run()
        leading.settle(trust, table)
        reporting.report(trust, table)
    return trust, people

"""First steps of a trust that has just been founded: what to do, in order, with ticks.

Much of it is done by commands today, and the page says so: docs/importing.md.
"""

from dataclasses import dataclass

from django.db.models import Exists
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from kpis.models import KPI, Target
from schools.access import EVERYBODY, access
from schools.models import Membership, Role, School, Term, Trust
from schools.people import OF_A_SCHOOL

# Who is told how it is done; the others see how far it has come.
DOERS = {Role.LEADER, Role.DATA_MANAGER, Role.TRUST_ADMINISTRATOR, Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it is done, who does it, by which commands or on which page."""

    title: str
    done: bool
    how: str
    commands: tuple[str, ...] = ()
    url: str = ""
    link_text: str = ""


@access(GET=EVERYBODY)
def first_steps(request, trust):
    """What is there already, and what comes next?"""
    told = request.memberships.has(*DOERS)
    steps = steps_of(trust, timezone.localdate(), request.memberships)
    page = {"steps": steps, "told": told, "left": not all(step.done for step in steps)}
    return render(request, "dashboard/first_steps.html", page)


def steps_of(trust, today, memberships):
    """The five steps from nothing to the first figures, in one question to the database."""
    done = Trust.objects.values(
        schools=Exists(School.objects.all()),
        plan=Exists(KPI.objects.all()),
        targets=Exists(Target.objects.all()),
        term=Exists(Term.objects.filter(opens__lte=today)),
        invited=Exists(Membership.objects.current().filter(role__in=OF_A_SCHOOL)),
    ).get(pk=trust.pk)
    leads = memberships.has(Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR)

    def page(name, link_text):
        """The page of a step, for those who may open it."""
        return (reverse(name, args=[trust]), link_text) if leads else ("", "")

    readiness, days = ("", ""), ("", "")
    if done["plan"]:
        readiness = page("dashboard:plan-readiness", "See what the plan still lacks")
    if Term.objects.exists():
        days = page("returns:collect", "See the days of the terms")
    return (
        Step(
            "Add your schools",
            done["schools"],
            "Whoever looks after the installation adds them: one by one, or all of the trust from"
            " the register of schools.",
            (
                f'manage.py add_school --trust {trust.slug} --name "…" --code … --phase …'
                " --low-age … --high-age … --joined …",
                f"manage.py import_gias {trust.slug} FILE --group …",
            ),
        ),
        Step(
            "Bring in your plan",
            done["plan"],
            "A plan is one text file. Whoever looks after the installation checks it, then loads"
            " it: all of it or nothing.",
            (
                f"manage.py load_plan FILE --trust {trust.slug} --dry-run",
                f"manage.py load_plan FILE --trust {trust.slug}",
            ),
            *((reverse("dashboard:plan", args=[trust]), "See the plan") if done["plan"] else ()),
        ),
        Step(
            "Set targets",
            done["targets"],
            "Those that the plan prints come in with it. A leader sets the others, each on the"
            " page of its KPI.",
            (),
            *readiness,
        ),
        Step(
            "Open the first term",
            done["term"],
            "A term opens by itself, two weeks before it ends unless another day is set.",
            (),
            *days,
        ),
        Step(
            "Invite schools",
            done["invited"],
            "Whoever looks after the installation adds each person and gets a link, with which"
            " that person sets a password. It works once, for seven days.",
            (
                f"manage.py add_person --trust {trust.slug} --role school_editor --school CODE"
                ' --email … --name "…"',
            ),
        ),
    )

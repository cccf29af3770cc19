from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from demo.outside import INVENTED
from demo.removing import in_order
from kpis.models import KPI, Applicability, Comment, Judgement, Measure, Override, Reply, Target
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import read_path
from priorities.models import Framework, FrameworkLink, Milestone, NodeOwner, NodePhase
from reports.models import Cut
from returns.models import Return
from returns.uploaded import Heading, Upload
from schools.actions import give_role
from schools.models import AuditRow, FullCopy, Job, Outbox, Period, Role, User
from schools.tenancy import inside
from tests.factories import (
    make_entry,
    make_evidence,
    make_head,
    make_house,
    make_published,
    make_school,
    make_term,
    make_trust,
    make_user,
)

from .conftest import every_row

PLAN = Path(settings.BASE_DIR) / "fixtures" / "plans" / "collaborative-learning-trust.yaml"
SAID = {
    Comment: {"why": "Flu"},
    Override: {"status": "amber", "reason": "Flu"},
    Reply: {"text": "Flu"},
}
# What is common to all trusts and stays: terms of school years, England's figures.
COMMON = {"schools.AcademicYear", "schools.Period", "kpis.Series", "kpis.Comparator"}


def remove(northmere):
    said = StringIO()
    call_command("remove_demo", passwords=northmere.passwords.parent / "none", stdout=said)
    return said.getvalue()


def test_no_row_of_the_example_is_left_in_any_table(northmere, client):
    client.force_login(User.objects.get(email="office@northmere.example"))
    Outbox.objects.create(to="head@northmere.example", subject="Sent back", body="See inside.")
    Job.objects.create(kind="report", trust=northmere.trust)

    assert "Removed Northmere" in remove(northmere)

    after = every_row()
    assert {label for label, rows in after.items() if rows != northmere.before[label]} <= COMMON
    assert not any(INVENTED in row for row in after["kpis.Comparator"] | after["kpis.Series"])
    connection.check_constraints()


def test_its_full_copies_go_with_it(northmere, django_capture_on_commit_callbacks):
    private, name = storages["private"], "copies/of-northmere.zip"
    private.save(name, ContentFile(b"all of it"))
    asked = {"asked_by": northmere.trust.memberships.first().user, "asked_at": timezone.now()}
    FullCopy.objects.create(trust=northmere.trust, name=name, **asked)

    with django_capture_on_commit_callbacks(execute=True):
        remove(northmere)

    assert not private.exists(name)


def test_every_row_of_another_trust_stays_as_it_is(northmere):
    """It has rows in every table that a trust can have rows in, and people of both trusts."""
    with_northmere = every_row()
    other = make_full_trust()
    for model in in_order():
        its = model.everywhere.filter(**{model.to_trust: other})
        assert its.exists(), f"The other trust has no {model._meta.label} yet: give it one."
    both = every_row()
    of_the_other = {label: rows - with_northmere[label] for label, rows in both.items()}
    assert len(of_the_other["schools.AuditRow"]) > 1
    of_both = User.objects.get(email="both@example.org")
    with inside(northmere.trust):
        give_role(trust=northmere.trust, email=of_both.email, name=of_both.name, role=Role.LEADER)

    remove(northmere)

    after = every_row()
    for label, rows in of_the_other.items():
        assert rows <= after[label], label
        if label not in COMMON:
            assert after[label] == northmere.before[label] | rows, label
    for label in {"schools.AcademicYear", "schools.Period", "kpis.PupilGroup"}:
        assert after[label] == both[label], label


def make_told(trust, kpi, school):
    """A published report with all that hangs on one."""
    report = make_published(trust).report
    trustee = make_user(Role.TRUSTEE, trust)
    report.asks.create(order=1, words="Approve")
    report.picks.create(node=kpi, unit=school, order=1)
    report.questions.create(words="Why?", asked_by=trustee, asked_at=report.begun_at)
    report.private_notes.create(user=trustee, words="Ask", at=report.begun_at)
    Cut.objects.create(trust=trust, name="Finance").kpis.add(kpi)


def make_files(trust, school, line, head):
    """A file that was sent in, how its columns are read, and a full copy that was asked for."""
    when = line.return_to.term.due
    upload = Upload.objects.create(
        trust=trust, by=head, term=line.return_to.term, name="figures.csv", checked_at=when
    )
    upload.lines.create(line=line, row=2, version=1)
    Heading.objects.create(unit=school, heading="Att %", column="value")
    FullCopy.objects.create(trust=trust, asked_by=head, asked_at=when, name=f"{trust.slug}.zip")


def make_full_trust():
    """A trust with at least one row in every table that has rows of a trust."""
    trust = make_trust()
    school, term = make_school(trust), make_term(trust)
    Outbox.objects.create(to="both@example.org", subject="Sent back", body="See inside.")
    Job.objects.create(kind="report", trust=trust)
    make_user(Role.LEADER, trust, email="both@example.org")
    with inside(trust):
        load_plan(read_path(PLAN), trust)
        attendance = Measure.objects.get(code="attendance")
        head = make_head(school)
        entry = make_entry(attendance, school, term, value="93.5")
        kpi, everyone, period = KPI.objects.first(), entry.group, entry.period
        target = Target.objects.first()
        target.steps.create(by_period=period, value=1)
        rule = Applicability.objects.create(trust=trust, church=True)
        rule.exceptions.create(unit=school, applies=True, from_period=period)
        attendance.breaks.create(from_period=period, why="counted anew")
        school.improvement_phases.create(name="Support", since=term.starts)
        school.become(term.starts, is_church=True)
        term.deadlines.create(unit=school, due=term.due, reason="flood")
        Milestone.everywhere.create(plan=kpi.plan, role="milestone", key="m1", title="Doors open")
        NodeOwner.objects.create(node=kpi, role="Head")
        item = Framework.objects.create(key="pillars", name="Pillars").items.create(key="one")
        FrameworkLink.objects.create(node=kpi, item=item)
        kpi.links.create(to=kpi.parent, kind="tags")
        kpi.costs.create(order=1, words="Cover", certainty="certain")
        phase = kpi.plan.phases.create(key="explore", name="Explore")
        year = Period.objects.whole_year(2025)
        NodePhase.objects.create(node=kpi, phase=phase, year=year)
        for said, columns in SAID.items():
            said.objects.create(node=kpi, unit=school, term=term, by=head, **columns)
        make_told(trust, kpi, school)
        attendance.cases.create(unit=school, what="A loose tile", opened=term.starts)
        entry.cases.create(what="A loose tile", opened=term.starts)
        Judgement.objects.create(
            measure=attendance,
            unit=school,
            group=everyone,
            kind="internal",
            on=term.ends,
            standing="approved",
            rating="green",
            rated_by="school",
            reviewer="Head",
            evidence="Books",
            collected_in=term,
        )
        return_ = Return.objects.create(unit=school, term=term, submitted_by=head)
        line = return_.lines.create(
            measure=attendance, unit=school, group=everyone, period=period, entry=entry
        )
        make_files(trust, school, line, head)
        make_evidence(return_)
        return_.reminders.create(trust=trust, person=head, day=term.ends, at=term.due)
    return trust


def test_somebody_who_works_in_another_trust_too_stays_there(northmere):
    other, *_ = make_house()
    joan = User.objects.get(email="data@northmere.example")
    give_role(trust=other, email=joan.email, name=joan.name, role=Role.AUDITOR)

    remove(northmere)

    assert list(joan.memberships(manager="everywhere").values_list("trust", flat=True)) == [
        other.pk
    ]


def test_somebody_who_left_a_trace_in_another_trust_stays_without_a_role(northmere):
    other, *_ = make_house()
    ines = User.objects.get(email="admin@northmere.example")
    with inside(other):
        AuditRow.objects.record("looked", other, by=ines)

    remove(northmere)

    assert list(User.objects.filter(email__endswith="@northmere.example")) == [ines]


def test_removing_what_is_not_here_says_so(northmere):
    remove(northmere)

    assert "nothing was removed" in remove(northmere)

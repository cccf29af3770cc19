"""The wall between trusts: a question that has not said which trust is an error."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from schools.models import AuditRow, Membership, Role, Term, Trust, Unit, User
from schools.tenancy import InTrust, OutsideTrust, inside
from tests.factories import make_school, make_trust, make_user

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
OURS = ["schools", "priorities", "kpis", "returns", "dashboard", "reports"]

# Common to all trusts, or the trust itself.
OF_NO_TRUST = {
    "schools.AcademicYear",
    "schools.Job",
    "schools.Outbox",
    "schools.Period",
    "schools.Trust",
    "schools.User",
    "kpis.Comparator",
    "kpis.PupilGroup",
    "kpis.Series",
    "priorities.Framework",
    "priorities.FrameworkItem",
}


def models():
    own = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: model for model in own}


@pytest.mark.parametrize("label", sorted(models().keys() - OF_NO_TRUST))
def test_rows_of_a_trust_are_not_given_to_somebody_outside(label):
    model = models()[label]

    assert isinstance(model._default_manager, InTrust)
    with pytest.raises(OutsideTrust):
        model.objects.count()
    with inside(make_trust("north")):
        assert model.objects.count() == model.everywhere.count()


def test_what_is_common_to_all_trusts_is_listed():
    unguarded = {
        label
        for label, model in models().items()
        if not isinstance(model._default_manager, InTrust)
    }

    assert unguarded == OF_NO_TRUST


def test_inside_one_trust_the_other_has_no_rows():
    north, south = make_trust("north"), make_trust("south")
    mine, theirs = make_school(north), make_school(south)

    with inside(north):
        assert set(Unit.objects.schools()) == {Unit.everywhere.get(pk=mine.pk)}
        assert not Unit.objects.filter(pk=theirs.pk).exists()
        assert set(Term.objects.all()) == set(Term.everywhere.filter(trust=north))


def test_a_trust_is_left_again_when_something_goes_wrong():
    with pytest.raises(ZeroDivisionError), inside(make_trust("north")):
        1 / 0  # noqa: B018

    with pytest.raises(OutsideTrust):
        Unit.objects.count()


def test_only_the_edges_ask_across_trusts():
    """Everything else asks inside a trust; who needs more belongs on this list on purpose."""
    # Comparators and pupil groups are common to all trusts, so a new one changes what each judges.
    edges = re.compile(
        r"schools/|[a-z]+/migrations/|[a-z]+/models|[a-z]+/management/|kpis/comparators.py"
        r"|kpis/plan_files/writing_measures.py"
    )
    asking = {
        str(path.relative_to(ROOT))
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"\.everywhere\b|_base_manager\b", path.read_text(encoding="utf-8"))
    }

    assert {path for path in asking if not edges.match(path)} == set()


# Roles and the history


def test_a_role_that_has_ended_is_gone_at_the_next_click(sign_in):
    trust = make_trust("north")
    client = sign_in(make_user(Role.TRUST_ADMINISTRATOR, trust))
    assert client.get("/t/north/people/").status_code == 200

    Membership.everywhere.update(ended_at="2026-01-01T00:00Z")

    assert client.get("/t/north/people/").status_code == 404


def test_the_list_of_people_says_who_may_do_what(sign_in):
    trust = make_trust("north")
    school = make_school(trust, "Ashdale Primary")
    administrator = make_user(Role.TRUST_ADMINISTRATOR, trust, email="ada@example.org")
    make_user(Role.SCHOOL_EDITOR, trust, [school], email="bea@example.org")
    make_user(Role.TRUSTEE, trust, email="cy@example.org")
    User.objects.filter(email="cy@example.org").update(is_active=False)
    make_user(Role.LEADER, make_trust("south"), email="dee@example.org")

    page = sign_in(administrator).get("/t/north/people/").text

    assert "School editor: Ashdale Primary" in page
    assert "bea@example.org" in page
    assert "Trustee: published reports, never live figures" in page
    assert page.count("Stopped") == 1
    assert "dee@example.org" not in page


@pytest.mark.parametrize("schools", [1, 3])
def test_more_people_cost_no_more_queries(schools, sign_in, django_assert_num_queries):
    trust = make_trust("north")
    for _ in range(schools):
        make_user(Role.HEADTEACHER, trust, [make_school(trust)])
    client = sign_in(make_user(Role.TRUST_ADMINISTRATOR, trust))

    # Session, person, trust, memberships; the list, its units and its offices.
    with django_assert_num_queries(7):
        page = client.get("/t/north/people/").text

    assert page.count("Headteacher: ") == schools


def test_history_is_never_changed_or_deleted():
    trust = make_trust("north")
    row = AuditRow.everywhere.get(trust=trust)

    for change in (
        lambda: AuditRow.everywhere.filter(pk=row.pk).update(reason="another"),
        lambda: AuditRow.everywhere.filter(pk=row.pk).delete(),
        lambda: by_hand("UPDATE schools_auditrow SET reason = 'another'"),
        lambda: by_hand("DELETE FROM schools_auditrow"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    row.refresh_from_db()
    assert row.reason == ""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_history_is_never_emptied():
    make_trust("north")
    rows = AuditRow.everywhere.count()

    with pytest.raises(IntegrityError), transaction.atomic():
        by_hand("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE schools_auditrow CASCADE")

    assert AuditRow.everywhere.count() == rows > 0


def by_hand(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_history_of_example_data_may_go_with_it():
    trust = make_trust("north", is_example=True)

    AuditRow.everywhere.filter(trust=trust).delete()

    assert not AuditRow.everywhere.exists()
    assert Trust.objects.get() == trust

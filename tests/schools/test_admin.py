"""The system administrator's tables: across trusts, kept, and in the history."""

import pytest
from django.urls import reverse

from schools.models import AuditRow, Membership, Outbox, Role, Term, Trust, Unit, User
from schools.tenancy import inside
from tests.factories import PASSWORD, make_school, make_trust, make_user
from trustplan.urls import admin

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(sign_in):
    person = User.objects.create_superuser("root@example.org", PASSWORD, name="Sam Root")
    return sign_in(person)


@pytest.fixture
def school():
    trust = make_trust("north")
    make_user(Role.HEADTEACHER, trust, [school := make_school(trust)])
    make_user(Role.CONTRIBUTOR, trust)
    return school


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def filled_in(page, **changed):
    """What a browser would send back of an admin form, with some boxes changed."""
    form = page.context["adminform"].form
    boxes = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        for box, part in parts(field, name, value):
            if part not in (None, False):
                boxes[box] = part
    return {**boxes, **changed, "_save": "Save"}


def parts(field, name, value):
    if hasattr(field.widget, "decompress"):
        texts = field.widget.decompress(value)
        return [(f"{name}_{i}", text) for i, text in enumerate(texts)]
    if isinstance(value, list):
        return [(name, [each.pk for each in value])]
    return [(name, value)]


@pytest.mark.parametrize("model", admin.site._registry)
def test_every_table_opens_with_rows_of_every_trust(system, school, model):
    Outbox.objects.create(to="head@example.org", subject="Due", body="https://secret.example")

    listed = system.get(address(model, "changelist"))
    assert listed.status_code == 200

    rows = getattr(model, "everywhere", model.objects)
    for row in rows.all()[:2]:
        page = system.get(address(model, "change", row.pk))
        assert page.status_code == 200
        assert "secret.example" not in page.text


@pytest.mark.parametrize("model", admin.site._registry)
def test_nothing_is_deleted_here(system, school, model):
    rows = getattr(model, "everywhere", model.objects)
    for row in rows.all()[:1]:
        assert system.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert rows.filter(pk=row.pk).exists()


def test_a_change_of_a_school_is_in_the_history_and_raises_the_trusts_version(system, school):
    page = system.get(address(Unit, "change", school.pk))
    before = school.trust.own_unit.data_version

    answer = system.post(address(Unit, "change", school.pk), filled_in(page, left="2026-08-31"))

    assert answer.status_code == 302, answer.context["errors"]
    row = AuditRow.everywhere.first()
    assert (row.action, row.thing_id, row.by.name) == ("changed", school.pk, "Sam Root")
    assert (row.before, row.after) == ({"left": "None"}, {"left": "2026-08-31"})
    assert row.channel == AuditRow.Channel.ADMIN
    assert row.trust == school.trust
    assert school.trust.own_unit.data_version == before + 1


def test_a_double_code_is_refused_in_words(system, school):
    other = make_school(school.trust)
    page = system.get(address(Unit, "change", school.pk))

    answer = system.post(address(Unit, "change", school.pk), filled_in(page, code=other.code))

    assert "already exists" in answer.text
    assert Unit.everywhere.get(pk=school.pk).code == school.code


def test_a_membership_gets_another_school(system, school):
    second = make_school(school.trust)
    membership = Membership.everywhere.get(role=Role.HEADTEACHER)
    page = system.get(address(Membership, "change", membership.pk))

    answer = system.post(
        address(Membership, "change", membership.pk),
        filled_in(page, units=[school.pk, second.pk]),
    )

    assert answer.status_code == 302, answer.context["errors"]
    with inside(school.trust):
        assert set(membership.units.values_list("pk", flat=True)) == {school.pk, second.pk}
    assert AuditRow.everywhere.first().after == {"units": [str(school), str(second)]}


def test_a_new_membership_is_made_in_its_trust(system, school):
    person = make_user()
    boxes = {"user": person.pk, "trust": school.trust.pk, "role": Role.HEADTEACHER}

    answer = system.post(
        address(Membership, "add"), {**boxes, "units": [school.pk], "_save": "Save"}
    )

    assert answer.status_code == 302, answer.context["errors"]
    with inside(school.trust):
        made = Membership.objects.get(user=person)
        assert [unit.pk for unit in made.units.all()] == [school.pk]


def test_a_membership_reaches_no_school_of_another_trust(system, school):
    theirs = make_school(make_trust("south"), "Elm Park")
    membership = Membership.everywhere.get(role=Role.HEADTEACHER)
    page = system.get(address(Membership, "change", membership.pk))

    answer = system.post(
        address(Membership, "change", membership.pk), filled_in(page, units=[theirs.pk])
    )

    assert "Elm Park belongs to another trust." in answer.text
    with inside(school.trust):
        assert set(membership.units.values_list("pk", flat=True)) == {school.pk}


def test_a_person_made_here_has_no_password_and_none_can_be_typed(system):
    page = system.get(address(User, "add"))
    system.post(
        address(User, "add"), {"email": "new@example.org", "name": "New", "is_active": "on"}
    )

    assert "password" not in page.context["adminform"].form.fields
    assert not User.objects.get(email="new@example.org").has_usable_password()


def test_the_history_is_read_only_here(system, school):
    row = AuditRow.everywhere.first()

    assert system.post(address(AuditRow, "change", row.pk), {"reason": "x"}).status_code == 403
    assert system.get(address(AuditRow, "add")).status_code == 403


@pytest.mark.parametrize("model", [Trust, Term])
def test_a_trust_begins_by_command_with_its_terms(system, model):
    assert system.get(address(model, "add")).status_code == 403


def test_before_the_first_trust_there_is_nothing_to_add_to(system):
    assert system.get(address(Membership, "changelist")).status_code == 200
    assert system.get(address(Membership, "add")).status_code == 403


@pytest.mark.parametrize("role", Role)
def test_to_everybody_else_there_is_no_admin(sign_in, school, role):
    person = make_user(role, school.trust)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    client = sign_in(person)

    for path in ("/admin/", address(Trust, "changelist"), address(User, "change", person.pk)):
        assert client.get(path).status_code == 404

"""Figures outlive what they hang on: a school, a KPI, a term, a person cannot be deleted."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import PROTECT, RESTRICT, ProtectedError
from django.urls import reverse

from kpis.models import Comment
from returns.life.approving import approve
from returns.life.reopening import reopen
from returns.life.sending import submit
from returns.models import Return
from schools.models import Memberships, Role, User
from schools.tenancy import inside
from tests.conftest import OURS
from tests.factories import PASSWORD, make_head, make_house, make_line, make_return, make_user
from trustplan.urls import admin

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 20, 15, 10, tzinfo=UTC)

# What goes with the thing that it is a part of: words of a plan, the steps of one
# target, the exceptions of one rule. Nobody has sent any of it.
PARTS = {
    "priorities.planlabel.plan",
    "priorities.planphase.plan",
    "priorities.nodeowner.node",
    "priorities.nodelink.node",
    "priorities.nodelink.to",
    "priorities.nodecost.node",
    "priorities.nodephase.node",
    "priorities.frameworklink.node",
    "kpis.applicabilityexception.applicability",
    "kpis.targetstep.target",
    "kpis.countedcase.entry",  # the cases that an entry counts; the log keeps its own
    "returns.uploadedline.upload",  # what a file would change; what it changed is a line
}
# A line outlives the entry that it became: it says what was typed.
LET_GO = {f"returns.line.{name}" for name in ("entry", "judgement", "was_entry", "was_judgement")}
LET_GO |= {"reports.ask.about"}  # the exception of a draft that is not ticked any more
# What people have sent, decided or promised, and the trail of it.
KEPT = {
    "schools.auditrow",
    "returns.return",
    "returns.line",
    "kpis.entry",
    "kpis.judgement",
    "kpis.case",
    "kpis.comment",
    "kpis.reply",
    "kpis.override",
    "kpis.target",
    "kpis.baseline",
    "kpis.due",
    "kpis.comparator",
}


def tables(names=None):
    found = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return [model for model in found if names is None or model._meta.label_lower in names]


def test_no_column_takes_a_row_along_that_is_not_a_part_of_its_own():
    lets_go = {
        f"{model._meta.label_lower}.{column.name}"
        for model in tables()
        for column in model._meta.concrete_fields
        if column.is_relation
        and not column.remote_field.parent_link
        and column.remote_field.on_delete not in (PROTECT, RESTRICT)
    }

    assert lets_go == PARTS | LET_GO
    assert {model._meta.label_lower for model in tables(KEPT)} == KEPT


# What figures hang on: each of them has one in that house.
KEEPERS = {
    "schools.trust",
    "schools.user",
    "schools.unit",
    "schools.school",
    "schools.term",
    "schools.period",
    "schools.academicyear",
    "schools.auditrow",
    "priorities.plan",
    "priorities.node",
    "priorities.priority",
    "kpis.measure",
    "kpis.kpi",
    "kpis.clause",
    "kpis.reading",
    "returns.return",
}


@pytest.fixture
def house():
    """A school whose figure was approved, reopened and sent again, with what it says of it."""
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term)
    make_line(return_, attendance, value="91.5", why="Flu", what_next="A nurse comes in May")
    does = {"memberships": Memberships(make_user(Role.DATA_MANAGER, trust), trust), "at": NOW}
    head = {"memberships": Memberships(make_head(school), trust), "at": NOW}

    def version():
        return Return.objects.get(pk=return_.pk).version

    with inside(trust):
        submit(return_, version=version(), **head)
        approve(return_, version=version(), **does)
        reopen(return_, reason="Look again.", **does)
        submit(return_, version=version(), **head)
    assert Comment.everywhere.exists()
    return trust


def kept(but=None):
    """The numbers of all kept rows, by table; ``but`` is left out."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        for model in tables(KEPT)
        if model is not but
    }


def test_whatever_is_deleted_no_figure_goes_with_it(house):
    stayed = set()
    for model in tables():
        before = kept(but=model)
        for row in model._base_manager.all():
            with transaction.atomic(), inside(house):
                try:
                    row.delete()
                    assert kept(but=model) == before, f"Figures went with {model._meta.label}"
                except (ProtectedError, IntegrityError):
                    stayed.add(model._meta.label_lower)
                transaction.set_rollback(True)

    assert stayed >= KEEPERS


def test_the_administrators_lists_delete_nothing(house, sign_in):
    client = sign_in(User.objects.create_superuser("root@example.org", PASSWORD, name="Sam Root"))
    for model in admin.site._registry:
        numbers = list(model._base_manager.values_list("pk", flat=True))
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        boxes = {"action": "delete_selected", "_selected_action": numbers, "post": "yes"}

        client.post(reverse(f"admin:{name}_changelist"), boxes)

        assert set(numbers) <= set(model._base_manager.values_list("pk", flat=True))

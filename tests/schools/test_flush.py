"""Tests that commit leave the database as migrations made it."""

import pytest
from django.db import IntegrityError, transaction

from kpis.models import PupilGroup
from schools.models import AuditRow, Trust
from tests.factories import make_trust

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_that_commits_begins_with_what_migrations_wrote(time):
    assert not Trust.objects.exists()
    assert PupilGroup.objects.filter(code="all").exists()

    make_trust("north")


@pytest.mark.parametrize("time", ["first", "second"])
def test_the_history_is_guarded_again_after_it_was_emptied(time):
    make_trust("north")

    with pytest.raises(IntegrityError), transaction.atomic():
        AuditRow.everywhere.all().delete()

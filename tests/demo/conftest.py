"""The example trust, loaded once by its command for all tests here."""

from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from demo.timetable import Timetable, timetable
from schools.models import Term, Trust
from schools.tenancy import inside

# An autumn day: what a test finds must not depend on the day when it is run.
TODAY = date(2026, 11, 22)


def every_row():
    """All rows of all tables: {table: {row as text}}."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        fields = [field.attname for field in model._meta.concrete_fields]
        found[model._meta.label] = set(map(str, model._base_manager.values_list(*fields)))
    return found


@dataclass(frozen=True)
class Loaded:
    """Northmere as it has been loaded, and ``before``, every row that was there without it."""

    before: dict[str, set[str]] = field(repr=False)
    trust: Trust
    today: date
    table: Timetable
    passwords: Path
    said: str

    def term(self, number):
        """One of the nine terms, by its number."""
        year, part = divmod(self.table.index(number), 3)
        return Term.objects.select_related("period__year").get(
            period__year=year, period__part=part + 1
        )


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Northmere, taken back after the last test here."""
    passwords = tmp_path_factory.mktemp("demo") / "passwords"
    said = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        before = every_row()
        with patch("demo.management.commands.load_demo.localdate", return_value=TODAY):
            call_command("load_demo", passwords=passwords, stdout=said)
        trust = Trust.objects.get(slug="northmere")
        yield Loaded(before, trust, TODAY, timetable(TODAY), passwords, said.getvalue())
        transaction.set_rollback(True)


@pytest.fixture
def northmere(loaded, db):
    """The same, for one test, inside the trust."""
    with inside(loaded.trust):
        yield loaded

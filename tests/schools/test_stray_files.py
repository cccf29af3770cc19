"""What a crash has left behind in the private storage goes after a day, and nothing else."""

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from returns.spreadsheets.uploads import keep_file
from schools.models import FullCopy, Memberships, Role
from schools.stray_files import FOLDERS
from schools.tenancy import inside
from tests.factories import make_evidence, make_house, make_return, make_user

pytestmark = pytest.mark.django_db


def lay(name, days):
    """A file of this age."""
    private = storages["private"]
    name = private.save(name, ContentFile(b"anything"))
    age(name, days)
    return name


def age(name, days):
    then = time.time() - timedelta(days=days).total_seconds()
    os.utime(storages["private"].path(name), (then, then))


def there(names):
    return [name for name in names if storages["private"].exists(name)]


def swept():
    out = StringIO()
    call_command("sweep_files", stdout=out)
    return out.getvalue().strip()


def test_files_that_no_row_names_go_when_they_are_older_than_a_day():
    swept()
    old = [lay(f"{folder}/left-behind", days=1.1) for folder in FOLDERS]
    young = [lay(f"{folder}/being-kept", days=0.9) for folder in FOLDERS]
    elsewhere = lay("not-ours/of-somebody-else", days=400)

    assert swept() == f"{len(old)} files deleted."

    assert there([*old, *young, elsewhere]) == [*young, elsewhere]
    assert swept() == "0 files deleted."
    for name in [*young, elsewhere]:
        storages["private"].delete(name)


def test_what_a_row_of_any_trust_names_stays_however_old_it_is():
    named = []
    for _ in range(2):
        trust, term, attendance, [school] = make_house()
        manager = make_user(Role.DATA_MANAGER, trust)
        evidence = make_evidence(make_return(school, term, typed="94", measure=attendance))
        with inside(trust):
            memberships = Memberships(manager, trust)
            upload = keep_file(b"a", "a.csv", memberships=memberships, term=term, at=timezone.now())
        copy = lay(f"copies/{trust.slug}.zip", days=6)
        FullCopy.everywhere.create(
            trust=trust, asked_by=manager, asked_at=timezone.now(), name=copy
        )
        named += [evidence.file.name, upload.file.name, copy]
    for name in named:
        age(name, 400)

    swept()

    assert there(named) == named
    assert all(Path(storages["private"].path(name)).is_file() for name in named)

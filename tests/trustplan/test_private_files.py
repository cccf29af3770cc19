"""Files that people send in or have made for them lie where nobody finds them by an address."""

import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages


@pytest.fixture
def kept():
    private = storages["private"]
    name = private.save("kept/letter.txt", ContentFile(b"Dear trust"))
    yield Path(private.path(name))
    private.delete(name)


def test_only_the_owner_of_the_installation_can_open_them(kept):
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_they_lie_outside_what_the_web_server_hands_out(kept):
    handed_out = [Path(settings.STATIC_ROOT), *map(Path, settings.STATICFILES_DIRS)]

    assert not any(kept.is_relative_to(folder) for folder in handed_out)

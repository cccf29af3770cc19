"""What is too large is refused by its size, and no byte of it reaches the disk."""

import tempfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from returns.models import Upload
from schools.models import Role
from tests.factories import make_house, make_term, make_user

pytestmark = pytest.mark.django_db


def test_a_file_too_large_for_memory_is_refused_and_written_nowhere(sign_in, monkeypatch):
    trust, _, _, _ = make_house()
    make_term(trust, "2026-summer")
    made = []
    monkeypatch.setattr(tempfile, "mkstemp", lambda *args, **told: made.append(1))
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *args, **told: made.append(1))
    large = b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1)
    client = sign_in(make_user(Role.DATA_MANAGER, trust))

    page = client.post(
        reverse("returns:spreadsheet", args=[trust]),
        {"file": SimpleUploadedFile("figures.csv", large), "encoding": "utf-8"},
    )

    assert page.status_code == 422
    assert "The file is larger than 5 MB. Split it into several files." in page.text
    assert not made
    assert not Upload.everywhere.exists()


def test_boxes_beside_a_file_too_large_are_read(rf):
    large = SimpleUploadedFile("a.csv", b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1))

    request = rf.post("/", {"before": "1", "file": large, "small": SimpleUploadedFile("b", b"b")})

    assert request.POST["before"] == "1"
    assert request.FILES["file"].size == large.size
    assert request.FILES["file"].read() == b""

"""Queued jobs: done at least once, inside their trust, whatever fails on the way."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from schools import jobs
from schools.models import Job
from schools.tenancy import OutsideTrust, current_trust
from tests.factories import make_trust

pytestmark = pytest.mark.django_db

# Later than anything that this run queues.
NOW = timezone.now() + timedelta(days=1)


@pytest.fixture
def done(monkeypatch):
    """What a job of the kind "tests.note" has been called with, and in which trust."""
    told = []
    monkeypatch.setattr(jobs, "DOERS", dict(jobs.DOERS))

    @jobs.does("tests.note")
    def note(argument, now):
        told.append((argument, current_trust().slug))

    return told


def test_the_worker_does_what_is_queued_inside_its_trust_and_then_ends_if_told_to(done):
    trust = make_trust("north")
    jobs.queue("tests.note", trust=trust, argument=7)
    jobs.queue("tests.note", trust=trust, argument=8)

    call_command("work", once=True)

    assert done == [(7, "north"), (8, "north")]
    assert not Job.objects.filter(done_at=None).exists()
    with pytest.raises(OutsideTrust):
        current_trust()


def test_a_job_that_waits_already_is_not_queued_again(done):
    trust = make_trust("north")
    one = jobs.queue("tests.note", trust=trust, argument=7)

    assert jobs.queue("tests.note", trust=trust, argument=7) == one
    assert jobs.queue("tests.note", trust=trust, argument=8) != one


def test_nothing_is_done_of_a_change_that_was_undone(done):
    with transaction.atomic():
        jobs.queue("tests.note", trust=make_trust("north"))
        transaction.set_rollback(True)

    assert not jobs.work_next(NOW)
    assert done == []


def test_what_failed_says_why_and_is_tried_again_later(done):
    trust, fails = make_trust("north"), [True]

    @jobs.does("tests.fail")
    def fail_once(argument, now):
        if fails.pop() if fails else False:
            raise OSError(28, "No space left on device")
        done.append((argument, current_trust().slug))

    job = jobs.queue("tests.fail", trust=trust, argument=1)

    assert jobs.work_next(NOW)
    job.refresh_from_db()
    assert (job.done_at, job.error) == (None, "OSError: [Errno 28] No space left on device")
    assert not jobs.work_next(NOW)

    assert jobs.work_next(NOW + timedelta(minutes=3))
    job.refresh_from_db()
    assert (done, job.error) == ([(1, "north")], "")
    assert job.done_at is not None


def test_a_job_whose_worker_died_is_done_by_another(done):
    job = jobs.queue("tests.note", trust=make_trust("north"), argument=1)
    assert Job.objects.take(NOW) == job

    assert not jobs.work_next(NOW)
    assert jobs.work_next(NOW + timedelta(minutes=2))
    assert done == [(1, "north")]


def test_a_kind_that_nobody_does_cannot_be_queued():
    with pytest.raises(LookupError, match=r"tests\.unknown"):
        jobs.queue("tests.unknown")

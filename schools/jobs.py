"""Long work is queued in the transaction that wants it; the worker does it.

An app says what it does of which kind with ``does``, in a module that its
``ready`` imports. A job is done at least once: one whose worker died, or that
failed, is tried again, so whatever it does must come to the same if done twice.
"""

from contextlib import nullcontext

from .models import Job
from .tenancy import inside

# Kind -> what does it, called with the job's argument and the time: {"reports.publish": publish}
DOERS = {}


def does(kind):
    """What is written below does the jobs of this kind, inside the job's trust."""

    def write(doer):
        DOERS[kind] = doer
        return doer

    return write


def queue(kind, *, trust=None, argument=None, not_before=None):
    """Queue a job in the transaction we are in; one that waits already is not queued again."""
    if kind not in DOERS:
        raise LookupError(f"Nobody does jobs of the kind {kind!r}.")
    waiting = Job.objects.filter(kind=kind, trust=trust, argument=argument, done_at=None, tries=0)
    later = {"not_before": not_before} if not_before else {}
    return waiting.first() or Job.objects.create(kind=kind, trust=trust, argument=argument, **later)


def work_next(now):
    """Do the job that has waited longest; False if none is due.

    What failed waits for its next try, with what went wrong written beside it.
    """
    job = Job.objects.take(now)
    if job is None:
        return False
    try:
        with inside(job.trust) if job.trust else nullcontext():
            DOERS[job.kind](job.argument, now)
    except Exception as error:  # one bad job must not hold up the others
        job.error = f"{type(error).__name__}: {error}"
        job.save(update_fields=["error"])
    else:
        job.done_at, job.error = now, ""
        job.save(update_fields=["done_at", "error"])
    return True

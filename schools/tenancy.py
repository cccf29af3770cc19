"""The wall between trusts: every question about a trust's rows is asked inside it.

The trust is said once, at the edge: the middleware says it for a page, a
command or a job writes ``with inside(trust):``. Whoever forgets gets an
error, never another trust's rows.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

_trust = ContextVar("trust", default=None)


class OutsideTrust(RuntimeError):
    """A trust's rows were asked for and nobody has said which trust."""


@contextmanager
def inside(trust):
    """Keep every question of this block to one trust."""
    token = _trust.set(trust)
    try:
        yield trust
    finally:
        _trust.reset(token)


def current_trust():
    """The trust that we are inside; OutsideTrust if there is none."""
    trust = _trust.get()
    if trust is None:
        raise OutsideTrust("Say which trust first: with inside(trust): ...")
    return trust


class InTrust(models.Manager):
    """Rows of the trust that we are inside, and no other.

    The model says how its rows hang on a trust (``to_trust``), because Django
    makes related managers anew, without arguments.
    """

    def get_queryset(self):
        return super().get_queryset().filter(**{self.model.to_trust: current_trust()})

"""A process of its own that is killed with SIGKILL when it asks its n-th question."""

import os
import random
import signal

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext


class Killed:
    """Kills its process when the n-th question is asked, before the answer."""

    def __init__(self, question):
        self.left = question

    def __call__(self, execute, *question):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*question)


def done_in_a_process_of_its_own(act, question=10_000):
    """Whether it came to its end; its n-th question is its last."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killed(question)):
                act()
        finally:
            os._exit(0)
    _, how = os.waitpid(child, 0)
    return not os.WIFSIGNALED(how)


def questions_to_die_at(act, kills):
    """The first question of an action, the last one, and any between: as many as ``kills``."""
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        act()
        transaction.set_rollback(True)
    own = [each for each in asked if "SAVEPOINT" not in each["sql"]]
    last = len(own) + (connection.vendor == "sqlite")  # there, beginning is a question too
    between = range(2, last)
    return [1, last, *random.sample(between, min(kills - 2, len(between)))]

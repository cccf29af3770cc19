"""What a term asks is kept in memory for as long as no data version is raised (``kept_asking``).

So whoever writes into a table from which it is read has to raise one, last. Every test that has a
database watches the pages that its client asks for and the commands that it calls, and fails for
one that does not.
"""

import re
from contextlib import contextmanager

from django.core.management.base import BaseCommand
from django.db import connection
from django.test.client import ClientHandler

# What `Asking` and `read_places` read; a test holds this list against their questions.
READ = {
    "kpis_applicability",
    "kpis_applicabilityexception",
    "kpis_clause",
    "kpis_clauseversion",
    "kpis_comparator",
    "kpis_entry",
    "kpis_level",
    "kpis_measure",
    "kpis_measure_groups",
    "kpis_pupilgroup",
    "kpis_reading",
    "kpis_scale",
    "kpis_scaleversion",
    "priorities_node",
    "priorities_plan",
    "schools_office",
    "schools_period",
    "schools_school",
    "schools_schoolbefore",
    "schools_schoolphaseofimprovement",
    "schools_term",
    "schools_unit",
    "schools_unit_serves",
}
# A period is made when somebody first asks about it: it says no more than its name.
TOLD = READ - {"schools_period"}
# Nobody asks anything of a trust that is not there yet, or no more.
OF_A_TRUST = ('INSERT INTO "schools_trust"', 'DELETE FROM "schools_trust"')
WRITES = re.compile(r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')
RAISED = re.compile(r'"data_version" = \(')


class Unsaid(AssertionError):
    """Something was written that decides what a term asks, and no data version raised."""


class Watch:
    """Sees every statement; ``on`` is around a page or a command."""

    def __init__(self):
        self.wrote, self.depth, self.is_new = [], 0, False

    def __call__(self, execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if self.depth and (match := WRITES.match(sql)):
            self.is_new = self.is_new or sql.startswith(OF_A_TRUST)
            if RAISED.search(sql):
                self.wrote.clear()
            elif match[1] in TOLD and context["cursor"].rowcount:  # or nothing was there to change
                self.wrote.append(f"{sql[:160]}…")
        return done

    @contextmanager
    def on(self, what):
        self.depth, self.is_new = self.depth + 1, False
        try:
            yield
        finally:
            self.depth -= 1
            wrote, self.wrote = self.wrote, self.wrote if self.depth else []
        if not self.depth and wrote and not self.is_new:
            raise Unsaid(f"{what} has raised no data version after: {wrote}")


@contextmanager
def watched(monkeypatch):
    """Watch all pages that a test's client asks for, and all commands that it calls."""
    watch = Watch()
    answer, execute = ClientHandler.get_response, BaseCommand.execute

    def get_response(handler, request):
        with watch.on(f"{request.method} {request.path}"):
            return answer(handler, request)

    def run(command, *args, **options):
        with watch.on(type(command).__module__):
            return execute(command, *args, **options)

    monkeypatch.setattr(ClientHandler, "get_response", get_response)
    monkeypatch.setattr(BaseCommand, "execute", run)
    with connection.execute_wrapper(watch):
        yield watch

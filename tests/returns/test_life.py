"""Whoever does whatever to a return, in any order, it comes to what the model says."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kpis.models import Comment, Entry, Judgement
from returns.asked.asking import Asking
from returns.asked.questions import Typed
from returns.collecting.terms import close
from returns.grid.saving import Change, save_lines
from returns.life.approving import approve, send_back
from returns.life.reopening import reopen
from returns.life.sending import submit, withdraw
from returns.models import Line, Return
from returns.spreadsheets.files import Row
from returns.spreadsheets.importing import Import
from schools.models import AuditRow, Memberships, Role, Term, Unit
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import make_measure, make_return, make_school, make_term, make_trust, make_user

from .life import MEASURES, Life, Refuses

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 20, 15, 10, tzinfo=UTC)
TABLES = (Return, Line, Entry, Judgement, Comment, Term, AuditRow)
TEXTS = ["93.5", "94.1", "0", "n/a", "lots", ""]
KEEPS = {"submitted", "approved", "locked"}
GIVES_BACK = {"withdraw", "send_back", "reopen"}

# Those who may do something come up more often than those who may do nothing.
PEOPLE = [*["head", "manager"] * 2, "manager", "editor", "leader", "auditor", "head of another"]
WORDS = ["Year 6 was left out.", ""]
STALE = [False, True]

# Whatever anybody may try, by the action: what it is done with.
STEPS = {
    "save": list(product(PEOPLE, MEASURES, TEXTS, STALE)),
    "bring_in": list(product(PEOPLE, MEASURES, TEXTS)),
    "submit": list(product(PEOPLE, STALE)),
    "withdraw": list(product(PEOPLE)),
    "send_back": list(product(PEOPLE, WORDS, STALE)),
    "approve": list(product(PEOPLE, STALE)),
    "close": list(product(PEOPLE)),
    "reopen": list(product(PEOPLE, [None, *MEASURES], WORDS)),
}


class House:
    """A school with two figures to send, and everybody who may meet its return."""

    def __init__(self):
        self.trust = make_trust()
        self.term = make_term(self.trust)
        self.school, other = make_school(self.trust), make_school(self.trust)
        self.measures = {name: make_measure(self.trust, name) for name in MEASURES}
        self.return_ = make_return(self.school, self.term)
        who = {
            "head": (Role.HEADTEACHER, self.school),
            "editor": (Role.SCHOOL_EDITOR, self.school),
            "manager": (Role.DATA_MANAGER, None),
            "leader": (Role.LEADER, None),
            "auditor": (Role.AUDITOR, None),
            "head of another": (Role.HEADTEACHER, other),
        }
        self.people = {
            name: Memberships(make_user(role, self.trust, [at] if at else ()), self.trust)
            for name, (role, at) in who.items()
        }
        with inside(self.trust):
            asking = Asking(self.term)
            self.asked = {
                one.measure.name: one
                for one in asking.of_return(self.school.pk)
                if one.unit.id == self.school.pk
            }


class LifeOfAReturn(RuleBasedStateMachine):
    """Each step is done to the return and told to the model; both say the same, or refuse.

    What publishing keeps is the business of the reports.
    """

    house = None

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.life, self.at = Life(), NOW
        self.began = self.rows(), self.versions()
        self.is_now, self.has_changed = self.everything(), True
        self.look()

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @initialize(steps=st.integers(0, 4))
    def has_come_so_far(self, steps):
        """Begins anywhere on the usual way, or half of the runs would never see an approval."""
        way = [
            lambda: self.save("head", MEASURES[0], "93.5", False),
            lambda: self.submit("head", False),
            lambda: self.approve("manager", False),
            lambda: self.close("manager"),
        ]
        for step in way[:steps]:
            step()

    @rule(data=st.data())
    def goes_on(self, data):
        """What may be done: of what anybody tries, nearly all is refused and little happens."""
        # A term is closed once, and whether early or late is left to chance.
        steps = {
            action: possible
            for action, every in STEPS.items()
            if action != "close" and (possible := [one for one in every if self.may(action, *one)])
        }
        self.does(steps, data)

    @rule(data=st.data())
    def is_tried(self, data):
        """Whatever anybody tries."""
        self.does(STEPS, data)

    def does(self, steps, data):
        action = data.draw(st.sampled_from(list(steps)), label="action")
        about = data.draw(st.sampled_from(steps[action]), label="by whom, and with what")
        getattr(self, action)(*about)

    def may(self, action, *about):
        """Whether the model says that it is done, and that it changes something."""
        life = self.life.copy()
        try:
            getattr(life, action)(*about)
        except Refuses:
            return False
        return life.trail != self.life.trail

    def save(self, who, measure, text, stale):
        line = self.lines.get(measure)
        seen = (line.version if line else 0) - stale
        change = Change(self.house.asked[measure], Typed(value=text), seen=seen)
        with self.both("save", who, measure, text, stale) as does:
            save_lines(self.return_, [change], **does)

    def bring_in(self, who, measure, text):
        cells = {
            "unit": self.house.school.urn,
            "measure_code": measure.lower(),
            "academic_year": "2025/26",
            "term": "Autumn",
            "value": text or "CLEAR",
        }
        with self.both("bring_in", who, measure, text) as does:
            file = Import([Row(2, cells)], by=does["memberships"].user, at=self.at)
            if file.faults:
                raise Refused(str(file.faults[0]))
            file.apply()

    def submit(self, who, stale):
        with self.both("submit", who, stale) as does:
            submit(self.return_, version=self.return_.version - stale, **does)

    def withdraw(self, who):
        with self.both("withdraw", who) as does:
            withdraw(self.return_, **does)

    def send_back(self, who, note, stale):
        version = self.return_.version - stale
        with self.both("send_back", who, note, stale) as does:
            send_back(self.return_, version=version, questions={}, note=note, **does)

    def approve(self, who, stale):
        with self.both("approve", who, stale) as does:
            approve(self.return_, version=self.return_.version - stale, **does)

    def close(self, who):
        with self.both("close", who) as does:
            close(self.house.term, **does)

    def reopen(self, who, which, reason):
        line = self.lines.get(which)
        lines = [line.pk] if line else None
        with self.both("reopen", who, which, reason) as does:
            reopen(self.house.return_, lines=lines, reason=reason, **does)

    @contextmanager
    def both(self, action, who, *about):
        """Do it for real, and have the model say what comes of it."""
        self.at += timedelta(minutes=1)
        before, shown, typed = self.is_now, self.life.shown, self.typed()
        life, expected = self.life.copy(), None
        try:
            getattr(life, action)(who, *about)
        except Refuses:
            life, expected = self.life, Refused
        found = None
        try:
            with inside(self.house.trust), transaction.atomic():
                yield {"memberships": self.house.people[who], "at": self.at}
        except Refused as why:
            found = type(why)
        assert bool(found) == bool(expected), f"{action} by {who}: {'refused' if found else 'done'}"
        changed = life.trail != self.life.trail
        assert changed or life == self.life
        self.life = life
        self.is_now = self.everything()
        assert (self.is_now != before) == changed
        self.has_changed = changed
        if changed:
            self.look()
        if shown in KEEPS and action not in GIVES_BACK:
            assert self.typed() == typed

    # Where neither the return nor the model has changed, what held of them holds.
    @precondition(lambda self: self.has_changed)
    @invariant()
    def it_is_what_the_model_says(self):
        life, lines = self.life, self.lines
        assert self.return_.state_on(self.at.date()).label.lower() == life.shown
        assert self.return_.version == life.version
        assert {name: line.version for name, line in lines.items()} == life.lines
        assert self.typed() == {name: life.typed.get(name, "") for name in life.lines}
        assert {name for name, line in lines.items() if line.reopened} == life.open
        assert self.counting == {"provisional": life.provisional, "approved": life.approved}
        assert self.rows() == self.began[0] + life.trail
        assert self.versions() == self.began[1] + life.counted

    @precondition(lambda self: self.has_changed)
    @invariant()
    def its_history_replays_to_what_is_there_now(self):
        typed, counting = {}, {}
        trail = AuditRow.everywhere.filter(unit=self.house.school).order_by("pk")
        for action, thing, before, after in trail.values_list(
            "action", "thing_id", "before", "after"
        ):
            if action == "typed":
                typed.setdefault(thing, {}).update(after)
                continue
            for answer in (before or {}).get("answers", ()):
                del counting[answer["id"]]
            for answer in (after or {}).get("answers", ()):
                counting[answer["id"]] = answer
            if action == "approved":
                for answer in counting.values():
                    answer["standing"] = "approved"
        assert {line.pk: line.value for line in self.lines.values() if line.pk in typed} == {
            pk: texts["value"] for pk, texts in typed.items()
        }
        assert sorted((one["standing"], said(one)) for one in counting.values()) == sorted(
            (standing, text) for standing, texts in self.counting.items() for text in texts.values()
        )

    def look(self):
        """Read the return, its lines and what counts, as they are now."""
        named = {measure.pk: name for name, measure in self.house.measures.items()}
        self.return_ = Return.everywhere.select_related("term__period").get(
            pk=self.house.return_.pk
        )
        self.lines = {named[line.measure_id]: line for line in Line.everywhere.all()}
        self.counting = {"provisional": {}, "approved": {}}
        answers = Entry.everywhere.values("measure", "standing", "value", "why_none")
        for answer in answers:
            self.counting[answer["standing"]][named[answer["measure"]]] = said(answer)

    def typed(self):
        return {name: line.value for name, line in self.lines.items()}

    def rows(self):
        return AuditRow.everywhere.count()

    def versions(self):
        return Unit.everywhere.get(pk=self.house.school.pk).data_version

    def everything(self):
        """All that a refusal must leave as it is, as the database itself gives it."""
        with connection.cursor() as cursor:
            found = []
            for table in TABLES:
                cursor.execute(f"SELECT * FROM {table._meta.db_table} ORDER BY id")
                found.append(cursor.fetchall())
            cursor.execute("SELECT id, data_version FROM schools_unit ORDER BY id")
            return [*found, cursor.fetchall()]


def said(answer):
    """A figure as it was typed, or why there is none."""
    value = answer.get("value")
    return answer["why_none"] if value is None else f"{float(value):g}"


# Five hundred long runs, in parts that can be asked for one by one.
PARTS = [
    pytest.param(100, 50, marks=pytest.mark.long, id=f"100-50-part-{part}") for part in range(1, 6)
]


@pytest.mark.parametrize(("runs", "steps"), [(30, 20), *PARTS])
def test_nothing_that_was_sent_changes_but_by_giving_it_back(runs, steps):
    machine = type("Life", (LifeOfAReturn,), {"house": House()})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=False,  # each part goes its own ways
            phases=[Phase.generate],  # twenty steps can be read, and finding fewer takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

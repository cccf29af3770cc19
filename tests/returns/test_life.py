"""Whoever does whatever to a return, in any order, it comes to what the model says."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kpis.models import Comment, Entry, Judgement
from returns.approving import approve, send_back
from returns.asking import Asking
from returns.collecting import close
from returns.files import Row
from returns.importing import Import
from returns.models import Line, Return
from returns.questions import Typed
from returns.reopening import reopen
from returns.saving import Change, save_lines
from returns.sending import submit, withdraw
from schools.models import AuditRow, Memberships, Role, Term, Unit
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import make_measure, make_return, make_school, make_term, make_trust, make_user

from .life import MEASURES, Life, Refuses

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 20, 15, 10, tzinfo=UTC)
TEXTS = ["93.5", "94.1", "0", "n/a", "lots", ""]
KEEPS = {"submitted", "approved", "locked"}
GIVES_BACK = {"withdraw", "send_back", "reopen"}

# Those who may do something come up more often than those who may do nothing.
actors = st.sampled_from(
    ["head", "manager", "head", "manager", "editor", "leader", "auditor", "head of another"]
)
deciders = st.sampled_from(["manager", "manager", "manager", "head", "editor", "leader"])
measures = st.sampled_from(MEASURES)
seldom = st.sampled_from([False, False, False, True])
words = st.sampled_from(["Year 6 was left out.", "Look again.", ""])


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
        self.is_now, self.holds = self.everything(), self.held()

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

    @rule(who=actors, measure=measures, text=st.sampled_from(TEXTS), stale=seldom)
    def save(self, who, measure, text, stale):
        line = self.line(measure)
        seen = (line.version if line else 0) - stale
        change = Change(self.house.asked[measure], Typed(value=text), seen=seen)
        with self.both("save", who, measure, text, stale) as does:
            save_lines(self.now(), [change], **does)

    @rule(who=actors, measure=measures)
    def clear(self, who, measure):
        self.save(who, measure, "", False)

    @rule(who=actors, measure=measures, text=st.sampled_from(TEXTS))
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

    @rule(who=actors, stale=seldom)
    def submit(self, who, stale):
        with self.both("submit", who, stale) as does:
            submit(self.now(), version=self.now().version - stale, **does)

    @rule(who=actors)
    def withdraw(self, who):
        with self.both("withdraw", who) as does:
            withdraw(self.now(), **does)

    @rule(who=deciders, note=words, stale=seldom)
    def send_back(self, who, note, stale):
        version = self.now().version - stale
        with self.both("send_back", who, note, stale) as does:
            send_back(self.now(), version=version, questions={}, note=note, **does)

    @rule(who=deciders, stale=seldom)
    def approve(self, who, stale):
        with self.both("approve", who, stale) as does:
            approve(self.now(), version=self.now().version - stale, **does)

    @rule(who=deciders)
    def close(self, who):
        with self.both("close", who) as does:
            close(self.house.term, **does)

    @rule(who=deciders, which=st.sampled_from([None, *MEASURES]), reason=words)
    def reopen(self, who, which, reason):
        line = which and self.line(which)
        which = [which] if line else None
        lines = [line.pk] if line else None
        with self.both("reopen", who, which, reason) as does:
            reopen(self.house.return_, lines=lines, reason=reason, **does)

    @contextmanager
    def both(self, action, who, *about):
        """Do it for real, and have the model say what comes of it."""
        self.at += timedelta(minutes=1)
        before, shown, typed = self.is_now, self.life.shown, self.holds[0]
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
        self.life = life
        self.is_now, self.holds = self.everything(), self.held()
        assert (self.is_now != before) == changed
        if shown in KEEPS and action not in GIVES_BACK:
            assert self.holds[0] == typed

    @invariant()
    def it_is_what_the_model_says(self):
        life, (typed, versions, open_, counting) = self.life, self.holds
        return_ = self.now()
        assert return_.state_on(self.at.date()).label.lower() == life.shown
        assert return_.version == life.version
        assert versions == life.lines
        assert typed == {name: life.typed.get(name, "") for name in life.lines}
        assert open_ == life.open
        assert counting == {"provisional": life.provisional, "approved": life.approved}
        assert self.rows() == self.began[0] + life.trail
        assert self.versions() == self.began[1] + life.counted

    @invariant()
    def its_history_replays_to_what_is_there_now(self):
        typed, counting = {}, {}
        for row in AuditRow.everywhere.filter(unit=self.house.school).order_by("pk"):
            if row.action == "typed":
                typed.setdefault(row.thing_id, {}).update(row.after)
                continue
            for answer in (row.before or {}).get("answers", ()):
                del counting[answer["id"]]
            for answer in (row.after or {}).get("answers", ()):
                counting[answer["id"]] = answer
            if row.action == "approved":
                for answer in counting.values():
                    answer["standing"] = "approved"
        lines = Line.everywhere.values_list("pk", "value")
        assert {pk: value for pk, value in lines if pk in typed} == {
            pk: texts["value"] for pk, texts in typed.items()
        }
        assert sorted((one["standing"], said(one)) for one in counting.values()) == sorted(
            (standing, text) for standing, texts in self.holds[3].items() for text in texts.values()
        )

    def now(self):
        return Return.everywhere.select_related("term__period").get(pk=self.house.return_.pk)

    def line(self, measure):
        return Line.everywhere.filter(measure=self.house.measures[measure]).first()

    def held(self):
        """What the lines say, their versions, which are reopened, and what counts."""
        lines = list(Line.everywhere.select_related("measure"))
        counting = {"provisional": {}, "approved": {}}
        for entry in Entry.everywhere.select_related("measure"):
            text = said({"value": entry.value, "why_none": entry.why_none})
            counting[entry.standing][entry.measure.name] = text
        return (
            {line.measure.name: line.value for line in lines},
            {line.measure.name: line.version for line in lines},
            {line.measure.name for line in lines if line.reopened},
            counting,
        )

    def rows(self):
        return AuditRow.everywhere.count()

    def versions(self):
        return Unit.everywhere.get(pk=self.house.school.pk).data_version

    def everything(self):
        """All that a refusal must leave as it is."""
        tables = (Return, Line, Entry, Judgement, Comment, Term, AuditRow)
        rows = [list(table.everywhere.order_by("pk").values_list()) for table in tables]
        return rows, list(Unit.everywhere.order_by("pk").values_list("pk", "data_version"))


def said(answer):
    """A figure as it was typed, or why there is none."""
    value = answer.get("value")
    return answer["why_none"] if value is None else f"{float(value):g}"


@pytest.mark.parametrize(
    ("runs", "steps"),
    [(30, 20), pytest.param(500, 50, marks=pytest.mark.long)],
)
def test_nothing_that_was_sent_changes_but_by_giving_it_back(runs, steps):
    machine = type("Life", (LifeOfAReturn,), {"house": House()})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # twenty steps can be read, and finding fewer takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

"""A school whose people type hostile text wherever a return has room for text."""

from django.test import Client
from django.urls import reverse

from returns.models import Line
from schools.models import Role, User
from tests.factories import (
    boxes_of,
    make_clause,
    make_kpi,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

from .hostile import harm_in, seen_in

HEAD, MANAGER, LEADER = Role.HEADTEACHER, Role.DATA_MANAGER, Role.LEADER
SCHOOL = (Role.HEADTEACHER, Role.SCHOOL_EDITOR)
NAME = 100  # characters that a name can have, at the least


class Hostile:
    """A school whose people mean no good: every text of its return is hostile.

    ``typed`` are those texts by the name of what they are; ``at`` says where.
    """

    def __init__(self, text):
        self.text, self.typed = text, {}
        self.trust = make_trust(name=self.say("trust", NAME), wants_comments=True)
        self.term = make_term(self.trust)
        self.school = make_school(self.trust, self.say("school", NAME), short_name="School")
        self.measures()
        self.return_ = make_return(self.school, self.term)
        self.users, self.people = {}, {}
        for role in (Role.HEADTEACHER, Role.DATA_MANAGER, Role.LEADER, Role.SCHOOL_EDITOR):
            self.let_in(role)

    def say(self, name, most=None):
        """The hostile text, with the name of what it is at its end.

        Of ``most`` characters there is one half in one place, and the other in the next.
        """
        begins = 0 if most is None or len(self.typed) % 2 else max(0, len(self.text) - most)
        self.typed[name] = f"{self.text[begins:][:most].strip()} {name}."
        return self.typed[name]

    def measures(self):
        plan, cases = make_plan(self.trust), {"kind": "cases", "basis": "term", "keeps_log": True}
        rated = {"kind": "rating", "basis": "date", "counts": "none", "unit": ""}
        survey = {"survey": True, "counts": "both", "basis": "term", "seasonal": False}
        self.attendance = make_measure(self.trust)
        self.repairs = make_measure(self.trust, "Repairs", decimals=0, **cases)
        self.review = make_measure(self.trust, "Review", **rated)
        self.survey = make_measure(self.trust, "Survey", **survey)
        self.kpi = make_kpi(plan)
        make_clause(self.kpi, self.attendance, target="94.0", margin="1.0")
        make_clause(make_kpi(plan, "Repairs"), self.repairs, rule="cases", months_allowed=1)
        make_clause(make_kpi(plan, "Review"), self.review, rule="judged")
        make_clause(make_kpi(plan, "Survey"), self.survey, target="50.0")

    def let_in(self, role):
        user = make_user(role, self.trust, units=[self.school] if role in SCHOOL else ())
        User.objects.filter(pk=user.pk).update(name=self.say(role.value, NAME))
        self.users[role], self.people[role] = user, Client()
        self.people[role].force_login(user)

    def page(self, name, **query):
        app, _, name = name.rpartition(":")
        at = {"returns": [self.return_.pk], "kpi": [self.kpi.pk]}.get(app, [])
        if name == "return-log":
            at += [self.repairs.pk, self.school.pk]
        if name == "evidence":
            at += [f"{self.review.pk}-{self.school.pk}-1-1"]
        app = "dashboard" if app in ("", "kpi") else "returns"
        query = {"term": self.term.slug, **query}
        return reverse(f"{app}:{name}", args=[self.trust, *at], query=query)

    def post(self, role, page, expect=302, **boxes):
        """Post a form as a browser does, with what else stands in it."""
        form = boxes_of(self.people[role].get(page)) | boxes
        answer = self.people[role].post(page, form)
        assert answer.status_code == expect, answer.text[:3000]
        return answer

    def box(self, measure, name):
        return f"l-{measure.pk}-{self.school.pk}-{measure.groups.get().pk}-1-{name}"

    def type_what_cannot_be_read(self):
        page = self.page("returns:return-edit")
        self.post(HEAD, page, **{self.box(self.attendance, "value"): self.say("value", 190)})

    def type_into_lines(self):
        def boxes(measure, **told):
            return {self.box(measure, name): text for name, text in told.items()}

        self.post(
            HEAD,
            self.page("returns:return-edit"),
            **boxes(
                self.attendance,
                value="81.2",
                note=self.say("note"),
                why=self.say("why"),
                what_next=self.say("what_next"),
            ),
            **boxes(
                self.review,
                rating="amber",
                kind="external",
                on="1 December 2025",
                reviewer=self.say("reviewer", NAME),
                evidence=self.say("evidence"),
                why=self.say("why_review"),
                what_next=self.say("what_next_review"),
            ),
            **boxes(
                self.survey, numerator="90", denominator="100", provider=self.say("provider", 65)
            ),
        )
        case = {"case-0-what": self.say("case", NAME), "case-0-opened": "1 October 2025"}
        case |= {"case-0-closed": "9 October 2025", "then": "all"}
        self.post(HEAD, self.page("returns:return-log"), **case)
        link = {"link": "https://example.org/review", "name": self.say("link", NAME), "do": "link"}
        self.post(HEAD, self.page("returns:evidence"), **link)

    def hand(self):
        to = User.objects.get(name=self.typed["school_editor"])
        lines = f"{self.attendance.pk}-{self.school.pk}-{self.attendance.groups.get().pk}-1"
        self.post(HEAD, self.page("returns:return-hand"), to=to.pk, lines=lines)

    def send(self):
        check = self.page("returns:return-check")
        form = boxes_of(self.people[HEAD].get(check)) | {"confirm": "on"}
        answer = self.people[HEAD].post(self.page("returns:return-submit"), form)
        assert answer.status_code == 302, answer.text

    def decide(self, action, **boxes):
        self.post(MANAGER, self.page("returns:return-approve"), action=action, **boxes)

    def send_back(self):
        line = Line.everywhere.get(measure=self.attendance)
        question = {f"question-{line.pk}": self.say("question"), "note": self.say("sent_back")}
        self.decide("send_back", **question)

    def say_beside_the_result(self):
        comment = {"why": self.say("leader_why"), "what_next": self.say("leader_what_next")}
        self.post(LEADER, self.page("kpi:say"), **comment)
        self.post(HEAD, self.page("kpi:reply", school=self.school.code), text=self.say("reply"))

    def give_more_time(self):
        own = {"own-unit": self.school.pk, "own-due": "20 January 2026"}
        own |= {"own-reason": self.say("deadline"), "do": "deadline"}
        self.post(MANAGER, self.page("returns_:collect"), **own)

    def reopen(self):
        form = {"reason": self.say("reopened")}
        page = self.page("returns:return-reopen")
        assert self.people[MANAGER].post(page, form).status_code == 302

    def read(self, role, name, *wanted, **query):
        """Read a page: nothing comes of the texts, and those wanted stand there as typed."""
        page = self.people[role].get(self.page(name, **query), follow=True)
        assert page.status_code == 200
        typed = {name: self.typed[name] for name in wanted}
        assert harm_in(page.text, self.typed.values()) == []
        seen = seen_in(page.text, self.typed.values())
        assert {name for name, text in typed.items() if text not in seen} == set()

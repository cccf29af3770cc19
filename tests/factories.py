"""Plain functions that make one thing each; state only what matters to the test."""

from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.utils.text import slugify

from kpis.models import (
    KPI,
    Clause,
    ClauseVersion,
    Entry,
    Measure,
    PupilGroup,
    Reading,
    ReadingVersion,
    Target,
)
from priorities.models import Plan, Priority
from reports.building.drafting import begin
from reports.files.rendering import FILES
from reports.models import Meeting
from reports.publishing import ask_to_publish, publish
from returns.models import Evidence, Line, Return
from schools.actions import found_trust, give_role, take_in
from schools.calendar import term_of
from schools.models import Job, Memberships, Office, Part, Period, Phase, Role, Term, User
from schools.people import OF_A_SCHOOL
from schools.tenancy import inside
from schools.term_files import TermDates

LONDON = ZoneInfo("Europe/London")
PASSWORD = "a long walk to the shops"

_number = count(1)


# schools


def make_terms(first=2023, years=3):
    """Whole school years from September ``first``: by default nine terms, 2023/24 to 2025/26."""
    return [dates for year in range(first, first + years) for dates in _year(year)]


def _year(year):
    days = {
        Part.AUTUMN: (date(year, 9, 1), date(year, 12, 19), date(year + 1, 1, 16)),
        Part.SPRING: (date(year + 1, 1, 5), date(year + 1, 4, 1), date(year + 1, 4, 29)),
        Part.SUMMER: (date(year + 1, 4, 20), date(year + 1, 7, 21), date(year + 1, 9, 15)),
    }
    for part, (starts, ends, due) in days.items():
        yield TermDates(
            year=year,
            part=part,
            starts=starts,
            ends=ends,
            opens=ends.replace(day=1),
            due=datetime(due.year, due.month, due.day, 17, tzinfo=LONDON),
        )


def make_trust(slug=None, terms=None, **columns):
    """A trust with its terms and its own unit. Enter it with ``inside(trust)``.

    It takes figures that are off target without a word; a test of the words says otherwise.
    """
    slug = slug or f"trust-{next(_number)}"
    columns = {"name": f"{slug.title()} Learning Trust", "wants_comments": False, **columns}
    return found_trust(slug=slug, terms=terms or make_terms(), **columns)


def make_term(trust, slug="2025-autumn"):
    """One of the terms that the trust has, by its name in the address."""
    with inside(trust):
        return Term.objects.named(slug).get()


def make_school(trust, name=None, **columns):
    """A primary school that has been in the trust all along."""
    number = next(_number)
    columns = {
        "code": f"S{number:03}",
        "urn": f"{100_000 + number}",
        "phase": Phase.PRIMARY,
        "low_age": 4,
        "high_age": 11,
        "joined": date(2019, 9, 1),
        **columns,
    }
    return take_in(trust=trust, name=name or f"School {number:04}", **columns)


def make_user(role=None, trust=None, units=(), offices=(), email=None):
    """A person who can sign in with PASSWORD; with a role, if one is given.

    A role of a school without a school gets every school of the trust, a
    contributor without an office one that is made for it.
    """
    number = next(_number)
    email = email or f"person{number}@example.org"
    if role is None:
        return User.objects.create_user(email, PASSWORD, name=f"Person {number}")
    with inside(trust):
        if role in OF_A_SCHOOL and not units:
            units = trust.units.filter(kind="school")
        if role == Role.CONTRIBUTOR and not offices:
            offices = [Office.objects.get_or_create(trust=trust, code="hr", name="HR")[0]]
        membership = give_role(
            trust=trust,
            email=email,
            name=f"Person {number}",
            role=role,
            units=units,
            offices=offices,
        )
    user = membership.user
    if not user.has_usable_password():  # another would sign them out everywhere
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return user


def make_head(school):
    """The headteacher of one school."""
    return make_user(Role.HEADTEACHER, school.trust, units=[school])


# what is promised


def make_plan(trust, starts=date(2025, 9, 1), ends=date(2028, 8, 31), **columns):
    """A plan with one priority, "Every pupil flourishes"."""
    columns = {"key": f"plan-{next(_number)}", "title": "Better together", **columns}
    plan = Plan.everywhere.create(trust=trust, starts=starts, ends=ends, **columns)
    Priority.everywhere.create(
        plan=plan, role="priority", key="a", code="A", order=1, title="Every pupil flourishes"
    )
    return plan


def make_measure(trust, name="Attendance", groups=("all",), series=None, **columns):
    """A percentage of year to date that every school sends every term, higher is better."""
    columns = {
        "code": slugify(name),
        "kind": "percentage",
        "unit": "% of sessions",
        "decimals": 1,
        "better": "higher",
        "basis": "year_to_date",
        "of": "school",
        "ask_autumn": True,
        "ask_spring": True,
        "ask_summer": True,
        "per": 100,
        "seasonal": True,
        **columns,
    }
    measure = Measure.everywhere.create(trust=trust, name=name, series=series, **columns)
    measure.groups.set(PupilGroup.objects.filter(code__in=groups))
    return measure


def make_kpi(plan, title="Attendance", parent=None, **columns):
    """A KPI of the plan's first priority, without a clause yet."""
    number = next(_number)
    parent = parent or Priority.everywhere.filter(plan=plan).first()
    columns = {"key": f"k{number}", "code": f"K{number}", "order": number, **columns}
    return KPI.everywhere.create(plan=plan, parent=parent, role="kpi", title=title, **columns)


def make_clause(node, measure, target=None, rule="threshold", margin=None, title="", **columns):
    """One promise: at least ``target``, in each school, from the plan's first term on.

    ``measure`` may be several, one reading each. A target's ``low`` and ``high``
    may be told in its place as a pair.
    """
    first = Period.objects.for_term(*term_of(node.plan.starts))
    everyone = PupilGroup.objects.get(code="all")
    columns = {
        "operator": ">=" if rule == "threshold" else "",
        "level": "school",
        "roll_up": "each_school",
        "group": everyone,
        **columns,
    }
    clause = Clause.everywhere.create(
        node=node, key=f"c{Clause.everywhere.filter(node=node).count() + 1}", title=title
    )
    ClauseVersion.everywhere.create(clause=clause, from_period=first, rule=rule, **columns)
    for one in measure if isinstance(measure, (list, tuple)) else [measure]:
        reading = Reading.everywhere.create(clause=clause, measure=one)
        ReadingVersion.everywhere.create(reading=reading, from_period=first, margin=margin)
        if target is not None:
            make_target(reading, target, from_period=first)
    return clause


def make_target(reading, target, unit=None, from_period=None, **columns):
    """A target of the whole trust, or of one unit: a number, or a lowest and a highest."""
    plan = reading.clause.node.plan
    low, high = target if isinstance(target, tuple) else (None, None)
    return Target.everywhere.create(
        reading=reading,
        unit=unit or plan.trust.own_unit,
        from_period=from_period or Period.objects.for_term(*term_of(plan.starts)),
        value=None if isinstance(target, tuple) else target,
        low=low,
        high=high,
        **columns,
    )


def make_entry(measure, unit, term, value=None, group="all", period=None, **columns):
    """One approved answer about the period that the term's return asks for."""
    columns = {"standing": "approved", "collected_in": term, **columns}
    return Entry.everywhere.create(
        measure=measure,
        unit=getattr(unit, "unit_ptr", unit),
        period=period or measure.period_for(term),
        group=PupilGroup.objects.get(code=group),
        value=value,
        **columns,
    )


def make_house(schools=1, target="94.0", margin="1.0"):
    """A trust that promises attendance of at least 94.0 in each school, from autumn 2025.

    The trust, its term Autumn 2025, the measure and its schools.
    """
    trust = make_trust()
    plan = make_plan(trust)
    attendance = make_measure(trust)
    make_clause(make_kpi(plan), attendance, target=target, margin=margin)
    return trust, make_term(trust), attendance, [make_school(trust) for _ in range(schools)]


# returns


def make_return(unit, term, typed=None, measure=None, **columns):
    """A unit's return of a term; with ``typed`` and a measure, one line in it."""
    return_ = Return.everywhere.create(unit=getattr(unit, "unit_ptr", unit), term=term, **columns)
    if typed is not None:
        make_line(return_, measure, value=typed)
        Return.everywhere.filter(pk=return_.pk).update(state="in_progress")
        return_.refresh_from_db()
    return return_


def make_line(return_, measure, unit=None, group="all", **texts):
    """One line of a return, about its own unit if no other is told."""
    return Line.everywhere.create(
        return_to=return_,
        measure=measure,
        unit=unit or return_.unit,
        group=PupilGroup.objects.get(code=group),
        period=measure.period_for(return_.term),
        **texts,
    )


# board reports


def make_meeting(trust, name="Trust board", on=date(2026, 2, 10), **columns):
    return Meeting.everywhere.create(trust=trust, name=name, on=on, **columns)


def make_report(trust, term=None, meeting=None):
    """A draft for a meeting, as a leader has it who has just begun."""
    with inside(trust):
        return begin(
            meeting or make_meeting(trust),
            term or make_term(trust),
            by=None,
            at=AT,
            today=AT.date(),
        )


def make_published(trust, report=None, at=None, correction="", files=None):
    """The next version of a report, published by a leader of the trust and made by the worker.

    ``files`` are what writes its files, by kind; without them it has a short text only.
    """
    files = {"txt": title_alone} if files is None else files
    report = report or make_report(trust)
    leader = Memberships(make_user(Role.LEADER, trust), trust)
    with inside(trust):
        number = report.versions.count() + 1
        at = at or AT + timedelta(days=number)
        ask_to_publish(report, number=number, correction=correction, memberships=leader, at=at)
        with patch.dict(FILES, files, clear=True):
            published = publish(report.pk, at)
        Job.objects.filter(trust=trust, argument=report.pk).update(done_at=at)
    return published


def title_alone(document):
    """A file of a report that takes no time to write."""
    return document.header.title.encode()


AT = datetime(2026, 2, 3, 14, 5, tzinfo=LONDON)


PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n%%EOF\n"


def make_evidence(return_, data=PDF, name="review.pdf", line=None, **columns):
    """A file beside a line of a return, its first, as somebody who is gone by now has added it."""
    line = line or Line.everywhere.filter(return_to=return_).first()
    columns = {"added_at": return_.term.due, "added_by": make_user(), **columns}
    evidence = Evidence(line=line, name=name, ending="pdf", size=len(data), digest="0" * 64)
    for column, value in columns.items():
        setattr(evidence, column, value)
    evidence.file.save(name, ContentFile(data), save=False)
    evidence.save(force_insert=True)
    return evidence


def boxes_of(page):
    """What a browser would post of the forms of a page: {name: text}."""
    return boxes_in(page.text)


def boxes_in(html):
    """The same, of the HTML alone."""
    return _Boxes.of(html)


class _Boxes(HTMLParser):
    """Gathers the boxes of a page with what stands in them."""

    @classmethod
    def of(cls, html):
        parser = cls(convert_charrefs=True)
        parser.found, parser.select, parser.area = {}, None, None
        parser.feed(html)
        parser.close()
        return parser.found

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("checkbox", "submit"):
            self.found[name] = attrs.get("value", "")
        elif tag == "select":
            self.select = name
            self.found[name] = ""
        elif tag == "option" and self.select and "selected" in attrs:
            self.found[self.select] = attrs.get("value", "")
        elif tag == "textarea":
            self.area = name
            self.found[name] = ""

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            # A browser drops the first line break of a text area.
            self.found[self.area] = self.found[self.area].removeprefix("\n")
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.found[self.area] += data

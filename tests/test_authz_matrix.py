"""Who may do what, at every address there is.

The addresses come from the resolver, the expectation from the table below: an
address without a row fails, and so does a row of ``schools.access.TABLE`` that
is taken away. Every cell is asked: address x method x actor x whose thing it is.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import product

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.utils import timezone

from kpis.models import Measure, Reading
from reports.models import Cut, Question
from returns.models import Upload
from schools import kept
from schools.access import PUBLIC, SIGNED_IN, TABLE, name_of
from schools.models import FullCopy, Office, Role, User
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_evidence,
    make_kpi,
    make_measure,
    make_plan,
    make_published,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

# Who may do what is decided by the table and by ids that are equal or not: of either database
# the thousands of pages here would ask the same.
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

EVERYBODY = set(Role)
NOBODY = frozenset()
METHODS = ["GET", "POST"]
NOT_TAKEN = ["PUT", "PATCH", "DELETE"]
OF_THE_PROTOCOL = ["HEAD", "OPTIONS"]
EVERYBODYS = {"own", "sister", "other trust", "unknown"}
NAMELESS = "(no name)"
NEVER_USED = 987_654_321
A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Page:
    """One row: who may look, who may send, and whose thing the address names.

    ``of_school`` and ``of_trust`` make the thing that the address names, as the
    arguments of its path; what is of a school is seen by those of that school
    and by those who see all. ``opens``: the first to look makes the empty
    returns of a term that has opened, once; nothing that anybody typed.
    """

    look: set = NOBODY
    send: set = NOBODY
    of_school: Callable | None = None
    of_trust: Callable | None = None
    opens: bool = False


SEES_ALL = {Role.LEADER, Role.DATA_MANAGER, Role.AUDITOR}
SCHOOL = {Role.HEADTEACHER, Role.SCHOOL_EDITOR}
TYPE = SCHOOL | {Role.DATA_MANAGER, Role.CONTRIBUTOR}


def its_return(house, school):
    return {"pk": house.returns[school].pk}


def its_line(house, school):
    [line] = house.returns[school].lines(manager="everywhere").all()
    return {"pk": line.return_to_id, "line": "-".join(map(str, line.key))}


def its_evidence(house, school):
    return {"pk": house.evidence[school].pk}


def its_log(house, school):
    measure = Measure.everywhere.get(trust=school.trust, code="repairs")
    return {"pk": house.returns[school].pk, "measure": measure.pk, "unit": school.pk}


def its_code(house, school):
    return {"code": school.code}


def its_kpi(house, trust):
    return {"pk": house.kpis[trust].pk}


def its_answer(house, trust):
    kpi = house.kpis[trust]
    reading = Reading.everywhere.get(clause__node=kpi)
    return {"pk": kpi.pk, "reading": reading.pk, "kind": "baseline"}


def its_report(house, trust):
    return {"pk": house.published[trust].report_id}


def its_version(house, trust):
    return {"pk": house.published[trust].report_id, "number": 1}


def its_file(house, trust):
    return {**its_version(house, trust), "kind": "txt"}


def its_sheet(house, trust):
    return {**its_version(house, trust), "digest": house.published[trust].sheet_digest}


def its_meeting(house, trust):
    return {"pk": house.published[trust].report.meeting_id}


def its_question(house, trust):
    question = Question.everywhere.get(report=house.published[trust].report)
    return {**its_report(house, trust), "number": question.pk}


def its_cut(house, trust):
    return {"pk": Cut.everywhere.get_or_create(trust=trust, name="Finance")[0].pk}


BOARD = SEES_ALL | {Role.TRUSTEE}


def its_copy(house, trust):
    """A full copy of the trust that can be downloaded."""
    made = timezone.now()
    with inside(trust):
        copy, _ = FullCopy.objects.get_or_create(
            name=f"copies/{trust.slug}.zip",
            defaults={
                "trust": trust,
                "asked_by": make_user(),
                "asked_at": made,
                "made_at": made,
                "size": 3,
                "digest": "0" * 64,
            },
        )
    if not storages["private"].exists(copy.name):
        storages["private"].save(copy.name, ContentFile(b"zip"))
    return {"pk": copy.pk}


def its_upload(house, school):
    """A file that was sent in for a return of theirs."""
    return_ = house.returns[school]
    with inside(school.trust):
        upload = Upload(
            trust=school.trust,
            by=make_user(Role.DATA_MANAGER, school.trust),
            return_to=return_,
            term=return_.term,
            name="figures.csv",
            digest=sha256(b"unit").hexdigest(),
            checked_at=timezone.now(),
        )
        upload.file.save("", ContentFile(b"unit"), save=True)
    return {"pk": upload.pk}


PAGES = {
    "returns:spreadsheet": Page(look=TYPE, send=TYPE, opens=True),
    "returns:spreadsheet-help": Page(look=TYPE),
    "returns:template-csv": Page(look=TYPE),
    "returns:templates-zip": Page(look=TYPE),
    "returns:return-spreadsheet": Page(look=TYPE, send=TYPE, of_school=its_return),
    "returns:return-template-csv": Page(look=TYPE, of_school=its_return),
    "returns:upload": Page(look=SEES_ALL | TYPE, send=TYPE, of_school=its_upload),
    "returns:upload-columns": Page(look=TYPE, send=TYPE, of_school=its_upload),
    "returns:upload-undo": Page(send=TYPE, of_school=its_upload),
    "returns:upload-problems-csv": Page(look=SEES_ALL | TYPE, of_school=its_upload),
    "schools:landing": Page(look=EVERYBODY),
    "schools:people": Page(look={Role.TRUST_ADMINISTRATOR}),
    "returns:return-list": Page(look=SEES_ALL | TYPE, opens=True),
    "dashboard:full-copy": Page(look={Role.DATA_MANAGER}, send={Role.DATA_MANAGER}),
    "dashboard:full-copy-file": Page(look={Role.DATA_MANAGER}, of_trust=its_copy),
    "dashboard:trail": Page(look={Role.DATA_MANAGER, Role.AUDITOR}),
    "returns:remind": Page(look={Role.DATA_MANAGER}, send={Role.DATA_MANAGER}, opens=True),
    "returns:approve-several": Page(send={Role.DATA_MANAGER}),
    "returns:collect": Page(look=SEES_ALL, send={Role.DATA_MANAGER}, opens=True),
    "returns:evidence": Page(look=SEES_ALL | TYPE, send=TYPE, of_school=its_line),
    "returns:evidence-file": Page(look=SEES_ALL | TYPE, of_school=its_evidence),
    "returns:new-year": Page(look={Role.DATA_MANAGER}, send={Role.DATA_MANAGER}),
    "returns:return-reopen": Page(send={Role.DATA_MANAGER}, of_school=its_return),
    "returns:return-edit": Page(look=SEES_ALL | TYPE, send=TYPE, of_school=its_return),
    "returns:return-line": Page(send=TYPE, of_school=its_return),
    "returns:return-results": Page(look=SEES_ALL | TYPE, of_school=its_return),
    "returns:return-check": Page(look=SCHOOL | {Role.DATA_MANAGER}, of_school=its_return),
    "returns:return-hand": Page(
        look=SCHOOL | {Role.DATA_MANAGER}, send=SCHOOL | {Role.DATA_MANAGER}, of_school=its_return
    ),
    "returns:return-log": Page(look=SEES_ALL | TYPE, send=TYPE, of_school=its_log),
    "returns:return-sent": Page(look=SEES_ALL | TYPE, of_school=its_return),
    "returns:return-submit": Page(send=SCHOOL | {Role.DATA_MANAGER}, of_school=its_return),
    "returns:return-withdraw": Page(send=SCHOOL | {Role.DATA_MANAGER}, of_school=its_return),
    "returns:return-approve": Page(look=SEES_ALL, send={Role.DATA_MANAGER}, of_school=its_return),
    "dashboard:matrix": Page(look=SEES_ALL | SCHOOL),
    "dashboard:matrix-csv": Page(look=SEES_ALL | SCHOOL),
    "dashboard:returns-csv": Page(look=SEES_ALL | TYPE),
    "dashboard:figures-csv": Page(look=SCHOOL | {Role.DATA_MANAGER}),
    "dashboard:kpi": Page(look=SEES_ALL | SCHOOL | {Role.CONTRIBUTOR}, of_trust=its_kpi),
    "dashboard:kpi-history": Page(look=SEES_ALL | SCHOOL | {Role.CONTRIBUTOR}, of_trust=its_kpi),
    "dashboard:kpi-picture": Page(look=SEES_ALL | SCHOOL | {Role.CONTRIBUTOR}, of_trust=its_kpi),
    "dashboard:kpi-figures": Page(look=SEES_ALL | SCHOOL | {Role.CONTRIBUTOR}, of_trust=its_kpi),
    "dashboard:answer": Page(look={Role.LEADER}, send={Role.LEADER}, of_trust=its_answer),
    "dashboard:reply": Page(look={Role.HEADTEACHER}, send={Role.HEADTEACHER}, of_trust=its_kpi),
    "dashboard:say": Page(look={Role.LEADER}, send={Role.LEADER}, of_trust=its_kpi),
    "dashboard:by-hand": Page(look={Role.LEADER}, send={Role.LEADER}, of_trust=its_kpi),
    "dashboard:plan": Page(look=EVERYBODY),
    "dashboard:first-steps": Page(look=EVERYBODY),
    "dashboard:reading": Page(look=EVERYBODY),
    "dashboard:plan-coverage": Page(look=EVERYBODY),
    "dashboard:plan-readiness": Page(look=SEES_ALL),
    "dashboard:schools": Page(look=SEES_ALL | SCHOOL),
    "dashboard:schools-compare": Page(look=SEES_ALL | SCHOOL),
    "dashboard:school": Page(look=SEES_ALL | SCHOOL, of_school=its_code),
    "reports:report-list": Page(look=BOARD),
    "reports:report-latest": Page(look={Role.TRUSTEE}),
    "reports:report-read": Page(look=BOARD, of_trust=its_report),
    "reports:report-version": Page(look=BOARD, of_trust=its_version),
    "reports:report-file": Page(look=BOARD, of_trust=its_file),
    "reports:report-sheet": Page(look=BOARD, of_trust=its_sheet),
    "reports:report-sheet-now": Page(look={Role.LEADER}),
    "reports:report-meeting-new": Page(look={Role.LEADER}, send={Role.LEADER}),
    "reports:report-meeting": Page(look=BOARD, send={Role.LEADER}, of_trust=its_meeting),
    "reports:report-cut-new": Page(look={Role.LEADER}, send={Role.LEADER}),
    "reports:report-cut": Page(look={Role.LEADER}, send={Role.LEADER}, of_trust=its_cut),
    "reports:results": Page(look={Role.TRUSTEE}),
    "reports:report-questions": Page(look=BOARD, send={Role.TRUSTEE}, of_trust=its_report),
    "reports:report-answer": Page(look={Role.LEADER}, send={Role.LEADER}, of_trust=its_question),
    "reports:report-notes": Page(look=BOARD, send=BOARD, of_trust=its_report),
    "reports:report-draft": Page(look={Role.LEADER}, send={Role.LEADER}, of_trust=its_report),
    "reports:report-preview": Page(look={Role.LEADER}, of_trust=its_report),
    "reports:report-publish": Page(look={Role.LEADER}, send={Role.LEADER}, of_trust=its_report),
}

# Who asks: a name, the role, and whether it is held at both schools.
ACTORS = ["anonymous", "system administrator", *Role, "editor of two schools"]


class House:
    """Two trusts with a plan each; the first has the actors, their school and its sister.

    What only the other trust has is easy to find: its names and its figure.
    """

    CANARY = ("Elsewhere", "12.3")

    def __init__(self):
        self.trust, self.other = make_trust("north"), make_trust("south", name="Elsewhere Trust")
        self.own = make_school(self.trust, "Own school")
        self.sister = make_school(self.trust, "Sister school")
        self.theirs = make_school(self.other, "Elsewhere school")
        self.kpis, self.returns, self.evidence = {}, {}, {}
        for trust in (self.trust, self.other):
            self.promise(trust)
        for school, figure in ((self.own, "93.5"), (self.sister, "95.1"), (self.theirs, "12.3")):
            self.answer(school, figure)

    @cached_property
    def published(self):
        """A report of each trust, with a question; made for the pages that are about one."""
        made = {trust: make_published(trust) for trust in (self.trust, self.other)}
        for trust, published in made.items():
            asked_by = make_user(Role.TRUSTEE, trust)
            Question.everywhere.create(
                report=published.report, words="Why?", asked_by=asked_by, asked_at=published.at
            )
        return made

    def promise(self, trust):
        """A KPI on what schools type, and one on what its contributor answers for."""
        plan, office = make_plan(trust), Office.everywhere.create(trust=trust, code="hr", name="HR")
        make_clause(make_kpi(plan), make_measure(trust), target="94.0", margin="1.0")
        self.kpis[trust] = make_kpi(plan, "Staff absence")
        make_measure(trust, "Repairs", kind="cases", basis="term", keeps_log=True)
        of_hr = make_measure(trust, "Staff absence", office=office)
        make_clause(self.kpis[trust], of_hr, target="94.0")

    def answer(self, school, figure):
        """A return that is being typed, and what was approved the term before."""
        measure = Measure.everywhere.get(trust=school.trust, code="attendance")
        make_entry(measure, school, make_term(school.trust, "2025-summer"), value=figure)
        term = make_term(school.trust)
        self.returns[school] = make_return(school, term, typed=figure, measure=measure)
        self.evidence[school] = make_evidence(self.returns[school])

    def sign_in(self, actor):
        client = Client(raise_request_exception=False)
        if actor != "anonymous":
            client.force_login(self.person(actor))
            session = client.session  # no click of a long walk is late enough to be noted in it
            session["signed_in_at"] = session["seen_at"] = int(time.time()) + A_DAY
            session.save()
        return client

    def person(self, actor):
        if actor == "system administrator":
            return User.objects.create_superuser("root@example.org", name="Root")
        if actor == "editor of two schools":
            return make_user(Role.SCHOOL_EDITOR, self.trust, [self.own, self.sister])
        at = [self.own] if actor in (Role.HEADTEACHER, Role.SCHOOL_EDITOR) else []
        return make_user(actor, self.trust, at)

    def places(self, page):
        """Each way to ask for the page: whose it is, and the arguments of its path."""
        if page.of_school:
            for whose, school in self.schools().items():
                arguments = page.of_school(self, school)
                yield whose, {"trust": school.trust, **arguments}
                if school.trust != self.trust:
                    yield "other trust", {"trust": self.trust, **arguments}
            unknown = dict.fromkeys(arguments, NEVER_USED)
        elif page.of_trust:
            yield "own", {"trust": self.trust, **page.of_trust(self, self.trust)}
            arguments = page.of_trust(self, self.other)
            yield "other trust", {"trust": self.other, **arguments}
            yield "other trust", {"trust": self.trust, **arguments}
            unknown = dict.fromkeys(arguments, NEVER_USED)
        else:
            yield "own", {"trust": self.trust}
            yield "other trust", {"trust": self.other}
            unknown = {}
        yield "unknown", {"trust": "nowhere" if not unknown else self.trust, **unknown}

    def schools(self):
        return {"own": self.own, "sister": self.sister, "other trust": self.theirs}


def reaches(page, actor, whose):
    """Whether the actor has anything to do with a thing of theirs, the roles apart."""
    if page.of_school and actor == Role.CONTRIBUTOR:
        return False  # has lines in the trust's return, none in a school's
    if whose == "sister":
        return actor in SEES_ALL or actor == "editor of two schools"
    return whose == "own"


def role_of(actor):
    return Role.SCHOOL_EDITOR if actor == "editor of two schools" else actor


def expected(page, method, actor, whose, in_own_trust):
    """What must come back, as one word."""
    if actor == "anonymous":
        return "sign in"
    role = role_of(actor)
    if not in_own_trust or role not in page.look | page.send:
        return "not found"
    allowed = {"GET": page.look, "HEAD": page.look, "POST": page.send}.get(method)
    if not allowed:
        return "not allowed"
    return "answered" if role in allowed and reaches(page, actor, whose) else "not found"


def answered(response):
    """What has come back, as one word."""
    if response.status_code == 302 and response.url.startswith("/sign-in/"):
        return "sign in"
    words = {404: "not found", 405: "not allowed"} | dict.fromkeys((200, 302, 409, 422), "answered")
    for close in response._resource_closers:  # response.close() would end the connection too
        close()
    return words.get(response.status_code, "broken")


def addresses(resolver=None, names=(), converters=()):
    """Every address of the site: its name, and the arguments that its path takes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        takes = (*converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield ":".join([*names, pattern.name or NAMELESS]), takes
        else:
            namespace = [pattern.namespace] if pattern.namespace else []
            yield from addresses(pattern, (*names, *namespace), takes)


IN_A_TRUST = {name: takes for name, takes in addresses() if "trust" in takes}
ADMIN = {name: takes for name, takes in addresses() if name.startswith("admin:")}


# A file without a row of its own must be answered by the very view of a page that has one.
FILES = {name for name in IN_A_TRUST if name.endswith(("-csv", "-xlsx"))} - PAGES.keys()


def test_every_address_has_a_row():
    outside = {name for name, _ in addresses()} - IN_A_TRUST.keys() - ADMIN.keys()

    assert IN_A_TRUST.keys() - FILES == PAGES.keys()
    assert outside == PUBLIC | SIGNED_IN


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_answered_by_the_view_of_its_page(name):
    stem = name.rpartition("-")[0]
    page = f"{stem}-csv" if f"{stem}-csv" in PAGES else stem

    assert view_of(name) is view_of(page)


def view_of(name):
    some = {"trust": "north", "pk": 1, "code": "S1"}
    return resolve(reverse(name, kwargs={take: some[take] for take in IN_A_TRUST[name]})).func


@pytest.mark.parametrize("name", PAGES)
def test_a_row_says_what_its_address_takes(name):
    page = PAGES[name]
    names_a_thing = len(IN_A_TRUST[name]) > 1

    assert bool(page.of_school or page.of_trust) == names_a_thing


@pytest.mark.parametrize("actor", ACTORS)
def test_each_page_answers_those_it_is_for_and_is_not_there_for_others(actor):
    assert wrong_cells(actor, METHODS) == []


@pytest.mark.parametrize("actor", ACTORS)
def test_no_page_takes_a_method_that_changes_or_deletes(actor):
    assert wrong_cells(actor, NOT_TAKEN) == []


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("asked", [{"own"}, pytest.param(EVERYBODYS, marks=pytest.mark.long)])
def test_head_is_answered_like_get_and_options_not_at_all(actor, asked):
    assert wrong_cells(actor, OF_THE_PROTOCOL, asked) == []


def wrong_cells(actor, methods, asked=EVERYBODYS):
    """Every address asked by one actor with each method: what was not as expected, in words.

    ``asked`` says for whose things they are asked.
    """
    house = House()
    client = house.sign_in(actor)
    nothing = client.get("/no/such/page/").content

    wrong = []
    for name, page in PAGES.items():
        places = [(whose, path) for whose, path in house.places(page) if whose in asked]
        for (whose, path), method in product(places, methods):
            address = reverse(name, kwargs=path)
            response, writes = ask(client, method, address)
            wanted = expected(page, method, actor, whose, path["trust"] == house.trust)
            got = answered(response)
            cell = f"{method} {address} ({whose})"
            if got != wanted:
                wrong.append(f"{cell}: {got} {response.status_code}, not {wanted}")
            if got == "not found" and method != "HEAD" and response.content != nothing:
                wrong.append(f"{cell}: its page is not the one of an address that is not there")
            may_write = wanted == "answered" and (method == "POST" or page.opens)
            if writes and not may_write:
                wrong.append(f"{cell}: writes {writes[0]}")
    return wrong


@pytest.fixture(autouse=True)
def _refusals_are_not_logged(caplog):
    """There are thousands, and nobody reads them here."""
    caplog.set_level("ERROR", logger="django.request")


def all_of(response):
    """The whole body; a file that goes out is open until its end has been read."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def ask(client, method, address):
    """The answer, and what was written on the way. All of it is undone again."""
    asked = []

    def note(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            response = client.generic(method, address)
        transaction.set_rollback(True)
    all_of(response)
    writes = [sql for sql in asked if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    if writes:
        kept.forget()  # the versions that were raised are undone as well
    return response, writes


@pytest.mark.parametrize("actor", ACTORS)
def test_the_admin_is_there_for_the_system_administrator_alone(actor):
    client = House().sign_in(actor)
    named = {name: takes for name, takes in ADMIN.items() if not name.endswith(NAMELESS)}
    some = {"app_label": "schools"}

    found = {
        answered(client.get(reverse(name, kwargs={take: some.get(take, 1) for take in takes})))
        for name, takes in named.items()
    }
    found |= {answered(client.get(f"/admin/{path}")) for path in ("schools/trust/1/", "no/such/")}

    if actor == "anonymous":
        assert found == {"sign in"}
    elif actor == "system administrator":
        assert "answered" in found
    else:
        assert found == {"not found"}


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_what_is_for_people_who_signed_in_asks_strangers_to(name):
    assert answered(Client().get(reverse(name))) == "sign in"


def test_a_page_without_its_row_is_refused_to_everybody(monkeypatch):
    house = House()
    clients = {role: house.sign_in(role) for role in Role}

    wrong = []
    for name, page in PAGES.items():
        client = clients[next(role for role in Role if role in page.look | page.send)]
        address, method = own_address(name, house), "GET" if page.look else "POST"
        before = answered(ask(client, method, address)[0])
        with monkeypatch.context() as row:
            row.delitem(TABLE, name_of(resolve(address).func))
            without = answered(ask(client, method, address)[0])
        if (before, without) != ("answered", "not found"):
            wrong.append(f"{name}: {before}, {without} without its row")

    assert wrong == []


# Ids and names in the query of an address

LOOKED_AT = [name for name, page in PAGES.items() if page.look]
NONSENSE = ["0", "-1", "999999999999999999999", "abc", "٣", "", "'", "x" * 500]
WORDS = ["school", "unit", "show", "open", "tab", "priority", "phase", "clause", "view"]


def own_address(name, house):
    _, path = next(iter(house.places(PAGES[name])))
    return reverse(name, kwargs=path)


def test_nonsense_in_the_query_never_breaks_a_page():
    house = House()
    clients = {role: house.sign_in(role) for role in Role}
    queries = [{"term": text} for text in NONSENSE] + [{word: "abc"} for word in WORDS]
    queries += [dict.fromkeys(WORDS, text) for text in NONSENSE]

    broken = []
    for name in LOOKED_AT:
        client = clients[next(role for role in Role if role in PAGES[name].look)]
        address = own_address(name, house)
        broken += [
            (name, query)
            for query in queries
            if answered(client.get(address, query)) not in ("answered", "not found")
        ]

    assert broken == []


@pytest.mark.parametrize("name", ["returns:return-list", "dashboard:matrix", "dashboard:plan"])
@pytest.mark.parametrize("term", ["2099-autumn", "2025-winter", "autumn", "2025-autumn'"])
def test_a_term_that_has_not_opened_or_never_was_is_not_found(name, term):
    house = House()
    client = house.sign_in(Role.LEADER)
    address = own_address(name, house)
    assert client.get(address, {"term": "2025-autumn"}).status_code == 200

    answer = client.get(address, {"term": term})

    assert answer.status_code == 404
    assert answer.content == client.get("/no/such/page/").content


@pytest.mark.parametrize("name", ["dashboard:kpi", "dashboard:schools-compare"])
@pytest.mark.parametrize(
    ("actor", "found"),
    [
        (Role.LEADER, {"own", "sister"}),
        (Role.HEADTEACHER, {"own"}),
        (Role.SCHOOL_EDITOR, {"own"}),
        ("editor of two schools", {"own", "sister"}),
    ],
)
def test_a_school_in_the_query_is_found_by_those_who_see_it_alone(actor, found, name):
    house = House()
    client = house.sign_in(actor)
    address = own_address(name, house)
    codes = {whose: school.code for whose, school in house.schools().items()} | {"unknown": "X"}

    answers = {whose: client.get(address, {"school": code}) for whose, code in codes.items()}

    assert {whose for whose, answer in answers.items() if answer.status_code == 200} == found
    hidden = {answer.content for whose, answer in answers.items() if whose not in found}
    assert hidden == {client.get("/no/such/page/").content}


# The canary: what is found on no page of ours


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor in set(Role)])
def test_nothing_of_another_trust_is_on_any_page(actor):
    house = House()
    assert house.published  # the lists of reports have something of both trusts
    client = house.sign_in(actor)
    seen = {
        name: all_of(client.get(own_address(name, house))).decode(errors="replace")
        for name in LOOKED_AT
        if actor in PAGES[name].look and reaches(PAGES[name], actor, "own")
    }

    found = [(name, word) for name, text in seen.items() for word in house.CANARY if word in text]

    assert seen
    assert found == []


def test_the_canary_is_there_for_its_own_people():
    house = House()
    client = Client()
    client.force_login(make_user(Role.DATA_MANAGER, house.other))
    address = reverse("returns:return-edit", args=[house.other, house.returns[house.theirs].pk])

    text = client.get(address).text

    assert all(word in text for word in house.CANARY)

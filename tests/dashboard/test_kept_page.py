"""The dashboard is kept, and nobody is ever shown an old one or somebody else's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from dashboard.cells import cell_of
from dashboard.matrix import kept_facts, kept_page, trust_page
from dashboard.matrix import rows as matrix_rows
from kpis.actions import set_by_hand
from kpis.models import KPI, Entry, Target
from kpis.rag.judging import judge_all, judge_units
from kpis.saying import comment, reply
from returns.asked.asking import Asking
from returns.asked.questions import Typed
from returns.collecting.terms import close, move_deadline
from returns.grid.saving import Change, save_lines
from returns.life.approving import approve, send_back
from returns.life.reopening import reopen
from returns.life.sending import submit, withdraw
from returns.models import Return
from schools import kept
from schools.models import Memberships, Role, Trust, Unit
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_return,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


class House:
    """Two schools with one figure each: one typed, one that counts."""

    def __init__(self):
        self.trust, self.term, self.attendance, schools = make_house(schools=2)
        self.school, self.sister = schools
        self.return_ = make_return(self.school, self.term, typed="93.5", measure=self.attendance)
        self.other = make_return(self.sister, self.term, typed="41.7", measure=self.attendance)
        self.leader = make_user(Role.LEADER, self.trust)
        self.manager = make_user(Role.DATA_MANAGER, self.trust)
        self.does(submit, self.other)
        self.does(submit, self.return_)

    def now(self, return_):
        return Return.objects.get(pk=return_.pk)

    def does(self, action, return_, by=None, **more):
        """One action of returns, with the return as it is."""
        with inside(self.trust):
            fresh = self.now(return_)
            action(
                fresh,
                version=fresh.version,
                memberships=Memberships(by or self.manager, self.trust),
                at=timezone.now(),
                **more,
            )

    def acts(self, action, *args, by=None, **more):
        with inside(self.trust):
            memberships = Memberships(by or self.manager, self.trust)
            action(*args, memberships=memberships, **more)

    @property
    def page(self):
        return reverse("dashboard:matrix", args=[self.trust], query={"term": self.term.slug})


@pytest.fixture
def house():
    return House()


@pytest.fixture
def made(monkeypatch):
    """How often a page was made, and not taken from memory."""
    times = []

    def look(*args, **more):
        times.append(1)
        return trust_page.look(*args, **more)

    monkeypatch.setattr(kept_page, "look", look)
    return times


def test_a_page_is_made_once_for_all_who_see_the_same(house, made, client):
    for person in (house.leader, make_user(Role.LEADER, house.trust), house.leader):
        client.force_login(person)
        text = client.get(house.page).text
        assert "93.5" in text
    assert len(made) == 1


def test_the_frame_round_a_kept_page_is_each_persons_own(house, client):
    another = make_user(Role.LEADER, house.trust)
    for person in (house.leader, another):
        client.force_login(person)
        assert str(person) in client.get(house.page).text


@pytest.mark.parametrize("leader_first", [True, False])
def test_no_head_is_ever_shown_a_leaders_cells(house, client, leader_first):
    head = make_head(house.school)
    order = [house.leader, head] if leader_first else [head, house.leader]
    for person in order * 2:
        client.force_login(person)
        text = client.get(house.page).text
        assert ("41.7" in text) is (person == house.leader)
        assert "93.5" in text


def test_two_heads_are_shown_their_own_schools(house, client):
    one, two = make_head(house.school), make_head(house.sister)
    for person, mine, others in ((one, "93.5", "41.7"), (two, "41.7", "93.5")) * 2:
        client.force_login(person)
        text = client.get(house.page).text
        assert mine in text
        assert others not in text


def typed_again(house):
    house.does(withdraw_it, house.return_)
    with inside(house.trust):
        asked = next(
            one
            for one in Asking(house.term).of_return(house.school.pk)
            if one.measure == house.attendance
        )
        line = house.now(house.return_).lines.get(measure=house.attendance)
        save_lines(
            house.now(house.return_),
            [Change(asked, Typed(value="88.8"), line.version)],
            memberships=Memberships(house.manager, house.trust),
            at=timezone.now(),
        )
    house.does(submit, house.return_)


def withdraw_it(return_, *, version, memberships, at):
    withdraw(return_, memberships=memberships, at=at)


def kpi():
    return KPI.everywhere.get()


def reopen_it(house):
    house.does(approve, house.return_)
    house.acts(reopen, house.return_, reason="Year 6", at=timezone.now())


def what_it_says(page):
    """A page without its frame, which has a word of its own against forged forms."""
    text = page if isinstance(page, str) else page.text
    return text.partition("<main")[2]


CHANGES = {
    "another figure": typed_again,
    "an approval": lambda h: h.does(approve, h.return_),
    "sent back": lambda h: h.does(send_back, h.return_, questions={}, note="Is it right?"),
    "reopened": reopen_it,
    "set by hand": lambda h: h.acts(
        set_by_hand, kpi(), h.school, h.term, status="green", reason="Ill", by=h.leader
    ),
    "a comment": lambda h: h.acts(
        comment, kpi(), h.term, why="Flu", what_next="", seen=("", ""), by=h.leader
    ),
    "a reply": lambda h: h.acts(
        reply,
        kpi(),
        h.school,
        h.term,
        text="Two have moved.",
        seen=("",),
        by=make_head(h.school),
    ),
    "a deadline": lambda h: h.acts(
        move_deadline,
        h.term,
        h.school,
        due=timezone.now() + timedelta(days=9),
        reason="Flood",
        at=timezone.now(),
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_is_on_the_next_page(house, made, client, name):
    client.force_login(house.leader)
    before = client.get(house.page).text
    CHANGES[name](house)
    after = client.get(house.page).text
    assert len(made) == 2, "the page was taken from memory"
    kept.forget()
    assert what_it_says(client.get(house.page)) == what_it_says(after)
    if name == "another figure":
        assert "93.5" in before
        assert "88.8" in after
        assert "93.5" not in after


def test_after_a_save_only_that_school_is_read_and_judged_again(house, client, monkeypatch):
    units = []

    def judged(given, wanted):
        units.append(set(wanted))
        return judge_units(given, wanted)

    monkeypatch.setattr(kept_facts, "judge_units", judged)
    client.force_login(house.leader)
    client.get(house.page)
    everybody = units[0]
    typed_again(house)
    client.get(house.page)

    assert {house.school.pk, house.sister.pk} <= everybody
    assert units[-1] == {house.school.pk}


@pytest.fixture
def two_kpis(house):
    """The house with a second KPI, of which both schools have sent a figure too."""
    plan = kpi().plan
    exclusions = make_measure(house.trust, "Exclusions")
    make_clause(make_kpi(plan, "Exclusions"), exclusions, target="90.0")
    for school in (house.school, house.sister):
        make_entry(exclusions, school, house.term, value="91.4")
    return house


def test_after_a_save_only_what_reads_it_is_judged_and_drawn_again(two_kpis, client, monkeypatch):
    house = two_kpis
    judged, written = [], []

    def judge(given, known, **more):
        judged.append({promise.title for promise in given.promises})
        return judge_all(given, known, **more)

    def cell(given, promise, *args, **more):
        written.append(promise.title)
        return cell_of(given, promise, *args, **more)

    monkeypatch.setattr(kept_facts, "judge_all", judge)
    monkeypatch.setattr(matrix_rows, "cell_of", cell)
    client.force_login(house.leader)
    client.get(house.page)
    assert {"Attendance", "Exclusions"} <= set.union(*judged)
    assert {"Attendance", "Exclusions"} == set(written)

    judged.clear()
    written.clear()
    typed_again(house)
    after = client.get(house.page).text

    assert set.union(*judged) == {"Attendance"}
    assert set(written) == {"Attendance"}
    assert "88.8" in after
    assert "91.4" in after


def test_a_deadline_of_its_own_is_judged_for_every_kpi_of_a_school(two_kpis, client):
    house = two_kpis
    Entry.everywhere.filter(measure__name="Exclusions", unit=house.school).delete()
    Unit.everywhere.filter(pk=house.trust.own_unit.pk).update(data_version=F("data_version") + 1)
    client.force_login(house.leader)
    before = client.get(house.page).text
    assert "Late" in before

    CHANGES["a deadline"](house)
    after = client.get(house.page).text

    assert after.count("Late") < before.count("Late")
    kept.forget()
    assert what_it_says(client.get(house.page)) == what_it_says(after)


@pytest.mark.parametrize("query", ["&sort=worst", "&down=schools", "&phase=primary", "&show=off"])
def test_whatever_is_chosen_the_next_page_is_as_if_made_anew(two_kpis, client, query):
    house = two_kpis
    people = (house.leader, make_head(house.school), make_head(house.sister))
    for _ in range(2):
        after = {}
        for person in people:
            client.force_login(person)
            after[person] = client.get(house.page + query).text
        kept.forget()
        for person in people:
            client.force_login(person)
            assert what_it_says(client.get(house.page + query)) == what_it_says(after[person])
        typed_again(house)


def test_after_many_saves_the_page_is_as_if_made_anew(house, client):
    client.force_login(house.leader)
    for _ in range(4):
        client.get(house.page)
        typed_again(house)
    after = client.get(house.page).text
    kept.forget()
    assert what_it_says(client.get(house.page)) == what_it_says(after)


def test_closing_the_term_is_on_the_next_page(house, made, client):
    client.force_login(house.leader)
    client.get(house.page)
    house.does(approve, house.return_)
    house.does(approve, house.other)
    house.acts(close, house.term, at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert "Closed. Figures as at 1 March 2026." in client.get(house.page).text


def test_another_number_of_pupils_to_show_is_another_page(house, made, client):
    head = make_head(house.school)
    client.force_login(head)
    client.get(house.page)
    Trust.objects.filter(pk=house.trust.pk).update(min_to_show=30)
    client.get(house.page)
    assert len(made) == 2


def test_every_term_and_choice_and_day_is_a_page_of_its_own(house, made, client, monkeypatch):
    client.force_login(house.leader)
    summer = make_term(house.trust, "2025-summer")
    client.get(house.page)
    client.get(reverse("dashboard:matrix", args=[house.trust], query={"term": summer.slug}))
    client.get(f"{house.page}&show=off")
    assert len(made) == 3
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(kept_page.timezone, "localdate", lambda value=None: tomorrow)
    client.get(house.page)
    assert len(made) == 4


def test_two_trusts_with_the_same_versions_keep_their_own_pages(house, client):
    elsewhere = House()
    for one in (house, elsewhere, house):
        client.force_login(one.leader)
        text = client.get(one.page).text
        assert str(one.school) in text
        assert str(elsewhere.school if one is house else house.school) not in text


def test_a_new_target_is_on_the_next_page(house, made, client):
    client.force_login(house.leader)
    client.get(house.page)
    with inside(house.trust):
        Target.objects.update(value="99.0")
        Unit.objects.filter(kind="trust").changed()
    assert "99.0" in client.get(house.page).text
    assert len(made) == 2


def test_a_kept_page_costs_few_queries(house, sign_in, django_assert_num_queries):
    client = sign_in(house.leader)
    client.get(house.page)
    with django_assert_num_queries(7):
        client.get(house.page)

"""What a timer runs: opening, reminding and closing, twice, interrupted, at awkward moments."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from returns.asked.asking import Asking
from returns.board import reminding
from returns.board.owing import Owing
from returns.board.reminding import letters_for, remind, to_remind
from returns.collecting.forms import at_five
from returns.collecting.terms import set_dates
from returns.management.commands._of_trusts import returns_of
from returns.management.commands.close_term import over
from returns.models import Reminder, Return
from schools.calendar import term_of
from schools.models import AuditRow, Deadline, Outbox, Role, Term
from schools.people import Memberships
from schools.tenancy import inside
from tests.factories import make_head, make_house, make_term, make_user

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
AFTER = datetime(2026, 1, 20, 9, tzinfo=UTC)

# Clocks go forward: 01:30 is missing. They go back: 01:30 comes twice. The last second of a
# school year, and the day that is there every fourth year.
MISSING = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
FIRST_OF_TWO = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND_OF_TWO = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
LAST_SECOND = datetime(2026, 8, 31, 22, 59, 59, tzinfo=UTC)
LEAP_DAY = datetime(2028, 2, 29, 0, 0, tzinfo=UTC)
AWKWARD = [MISSING, FIRST_OF_TWO, SECOND_OF_TWO, LAST_SECOND, LEAP_DAY]


@pytest.fixture
def house():
    return make_house(schools=3)


@pytest.fixture
def at(monkeypatch):
    """Says what time it is for a command."""

    def set_clock(moment):
        monkeypatch.setattr("returns.management.commands._of_trusts.timezone.now", lambda: moment)

    set_clock(AFTER)
    return set_clock


def run(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def only_autumn(trust):
    """So that the past terms, which nobody has closed, say nothing."""
    Term.everywhere.filter(trust=trust, period__on__lt=date(2025, 12, 1)).update(closed_at=AFTER)


def rows_now():
    return [
        list(model.order_by("pk").values_list())
        for model in (Return.everywhere, Reminder.everywhere, AuditRow.everywhere, Outbox.objects)
    ]


def test_returns_open_on_their_day_and_only_once(house, at):
    trust, _, _, schools = house
    only_autumn(trust)

    at(datetime(2025, 11, 30, 23, 59, tzinfo=UTC))
    run("open_term", trust=trust.slug)
    assert not Return.everywhere.exists()

    at(datetime(2025, 12, 1, 0, 0, tzinfo=UTC))
    assert "3 returns opened" in run("open_term", trust=trust.slug)
    before = rows_now()
    assert "0 returns opened" in run("open_term", trust=trust.slug)
    assert rows_now() == before
    assert Return.everywhere.count() == len(schools)


def test_schools_are_told_once_that_their_return_is_open(house, at):
    trust, _, _, [school, *_] = house
    only_autumn(trust)
    head = make_head(school)

    at(datetime(2025, 12, 1, 8, tzinfo=UTC))
    run("open_term", trust=trust.slug, tell=True)
    at(datetime(2025, 12, 2, 8, tzinfo=UTC))
    run("open_term", trust=trust.slug, tell=True)

    [mail] = Outbox.objects.all()
    assert mail.to == head.email
    assert "is due on Friday 16 January 2026, 5pm" in mail.body


def test_reminders_run_twice_send_nothing_more_that_day(house, at):
    trust, _, _, schools = house
    only_autumn(trust)
    for school in schools:
        make_head(school)
    run("open_term", trust=trust.slug)

    assert "3 mails queued" in run("send_reminders", trust=trust.slug)
    before = rows_now()
    assert "0 mails queued" in run("send_reminders", trust=trust.slug)
    assert rows_now() == before

    at(AFTER + timedelta(days=1))
    assert "3 mails queued" in run("send_reminders", trust=trust.slug)
    assert Outbox.objects.count() == 6


def test_who_is_due_soon_is_reminded_if_asked_for(house, at):
    trust, _, _, [school, *_] = house
    only_autumn(trust)
    make_head(school)
    at(datetime(2026, 1, 14, 9, tzinfo=UTC))
    run("open_term", trust=trust.slug)

    assert "0 mails queued" in run("send_reminders", trust=trust.slug, within=1)
    assert "1 mails queued" in run("send_reminders", trust=trust.slug, within=3)


def test_what_was_interrupted_is_done_by_the_next_run(house, at, monkeypatch):
    trust, _, _, schools = house
    only_autumn(trust)
    for school in schools:
        make_head(school)
    run("open_term", trust=trust.slug)
    create, calls = Outbox.objects.create, []

    def dies(**columns):
        calls.append(columns)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return create(**columns)

    monkeypatch.setattr(reminding.Outbox.objects, "create", dies)
    with pytest.raises(KeyboardInterrupt):
        run("send_reminders", trust=trust.slug)
    # What is in the outbox and who counts as reminded never differ.
    assert Outbox.objects.count() == Reminder.everywhere.count()
    monkeypatch.setattr(reminding.Outbox.objects, "create", create)

    run("send_reminders", trust=trust.slug)

    heads = [mail.to for mail in Outbox.objects.all()]
    assert len(heads) == len(set(heads)) == Reminder.everywhere.count() == 3


def test_a_closed_term_reminds_nobody(house, at):
    trust, term, _, [school, *_] = house
    only_autumn(trust)
    make_head(school)
    run("open_term", trust=trust.slug)
    run("close_term", trust=trust.slug, term=term.slug)

    assert "mails" not in run("send_reminders", trust=trust.slug)
    assert not Outbox.objects.exists()


def test_a_term_is_closed_once_and_says_who_is_late_for_good(house, at):
    trust, term, _, schools = house
    only_autumn(trust)
    run("open_term", trust=trust.slug)

    said = run("close_term", trust=trust.slug, term=term.slug)
    assert all(str(school) in said for school in schools)
    before = rows_now()
    assert "closed already" in run("close_term", trust=trust.slug, term=term.slug)
    assert rows_now() == before
    [row] = AuditRow.everywhere.filter(action="closed")
    assert (row.by, row.channel) == (None, "command")


def test_closing_waits_for_returns_that_wait_for_a_decision(house, at):
    trust, term, _, [school, *_] = house
    only_autumn(trust)
    run("open_term", trust=trust.slug)
    Return.everywhere.filter(unit=school).update(state="submitted")

    with pytest.raises(CommandError, match=f"Approve these returns or send them back.*{school}"):
        run("close_term", trust=trust.slug, term=term.slug)
    assert Term.everywhere.get(pk=term.pk).closed_at is None


def test_terms_close_by_themselves_once_the_last_deadline_is_long_past(house, at):
    trust, term, _, [school, *_] = house
    only_autumn(trust)
    run("open_term", trust=trust.slug)
    Deadline.everywhere.create(
        term=term, unit=school, due=AFTER + timedelta(days=9), reason="Flood"
    )
    at(AFTER + timedelta(days=19))
    assert run("close_term", trust=trust.slug, days_after=14) == ""

    at(AFTER + timedelta(days=24))
    assert "closed" in run("close_term", trust=trust.slug, days_after=14)
    with inside(trust):
        assert over(AFTER + timedelta(days=24), 14) == []


def test_a_term_in_which_nobody_was_asked_is_left_open_to_history(house, at):
    trust, term, _, _ = house
    assert run("close_term", trust=trust.slug, days_after=14) == ""

    with inside(trust):
        assert not Term.objects.filter(closed_at__isnull=False).exists()
        Return.objects.create(unit=trust.own_unit, term=term)
    at(AFTER + timedelta(days=24))
    assert run("close_term", trust=trust.slug, days_after=14).count(": closed") == 1


@pytest.mark.parametrize("options", [{}, {"term": "2025-autumn", "days_after": 1}])
def test_closing_wants_to_be_told_exactly_what(house, options):
    with pytest.raises(CommandError, match="Say which"):
        run("close_term", trust=house[0].slug, **options)


def test_trouble_in_one_trust_stops_no_other(house, at):
    trust, term, _, [school, *_] = house
    other, its_term, _, _ = make_house()
    for one in (trust, other):
        only_autumn(one)
    run("open_term")
    Return.everywhere.filter(unit=school).update(state="submitted")

    with pytest.raises(CommandError, match=str(trust)):
        run("close_term", days_after=1)
    assert Term.everywhere.get(pk=term.pk).closed_at is None
    assert Term.everywhere.get(pk=its_term.pk).closed_at is not None


def test_an_unknown_trust_is_said(db):
    with pytest.raises(CommandError, match="no trust with the slug nowhere"):
        run("send_reminders", trust="nowhere")


# A trust that begins in the middle of a plan


@pytest.fixture
def midway(house):
    """The house in a term that was due before its trust began."""
    trust, term, _, _ = house
    only_autumn(trust)
    Term.everywhere.filter(pk=term.pk).update(is_history=True)
    return house


def test_what_was_due_before_a_trust_began_is_neither_opened_nor_late_nor_closed(midway, at):
    trust, term, _, [school, *_] = midway
    make_head(school)
    said = run("open_term", trust=trust.slug, tell=True)
    with inside(trust):  # as a page makes it, once somebody looks
        Return.objects.create(unit=school, term=term)
        at(AFTER + timedelta(days=24))
        [return_] = returns_of(term_now(term))
        assert not return_.is_late(AFTER)
        assert to_remind([return_], AFTER) == []
    said += run("send_reminders", trust=trust.slug, within=400)
    said += run("close_term", trust=trust.slug, days_after=14)

    assert said == ""
    assert not Outbox.objects.exists()
    assert term_now(term).closed_at is None


def test_history_given_a_day_to_come_is_collected_after_all(midway, at):
    trust, term, _, _ = midway
    manager = Memberships(make_user(Role.DATA_MANAGER, trust), trust)
    days = {"opens": term.opens, "memberships": manager, "at": AFTER}
    with inside(trust):
        set_dates(term, due=AFTER - timedelta(days=2), **days)
        assert term_now(term).is_history
        set_dates(term, due=AFTER + timedelta(days=2), **days)

    assert "3 returns opened" in run("open_term", trust=trust.slug)


def test_history_closed_by_hand_leaves_nobody_late(midway, at):
    trust, term, _, [school, *_] = midway
    with inside(trust):
        Return.objects.create(unit=school, term=term)

    said = run("close_term", trust=trust.slug, term=term.slug)

    assert "Late for good: none" in said
    assert AuditRow.everywhere.get(action="closed").after == {"late for good": []}


def term_now(term):
    return Term.everywhere.get(pk=term.pk)


# Awkward moments


@pytest.mark.parametrize("moment", AWKWARD, ids=str)
def test_a_return_is_late_from_the_second_after_its_deadline(house, moment):
    trust, term, _, [school, *_] = house
    head = make_head(school)
    Term.everywhere.filter(pk=term.pk).update(due=moment)
    with inside(trust):
        return_ = Return.objects.create(unit_id=school.pk, term=make_term(trust))
        [at_once] = returns_of(return_.term)
        assert not at_once.is_late(moment)
        assert to_remind([at_once], moment) == []
        second = moment + timedelta(seconds=1)
        assert at_once.is_late(second)
        late = to_remind([at_once], second)
        owing = Owing(Asking(term), late, timezone.localdate(second))
        letters = letters_for(late, owing, trust=trust, now=second)
        remind(letters, trust=trust, at=second)

    assert Reminder.everywhere.get().day == second.astimezone(LONDON).date()
    assert Outbox.objects.get().to == head.email


def test_the_hour_that_comes_twice_is_one_day_and_midnight_begins_another(house):
    trust, term, _, [school, *_] = house
    make_head(school)
    midnight = datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC)
    counts = []
    with inside(trust):
        Return.objects.create(unit_id=school.pk, term=term)
        for moment in (FIRST_OF_TWO, SECOND_OF_TWO, midnight, midnight + timedelta(seconds=1)):
            late = to_remind(returns_of(term), moment)
            owing = Owing(Asking(term), late, timezone.localdate(moment))
            letters = letters_for(late, owing, trust=trust, now=moment)
            counts.append(len(remind(letters, trust=trust, at=moment)))

    assert counts == [1, 0, 0, 1]


def test_a_summer_midnight_in_london_is_an_hour_before_that_of_utc(house):
    trust, term, _, [school, *_] = house
    make_head(school)
    with inside(trust):
        Return.objects.create(unit_id=school.pk, term=term)
        for moment in (LAST_SECOND, LAST_SECOND + timedelta(seconds=1)):
            late = to_remind(returns_of(term), moment)
            owing = Owing(Asking(term), late, timezone.localdate(moment))
            letters = letters_for(late, owing, trust=trust, now=moment)
            remind(letters, trust=trust, at=moment)

    days = sorted(Reminder.everywhere.values_list("day", flat=True))
    assert days == [date(2026, 8, 31), date(2026, 9, 1)]
    assert term_of(timezone.localdate(LAST_SECOND)) == (2025, 3)
    assert term_of(timezone.localdate(LAST_SECOND + timedelta(seconds=1))) == (2026, 1)


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 3, 28), 17),
        (date(2026, 3, 29), 16),
        (date(2026, 10, 24), 16),
        (date(2026, 10, 25), 17),
        (date(2028, 2, 29), 17),
        (date(2026, 8, 31), 16),
    ],
)
def test_five_in_the_afternoon_is_five_in_london(day, utc_hour):
    assert at_five(day).astimezone(UTC) == datetime.combine(
        day, datetime.min.time().replace(hour=utc_hour), tzinfo=UTC
    )


def test_a_term_that_opens_on_a_leap_day_opens_at_its_midnight(house):
    trust, term, _, _ = house
    Term.everywhere.filter(pk=term.pk).update(opens=date(2028, 2, 29))
    term = make_term(trust)

    assert not term.is_open(timezone.localdate(LEAP_DAY - timedelta(seconds=1)))
    assert term.is_open(timezone.localdate(LEAP_DAY))


def test_history_is_in_the_order_of_its_numbers_when_clocks_go_back(house, client):
    trust, term, _, [school, *_] = house
    with inside(trust):
        for moment, action in ((SECOND_OF_TWO, "first"), (FIRST_OF_TWO, "second")):
            AuditRow.objects.record(action, term, by=None, at=moment, unit=school)

    client.force_login(make_user(Role.AUDITOR, trust))
    page = client.get(f"/t/{trust.slug}/history/").text

    assert page.index(">second <b>") < page.index(">first <b>")

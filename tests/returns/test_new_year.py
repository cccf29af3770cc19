"""A new academic year: proposed from the last, made once confirmed, and what goes on."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from kpis.models import Target, TargetStep
from returns.asked.asking import Asking
from returns.collecting.new_year import proposed, settle_year
from returns.collecting.opening import open_returns
from returns.models import Line, Return
from schools.models import AuditRow, Membership, Memberships, Period, Role, School, Term
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_clause,
    make_head,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_terms,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db

# The factory's last year is 2025/26; on this day it has begun.
TODAY = date(2026, 7, 1)
AT = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def page_of(trust):
    return reverse("returns:new-year", args=[trust])


def year(trust, starts_in=2026):
    return list(Term.everywhere.filter(trust=trust, period__year=starts_in).order_by("period__on"))


def test_next_years_terms_fall_on_the_same_days_of_the_week_as_this_years():
    trust = make_trust()
    with inside(trust):
        proposal = proposed(TODAY)

    assert (proposal.year, proposal.is_new) == (2026, True)
    autumn = proposal.dates[0]
    assert autumn.starts == date(2026, 8, 31) or autumn.starts.weekday() == 0
    for now, then in zip(proposal.dates, make_terms(2025, 1), strict=True):
        assert (now.starts - then.starts).days == 364
        assert now.starts.weekday() == then.starts.weekday()
        assert now.due.hour == 17


def test_nothing_is_made_until_it_is_confirmed_and_confirming_again_changes_nothing(client):
    trust = make_trust()
    client.force_login(make_user(Role.DATA_MANAGER, trust))
    boxes = boxes_of(client.get(page_of(trust)))
    boxes["autumn-starts"] = "2 September 2026"
    assert year(trust) == []

    for _ in range(2):
        page = client.post(page_of(trust), boxes, follow=True)
        assert page.status_code == 200

    assert [str(term) for term in year(trust)] == ["Autumn 2026", "Spring 2027", "Summer 2027"]
    assert year(trust)[0].starts == date(2026, 9, 2)
    assert year(trust, 2027) == []
    assert AuditRow.everywhere.filter(action="created", thing_kind="schools.term").count() == 3


@pytest.mark.parametrize(
    ("box", "day", "words"),
    [
        ("spring-starts", "1 December 2026", "start the Spring term later"),
        ("autumn-ends", "1 September 2026", "must end after it starts"),
        ("summer-ends", "30 September 2027", "lies in 2026/27"),
        ("autumn-due", "1 October 2026", "must be due after they open"),
        ("autumn-opens", "tomorrow", "Enter the day as a day"),
    ],
)
def test_days_that_cannot_be_are_named_and_nothing_is_made(box, day, words, client):
    trust = make_trust()
    client.force_login(make_user(Role.DATA_MANAGER, trust))
    boxes = boxes_of(client.get(page_of(trust)))
    boxes |= {"autumn-starts": "2 September 2026", box: day}

    page = client.post(page_of(trust), boxes)

    assert page.status_code == 422
    assert words in page.text
    assert year(trust) == []


def test_days_are_put_right_until_a_term_opens_and_not_after():
    trust = make_trust()
    manager = Memberships(make_user(Role.DATA_MANAGER, trust), trust)
    with inside(trust):
        dates = [*make_terms(2026, 1)]
        settle_year(dates, memberships=manager, at=AT)
        later = [dates[0], dates[1], type(dates[2])(2026, 3, *_summer(), dates[2].due)]

        changed = settle_year(later, memberships=manager, at=AT)
        with pytest.raises(Refused, match="has opened"):
            settle_year(dates, memberships=manager, at=datetime(2027, 7, 15, tzinfo=UTC))

    assert [str(term) for term in changed] == ["Summer 2027"]


def _summer():
    return date(2027, 4, 26), date(2027, 7, 21), date(2027, 7, 1)


def test_the_page_leads_back_to_collecting_and_to_the_returns(client):
    trust = make_trust()
    client.force_login(make_user(Role.DATA_MANAGER, trust))

    page = client.get(page_of(trust))

    words = [label for label, _ in page.context["breadcrumbs"]]
    assert words == ["Summer 2026 returns", "Collecting Summer 2026"]
    for _, url in page.context["breadcrumbs"]:
        assert client.get(url).status_code == 200


def test_only_the_data_manager_sets_up_a_year():
    trust = make_trust()
    leader = Memberships(make_user(Role.LEADER, trust), trust)
    with inside(trust), pytest.raises(Refused, match="Only the data manager"):
        settle_year(make_terms(2026, 1), memberships=leader, at=AT)
    assert year(trust) == []


def test_who_and_what_has_left_and_which_paths_end_is_named(client):
    trust = make_trust()
    school = make_school(trust, "Ashdale")
    School.everywhere.filter(pk=school.pk).update(left=date(2026, 3, 31))
    gone = make_head(school)
    attendance = make_measure(trust)
    return_ = make_return(school, make_term(trust))
    line = make_line(return_, attendance)
    Line.everywhere.filter(pk=line.pk).update(handed_to=gone)
    Membership.everywhere.filter(user=gone).update(ended_at=AT)
    make_school(trust, "Nobody at all")
    make_clause(make_kpi(make_plan(trust), "On time"), attendance, target="95.0")
    target, last = Target.everywhere.get(), Period.objects.for_term(2025, 3)
    TargetStep.everywhere.create(target=target, by_period=last, value="94.0")
    client.force_login(make_user(Role.DATA_MANAGER, trust))

    page = client.get(page_of(trust)).text

    figures = '<td data-label="Figures still with them">1</td>'
    assert f"{gone}</th><td>Headteacher, Ashdale</td>{figures}" in page
    assert "Ashdale left the trust on 31 March 2026" in page
    assert "Nobody at all has nobody who fills in its return" in page
    assert "On time</th><td>Attendance</td><td>August 2026" in page


def test_figures_stay_with_the_colleague_who_had_them_unless_they_have_left():
    trust = make_trust()
    school = make_school(trust)
    make_clause(make_kpi(make_plan(trust)), make_measure(trust), target="94.0")
    meals = make_measure(trust, "Meals")
    attendance = trust.measures.model.everywhere.get(trust=trust, code="attendance")
    here, gone = make_head(school), make_head(school)
    before = make_return(school, make_term(trust))
    for measure, person in ((attendance, here), (meals, gone)):
        line = make_line(before, measure)
        Line.everywhere.filter(pk=line.pk).update(handed_to=person)
    Membership.everywhere.filter(user=gone).update(ended_at=AT)

    with inside(trust):
        for _ in range(2):
            open_returns(Asking(make_term(trust, "2026-spring")))
        now = Return.objects.get(unit=school, term__period__part=2)

        assert dict(now.lines.values_list("measure__name", "handed_to")) == {"Attendance": here.pk}
        assert not now.lines.get().says_something

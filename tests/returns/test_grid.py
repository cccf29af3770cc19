"""The grid's own two addresses: a line is kept as it was typed, and told what it comes to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from returns.models import Line
from schools.models import AuditRow, Role
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db


def address(name, return_):
    return reverse(f"returns:return-{name}", args=[return_.term.trust, return_.pk])


def one_line(client, return_, **texts):
    """The boxes of the only row, as the script posts them."""
    boxes = boxes_of(client.get(address("edit", return_)))
    [stem] = [name.removesuffix("seen") for name in boxes if name.endswith("-seen")]
    mine = {name: text for name, text in boxes.items() if name.startswith(stem)}
    return mine | {f"{stem}{name}": text for name, text in texts.items()}


def make_typing(typed=None, target="94.0", **clause):
    """A school that promises at least 94.0, had 94.1 a year ago, and is typing."""
    trust = make_trust()
    term, before = make_term(trust), make_term(trust, "2024-autumn")
    school = make_school(trust)
    attendance = make_measure(trust, "Attendance")
    make_clause(make_kpi(make_plan(trust)), attendance, target=target, **clause)
    make_entry(attendance, school, before, value="94.1")
    return_ = make_return(school, term, typed=typed, measure=attendance)
    return return_, attendance, school


def results_of(client, return_, measure, school):
    found = client.get(address("results", return_)).json()
    return found[f"{measure.pk}-{school.pk}-all"]


def test_a_line_is_kept_and_the_answer_says_when_and_what_comes_next(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    first = client.post(address("line", return_), one_line(client, return_, value="93.5"))
    boxes = one_line(client, return_)
    again = client.post(address("line", return_), boxes)

    assert first.status_code == again.status_code == 200
    said = first.json()
    assert said["figures"] == "1 of 1 figures in"
    assert (said["problems"], said["state"]) == ([], "In progress")
    assert said["seen"] in boxes.values()
    assert Line.everywhere.get().value == "93.5"
    assert AuditRow.everywhere.filter(action="typed").count() == 1


def test_what_cannot_be_read_is_kept_and_the_answer_says_how_to_mend_it(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    said = client.post(address("line", return_), one_line(client, return_, value="94,1"))

    [[box, words]] = said.json()["problems"]
    assert said.status_code == 200
    assert Line.everywhere.get().value == "94,1"
    assert words == "Is this 94.1 or 941? Enter Attendance without a comma."
    assert f'id="{box}"' in client.get(address("edit", return_)).text


def test_a_stale_line_gets_both_texts_and_overwrites_nothing(client, sign_in):
    trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    mine, theirs = sign_in(make_head(school)), sign_in(make_user(Role.DATA_MANAGER, trust))
    stale = one_line(mine, return_, value="93.5")
    theirs.post(address("line", return_), one_line(theirs, return_, value="23.9"))

    answer = mine.post(address("line", return_), stale)

    said = answer.json()
    [name] = [name for name in stale if name.endswith("-value")]
    assert answer.status_code == 409
    assert said["theirs"][name] == "23.9"
    assert "changed this to 23.9 at" in said["words"]
    assert Line.everywhere.get().value == "23.9"

    keep = stale | {name.replace("value", "seen"): said["seen"]}
    assert mine.post(address("line", return_), keep).status_code == 200
    assert Line.everywhere.get().value == "93.5"


def test_a_line_that_is_too_long_or_not_asked_is_not_kept(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    too_long = client.post(address("line", return_), one_line(client, return_, value="9" * 201))
    unknown = client.post(address("line", return_), {"l-1-2-3-4-seen": "0.x"})
    strange = client.post(address("line", return_), {"x\x00": "\x00"})

    assert too_long.json()["words"] == "Shorten this to 200 characters."
    assert [each.status_code for each in (too_long, unknown, strange)] == [422] * 3
    assert not Line.everywhere.exists()


def test_a_return_that_is_closed_says_so_and_keeps_nothing(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))
    boxes = one_line(client, return_, value="93.5")
    return_.state = "submitted"
    with inside(term.trust):
        return_.save()

    answer = client.post(address("line", return_), boxes)

    assert answer.status_code == 409
    assert answer.json()["words"] == "This return is submitted, so it cannot be typed into."
    assert not Line.everywhere.exists()


@pytest.mark.parametrize(
    ("typed", "target", "status", "asks"),
    [
        ("94.0", "94.0", "green", False),
        ("93.0", "94.0", "amber", True),
        ("90.0", "80.0", "green", True),
        ("95.0", "99.0", "red", True),
        ("lots", "94.0", None, False),
    ],
    ids=["on target", "close, falling", "on target, falling", "off target, rising", "no number"],
)
def test_what_is_typed_is_judged_as_if_it_were_sent(typed, target, status, asks, client):
    return_, attendance, school = make_typing(typed, target)
    client.force_login(make_head(school))

    said = results_of(client, return_, attendance, school)

    assert said["target"] == f"{target}% or more"
    assert (said["status"] and said["status"][0], said["asks"]) == (status, asks)


def test_nothing_typed_has_a_target_and_no_result(client):
    return_, attendance, school = make_typing()
    client.force_login(make_head(school))

    said = results_of(client, return_, attendance, school)

    assert said["target"] == "94.0% or more"
    assert (said["status"], said["queries"]) == (None, [])


def test_an_odd_figure_is_queried_until_a_note_says_why_it_is_right(client):
    return_, attendance, school = make_typing("72.0")
    client.force_login(make_head(school))

    before = results_of(client, return_, attendance, school)["queries"]
    client.post(address("line", return_), one_line(client, return_, note="Small year group"))
    after = results_of(client, return_, attendance, school)["queries"]

    assert before == ["22.1 points less than Autumn 2024 (94.1%)."]
    assert after == []


def test_a_promise_of_the_trust_as_a_whole_gives_a_school_no_colour(client):
    return_, attendance, school = make_typing("90.0", level="trust", roll_up="pooled")
    client.force_login(make_head(school))

    assert (
        client.get(address("results", return_)).json().get(f"{attendance.pk}-{school.pk}-all")
        is None
    )


def test_results_cost_sixteen_queries_and_a_line_at_most_fourteen_more_than_the_page(sign_in):
    return_, _attendance, school = make_typing("90.0")
    head = sign_in(make_head(school))
    head.get(address("results", return_))
    boxes = one_line(head, return_, value="91.0")

    with CaptureQueriesContext(connection) as results:
        head.get(address("results", return_))
    with CaptureQueriesContext(connection) as saving:
        assert head.post(address("line", return_), boxes).status_code == 200
    with CaptureQueriesContext(connection) as showing:
        head.get(address("edit", return_))

    assert len(results) <= 16
    assert len(saving) <= len(showing) + 14


def test_a_figure_given_before_about_the_same_time_is_offered_again_and_no_other(client):
    trust = make_trust()
    autumn, spring = make_term(trust), make_term(trust, "2026-spring")
    school = make_school(trust)
    results = make_measure(trust, "Results", basis="academic_year")
    absence = make_measure(trust, "Absence")
    make_entry(results, school, autumn, value="84.2")
    make_entry(absence, school, autumn, value="5.1")
    client.force_login(make_head(school))

    page = client.get(address("edit", make_return(school, spring))).text
    first = client.get(address("edit", make_return(school, autumn))).text

    assert page.count("data-again=") == 1
    assert 'data-again="84.2"' in page
    assert "data-again=" not in first

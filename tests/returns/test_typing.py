"""Typing figures into a return: what is kept, what is shown, what is refused."""

import re
from html import unescape

import pytest
from django.urls import reverse

from returns.models import Line, Return
from schools.models import AuditRow, Role
from schools.tenancy import inside
from tests.factories import (
    boxes_of,
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_line,
    make_measure,
    make_plan,
    make_return,
    make_school,
    make_term,
    make_trust,
    make_user,
)

pytestmark = pytest.mark.django_db


def edit_page(return_):
    return reverse("returns:return-edit", args=[return_.term.trust, return_.pk])


def list_page(trust, term):
    return reverse("returns:return-list", args=[trust], query={"term": term.slug})


def type_in(client, return_, changes, then="stay"):
    """Open the return, change some boxes (by the end of their names), and save."""
    page = client.get(edit_page(return_))
    assert page.status_code == 200
    boxes = boxes_of(page)
    for ending, text in changes.items():
        [name] = [box for box in boxes if box.endswith(ending)]
        boxes[name] = text
    return client.post(edit_page(return_), {**boxes, "then": then})


def texts(return_):
    return list(
        Line.everywhere.filter(return_to=return_).order_by("pk").values_list("value", flat=True)
    )


def test_an_office_manager_finds_her_return_and_types_a_figure(client):
    trust, term, _attendance, [school] = make_house()
    manager = make_user(Role.SCHOOL_EDITOR, trust, units=[school])
    client.force_login(manager)

    listed = client.get(list_page(trust, term))
    return_ = Return.everywhere.get()
    type_in(client, return_, {"-value": "93.5"})

    assert "Not started" in listed.text
    assert "0 of 1" in listed.text
    [line] = Line.everywhere.all()
    assert (line.value, line.changed_by, line.version) == ("93.5", manager, 1)
    return_.refresh_from_db()
    assert return_.state == "in_progress"
    assert "1 of 1 figures in" in client.get(edit_page(return_)).text


def test_what_is_typed_is_kept_whatever_it_is_and_the_screen_says_how_to_mend_it(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    type_in(client, return_, {"-value": "lots"})

    page = client.get(edit_page(return_))
    assert texts(return_) == ["lots"]
    assert 'value="lots"' in page.text
    assert "Enter Attendance as a number, like 94.1." in page.text


def test_typing_leaves_one_row_of_the_trail_for_each_line_with_before_and_after(client):
    _trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    head = make_head(school)
    client.force_login(head)

    type_in(client, return_, {"-value": "93.6"})
    type_in(client, return_, {})

    [row] = AuditRow.everywhere.filter(action="typed")
    assert (row.before, row.after) == ({"value": "93.5"}, {"value": "93.6"})
    assert (row.by, row.on_behalf_of, row.unit_id) == (head, None, school.pk)


def test_the_data_manager_fills_in_for_a_school_and_the_trail_says_so(client):
    trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_user(Role.DATA_MANAGER, trust))

    page = client.get(edit_page(return_))
    type_in(client, return_, {"-value": "93.5"})

    assert f"You are filling in for {school.name}." in page.text
    assert AuditRow.everywhere.get(action="typed").on_behalf_of_id == school.pk


def test_typing_changes_nothing_that_counts(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    before = school.data_version
    client.force_login(make_head(school))

    type_in(client, return_, {"-value": "93.5"})

    school.refresh_from_db()
    assert school.data_version == before


def test_a_page_left_open_never_puts_an_old_figure_back(client, sign_in):
    trust, term, attendance, [school] = make_house()
    punctuality = make_measure(trust, "Punctuality")
    return_ = make_return(school, term)
    make_line(return_, attendance, value="93.5")
    make_line(return_, punctuality, value="90.0")
    mine, hers = sign_in(make_head(school)), sign_in(make_head(school))

    left_open = boxes_of(mine.get(edit_page(return_)))
    type_in(hers, return_, {f"-{_key(attendance, school)}-value": "94.0"})
    own = next(box for box in left_open if box.endswith(f"{_key(punctuality, school)}-value"))
    saved = mine.post(edit_page(return_), {**left_open, own: "91.0"})

    assert saved.status_code == 302
    assert texts(return_) == ["94.0", "91.0"]


def _key(measure, unit):
    everyone = measure.groups.get(code="all")
    return f"{measure.pk}-{unit.pk}-{everyone.pk}-1"


def test_two_people_who_change_one_figure_are_both_told_and_nothing_is_overwritten(sign_in):
    _trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)
    patel = make_head(school)
    mine, hers = sign_in(make_head(school)), sign_in(patel)

    boxes = boxes_of(mine.get(edit_page(return_)))
    [box] = [name for name in boxes if name.endswith("-value")]
    type_in(hers, return_, {"-value": "23.9"})
    clash = mine.post(edit_page(return_), {**boxes, box: "24.6"})

    assert clash.status_code == 409
    assert f"{patel} has changed this to 23.9 meanwhile. You typed 24.6" in clash.text
    assert texts(return_) == ["23.9"]
    assert AuditRow.everywhere.filter(action="typed").count() == 1

    again = mine.post(edit_page(return_), boxes_of(clash))
    assert again.status_code == 302
    assert texts(return_) == ["24.6"]


def test_two_people_who_type_the_first_figure_of_a_line_are_told_too(sign_in):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    mine, hers = sign_in(make_head(school)), sign_in(make_head(school))

    boxes = boxes_of(mine.get(edit_page(return_)))
    [box] = [name for name in boxes if name.endswith("-value")]
    type_in(hers, return_, {"-value": "23.9"})
    clash = mine.post(edit_page(return_), {**boxes, box: "24.6"})

    assert clash.status_code == 409
    assert texts(return_) == ["23.9"]


def test_the_same_change_made_twice_is_no_clash(sign_in):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    mine = sign_in(make_head(school))

    boxes = boxes_of(mine.get(edit_page(return_)))
    [box] = [name for name in boxes if name.endswith("-value")]
    answers = [mine.post(edit_page(return_), {**boxes, box: "24.6"}).status_code for _ in range(3)]

    assert answers == [302, 302, 302]
    assert AuditRow.everywhere.filter(action="typed").count() == 1


def test_another_schools_return_does_not_exist_for_you(client):
    _trust, term, attendance, [mine, theirs] = make_house(schools=2)
    return_ = make_return(theirs, term, typed="41.7", measure=attendance)
    stranger = make_school(make_trust())

    client.force_login(make_head(theirs))
    assert "41.7" in client.get(edit_page(return_)).text

    for head in (make_head(mine), make_head(stranger)):
        client.force_login(head)
        assert client.get(edit_page(return_)).status_code == 404
        assert client.post(edit_page(return_), {"then": "stay"}).status_code == 404
    assert texts(return_) == ["41.7"]


def test_another_schools_row_posted_into_my_return_changes_nothing(client):
    _trust, term, attendance, [mine, theirs] = make_house(schools=2)
    return_, other = make_return(mine, term), make_return(theirs, term, "41.7", attendance)
    client.force_login(make_head(mine))

    boxes = boxes_of(client.get(edit_page(return_)))
    foreign = {
        name.replace(_key(attendance, mine), _key(attendance, theirs)): text or "99"
        for name, text in boxes.items()
    }
    client.post(edit_page(return_), {**boxes, **foreign})

    assert texts(other) == ["41.7"]
    assert texts(return_) == []


def test_a_contributor_sees_and_types_only_the_lines_of_own_offices(client):
    trust, term, _attendance, [_school] = make_house()
    contributor = make_user(Role.CONTRIBUTOR, trust)
    with inside(trust):
        [hr] = trust.offices.all()
        finance = trust.offices.create(code="finance", name="Finance")
    own = make_measure(trust, "Vacancies", of="trust", office=hr)
    other = make_measure(trust, "Reserves", of="trust", office=finance)
    return_ = make_return(trust.own_unit, term)
    make_line(return_, other, value="41.7")

    client.force_login(make_user(Role.DATA_MANAGER, trust))
    whole = client.get(edit_page(return_)).text
    client.force_login(contributor)
    page = client.get(edit_page(return_))
    type_in(client, return_, {"-value": "3"})

    assert "41.7" in whole
    assert "Reserves" in whole
    assert "Vacancies" in page.text
    assert "41.7" not in page.text
    assert "Reserves" not in page.text
    assert "Save, then check and submit" not in page.text
    assert list(Line.everywhere.order_by("pk").values_list("measure__name", "value")) == [
        ("Reserves", "41.7"),
        ("Vacancies", "3"),
    ]
    assert own.office == hr


def test_a_leader_and_an_auditor_read_a_return_without_boxes(client):
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="93.5", measure=attendance)

    for role in (Role.LEADER, Role.AUDITOR):
        client.force_login(make_user(role, trust))
        page = client.get(edit_page(return_))
        assert "93.5%" in page.text
        assert not [box for box in boxes_of(page) if box.startswith("l-")]
        assert client.post(edit_page(return_), {}).status_code == 404


def test_the_figure_before_is_the_like_for_like_one_of_a_year_ago(client):
    trust, term, attendance, [school] = make_house()
    make_entry(attendance, school, make_term(trust, "2024-autumn"), value="94.1")
    make_entry(attendance, school, make_term(trust, "2025-summer"), value="88.8")
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    page = client.get(edit_page(return_))

    assert "94.1%" in page.text
    assert "Aut 24" in page.text
    assert "88.8" not in page.text


def test_a_closed_term_says_so_and_takes_nothing(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))
    boxes = boxes_of(client.get(edit_page(return_)))
    [box] = [name for name in boxes if name.endswith("-value")]
    type(term).everywhere.filter(pk=term.pk).update(closed_at="2026-02-01T12:00Z")

    page = client.get(edit_page(return_))
    refused = client.post(edit_page(return_), {**boxes, box: "93.5"})

    assert "Autumn 2025 is closed." in page.text
    assert box not in boxes_of(page)
    assert refused.status_code == 409
    assert texts(return_) == []


def test_a_term_that_has_not_opened_says_when_it_will(client):
    trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    type(term).everywhere.filter(pk=term.pk).update(opens="2099-12-05")
    client.force_login(make_head(school))

    page = client.get(edit_page(return_))

    assert "Opens 5 December 2099." in page.text
    assert client.get(list_page(trust, term)).status_code == 404


@pytest.mark.parametrize(
    "slug", ["2025-winter", "soon", "9999-autumn", "2025-autumn\x00", "٢٠٢٥-autumn"]
)
def test_an_unknown_term_in_the_address_is_not_found(client, slug):
    trust, _term, _attendance, [school] = make_house()
    client.force_login(make_head(school))

    page = client.get(reverse("returns:return-list", args=[trust]), {"term": slug})

    assert page.status_code == 404


@pytest.mark.parametrize(
    "text", ["9" * 201, "9\x003", "x" * 10_000], ids=["too long", "NUL", "far too long"]
)
def test_what_cannot_be_kept_is_said_and_nothing_is_saved(client, text):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    answer = type_in(client, return_, {"-value": text})

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert texts(return_) == []


def test_a_thousand_boxes_and_one_are_no_mistake_of_the_server(client):
    _trust, term, _attendance, [school] = make_house()
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    many = {f"l-{number}-value": "1" for number in range(1_001)}
    answer = client.post(edit_page(return_), many)

    assert answer.status_code == 302
    assert texts(return_) == []


def test_an_answer_typed_in_other_words_stands_at_its_own_place_in_the_list(client):
    trust, term, _, [school] = make_house()
    review = make_measure(trust, "Review", kind="rating", basis="date", unit="", seasonal=False)
    return_ = make_return(school, term)
    make_line(return_, review, rating="green")
    client.force_login(make_head(school))

    page = client.get(edit_page(return_))
    client.post(edit_page(return_), boxes_of(page))

    assert '<option value="green" selected>On target</option>' in page.text
    assert Line.everywhere.get().version == 1


def test_a_second_review_of_the_term_gets_a_row_of_its_own_once_the_first_is_typed(client):
    trust, term, _, [school] = make_house()
    review = make_measure(trust, "Review", kind="rating", basis="date", unit="", seasonal=False)
    return_ = make_return(school, term)
    client.force_login(make_head(school))
    everyone = review.groups.get(code="all").pk
    first, second = (f"l-{review.pk}-{school.pk}-{everyone}-{n}-rating" for n in (1, 2))

    assert second not in boxes_of(client.get(edit_page(return_)))
    client.post(
        edit_page(return_), {**boxes_of(client.get(edit_page(return_))), first: "On target"}
    )
    page = client.get(edit_page(return_))
    client.post(edit_page(return_), {**boxes_of(page), second: "Off target"})

    assert "answer 2" in page.text
    assert "0 of 2 figures in" in page.text, "a rating is in once it says by whom and on what"
    assert list(Line.everywhere.order_by("number").values_list("number", "rating")) == [
        (1, "On target"),
        (2, "Off target"),
    ]


def test_a_row_leads_to_the_kpi_that_reads_it_and_stands_under_its_priority(client):
    trust, term, attendance, [school] = make_house()
    make_measure(trust, "Punctuality")
    return_ = make_return(school, term)
    client.force_login(make_head(school))

    page = client.get(edit_page(return_))

    [kpi] = {reading.clause.node_id for reading in attendance.readings(manager="everywhere").all()}
    address = reverse("dashboard:kpi", args=[trust, kpi])
    assert (
        f'href="{address}?term=2025-autumn&amp;school={school.code}">read by 1 KPI</a>' in page.text
    )
    flourish, other = page.text.index("Every pupil flourishes"), page.text.index("Other figures")
    assert flourish < page.text.index("read by 1 KPI") < other < page.text.index("Punctuality")


def test_the_links_of_a_row_open_for_an_office_that_never_sees_the_school(client):
    trust = make_trust()
    term, school = make_term(trust), make_school(trust)
    with inside(trust):
        office = trust.offices.create(code="improvement", name="School improvement")
    visits = make_measure(trust, "Visits", office=office)
    make_clause(make_kpi(make_plan(trust)), visits, target="90.0")
    return_ = make_return(trust.own_unit, term)

    client.force_login(make_user(Role.CONTRIBUTOR, trust, offices=[office]))
    page = client.get(edit_page(return_)).text
    links = re.findall(r'href="([^"]*/kpis/[^"]*)"', page)

    assert f"Visits, {school.name}" in page
    assert len(links) == 2
    assert {client.get(unescape(link)).status_code for link in links} == {200}

    client.force_login(make_user(Role.DATA_MANAGER, trust))
    assert f"school={school.code}" in client.get(edit_page(return_)).text

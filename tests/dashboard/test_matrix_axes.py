"""Many schools: which way round the matrix stands, what comes page by page, in which order."""

from collections import Counter

import pytest
from django.urls import reverse

from dashboard.matrix import arranging as module
from dashboard.matrix.choices import Chosen
from dashboard.matrix.filters import Standing
from dashboard.matrix.order import most_changed, worst_first
from kpis.models import Entry, PupilGroup
from kpis.rag.verdict import Status
from priorities.models import Priority
from schools import kept
from schools.models import Role
from tests.factories import (
    make_clause,
    make_entry,
    make_house,
    make_kpi,
    make_measure,
    make_user,
)

pytestmark = pytest.mark.django_db

RED, AMBER, GREEN, GREY = Status.RED, Status.AMBER, Status.GREEN, Status.GREY


@pytest.fixture(autouse=True)
def small_screens(monkeypatch):
    """As many schools as it takes to turn round are expensive to make: here it is three."""
    monkeypatch.setattr(module, "ACROSS", 3)


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


def sent(measure, schools, term, values):
    """What schools have sent, in one go."""
    everyone = PupilGroup.objects.get(code="all")
    Entry.everywhere.bulk_create(
        Entry(
            measure=measure,
            unit=school.unit_ptr,
            period=measure.period_for(term),
            group=everyone,
            value=value,
            standing="approved",
            collected_in=term,
        )
        for school, value in zip(schools, values, strict=True)
    )


class Many:
    """Four schools and two priorities: attendance under the first, reading under the second."""

    def __init__(self, schools=4):
        self.trust, self.term, self.attendance, self.schools = make_house(schools)
        plan = the_plan(self.trust)
        second = Priority.everywhere.create(
            plan=plan, role="priority", key="b", code="B", order=2, title="Everyone reads"
        )
        self.reading = make_measure(self.trust, "Reading")
        make_clause(make_kpi(plan, "Reading", parent=second), self.reading, target="50.0")
        sent(self.attendance, self.schools, self.term, ["90.0", "93.5", "96.0", "96.0"][:schools])
        sent(self.reading, self.schools, self.term, ["60.0", "60.0", "40.0", "30.0"][:schools])

    def address(self, **choices):
        query = {"term": self.term.slug, **choices}
        return reverse("dashboard:matrix", args=[self.trust], query=query)


@pytest.fixture
def open_page(sign_in):
    def opened(house, **choices):
        return sign_in(make_user(Role.LEADER, house.trust)).get(house.address(**choices))

    return opened


def matrix_at(client, address):
    kept.forget()
    return client.get(address).context["matrix"]


def rows_of(matrix):
    return [row.name for section in matrix.sections for row in section.rows]


def names_of(matrix):
    return [column.name for column in matrix.columns]


# Which way round


def test_up_to_twenty_schools_stand_across(open_page):
    matrix = open_page(Many(3)).context["matrix"]

    assert matrix.down == "kpis"
    assert rows_of(matrix) == ["Attendance", "Reading"]


def test_more_schools_stand_below_each_other_in_counts(open_page):
    house = Many()
    page = open_page(house)
    matrix = page.context["matrix"]

    assert matrix.down == "schools"
    assert matrix.sections == ()
    words = [[each.words for each in row.stacks] for row in matrix.by_priority.rows]
    assert words == [["1 off", "1 on"], ["1 close", "1 on"], ["1 on", "1 off"], ["1 on", "1 off"]]
    assert [each.words for each in matrix.by_priority.totals] == [
        "1 off, 1 close, 2 on",
        "2 off, 2 on",
    ]
    assert 'class="cell' not in page.text  # no figure, and no sentence, is written


def test_a_count_leads_to_its_priority_with_a_cell_for_every_school(open_page, sign_in):
    house = Many()
    client = sign_in(make_user(Role.LEADER, house.trust))
    table = matrix_at(client, house.address()).by_priority

    page = client.get(table.rows[0].stacks[1].url)
    matrix = page.context["matrix"]

    assert rows_of(matrix) == ["Reading"]
    assert names_of(matrix) == [school.name for school in house.schools]
    assert page.text.count('<td class="cell') == 1 + 4
    assert page.text.index("School</th>") < page.text.index(">Reading</a></th>")
    for school in house.schools:
        assert f"{school.name}. O" in page.text


def test_rows_and_columns_can_be_swapped_and_back(open_page, sign_in):
    house = Many()
    client = sign_in(make_user(Role.LEADER, house.trust))
    there = matrix_at(client, house.address())
    swap = next(link.url for link in there.views if link.label == "Swap rows and columns")

    swapped = matrix_at(client, swap)
    back = next(link.url for link in swapped.views if link.label == "Swap rows and columns")

    assert (swapped.down, len(swapped.columns), rows_of(swapped)) == (
        "kpis",
        4,
        ["Attendance", "Reading"],
    )
    assert matrix_at(client, back).down == "schools"


def test_a_filter_shows_the_results_of_all_priorities_and_no_school_without_one(open_page):
    house = Many()

    page = open_page(house, show="off")
    matrix = page.context["matrix"]

    assert rows_of(matrix) == ["Attendance", "Reading"]
    assert names_of(matrix) == [house.schools[place].name for place in (0, 2, 3)]
    assert matrix.announced == "3 results shown"
    assert page.text.count('<td class="cell red">') == 3 + 2  # the trust's own two


def test_what_the_trust_answers_as_a_whole_is_one_cell_and_is_counted(open_page):
    house = Many()
    training = make_measure(house.trust, "Training", of="trust")
    kpi = make_kpi(the_plan(house.trust), "Training")
    make_clause(kpi, training, target="85.0", level="trust", roll_up="trust_only")
    make_entry(training, house.trust.own_unit, house.term, "70.0")

    counts = open_page(house).context["matrix"].by_priority
    cells = open_page(house, priority="a")

    assert counts.rows[-1].name == "The trust as a whole"
    assert [each and each.words for each in counts.rows[-1].stacks] == ["1 off", None]
    assert cells.text.count('<td class="whole" rowspan="4">Measured for the trust') == 1


# Page by page


def test_no_page_has_more_cells_than_a_browser_bears(open_page, monkeypatch):
    monkeypatch.setattr(module, "CELLS", 8)
    house = Many()
    for number in range(4):
        make_clause(make_kpi(the_plan(house.trust), f"KPI {number}"), house.reading, target="50.0")

    first = open_page(house, priority="a").context["matrix"]
    last = open_page(house, priority="a", page=3).context["matrix"]
    every = open_page(house, all=1).context["matrix"]

    assert [link.label for link in first.pages] == ["KPIs 1 to 2", "KPIs 3 to 4", "KPIs 5 to 5"]
    assert rows_of(first) == ["Attendance", "KPI 0"]
    assert rows_of(last) == ["KPI 3"]
    assert [link.current for link in last.pages] == [False, False, True]
    assert first.caption == last.caption == "5 KPIs, 4 schools"
    assert len(rows_of(every)) == 6
    assert every.pages == ()


@pytest.mark.parametrize("page", ["0", "99", "1000", "²", "-1", "x"])
def test_a_page_that_is_not_there_is_the_nearest_one(page, open_page, monkeypatch):
    monkeypatch.setattr(module, "CELLS", 4)
    house = Many()

    answer = open_page(house, priority="a", page=page)

    assert answer.status_code == 200
    assert rows_of(answer.context["matrix"]) == ["Attendance"]


# In which order


def test_worst_first_is_one_list_across_the_priorities_that_names_them(open_page):
    matrix = open_page(Many(), down="kpis", sort="worst").context["matrix"]

    [section] = matrix.sections
    assert section.title == "Worst first"
    assert [(row.name, row.above) for row in section.rows] == [
        ("Reading", "Everyone reads"),
        ("Attendance", "Every pupil flourishes"),
    ]


def test_schools_as_rows_stand_worst_first_too(open_page):
    house = Many()

    matrix = open_page(house, priority="a", sort="worst").context["matrix"]

    assert names_of(matrix) == [school.name for school in house.schools]
    house.schools.reverse()
    backwards = open_page(house, priority="b", sort="worst").context["matrix"]
    assert set(names_of(backwards)[:2]) == {school.name for school in house.schools[:2]}
    assert names_of(backwards) != [school.name for school in house.schools[::-1]]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        pytest.param([(RED, 1)], [(AMBER, 9)], id="off before close"),
        pytest.param([(RED, 2)], [(RED, 1), (AMBER, 9)], id="more off first"),
        pytest.param([(RED, 1, True)], [(RED, 1)], id="off and worse before off"),
        pytest.param([(AMBER, 1)], [(GREEN, 9, True)], id="close before falling"),
        pytest.param([(AMBER, 1, True)], [(AMBER, 1)], id="close and worse before close"),
        pytest.param([(GREEN, 1, True)], [(GREEN, 9), (GREY, 9)], id="falling before the rest"),
    ],
)
def test_exceptions_come_first(worse, better):
    def tally(rows):
        return Counter({Standing(status, worse=bool(w)): n for status, n, *w in rows})

    assert worst_first(tally(worse)) < worst_first(tally(better))


def test_what_changed_most_comes_first():
    none = Counter({Standing(RED, worse=True, before=RED): 9})
    one = Counter({Standing(RED, before=GREEN): 1})
    new = Counter({Standing(RED): 9})

    assert sorted([none, new, one], key=most_changed) == [one, none, new]


# What is remembered


def test_the_view_chosen_last_is_there_again_where_the_address_says_nothing(sign_in):
    house = Many()
    client = sign_in(make_user(Role.LEADER, house.trust))
    client.get(house.address(priority="b", sort="worst", down="kpis", show="off"))

    matrix = matrix_at(client, house.address())

    assert rows_of(matrix) == ["Reading"]
    assert matrix.down == "kpis"
    assert [link.label for link in matrix.sorts if link.current] == ["Worst first"]
    assert [link.label for link in matrix.filters[0].links if link.current] == ["All"]


def test_an_address_that_says_anything_is_the_whole_view(sign_in):
    house = Many()
    client = sign_in(make_user(Role.LEADER, house.trust))
    client.get(house.address(priority="b", down="kpis"))

    matrix = matrix_at(client, house.address(show="off"))

    assert rows_of(matrix) == ["Attendance", "Reading"]
    assert matrix.down == "schools"


def test_all_priorities_and_reset_forget_what_was_chosen(sign_in):
    house = Many(3)
    client = sign_in(make_user(Role.LEADER, house.trust))
    for find in (
        lambda matrix: matrix.tabs[0].url,
        lambda matrix: matrix.views[-1].url,
    ):
        chosen = matrix_at(client, house.address(priority="b"))
        assert chosen.views[-1].label == "Reset view"
        assert rows_of(matrix_at(client, find(chosen))) == ["Attendance", "Reading"]
        assert rows_of(matrix_at(client, house.address())) == ["Attendance", "Reading"]
        assert "Reset view" not in [link.label for link in matrix_at(client, house.address()).views]


def test_the_plain_order_can_be_chosen_again(sign_in):
    house = Many(3)
    client = sign_in(make_user(Role.LEADER, house.trust))
    chosen = matrix_at(client, house.address(sort="worst"))
    plain = next(link.url for link in chosen.sorts if link.label == "Plan order")

    for address in (plain, house.address()):
        assert rows_of(matrix_at(client, address)) == ["Attendance", "Reading"]


def test_what_is_remembered_of_one_trust_is_not_used_in_another(sign_in):
    one, other = Many(3), Many(3)
    user = make_user(Role.LEADER, one.trust)
    make_user(Role.LEADER, other.trust, email=user.email)
    client = sign_in(user)
    client.get(one.address(priority="b"))

    assert rows_of(matrix_at(client, one.address())) == ["Reading"]
    assert rows_of(matrix_at(client, other.address())) == ["Attendance", "Reading"]


def test_a_priority_that_the_plan_does_not_have_is_all_of_them(open_page):
    matrix = open_page(Many(3), priority="long-gone").context["matrix"]

    assert rows_of(matrix) == ["Attendance", "Reading"]
    assert matrix.tabs[0].current


def test_links_keep_the_other_choices_and_begin_at_the_first_page():
    chosen = Chosen.read({"priority": "b", "show": "off", "sort": "worst", "page": "3"})

    assert chosen.choices() == (
        ("priority", "b"),
        ("sort", "worst"),
        ("page", "3"),
        ("show", "off"),
    )
    assert Chosen.read(dict(chosen.choices())) == chosen

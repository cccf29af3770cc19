"""The tables as HTML: nobody's name is markup, and a page stays small."""

import gzip
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import permutations

import pytest

from dashboard.addresses import Link
from dashboard.cells import Cell, Movement
from dashboard.charts import stack
from dashboard.kpi.rows import marks_beside
from dashboard.matrix.comments import Said, Words
from dashboard.matrix.drawing import Drawing, by_priority, cards, priority_cards
from dashboard.matrix.grid import ByPriority, Column, Named, Row, Section, Standing, Standings
from kpis.rag.verdict import Mark, Status

# Each would break out of an attribute or open an element, if it were not escaped.
HOSTILE = """</td></a><script>alert("x")</script><img src=x onerror='y'>&amp;"'"""
URL = """/t/x/?term=a&school="><script>'"""


def make_cell(text=HOSTILE, url=URL, status=Status.RED, **columns):
    columns = {"movement": Movement("up", True, text), "note": text, **columns}
    return Cell(status, text, text, url=url, **columns)


def make_row(width=2, name=HOSTILE, **columns):
    columns = {
        "spread": (Named(name, ((name, URL), (name, URL)), 2), Named(name, count_words=name)),
        "basis": name,
        "deciding": name,
        "open": True,
        "toggle_url": URL,
        "stack": stack([(Status.RED, 1), (Status.GREEN, 2)]),
        "worst": name,
        "above": name,
        "open_words": name,
        "whole_trust": False,
        **columns,
    }
    cells = tuple(make_cell() for _ in range(width))
    return Row(
        "k1", name, name, URL, columns.pop("basis"), name, name, make_cell(), cells, **columns
    )


COLUMNS = (Column(1, HOSTILE, HOSTILE, URL, "", HOSTILE), Column(2, "Ash", "Ash", "", "", ""))
WHOLE = make_row(whole_trust=True)
SECTIONS = (
    Section(HOSTILE, URL, HOSTILE, (make_row(clauses=(make_row(),)), WHOLE)),
    Section("Second", URL, "1 KPI", (make_row(),)),
)
SAID = {"k1": Said((Words(HOSTILE, URL, HOSTILE, HOSTILE, HOSTILE),), 2)}
COUNTS = Standing(stack([(Status.RED, 1)]), HOSTILE, URL)
TABLE = ByPriority((Link(HOSTILE, URL),), (COUNTS,), (Standings(HOSTILE, URL, (COUNTS,)),))


class Seen(HTMLParser):
    """The elements, the addresses and the text of a piece of HTML."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text, self.open = set(), set(), [], []
        self.feed(f"<table>{html}</table>")
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(name, value) for name, value in attrs}
        if tag not in ("rect", "use"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(name, value) for name, value in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(Drawing().kpis_down(COLUMNS, SECTIONS), id="KPIs down"),
        pytest.param(Drawing().schools_down(COLUMNS, SECTIONS), id="schools down"),
        pytest.param(by_priority(TABLE), id="by priority"),
        pytest.param(cards(SECTIONS, SAID), id="cards"),
        pytest.param(priority_cards(TABLE), id="cards by priority"),
    ],
)
def test_what_people_have_typed_is_never_markup(html):
    seen = Seen(html)

    assert seen.open == []
    assert {"script", "img"}.isdisjoint(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert {value for name, value in seen.attributes if name == "href"} <= {URL}
    assert HOSTILE in "".join(seen.text)
    assert "__html__" in dir(html)


@pytest.mark.parametrize(
    ("figure", "note", "spoken", "name"),
    [
        ("24.6", "", "Ash. Off target: 24.6%.", "Ash. Off target: 24.6%."),
        ("92.5", "", "The trust. On target: 9 of 11.", "92.5. The trust. On target: 9 of 11."),
        ("5.0", "", "Ash. Off target: 95.0%.", "5.0. Ash. Off target: 95.0%."),
        ("68.4", "Sum 24", "Ash. No status: 68.4%.", "68.4 Sum 24. Ash. No status: 68.4%."),
        ("Late", "", "Ash. No status: was due.", "Late. Ash. No status: was due."),
    ],
)
def test_a_cell_is_named_by_its_sentence_and_by_what_is_seen(figure, note, spoken, name):
    cell = Cell(Status.RED, figure, spoken, url=URL, note=note)

    html = Drawing().cell(cell)
    assert dict(Seen(html).attributes)["aria-label"] == name
    assert "".join(Seen(html).text) == f"{figure} {note}".strip()
    # Without a link there is nothing to name: the same is text that is not seen.
    assert f'<span class="vh">{name}</span>' in Drawing().cell(cell._replace(url=""))


def test_the_class_of_a_cell_says_how_its_figure_moved():
    def classes(**moved):
        html = Drawing().cell(Cell(Status.RED, "1", "", movement=Movement(words="", **moved)))
        return html[: html.index(">") + 1]

    assert classes(direction="up", worse=False) == '<td class="cell red up">'
    assert classes(direction="up", worse=True) == '<td class="cell red up worse">'
    assert classes(direction="down", worse=False) == '<td class="cell red down">'


def test_a_row_that_is_kept_is_drawn_once(monkeypatch):
    row, drawn = make_row(2), []
    cell = Drawing.cell
    monkeypatch.setattr(Drawing, "cell", lambda self, one: drawn.append(one) or cell(self, one))

    first, again = Drawing().cells_of(row), Drawing().cells_of(row)

    assert first == again == [cell(Drawing(), one) for one in row.cells]
    assert drawn == list(row.cells)


def test_either_way_round_a_cell_stands_at_its_kpi_and_its_school():
    rows = [
        replace(make_row(2), cells=(make_cell(f"{kpi} Oak"), make_cell(f"{kpi} Ash")), drawn=[])
        for kpi in ("Attendance", "Progress")
    ]
    section = [Section("One", "", "", tuple(rows))]
    drawn = [Drawing().cells_of(row) for row in rows]

    down, across = Drawing().kpis_down(COLUMNS, section), Drawing().schools_down(COLUMNS, section)

    assert all("".join(of_kpi) in down for of_kpi in drawn)
    assert all("".join(of_school) in across for of_school in zip(*drawn, strict=True))


def test_four_hundred_cells_with_their_sentences_stay_small():
    schools = [Column(n, f"{place} School", place) for n, place in enumerate(PLACES)]
    rows = tuple(
        make_row(name=f"KPI {kpi}", spread=(), worst="", clauses=(), open=False)
        for kpi in range(36)
    )
    rows = tuple(sized(row, kpi, schools) for kpi, row in enumerate(rows))

    html = Drawing().kpis_down(schools, [Section("One", "/", "36 KPIs", rows)])

    assert html.count('<td class="cell') == 36 * 12
    assert len(gzip.compress(html.encode(), 6)) <= 15 * 1024


PLACES = (
    "Ash",
    "Birch",
    "Cedar",
    "Elm",
    "Fern",
    "Hazel",
    "Holly",
    "Larch",
    "Maple",
    "Oak",
    "Rowan",
)


def sized(row, kpi, schools):
    """A row as long as real ones: every sentence has its own numbers."""

    def cell(n, name):
        status = list(Status)[(kpi * 7 + n * 3) % 3]
        figure = f"{60 + (kpi * 13 + n * 29) % 390 / 10:.1f}"
        said = f"{name}. {status.words}: {figure}%, target at least 94.0%, margin 1.0."
        return Cell(
            status,
            figure,
            f"{said} Fell {(kpi + n) % 40 / 10:.1f} points since Autumn 2024, got worse.",
            Movement("down", True, "") if n % 3 == 0 else None,
            said=status is Status.RED,
            url=f"/t/north/kpis/{kpi + 100}/?term=2025-autumn&school=S{n:03}",
        )

    cells = tuple(cell(column.id, column.name) for column in schools)
    return Row(
        f"k{kpi}",
        f"KPI number {kpi}",
        "",
        f"/t/north/kpis/{kpi + 100}/?term=2025-autumn",
        "year to date, v. Autumn 2024",
        "94.0 min",
        "94.0% or more",
        cell(50, "The trust"),
        cells,
        False,
        row.spread,
    )


@pytest.mark.parametrize("marks", list(permutations([Mark.PROVISIONAL, Mark.LATE, Mark.PARTIAL])))
def test_marks_stand_in_one_order_whatever_order_they_come_in(marks):
    said = re.findall(r'"mark">([^<]+)<', marks_beside(marks))

    assert said == ["late", "partly known", "provisional"]

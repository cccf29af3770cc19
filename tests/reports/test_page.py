"""The page of a report as it is stored: how big it is, and that nothing is said twice or empty."""

import gzip
import io
import re
from dataclasses import replace

import docx
import pytest

from kpis.models import KPI, Comment
from priorities.models import Plan
from reports.files import word
from reports.files.page import html_of
from reports.freezing.snapshot import Said
from reports.shapes import Document
from schools.tenancy import inside
from tests.factories import make_clause, make_entry, make_kpi, make_measure, make_published

from .documents import make_document

BUDGET = 60_000  # bytes as they travel: pages go out compressed


def test_the_page_of_a_board_pack_is_within_its_budget_as_it_travels():
    """Sentences for those who listen are in it, a cell each; they are most of it."""
    page = html_of(make_document(kpis=49, schools=12, exceptions=14, priorities=4)).encode()

    assert page.count(b'<span class="report-vh">') > 600
    assert len(gzip.compress(page)) < BUDGET


def entry_heads(text):
    """The column heads of the lists of a priority, by their captions."""
    tables = re.findall(r'report-entries"><caption>(\w+) of .*?<tr>(.*?)</tr>', text, re.DOTALL)
    return {caption: re.findall(r'col">([^<]*)', heads) for caption, heads in tables}


@pytest.mark.parametrize("list_", ["Milestones", "Actions", "Risks"])
def test_of_milestones_actions_and_risks_no_column_is_empty(list_):
    document = make_document(priorities=1)
    [section] = document.sections
    held = getattr(section, list_.lower()) or section.milestones
    section = replace(section, **{list_.lower(): held})
    bare = tuple(replace(one, due="", who="", chip=None) for one in held)
    without = replace(section, **{list_.lower(): bare})
    named = replace(section, **{list_.lower(): (*bare, replace(bare[0], who="The head"))})

    def heads(one):
        return entry_heads(html_of(replace(document, sections=(one,))))[list_]

    assert heads(without) == [list_]
    assert heads(named) == [list_, "Who"]
    assert len(heads(section)) > 1
    file = docx.Document(io.BytesIO(word.written(replace(document, sections=(without,)))))
    [table] = [one for one in file.tables if one.cell(0, 0).text == list_.removesuffix("s")]
    assert len(table.columns) == 1


def test_a_rating_that_is_the_status_is_said_once():
    [one, *_] = make_document().exceptions
    rated = replace(one, figure=one.chip.words)

    def head(exceptional):
        text = html_of(replace(make_document(), exceptions=(exceptional,)))
        return re.search(r'report-verdict">(.*?)</p>', text, re.DOTALL).group(1)

    assert f"<b>{one.figure}</b>" in head(one)
    assert "<b>" not in head(rated)
    assert head(rated).count(one.chip.words) == 1


@pytest.mark.django_db
def test_what_the_report_says_already_is_no_reply_of_the_school_and_the_trust_is_no_school(told):
    with inside(told.trust):
        kpi, pick = KPI.objects.get(), told.report.picks.get()
        own = told.trust.own_unit
        about = {"node": kpi, "term": told.term, "by": told.leader}
        said = Comment.objects.create(unit=pick.unit, why=pick.why, what_next="Calls.", **about)
        Comment.objects.create(unit=own, why="Flu.", **about)
        trusts = told.report.picks.create(node=kpi, unit=own, order=2, why="Something else.")

        assert Said(told.report).reply(pick) == "Calls."
        assert Said(told.report).reply(trusts) == ""
        said.why = "Half of Year 4 was ill."
        said.save()
        assert Said(told.report).reply(pick) == "Half of Year 4 was ill. Calls."


@pytest.mark.django_db
@pytest.mark.parametrize(("stored", "shown"), [("94.000000", "94.0"), ("94.250000", "94.25")])
def test_a_target_has_the_decimals_of_its_figures_and_more_only_where_it_needs_them(
    told, stored, shown
):
    with inside(told.trust):
        reserves = make_measure(told.trust, "Reserves", of="trust")
        make_clause(
            make_kpi(Plan.objects.get(), "Reserves"), reserves, target=stored, level="trust"
        )
        make_entry(reserves, told.trust.own_unit, told.term, value="95.0")

    document = Document.read(make_published(told.trust, told.report).snapshot)

    [row] = [one for one in document.sections[0].kpis if one.name == "Reserves"]
    assert (row.figure, str(row.target_number)) == ("95.0%", shown)

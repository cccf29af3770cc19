"""What stands at the end of a report: each thing said once, figures as they are shown."""

from datetime import date
from decimal import Decimal

import pytest

from dashboard.cells import written_figure
from dashboard.kpi.bullet_of import Bullets
from kpis.models import KPI, Comparator, PupilGroup, Series
from reports.freezing.board import board_of
from reports.freezing.definitions import definitions_of, releases_of
from schools.tenancy import inside
from tests.factories import (
    make_clause,
    make_entry,
    make_house,
    make_kpi,
    make_measure,
    make_term,
)

pytestmark = pytest.mark.django_db


def test_what_several_measures_are_made_from_is_said_once_and_outside_figures_as_shown():
    trust, term, attendance, _ = make_house()
    series = Series.objects.create(provider="DfE", what="attendance", basis="year_to_date")
    attendance.series = series
    attendance.save()
    made_of = {"numerator_name": "Sessions attended", "denominator_name": "Sessions possible"}
    measures = [make_measure(trust, name, **made_of) for name in ("Infants", "Juniors")]
    measures[1].what_counts = "Pupils of Years 3 to 6."
    measures[1].save()
    Comparator.objects.create(
        series=series,
        group=PupilGroup.objects.get(code="all"),
        period=attendance.period_for(term),
        value="92.857143",
        published_on=date(2025, 10, 16),
    )
    with inside(trust):
        make_clause(KPI.objects.get(), measures, target="90.0")
        board = board_of(trust, trust.plans.get(), term, term.ends)
        [definition] = definitions_of(board, board.every)
        [release] = releases_of(board, board.every)

    assert definition.made_from == "Sessions attended, of Sessions possible"
    assert definition.what_counts == "Pupils of Years 3 to 6."
    assert (release.figure, str(release.number)) == ("92.9%", "92.9")


def test_charts_of_a_gap_speak_of_points_as_its_figure_does():
    trust, term, _, [school] = make_house()
    counted = make_measure(trust, "Reading", groups=("all", "disadvantaged"), seasonal=False)
    about = {"group": PupilGroup.objects.get(code="disadvantaged"), "against": "same_school"}
    kpi = make_kpi(trust.plans(manager="everywhere").get(), "Gap in reading")
    make_clause(kpi, counted, rule="gap", operator="closed", **about)
    for when, part in (("2025-spring", 30), ("2025-summer", 28), ("2025-autumn", 20)):
        for group, whole in (("all", 80), ("disadvantaged", 40)):
            counts = {"numerator": part * whole // 40 + (group == "all") * 10, "denominator": whole}
            value = Decimal(100) * counts["numerator"] / whole
            make_entry(counted, school, make_term(trust, when), value, group, **counts)
    with inside(trust):
        board = board_of(trust, trust.plans.get(), term, term.ends)
        across = board.by_kpi[kpi.pk]
        result = board.result(across, school.pk)
        drawn = Bullets(board.given, across.promise, result.clause).of({school.pk: result.said})
        spark = board.spark(across, school.pk)

    assert written_figure(result).endswith(" points")
    for say in (drawn[school.pk].say, spark.say):
        assert "points" in say
        assert "%" not in say

"""A plan file becomes a trust's plan: safe to load again, its changes dated, people's kept."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kpis.models import (
    KPI,
    Baseline,
    Clause,
    ClauseVersion,
    Comparator,
    Due,
    Measure,
    PupilGroup,
    Reading,
    ReadingVersion,
    Series,
    Target,
)
from kpis.plan_files.loading import load_plan
from kpis.plan_files.reading import PlanFileRefused, read, read_path
from priorities.models import Node, Plan, Priority
from schools.models import AuditRow, Period, Unit
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import make_entry, make_school, make_term, make_trust, make_user
from tests.plans.small import SMALL, broken, line_of

FILE = Path(__file__).parents[2] / "fixtures" / "plans" / "collaborative-learning-trust.yaml"
TABLES = [KPI, Baseline, Clause, ClauseVersion, Due, Measure, Reading, ReadingVersion, Series]
TABLES += [Target, Node, Plan, AuditRow, PupilGroup]

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust():
    trust = make_trust()
    with inside(trust):
        yield trust


def load(trust, text=SMALL, **said):
    return load_plan(read(text, "plan.yaml"), trust, **said)


def rows():
    return {table: getattr(table, "everywhere", table.objects).count() for table in TABLES}


def version(trust):
    return Unit.everywhere.get(trust=trust, kind="trust").data_version


def clause_of(kpi="a1", clause="c1"):
    return Clause.objects.get(node__key=kpi, key=clause)


def since(slug, trust):
    return make_term(trust, slug).period


# loading again


def test_loading_twice_changes_nothing_at_all(trust):
    plan_file = read_path(FILE)
    load_plan(plan_file, trust)
    before, raised = rows(), version(trust)

    again = load_plan(plan_file, trust)

    assert again.nothing_changed
    assert again.kept == []
    assert rows() == before
    assert version(trust) == raised


def test_a_load_leaves_its_trail_and_raises_the_version_of_the_trust(trust):
    leader = make_user()
    before = version(trust)

    load(trust, by=leader)

    assert version(trust) == before + 1
    row = AuditRow.objects.get(action="plan loaded")
    assert (row.by, row.thing_name) == (leader, "A small plan")


def test_what_people_call_things_changes_in_place(trust):
    load(trust)
    plain = rows()

    loaded = load(trust, broken("title: Reviews are good", "title: Reviews are very good"))

    assert [change.path for change in loaded.changed] == [("node", "a2")]
    assert KPI.objects.get(key="a2").title == "Reviews are very good"
    assert rows() == plain | {AuditRow: plain[AuditRow] + 2}


# changed numbers


def test_a_changed_target_makes_a_dated_version_and_keeps_the_old_one(trust):
    leader = make_user()
    load(trust)

    load(
        trust,
        broken('target: "94.0"', 'target: "95.0"'),
        since=since("2026-spring", trust),
        reason="The board asked for more",
        by=leader,
    )

    old, new = Target.objects.filter(reading__clause=clause_of()).order_by("pk")
    assert (old.value, str(old.from_period)) == (Decimal("94"), "Autumn 2025")
    assert (new.value, str(new.from_period)) == (Decimal("95"), "Spring 2026")
    assert (new.reason, new.by) == ("The board asked for more", leader)


def test_a_changed_number_without_a_term_and_a_reason_is_refused(trust):
    load(trust)
    before = rows()
    text = broken('margin: "1.0"', 'margin: "2.0"')

    with pytest.raises(PlanFileRefused) as refused:
        load(trust, text)

    line = line_of(text, 'margin: "2.0"')
    place = f"plan.yaml, line {line}, margins/a1/c1/attendance: "
    assert [place in complaint for complaint in refused.value.complaints] == [True, True]
    assert "--reason" in str(refused.value)
    assert "--from" in str(refused.value)
    assert rows() == before
    assert ReadingVersion.objects.get(reading__clause=clause_of()).margin == Decimal("1")


def test_a_rule_changes_from_a_term_on_with_the_levels_that_it_asks_for(trust):
    load(trust)
    said = {"since": since("2026-spring", trust), "reason": "Softer"}

    load(trust, broken('{"1": strong}', '{"1": fair}'), **said)

    old, new = clause_of("a2", "c2").versions.all()
    assert [one.level.key for one in old.scale_targets.all()] == ["strong"]
    assert [one.level.key for one in new.scale_targets.all()] == ["fair"]


def test_a_version_keeps_the_levels_that_did_not_change(trust):
    load(trust)
    text = broken('target: {"1": strong}}', 'target: {"1": strong}, when: by}')

    with pytest.raises(PlanFileRefused):
        load(trust, text)
    load(trust, text, since=since("2026-spring", trust), reason="By the end")

    old, new = clause_of("a2", "c2").versions.all()
    assert (old.when, new.when) == ("always", "by")
    assert new.scale_targets.get().level.key == "strong"


def test_a_number_typed_wrongly_is_corrected_in_its_own_term(trust):
    load(trust)

    load(
        trust,
        broken('target: "94.0"', 'target: "94.5"'),
        since=since("2025-autumn", trust),
        reason="Typed wrongly",
    )

    assert Target.objects.get(reading__clause=clause_of()).value == Decimal("94.5")


def test_dating_a_printed_baseline_is_a_change_with_a_reason(trust):
    load(trust)
    text = broken("words: currently", "words: currently, dated: 2024/25")

    load(trust, text, since=since("2025-autumn", trust), reason="From the 2025 survey")

    baseline = Baseline.objects.get()
    assert (str(baseline.dated), baseline.value) == ("2024/25", Decimal("75"))


def test_a_moved_date_keeps_the_one_before(trust):
    load(trust)
    text = broken(
        "    short: Attendance\n",
        "    short: Attendance\n    due: {precision: month, label: July 2027, date: 2027-07-31}\n",
    )

    load(trust, text, reason="Sooner")

    first, second = Due.objects.filter(node__key="a1")
    assert (first.version, first.precision, first.resolved) == (1, "plan_end", date(2028, 8, 31))
    assert (second.version, second.label, second.resolved) == (2, "July 2027", date(2027, 7, 31))


# what people changed on screen


def test_what_was_changed_on_screen_is_kept_and_told(trust):
    load(trust)
    KPI.objects.filter(key="a2").update(title="Renamed on screen")

    loaded = load(trust)

    assert loaded.nothing_changed
    assert loaded.kept == [
        "node/a2: changed on screen since the last load. title: the file says "
        '"Reviews are good", the trust has "Renamed on screen"'
    ]
    assert KPI.objects.get(key="a2").title == "Renamed on screen"


def test_what_was_changed_on_screen_and_in_the_file_stops_the_load(trust):
    load(trust)
    KPI.objects.filter(key="a2").update(title="Renamed on screen")
    before = rows()
    text = broken("title: Reviews are good", "title: Renamed in the file").replace(
        "title: Every pupil flourishes", "title: Every child flourishes"
    )

    with pytest.raises(PlanFileRefused, match="changed on screen and in the file"):
        load(trust, text)

    assert rows() == before
    assert KPI.objects.get(key="a2").title == "Renamed on screen"
    assert Priority.objects.get(key="a").title == "Every pupil flourishes"


def test_a_target_moved_on_screen_is_not_moved_back(trust):
    load(trust)
    Target.objects.filter(reading__clause=clause_of()).update(value=Decimal("93"))

    loaded = load(trust)

    assert "target/a1/c1/attendance" in loaded.kept[0]
    assert Target.objects.get(reading__clause=clause_of()).value == Decimal("93")


def test_the_same_code_with_another_definition_is_a_conflict(trust):
    load(trust)
    other = broken("key: small", "key: other").replace("decimals: 1", "decimals: 2")

    with pytest.raises(PlanFileRefused, match="measure/attendance: defined otherwise already"):
        load(trust, other)
    load(trust, broken("key: small", "key: other"))

    assert Plan.objects.count() == 2
    assert Measure.objects.count() == 5


def test_a_measure_with_figures_keeps_its_definition(trust):
    load(trust)
    attendance = Measure.objects.get(code="attendance")
    text = broken("decimals: 1", "decimals: 2")

    load(trust, text)
    assert Measure.objects.get(code="attendance").decimals == 2
    make_entry(attendance, make_school(trust), make_term(trust), value="94.1")

    with pytest.raises(PlanFileRefused, match="figures have been sent for it, so its decimals"):
        load(trust, SMALL)
    load(trust, text.replace("name: Attendance", "name: Attendance of pupils"))


def test_another_trusts_plan_is_another_plan(trust):
    load(trust)
    other = make_trust()

    load(other)

    assert Plan.everywhere.count() == 2
    assert Measure.everywhere.filter(code="attendance").count() == 2
    assert load(trust).nothing_changed


# what is promised anew


def test_a_clause_added_to_a_kpi_in_use_holds_from_a_term_on(trust):
    load(trust)
    third = "      - {key: c3, rule: scale, op: improve, reads: grade, level: school}\n"
    text = broken("  - key: a3\n", third + "  - key: a3\n")

    with pytest.raises(PlanFileRefused, match="rule/a2/c3: this changes colours"):
        load(trust, text, reason="One more")
    load(trust, text, since=since("2026-summer", trust), reason="One more")

    assert str(clause_of("a2", "c3").versions.get().from_period) == "Summer 2026"
    assert str(clause_of("a2", "c1").versions.get().from_period) == "Autumn 2025"


def test_a_new_kpi_is_judged_from_the_plans_first_term(trust):
    load(trust, SMALL[: SMALL.index("  - key: a3")])

    loaded = load(trust)

    assert loaded.new > 0
    assert str(clause_of("a3").versions.get().from_period) == "Autumn 2025"


def test_a_clause_with_figures_goes_on_reading_what_it_read(trust):
    load(trust)
    text = broken("reads: published, level: trust", "reads: [published, signed], level: trust")
    text = text.replace("priorities:\n", SIGNED + "priorities:\n")
    load(trust, text)
    term = make_term(trust)
    signed = Measure.objects.get(code="signed")
    make_entry(signed, trust.own_unit, term, done="yes", done_on=term.starts)

    with pytest.raises(PlanFileRefused, match="reading/a3/c2/signed: figures have been sent"):
        load(trust)


SIGNED = "  - {code: signed, name: S, kind: yes_no, basis: date, ask: {of: trust, in: [summer]}}\n"


def test_a_printed_baseline_cannot_be_taken_away(trust):
    load(trust)

    with pytest.raises(PlanFileRefused, match="a baseline cannot be taken away"):
        load(trust, broken(', baseline: {value: "75", words: currently}', ""))


def test_a_levels_name_can_be_mended_and_its_place_only_while_unused(trust):
    load(trust)
    levels = "levels: [weak, fair, strong]"

    load(trust, broken(levels, "levels: [weak, {key: fair, name: Middling}, strong]"))
    assert (
        clause_of("a2", "c2")
        .readings.get()
        .measure.scale.versions.get()
        .levels.get(key="fair")
        .name
        == "Middling"
    )
    with pytest.raises(Refused, match="Give the new levels a version of their own"):
        load(trust, broken(levels, "levels: [weak, fair, good, strong]"))


def test_an_entry_keeps_its_role(trust):
    load(trust)
    text = broken("{key: a-o1, under: a, title", "{key: a-o2, under: a, title").replace(
        "outcomes: [a-o1]", "outcomes: [a-o2]"
    )

    with pytest.raises(PlanFileRefused, match="node/a-o1: this key is of the role outcome"):
        load(trust, text.replace("labels:", "principles:\n  - {key: a-o1, title: x}\nlabels:"))


def test_where_a_measure_applies_is_loaded_and_changed_in_place(trust):
    load(trust)
    where = "ask: {of: school, where: {church: yes, phases: [primary]}, in: [autumn, spring"
    text = broken("ask: {of: school, in: [autumn, spring", where)

    load(trust, text)
    rule = Measure.objects.get(code="attendance").applicability
    assert (rule.phases, rule.church, rule.sixth_form) == ("primary", True, None)
    load(trust, text.replace("phases: [primary]", "phases: [primary, secondary]"))
    assert Measure.objects.get(code="attendance").applicability.pk == rule.pk
    load(trust)
    assert Measure.objects.get(code="attendance").applicability is None


# what leaves the file


TRAINED = SMALL[SMALL.index("  - key: a3") :]
WITHOUT_A3 = SMALL[: SMALL.index("  - key: a3")]


def test_what_leaves_the_file_without_figures_is_deleted(trust):
    load(trust)

    load(trust, WITHOUT_A3)

    assert not Node.objects.filter(key="a3").exists()
    assert Clause.objects.count() == 5
    assert load(trust, WITHOUT_A3).nothing_changed
    load(trust)
    assert Clause.objects.count() == 7


def test_what_leaves_the_file_with_figures_is_archived(trust):
    load(trust)
    make_entry(Measure.objects.get(code="training"), trust.own_unit, make_term(trust), value="80")

    load(trust, WITHOUT_A3)

    assert Node.objects.get(key="a3").archived_at is not None
    assert Target.objects.filter(reading__clause__node__key="a3").exists()
    assert load(trust, WITHOUT_A3).nothing_changed
    with pytest.raises(PlanFileRefused, match="node/a3: archived with its figures"):
        load(trust)


def test_a_measure_that_leaves_the_file_goes_only_when_nobody_reads_it(trust):
    load(trust)
    line = next(line for line in SMALL.splitlines(keepends=True) if "code: published" in line)
    kept = SMALL.replace("      - {key: c2, rule: done, reads: published, level: trust}\n", "")

    load(trust, kept.replace(line, ""))

    assert not Measure.objects.filter(code="published").exists()
    assert Measure.objects.count() == 4


# the command


def test_the_command_loads_and_says_what_it_did(trust, capsys):
    call_command("load_plan", str(FILE), trust=trust.slug)

    assert "49 KPIs, 87 clauses, 100 readings, 79 measures" in capsys.readouterr().out
    call_command("load_plan", str(FILE), trust=trust.slug)
    assert "nothing changed" in capsys.readouterr().out


def test_a_dry_run_stores_nothing(trust, tmp_path, capsys):
    file = tmp_path / "plan.yaml"
    file.write_text(SMALL, encoding="utf-8")
    before, raised = rows(), version(trust)

    call_command("load_plan", str(file), trust=trust.slug, dry_run=True)

    assert "Would load A small plan" in capsys.readouterr().out
    assert (rows(), version(trust)) == (before, raised)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"trust": "nobody"}, "Say which trust"),
        ({"email": "nobody@example.org"}, "Nobody has the e-mail"),
        ({"since": "2031-winter"}, "has no term 2031-winter. It has: 2023-autumn, 2024-spring"),
    ],
)
def test_the_command_names_what_it_does_not_know(trust, options, says):
    with pytest.raises(CommandError, match=says):
        call_command("load_plan", str(FILE), **({"trust": trust.slug} | options))


def test_a_broken_file_stores_nothing(trust, tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text(broken("reads: review", "reads: revue"), encoding="utf-8")
    before = rows()

    with pytest.raises(CommandError, match=r"Nothing was loaded.\nplan.yaml, line \d+, kpis/a2"):
        call_command("load_plan", str(file), trust=trust.slug)

    assert rows() == before


def test_versions_are_written_from_the_plans_first_term(trust):
    load(trust)

    first = Period.objects.for_term(2025, 1)
    assert set(ClauseVersion.objects.values_list("from_period", flat=True)) == {first.pk}
    assert set(Target.objects.values_list("from_period", flat=True)) == {first.pk}


# what the plan itself prints to compare with


PRINTED = "printed: [{year: 2023/24, value: 94}, {year: 2023/24, phase: primary, value: 95}]}"


def printing(printed=PRINTED):
    return broken("basis: year_to_date}\nmeasures", f"basis: year_to_date, {printed}\nmeasures")


def figures():
    found = Comparator.objects.order_by("scope").values_list("scope", "scope_code", "value")
    return [(scope, code, int(value)) for scope, code, value in found]


def test_what_a_plan_prints_is_a_final_figure_of_the_trusts_own_series(trust):
    load(trust, printing())

    own = Comparator.objects.get(scope="phase")
    assert figures() == [("everyone", "", 94), ("phase", "primary", 95)]
    assert (own.release, own.printed_in_plan, own.group.code) == ("final", True, "all")
    assert own.source_title == "Printed in the plan"
    assert (own.series.owner, own.series.provider) == (trust.slug, "DfE")
    assert (str(own.period.year), own.period.basis) == ("2023/24", "year_to_date")
    assert Measure.objects.get(code="attendance").series.owner == ""


def test_printed_figures_are_loaded_once_corrected_in_place_and_taken_away(trust):
    load(trust, printing())
    series = Series.objects.get(owner=trust.slug)
    before = [(one.pk, one.value) for one in Comparator.objects.all()]

    assert load(trust, printing()).nothing_changed
    assert [(one.pk, one.value) for one in Comparator.objects.all()] == before
    assert Series.objects.get(pk=series.pk).data_version == series.data_version

    load(trust, printing(PRINTED.replace("94", "93")))
    corrected = Series.objects.get(pk=series.pk).data_version
    assert figures() == [("everyone", "", 93), ("phase", "primary", 95)]
    assert corrected > series.data_version

    load(trust, printing("printed: [{year: 2023/24, value: 93}]}"))
    assert figures() == [("everyone", "", 93)]
    load(trust)
    assert figures() == []
    assert Series.objects.get(pk=series.pk).data_version > corrected


def test_a_figure_that_another_plan_of_the_trust_prints_too_stays(trust):
    load(trust, printing())
    other = printing().replace("key: small", "key: other")
    load(trust, other)

    load(trust)

    assert len(figures()) == 2


def test_a_figure_that_the_trust_has_from_elsewhere_is_not_overwritten(trust):
    load(trust, printing())
    Comparator.objects.update(printed_in_plan=False, value=1)

    with pytest.raises(Refused, match="the trust has a figure of its own"):
        load(trust, printing().replace("key: small", "key: other"))

    assert {value for *_, value in figures()} == {1}

"""What a leader settles on a KPI: seen, checked, kept with its reason, and refused to others."""

from datetime import date

import pytest
from django.urls import reverse

from kpis.models import (
    Baseline,
    ClauseVersion,
    Level,
    MeasureBreak,
    Override,
    PupilGroup,
    Scale,
    ScaleTarget,
    ScaleVersion,
    Target,
)
from schools.models import AuditRow, Period, Role, Unit
from tests.factories import (
    boxes_of,
    make_clause,
    make_entry,
    make_head,
    make_house,
    make_kpi,
    make_measure,
    make_school,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db

REASON = "Agreed with the board."
OTHERS = [role for role in Role if role != Role.LEADER]


def the_plan(trust):
    return trust.plans(manager="everywhere").get()


def the_leader(trust):
    return trust.memberships(manager="everywhere").get(role=Role.LEADER).user


def kpi_page(trust, term, kpi, **choices):
    return reverse("dashboard:kpi", args=[trust, kpi.pk], query={"term": term.slug, **choices})


def form_page(trust, term, clause, kind, reading=None):
    reading = reading or clause.readings(manager="everywhere").get()
    args = [trust, clause.node_id, reading.pk, kind]
    return reverse("dashboard:answer", args=args, query={"term": term.slug})


def hand_page(trust, term, kpi, **choices):
    return reverse("dashboard:by-hand", args=[trust, kpi.pk], query={"term": term.slug, **choices})


def all_of(page):
    """What a browser would post, with every box ticked that is ticked."""
    form = page.context["form"]
    told = boxes_of(page)
    return told | {name: form[name].value() for name in form.fields if name == "units"}


def settle(client, address, **told):
    """Fill in a form, look at what it changes, and save it: the two answers."""
    filled = all_of(client.get(address)) | {"reason": REASON, **told}
    checked = client.post(address, filled | {"do": "check"})
    assert checked.status_code == 200, checked.context["form"].errors
    filled["checked"] = boxes_of(checked)["checked"]
    return checked, client.post(address, filled | {"do": "save"})


def statuses(client, trust, term, kpi):
    """The reason for each school's status and for the trust's, as the page has them."""
    page = client.get(kpi_page(trust, term, kpi)).context["kpi"]
    schools = {row.name: row.sentence for phase in page.phases for row in phase.rows}
    return page.verdict.reason, schools


def left_as_it_was(trust):
    """All that an answer could have changed."""
    counted = (Baseline, ClauseVersion, ScaleTarget, Target, Override, AuditRow)
    versions = Unit.everywhere.filter(trust=trust).order_by("pk").values_list("data_version")
    return [model.everywhere.count() for model in counted], list(versions)


@pytest.fixture
def leader(sign_in):
    def signed_in(trust):
        return sign_in(make_user(Role.LEADER, trust))

    return signed_in


# A baseline


def house_that_improves(schools=2, **columns):
    """A trust that promises that attendance rises in each school, without a baseline."""
    trust, _, attendance, units = make_house(schools)
    kpi = make_kpi(the_plan(trust), "Attendance rises")
    clause = make_clause(kpi, attendance, rule="trend", operator="improve", **columns)
    return trust, attendance, units, kpi, clause


def test_an_accepted_first_value_is_what_later_figures_are_judged_by(leader):
    trust, attendance, [one, other], kpi, _ = house_that_improves()
    then, now = make_term(trust, "2024-autumn"), make_term(trust)
    for school, value in ((one, "91.0"), (other, "92.0")):
        make_entry(attendance, school, then, value)
        make_entry(attendance, school, now, "91.5")
    client = leader(trust)
    before = client.get(kpi_page(trust, now, kpi)).context["kpi"]
    assert before.verdict.reason == "BASELINE_YEAR"
    [ask] = before.to_settle
    assert ask.words == "Attendance: 2 schools have no baseline to be judged by."

    checked, saved = settle(client, ask.url)

    assert saved.url == kpi_page(trust, now, kpi)
    trusts, schools = statuses(client, trust, now, kpi)
    assert trusts == "ANY_RED"
    assert schools[one.name].startswith("On target: 91.5%, target above the baseline of 91.0%")
    assert schools[other.name].startswith("Off target: 91.5%, target above the baseline of 92.0%")
    effects = {one.name: one.after.reason for one in checked.context["answer"].effects}
    assert effects == {one.name: "IMPROVED", other.name: "WORSE", trust.own_unit.name: "ANY_RED"}
    assert client.get(kpi_page(trust, now, kpi)).context["kpi"].to_settle == ()


def test_its_row_says_of_when_from_when_why_and_who(leader):
    trust, attendance, [school], kpi, clause = house_that_improves(1)
    then, now = make_term(trust, "2024-autumn"), make_term(trust)
    make_entry(attendance, school, then, "91.0")
    make_entry(attendance, school, now, "91.5")
    versions = dict(Unit.everywhere.filter(trust=trust).values_list("pk", "data_version"))
    client = leader(trust)

    settle(client, form_page(trust, now, clause, "baseline"))

    [start] = Baseline.everywhere.all()
    assert start.entry_period == attendance.period_for(then)
    assert (start.unit_id, start.season, start.value) == (school.pk, 1, None)
    assert start.from_period.term_name == "Autumn 2025"
    assert (start.reason, start.by.memberships(manager="everywhere").get().role) == (
        REASON,
        Role.LEADER,
    )
    row = AuditRow.everywhere.get(action="accepted a baseline")
    assert (row.thing_id, row.unit_id, row.reason, row.by) == (
        start.pk,
        school.pk,
        REASON,
        start.by,
    )
    assert row.after["baseline"] == "2024/25 to autumn"
    raised = dict(Unit.everywhere.filter(trust=trust).values_list("pk", "data_version"))
    assert {pk: raised[pk] - versions[pk] for pk in versions} == dict.fromkeys(versions, 1)
    page = client.get(kpi_page(trust, now, kpi)).context["kpi"]
    assert page.versions[0].what == f"Baseline of {school.name}"
    assert page.versions[0].after == "the figure of 2024/25 to autumn"


def test_one_school_may_be_accepted_and_another_left(leader):
    trust, attendance, [one, other], kpi, clause = house_that_improves()
    then, now = make_term(trust, "2024-autumn"), make_term(trust)
    for school in (one, other):
        make_entry(attendance, school, then, "91.0")
        make_entry(attendance, school, now, "91.5")
    client = leader(trust)

    settle(client, form_page(trust, now, clause, "baseline"), units=[one.pk])

    _, schools = statuses(client, trust, now, kpi)
    assert schools[one.name].startswith("On target")
    assert schools[other.name].startswith("No status")
    [ask] = client.get(kpi_page(trust, now, kpi)).context["kpi"].to_settle
    assert ask.words == "Attendance: 1 school has no baseline to be judged by."


def test_what_was_judged_before_stays_as_it_was(leader):
    trust, attendance, [school], kpi, clause = house_that_improves(1)
    for slug, value in (("2023-autumn", "90.0"), ("2024-autumn", "91.0"), ("2025-autumn", "91.5")):
        make_entry(attendance, school, make_term(trust, slug), value)
    now, earlier = make_term(trust), make_term(trust, "2024-autumn")
    client = leader(trust)

    settle(client, form_page(trust, now, clause, "baseline"))

    assert statuses(client, trust, now, kpi)[0] == "ALL_GREEN"
    assert statuses(client, trust, earlier, kpi)[0] == "BASELINE_YEAR"


def test_the_first_figure_in_the_plan_is_itself_the_start_and_has_no_status(leader):
    trust, attendance, [school], kpi, clause = house_that_improves(1)
    autumn, spring = make_term(trust), make_term(trust, "2026-spring")
    make_entry(attendance, school, autumn, "91.0")
    client = leader(trust)

    checked, _ = settle(client, form_page(trust, autumn, clause, "baseline"))

    assert "No status changes in this term." in checked.text
    assert statuses(client, trust, autumn, kpi)[0] == "BASELINE_YEAR"
    assert client.get(kpi_page(trust, autumn, kpi)).context["kpi"].to_settle == ()
    make_entry(attendance, school, spring, "92.0")
    # What follows the seasons starts anew in each term of the year.
    [ask] = client.get(kpi_page(trust, spring, kpi)).context["kpi"].to_settle
    assert "no baseline" in ask.words


def test_after_a_break_the_first_new_figure_is_offered(leader):
    trust, attendance, [school], kpi, clause = house_that_improves(1, baseline_period=None)
    then, now = make_term(trust, "2024-autumn"), make_term(trust)
    make_entry(attendance, school, then, "91.0")
    make_entry(attendance, school, now, "95.0")
    reading = clause.readings(manager="everywhere").get()
    Baseline.everywhere.create(
        reading=reading,
        unit=school.unit_ptr,
        group=PupilGroup.objects.get(code="all"),
        season=1,
        from_period=Period.objects.for_term(2024, 1),
        entry_period=attendance.period_for(then),
    )
    MeasureBreak.everywhere.create(
        measure=attendance, from_period=now.period, why="The codes changed"
    )
    client = leader(trust)
    assert statuses(client, trust, now, kpi)[0] == "NO_LIKE_FOR_LIKE"

    settle(client, form_page(trust, now, clause, "baseline"))

    assert statuses(client, trust, now, kpi)[0] == "BASELINE_YEAR"
    assert client.get(kpi_page(trust, now, kpi)).context["kpi"].to_settle == ()


def test_of_what_is_judged_together_each_school_has_its_baseline(leader):
    trust, term, _, schools = make_house(2)
    then = make_term(trust, "2024-autumn")
    counted = make_measure(trust, "Reading", counts="both")
    kpi = make_kpi(the_plan(trust), "Reading rises")
    clause = make_clause(
        kpi, counted, rule="trend", operator="improve", level="trust", roll_up="pooled"
    )
    for school in schools:
        make_entry(counted, school, then, "50", numerator=50, denominator=100)
        make_entry(counted, school, term, "60", numerator=60, denominator=100)
    client = leader(trust)

    settle(client, form_page(trust, term, clause, "baseline"))

    page = client.get(kpi_page(trust, term, kpi)).context["kpi"]
    assert (page.verdict.reason, page.figure) == ("IMPROVED", "60.0%")
    assert Baseline.everywhere.count() == 2


# An undated printed baseline


def test_a_dated_baseline_starts_the_way_to_the_target(leader):
    trust, term, attendance, [school] = make_house()
    kpi = trust.plans(manager="everywhere").get().nodes(manager="everywhere").get(role="kpi")
    clause = kpi.clauses(manager="everywhere").get()
    reading = clause.readings(manager="everywhere").get()
    Target.everywhere.filter(reading=reading).update(path="even")
    Baseline.everywhere.create(
        reading=reading,
        unit=school.unit_ptr,
        group=PupilGroup.objects.get(code="all"),
        from_period=Period.objects.for_term(2025, 1),
        value="85",
        printed="currently",
    )
    make_entry(attendance, school, term, "88.0")
    client = leader(trust)
    page = client.get(kpi_page(trust, term, kpi)).context["kpi"]
    assert "the baseline of 85.0% has no date" in page.phases[0].rows[0].sentence
    [ask] = page.to_settle

    settle(client, ask.url, dated="2024-1")

    _, schools = statuses(client, trust, term, kpi)
    assert schools[school.name].startswith("On target: 88.0%")
    start = Baseline.everywhere.latest("at")
    assert (start.value, start.printed, start.dated) == (
        85,
        "currently",
        Period.objects.year_to_date(2024, 1),
    )
    assert AuditRow.everywhere.get(action="dated a baseline").reason == REASON
    assert client.get(kpi_page(trust, term, kpi)).context["kpi"].to_settle == ()


# A scale that has another version


def make_scale(trust):
    """Grades until November 2025, report cards from then on: it, and its old version."""
    scale = Scale.everywhere.create(trust=trust, code="inspection", name="Inspection")
    old = ScaleVersion.everywhere.create(scale=scale, key="2019")
    new = ScaleVersion.everywhere.create(scale=scale, key="2025", since=date(2025, 11, 10))
    for version, names in (
        (old, ["Inadequate", "Requires improvement", "Good", "Outstanding"]),
        (new, ["Urgent improvement", "Needs attention", "Expected standard", "Strong standard"]),
    ):
        for order, name in enumerate(names):
            Level.everywhere.create(
                version=version,
                order=order,
                key=name.lower().replace(" ", "-"),
                name=name,
                failing=order == 0,
            )
    return scale, old


def level(name):
    return Level.everywhere.filter(name=name).earliest("pk")


def house_inspected(schools=1, operator="at_least"):
    """A trust that promises Good or better on the old version: no word of the new one."""
    trust, _, _, units = make_house(schools)
    scale, old = make_scale(trust)
    inspection = make_measure(
        trust,
        "Inspection",
        kind="level",
        scale=scale,
        basis="date",
        inspection=True,
        seasonal=False,
        decimals=0,
        per=1,
    )
    kpi = make_kpi(the_plan(trust), "Good schools")
    clause = make_clause(kpi, inspection, rule="scale", operator=operator)
    if operator == "at_least":
        ScaleTarget.everywhere.create(
            clause_version=clause.versions(manager="everywhere").get(),
            scale_version=old,
            level=Level.everywhere.get(version=old, name="Good"),
        )
    return trust, inspection, units, kpi, clause


def inspected(measure, school, day, name, term="2025-autumn"):
    make_entry(
        measure,
        school,
        make_term(school.trust, term),
        period=Period.objects.on_day(day),
        level=Level.everywhere.get(version__scale=measure.scale, name=name),
    )


def test_an_inspection_on_the_old_version_counts_until_it_is_replaced(leader):
    trust, inspection, [school], kpi, _ = house_inspected()
    inspected(inspection, school, date(2024, 3, 1), "Good", "2024-spring")
    client, autumn = leader(trust), make_term(trust)
    spring = make_term(trust, "2026-spring")
    assert statuses(client, trust, autumn, kpi)[0] == "ALL_GREEN"
    assert statuses(client, trust, spring, kpi)[0] == "ALL_GREEN"

    inspected(inspection, school, date(2026, 2, 3), "Expected standard", "2026-spring")

    assert statuses(client, trust, autumn, kpi)[0] == "ALL_GREEN"
    reason, schools = statuses(client, trust, spring, kpi)
    assert reason == "NO_MAPPING"
    assert schools[school.name] == "No status: Expected standard, no target on this scale yet."


def test_a_target_on_the_new_version_gives_its_levels_a_status(leader):
    trust, inspection, [one, other], kpi, _ = house_inspected(2)
    inspected(inspection, one, date(2025, 12, 3), "Expected standard")
    inspected(inspection, other, date(2023, 3, 1), "Good")
    client, term = leader(trust), make_term(trust)
    [ask] = client.get(kpi_page(trust, term, kpi)).context["kpi"].to_settle
    assert ask.words == "Inspection: 1 school has a level on a scale on which no target is set."
    address = ask.url
    form = client.get(address).context["form"]
    new = ScaleVersion.everywhere.get(key="2025")
    assert [name for name in form.fields if name.startswith("level-")] == [f"level-{new.pk}"]
    assert [words for _, words in form.fields[f"level-{new.pk}"].choices][1:] == [
        "Strong standard",
        "Expected standard",
        "Needs attention",
        "Urgent improvement",
    ]

    told = {f"level-{new.pk}": level("Strong standard").pk}
    checked, _ = settle(client, address, **told)

    _, schools = statuses(client, trust, term, kpi)
    assert schools[one.name].startswith("Close to target: Expected standard, target at least Str")
    assert schools[other.name].startswith("On target: Good, target at least Good")
    effects = {e.name: (e.before.reason, e.after.reason) for e in checked.context["answer"].effects}
    assert effects[one.name] == ("NO_MAPPING", "ONE_STEP")
    row = AuditRow.everywhere.get(action="mapped a scale")
    assert (row.before, row.reason) == ({"2019": "good"}, REASON)
    assert row.after == {"2019": "good", "2025": "strong-standard", "from": "Autumn 2025"}


def test_from_a_later_term_it_is_another_version_of_the_clause(leader):
    trust, inspection, [school], kpi, clause = house_inspected()
    new = ScaleVersion.everywhere.get(key="2025")
    inspected(inspection, school, date(2025, 12, 3), "Expected standard")
    client, spring = leader(trust), make_term(trust, "2026-spring")
    told = {f"level-{new.pk}": level("Expected standard").pk, "since": 2025 * 3 + 1}

    settle(client, form_page(trust, spring, clause, "level"), **told)

    first, second = ClauseVersion.everywhere.filter(clause=clause)
    assert (second.from_period.term_name, second.rule, second.operator, second.reason) == (
        "Spring 2026",
        "scale",
        "at_least",
        REASON,
    )
    targets = {v.pk: v.scale_targets(manager="everywhere") for v in (first, second)}
    assert [str(t) for t in targets[first.pk].all()] == ["Good"]
    assert sorted(str(t) for t in targets[second.pk].all()) == ["Expected standard", "Good"]
    # The inspection of the autumn is judged by what held then.
    assert statuses(client, trust, spring, kpi)[0] == "NO_MAPPING"
    inspected(inspection, school, date(2026, 2, 3), "Expected standard", "2026-spring")
    assert statuses(client, trust, spring, kpi)[0] == "ALL_GREEN"


def test_a_grade_on_joining_is_said_on_the_scale_of_the_first_inspection(leader):
    trust, inspection, [school], kpi, clause = house_inspected(operator="maintain_or_improve")
    reading = clause.readings(manager="everywhere").get()
    Baseline.everywhere.create(
        reading=reading,
        unit=school.unit_ptr,
        group=PupilGroup.objects.get(code="all"),
        from_period=Period.objects.for_term(2025, 1),
        level=level("Requires improvement"),
    )
    inspected(inspection, school, date(2025, 12, 3), "Expected standard")
    client, term = leader(trust), make_term(trust)
    assert statuses(client, trust, term, kpi)[0] == "NO_MAPPING"
    [ask] = client.get(kpi_page(trust, term, kpi)).context["kpi"].to_settle

    told = {f"level-{school.pk}": level("Needs attention").pk}
    settle(client, ask.url, **told)

    assert statuses(client, trust, term, kpi)[0] == "ALL_GREEN"
    assert (
        "target at least Needs attention as on joining"
        in (statuses(client, trust, term, kpi)[1][school.name])
    )


# A target that the plan has only words for, a gap to nobody


def test_a_number_takes_the_place_of_words_and_the_words_stay_beside_it(leader):
    trust, term, attendance, [school] = make_house()
    kpi = make_kpi(the_plan(trust), "High attendance")
    clause = make_clause(kpi, attendance, margin="1.0")
    reading = clause.readings(manager="everywhere").get()
    own = trust.own_unit
    Target.everywhere.create(
        reading=reading, unit=own, from_period=Period.objects.for_term(2025, 1), words="high levels"
    )
    make_entry(attendance, school, term, "95.0")
    client = leader(trust)
    [ask] = client.get(kpi_page(trust, term, kpi)).context["kpi"].to_settle
    assert "The plan says: high levels" in client.get(ask.url).text

    settle(client, ask.url, value="96")

    _, schools = statuses(client, trust, term, kpi)
    assert schools[school.name] == "Close to target: 95.0%, target at least 96.0%, margin 1.0."
    [target] = Target.everywhere.filter(reading=reading)
    assert (target.value, target.words, target.reason) == (96, "high levels", REASON)


def test_a_gap_to_nobody_is_judged_once_somebody_is_named(leader):
    trust, term, _, [school] = make_house()
    counted = make_measure(trust, "Reading", groups=("all", "disadvantaged"), counts="both")
    group = PupilGroup.objects.get(code="disadvantaged")
    kpi = make_kpi(the_plan(trust), "No gap")
    make_clause(kpi, counted, rule="gap", operator="closed", group=group, against="not_stated")
    for code, part, whole in (("all", 60, 100), ("disadvantaged", 15, 25)):
        make_entry(counted, school, term, 60, code, numerator=part, denominator=whole)
    client = leader(trust)
    [ask] = client.get(kpi_page(trust, term, kpi)).context["kpi"].to_settle

    settle(client, ask.url, against="same_school")

    assert statuses(client, trust, term, kpi)[0] == "ALL_GREEN"


# By hand


def test_a_status_set_by_hand_is_shown_as_manual_with_what_the_figures_say(leader):
    trust, term, attendance, [one, other] = make_house(2)
    kpi = the_plan(trust).nodes(manager="everywhere").get(role="kpi")
    make_entry(attendance, one, term, "80.0")
    make_entry(attendance, other, term, "96.0")
    client = leader(trust)
    address = hand_page(trust, term, kpi, school=one.code)
    assert "80.0%, target at least 94.0%" in client.get(address).text

    told = boxes_of(client.get(address)) | {"status": "green", "reason": "The register was wrong"}
    saved = client.post(address, told | {"do": "set"})

    assert saved.url == kpi_page(trust, term, kpi, school=one.code)
    page = client.get(saved.url).context["kpi"]
    assert (page.verdict.status, "MANUAL" in page.verdict.marks) == ("green", True)
    assert page.by_figures.reason == "OFF"
    assert page.verdict.sentence == (
        f"On target: set by {the_leader(trust)}, The register was wrong; by the figures off target,"
        " 80.0%, target at least 94.0%, margin 1.0."
    )
    rows = {row.name: row for row in page.phases[0].rows}
    assert (rows[one.name].status, rows[one.name].marks) == ("green", ("MANUAL",))
    assert rows[one.name].by_figures.status == "red"
    assert rows[other.name].marks == ()
    whole = client.get(kpi_page(trust, term, kpi)).context["kpi"]
    assert (whole.verdict.reason, set(whole.verdict.marks)) == ("ALL_GREEN", {"MANUAL"})
    row = AuditRow.everywhere.get(action="set by hand")
    assert (row.unit_id, row.reason, row.after["status"]) == (
        one.pk,
        "The register was wrong",
        "green",
    )


def test_the_matrix_says_it_on_its_face_and_in_the_sentence(leader):
    trust, term, attendance, [one] = make_house()
    kpi = the_plan(trust).nodes(manager="everywhere").get(role="kpi")
    make_entry(attendance, one, term, "80.0")
    client = leader(trust)
    by_hand(client, hand_page(trust, term, kpi, school=one.code), "green")

    matrix = client.get(reverse("dashboard:matrix", args=[trust], query={"term": term.slug}))

    [row] = matrix.context["matrix"].sections[0].rows
    assert [cell.note for cell in (row.trust, *row.cells)] == ["manual", "manual"]
    assert all("Set by hand." in cell.spoken for cell in (row.trust, *row.cells))


def by_hand(client, address, status, reason=REASON, **told):
    filled = boxes_of(client.get(address)) | {"reason": reason, "do": "set", **told}
    return client.post(address, filled | ({"status": status} if status else {}))


def test_it_lapses_after_its_term(leader):
    trust, term, attendance, [one] = make_house()
    kpi = the_plan(trust).nodes(manager="everywhere").get(role="kpi")
    spring = make_term(trust, "2026-spring")
    for each in (term, spring):
        make_entry(attendance, one, each, "80.0")
    client = leader(trust)

    by_hand(client, hand_page(trust, term, kpi), "green")

    assert client.get(kpi_page(trust, term, kpi)).context["kpi"].verdict.status == "green"
    after = client.get(kpi_page(trust, spring, kpi)).context["kpi"]
    assert (after.verdict.status, after.verdict.marks) == ("red", frozenset())


def test_it_can_be_changed_and_taken_back_and_the_trail_keeps_all(leader):
    trust, term, attendance, [one] = make_house()
    kpi = the_plan(trust).nodes(manager="everywhere").get(role="kpi")
    make_entry(attendance, one, term, "80.0")
    client, address = leader(trust), hand_page(trust, term, kpi)

    by_hand(client, address, "green")
    by_hand(client, address, "amber", "On second thoughts")
    by_hand(client, address, None, "It was right after all", do="back")

    assert not Override.everywhere.exists()
    assert client.get(kpi_page(trust, term, kpi)).context["kpi"].verdict.reason == "ANY_RED"
    rows = AuditRow.everywhere.filter(action__in=["set by hand", "took back"]).order_by("pk")
    told = [(row.action, (row.before or {}).get("status"), row.reason) for row in rows]
    assert told == [
        ("set by hand", None, REASON),
        ("set by hand", "green", "On second thoughts"),
        ("took back", "amber", "It was right after all"),
    ]


def test_what_does_not_apply_to_a_school_cannot_be_set(leader):
    trust, term, _, _ = make_house()
    kpi = the_plan(trust).nodes(manager="everywhere").get(role="kpi")
    late = make_school(trust, "Newcomer", joined=date(2025, 11, 1))
    client, address = leader(trust), hand_page(trust, term, kpi, school=late.code)
    before = left_as_it_was(trust)
    assert "there is no status to set" in client.get(address).text

    told = {"status": "green", "reason": REASON, "do": "set", "seen": "0"}
    assert client.post(address, told).status_code == 409

    assert left_as_it_was(trust) == before


def test_a_head_sees_that_it_was_set_by_hand_and_has_no_form(sign_in, leader):
    trust, term, attendance, [one] = make_house()
    kpi = the_plan(trust).nodes(manager="everywhere").get(role="kpi")
    make_entry(attendance, one, term, "80.0")
    by_hand(leader(trust), hand_page(trust, term, kpi, school=one.code), "green")

    page = sign_in(make_head(one)).get(kpi_page(trust, term, kpi, school=one.code))

    assert page.context["kpi"].verdict.marks == {"MANUAL"}
    assert "by the figures off target, 80.0%" in page.text
    assert (page.context["kpi"].to_settle, page.context["kpi"].by_hand_url) == ((), "")
    assert "by-hand" not in page.text


# Refused


def open_forms():
    """A trust where everything is open to be settled: the address and the answer of each form."""
    trust, inspection, [school], kpi, scale = house_inspected()
    term, attendance = make_term(trust), trust.measures(manager="everywhere").get(code="attendance")
    inspected(inspection, school, date(2025, 12, 3), "Expected standard")
    make_entry(attendance, school, make_term(trust, "2024-autumn"), "91.0")
    make_entry(attendance, school, term, "80.0")
    trend = make_clause(
        make_kpi(the_plan(trust), "Rises"), attendance, rule="trend", operator="improve"
    )
    words = make_clause(make_kpi(the_plan(trust), "High"), attendance)
    counted = make_measure(trust, "Reading", groups=("all", "disadvantaged"), counts="both")
    group = PupilGroup.objects.get(code="disadvantaged")
    gap = make_clause(
        make_kpi(the_plan(trust), "No gap"),
        counted,
        rule="gap",
        operator="closed",
        group=group,
        against="not_stated",
    )
    for code, part, whole in (("all", 60, 100), ("disadvantaged", 15, 25)):
        make_entry(counted, school, term, 60, code, numerator=part, denominator=whole)
    new = ScaleVersion.everywhere.get(scale=inspection.scale, key="2025")
    expected = Level.everywhere.get(version=new, name="Expected standard")
    forms = {
        form_page(trust, term, trend, "baseline"): {"units": [school.pk]},
        form_page(trust, term, scale, "level"): {
            f"level-{new.pk}": expected.pk,
        },
        form_page(trust, term, words, "target"): {"value": "96"},
        form_page(trust, term, gap, "reference"): {"against": "same_school"},
        hand_page(trust, term, kpi, school=school.code): {"status": "green"},
    }
    return trust, school, forms


def test_every_form_works_for_a_leader(leader):
    trust, _, forms = open_forms()
    client = leader(trust)

    for address, told in forms.items():
        before = left_as_it_was(trust)
        if "by-hand" in address:
            saved = by_hand(client, address, **told)
        else:
            _, saved = settle(client, address, **told)
        assert saved.status_code == 302, address
        assert left_as_it_was(trust) != before


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_a_form_or_saves_one_by_a_direct_post(role, sign_in, leader):
    trust, _, forms = open_forms()
    filled = {}
    for address, told in forms.items():
        page = leader(trust).get(address)
        filled[address] = boxes_of(page) | {"reason": REASON, "do": "save", **told}
        if "by-hand" not in address:
            checked = leader(trust).post(address, filled[address] | {"do": "check"})
            filled[address]["checked"] = boxes_of(checked)["checked"]
    client, before = sign_in(make_user(role, trust)), left_as_it_was(trust)
    nothing = client.get("/no/such/page/").content

    for address, told in filled.items():
        for refused in (client.get(address), client.post(address, told)):
            assert (refused.status_code, refused.content) == (404, nothing)

    assert left_as_it_was(trust) == before


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_is_told_what_there_is_to_settle(role, sign_in, leader):
    trust, _, forms = open_forms()
    address = next(iter(forms))
    kpi = f"{address.split('/readings/')[0]}/?term=2025-autumn"
    assert "no baseline to be judged by" in leader(trust).get(kpi).text

    page = sign_in(make_user(role, trust)).get(kpi)

    assert "no baseline to be judged by" not in page.text
    assert "/baseline/" not in page.text


def test_no_form_is_saved_without_a_reason(leader):
    trust, _, forms = open_forms()
    client = leader(trust)

    for address, told in forms.items():
        before = left_as_it_was(trust)
        page = client.get(address)
        for empty in ("", "   "):
            answer = boxes_of(page) | told | {"reason": empty, "do": "save"}
            refused = client.post(address, answer)
            assert refused.status_code == 422
            assert "Say why." in refused.text
        assert left_as_it_was(trust) == before


def test_nothing_is_saved_before_its_effect_was_shown(leader):
    trust, _, forms = open_forms()
    client = leader(trust)

    for address, told in forms.items():
        if "by-hand" in address:
            continue
        before = left_as_it_was(trust)
        filled = boxes_of(client.get(address)) | told | {"reason": REASON, "do": "save"}
        shown = client.post(address, filled)
        assert (shown.status_code, "Nothing has been saved yet." in shown.text) == (200, True)
        # Another answer than the one that was shown is shown first too.
        filled["checked"] = boxes_of(shown)["checked"]
        again = client.post(address, filled | {"reason": "For another reason."})
        assert again.status_code == 200
        assert left_as_it_was(trust) == before


def test_what_has_changed_meanwhile_is_not_written_over(leader):
    trust, _, forms = open_forms()
    one, other = leader(trust), leader(trust)
    address = next(address for address in forms if "by-hand" in address)
    stale = boxes_of(other.get(address))
    by_hand(one, address, "green")
    before = left_as_it_was(trust)

    refused = other.post(address, stale | {"status": "red", "reason": REASON, "do": "set"})

    assert refused.status_code == 409
    assert "This has changed since you opened the page" in refused.text
    assert REASON in refused.text
    assert left_as_it_was(trust) == before


def test_what_is_settled_already_has_no_form(leader):
    trust, _, forms = open_forms()
    client, address = leader(trust), next(iter(forms))
    settle(client, address, **forms[address])
    before = left_as_it_was(trust)

    assert "There is nothing to settle here any more." in client.get(address).text
    assert client.post(address, {"do": "save"}).status_code == 409
    assert left_as_it_was(trust) == before


def test_another_trusts_reading_is_not_found(leader):
    trust, _, forms = open_forms()
    other, _, theirs = open_forms()
    client = leader(trust)
    mine, foreign = next(iter(forms)), next(iter(theirs))
    reading = foreign.split("/readings/")[1].split("/")[0]
    own = mine.split("/readings/")[1].split("/")[0]
    mixed = mine.replace(f"/readings/{own}/", f"/readings/{reading}/")
    elsewhere = foreign.replace(other.slug, trust.slug)

    assert client.get(mine).status_code == 200
    nothing = client.get("/no/such/page/").content
    for address in (foreign, elsewhere, mixed, mine.replace("/baseline/", "/other/")):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, nothing)


@pytest.mark.parametrize("schools", [1, 3])
def test_a_forms_page_costs_few_queries_however_many_schools(
    schools, leader, django_assert_max_num_queries
):
    trust, attendance, units, kpi, clause = house_that_improves(schools)
    term = make_term(trust)
    for unit in units:
        make_entry(attendance, unit, make_term(trust, "2024-autumn"), "91.0")
        make_entry(attendance, unit, term, "91.5")
    client = leader(trust)

    for address in (form_page(trust, term, clause, "baseline"), hand_page(trust, term, kpi)):
        with django_assert_max_num_queries(16):
            client.get(address)


def test_a_number_that_the_plan_has_is_never_asked_for_again(leader):
    trust, _, attendance, [school] = make_house()
    before = make_term(trust, "2025-summer")
    make_entry(attendance, school, before, "95.0")
    kpi = the_plan(trust).nodes(manager="everywhere").get(role="kpi")
    clause = kpi.clauses(manager="everywhere").get()
    client = leader(trust)
    # A figure from before the plan has no target in its own period.
    page = client.get(kpi_page(trust, before, kpi)).context["kpi"]
    assert (page.verdict.reason, page.to_settle) == ("NO_TARGET", ())
    address = form_page(trust, before, clause, "target")
    as_it_was = left_as_it_was(trust)

    assert "There is nothing to settle here any more." in client.get(address).text
    assert client.post(address, {"value": "10", "reason": REASON, "do": "save"}).status_code == 409

    assert left_as_it_was(trust) == as_it_was

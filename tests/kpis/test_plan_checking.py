"""What the schema cannot see: a plan that would ask or judge something impossible."""

import pytest

from kpis.plan_files.checking import Known, faults
from kpis.plan_files.reading import PlanFileRefused, read
from kpis.plan_files.wanted import trust_wide
from tests.plans.small import SMALL, broken, line_of

GROUPS = {"all", "disadvantaged", "send"}


def case(name, find, put, says, at=None):
    return pytest.param(find, put, says, at or put, id=name)


def check(text, **known):
    plan_file = read(text, "plan.yaml")
    known = Known(groups=GROUPS, **known).with_those_of(plan_file.data, trust_wide(plan_file.data))
    plan_file.refuse(faults(plan_file.data, known))


def test_a_plan_that_is_right_passes():
    check(SMALL)


ATTENDANCE = "groups: [all, disadvantaged], counts: both}"
POOLED = "{key: c3, rule: trend, op: improve, reads: attendance, level: trust, roll_up: pooled}"
JUDGED = "{key: c1, rule: judged, reads: review, level: school}"
SCALE = 'reads: grade, level: school, target: {"1": strong}'
DONE = "{key: c2, rule: done, reads: published, level: trust}"


@pytest.mark.parametrize(
    ("find", "put", "says", "at"),
    [
        case(
            "a trust's line from nowhere",
            *(", roll_up: pooled}", "}", "nothing says how; allowed: roll_up: pooled"),
            at="{key: c3, rule: trend",
        ),
        case(
            "pooled in an either-or",
            *(JUDGED, POOLED.replace("c3", "c1"), "pooled cannot stand in an either-or"),
        ),
        case(
            "sum in an either-or",
            *(JUDGED, POOLED.replace("pooled", "sum"), "sum cannot stand in an either-or"),
        ),
        case(
            "pooled without counts",
            *(ATTENDANCE, "groups: [all, disadvantaged]}", "pooled needs counts"),
            at=POOLED,
        ),
        case("a sum of percentages", *("roll_up: pooled", "roll_up: sum", "cannot be summed")),
        case(
            "a school's figure of the trust's measure",
            *("reads: published, level: trust", "reads: published, level: school"),
            "published is asked of: trust, so no school has a figure; allowed: trust",
        ),
        case(
            "trust only, but asked of schools",
            *("roll_up: pooled", "roll_up: trust_only", "measures asked of the trust"),
        ),
        case("an unknown measure", "reads: review", "reads: revue", "no measure revue"),
        case(
            "an unknown group",
            "group: disadvantaged, against",
            "group: poor, against",
            "no group poor; allowed: all, disadvantaged, send",
        ),
        case(
            "a group that is not asked for",
            "group: disadvantaged, against",
            "group: send, against",
            "attendance is not asked for the group send; allowed: all, disadvantaged",
        ),
        case("an unknown scale", "scale: strength", "scale: power", "no scale power"),
        case("an unknown series", "series: attendance_live", "series: census", "no series census"),
        case("an unknown office", "by: hr", "by: payroll", "no office payroll; allowed: hr"),
        case("an unknown level", '{"1": strong}', '{"1": best}', "version 1 has no level best"),
        case("an unknown version", '{"1": strong}', '{"2": strong}', "has no version 2"),
        case("a scale without its level", SCALE, "reads: grade, level: school", "a level to reach"),
        case(
            "a rule for another kind",
            "reads: grade",
            "reads: review",
            "cannot read review",
            at="op: at_least",
        ),
        case(
            "a number for a yes",
            DONE,
            DONE.replace("published", "training"),
            "cannot read training",
        ),
        case(
            "no direction",
            "better: higher\n",
            "better: none\n",
            "which way is better",
            at="c2, rule: gap",
        ),
        case(
            "two measures of one code",
            "code: review, name",
            "code: grade, name",
            "grade is defined twice",
            at="code: grade, name: Grade",
        ),
        case(
            "two entries of one key",
            "key: a-o1, under",
            "key: a2, under",
            "the key a2 is taken",
            at="- key: a2",
        ),
        case(
            "two clauses of one key",
            "key: c2, rule: gap",
            "key: c1, rule: gap",
            "c1 is defined twice",
        ),
        case("a measure read twice", "reads: review", "reads: [review, review]", "read twice"),
        case("under nothing", "key: a-o1, under: a", "key: a-o1, under: z", "z is not an entry"),
        case(
            "under the wrong thing",
            "key: a-o1, under: a",
            "key: a-o1, under: a1",
            "a1 is not an entry",
        ),
        case("an unknown outcome", "outcomes: [a-o1]", "outcomes: [a-o9]", "no outcome a-o9"),
        case(
            "no target",
            ', target: "94.0"',
            "",
            "no target",
            at='{key: c1, rule: threshold, op: ">=", reads: attendance',
        ),
        case("an end before the start", "2028-08-31", "2025-08-31", "must end after it starts"),
        case(
            "another basis than its series",
            "basis: year_to_date}",
            "basis: term}",
            "the series is by term",
            at="series: attendance_live",
        ),
        case(
            "a level without a scale",
            "scale: strength, ",
            "",
            "a level needs its scale",
            at="code: grade",
        ),
        case(
            "asked in no term",
            "in: [summer]}}\npri",
            "by: hr}}\npri",
            "in which terms",
            at="code: published",
        ),
        case("usual limits the wrong way", 'low: "80.0"', 'low: "99.5"', "below the lowest"),
        case(
            "a reading by a date that cannot be",
            "rule: judged,",
            "rule: judged, when: by,",
            "only a number or a level",
        ),
        case("a failing level that is none", "failing: [weak]", "failing: [poor]", "no level poor"),
        case("steps without a path", "path: even,", "path: steps,", "path: steps and steps:"),
        case(
            "a day that is missing",
            DONE,
            DONE[:-1] + ", due: {precision: month, label: July}}",
            "the day that these words mean",
        ),
        case(
            "a label twice",
            "labels:\n",
            "labels:\n  - {role: kpi, singular: K, plural: Ks}\n",
            "kpi has a label already",
            at="singular: Promise",
        ),
        case(
            "a group without its reference",
            "against: same_school",
            "against: group",
            "against_group: go together",
        ),
        case(
            "a rated rating",
            "kind: rating,",
            "kind: rating, rated: yes,",
            "only a figure has a rating",
        ),
    ],
)
def test_what_could_not_be_judged_is_refused_with_its_line(find, put, says, at):
    text = broken(find, put)

    with pytest.raises(PlanFileRefused) as refused:
        check(text)

    found = refused.value.complaints
    assert any(f"line {line_of(text, at)}," in said and says in said for said in found), found


def test_a_file_may_name_what_the_trust_has_without_defining_it():
    text = broken(
        "  - {code: review, name: Review, kind: rating, basis: date, "
        "ask: {of: school, in: [summer]}}\n",
        "",
    )
    known = trust_wide(read(SMALL, "plan.yaml").data)["measure", "review"]

    with pytest.raises(PlanFileRefused, match="no measure review"):
        check(text)
    check(text, measures={"review": known})


def test_a_rated_figure_can_be_judged_and_any_other_cannot():
    survey = broken("reads: review", "reads: training").replace(
        "rule: judged, reads: training, level: school",
        "rule: judged, reads: training, level: trust",
    )

    with pytest.raises(PlanFileRefused, match="judged cannot read training"):
        check(survey)
    check(survey.replace("code: training,", "code: training, rated: yes,"))


SERIES = "  - {key: attendance_live, provider: DfE, basis: year_to_date}"


def prints(figures, basis="year_to_date"):
    """The series of the small plan with figures that the plan prints, a line each."""
    lines = [f"      - {{{figure}}}" for figure in figures]
    return SERIES.replace("basis: year_to_date}", f"basis: {basis}}}")[:-1].replace(
        "- {key: attendance_live, provider: DfE, basis: ",
        "- key: attendance_live\n    provider: DfE\n    basis: ",
    ) + "\n".join(["\n    printed:", *lines])


@pytest.mark.parametrize(
    ("figures", "place", "says"),
    [
        pytest.param(
            ["year: 2023/24, value: 94", "year: 2023/24, group: all, low: 90, high: 95"],
            "series/attendance_live/printed/2",
            "2023/24, everyone, all: a figure is printed already",
            id="everyone twice",
        ),
        pytest.param(
            ["year: 2023/24, phase: primary, value: 1", "year: 2023/24, phase: primary, value: 2"],
            "series/attendance_live/printed/2",
            "2023/24, primary, all: a figure is printed already",
            id="a phase twice",
        ),
        pytest.param(
            ["year: 2023/24, group: nobody, value: 94"],
            "series/attendance_live/printed/1/group",
            "no group nobody; allowed: all, disadvantaged, send",
            id="an unknown group",
        ),
        pytest.param(
            ["year: 2023/24, low: 94"],
            "series/attendance_live/printed/1",
            "neither one figure",
            id="half a band",
        ),
        pytest.param(
            ["year: 2023/24, value: 94, low: 90, high: 95"],
            "series/attendance_live/printed/1",
            "neither one figure nor two limits",
            id="a figure and limits",
        ),
        pytest.param(
            ["year: 2023/24, low: 95, high: 90"],
            "series/attendance_live/printed/1/high",
            "below",
            id="crossed",
        ),
    ],
)
def test_a_printed_figure_that_cannot_be_is_refused_with_its_line(figures, place, says):
    text = broken(SERIES, prints(figures))

    with pytest.raises(PlanFileRefused) as refused:
        check(text)

    line = line_of(text, f"- {{{figures[-1]}}}")
    (complaint,) = refused.value.complaints
    assert complaint.startswith(f"plan.yaml, line {line}, {place}: ")
    assert says in complaint


def test_a_year_is_printed_only_of_a_series_that_has_years():
    text = broken(SERIES, prints(["year: 2023/24, value: 94"], basis="term"))

    with pytest.raises(PlanFileRefused, match="a whole year, and the series is by term; allowed"):
        check(text)


def test_figures_of_several_years_phases_and_groups_may_be_printed():
    check(
        broken(
            SERIES,
            prints(
                [
                    "year: 2023/24, value: 94",
                    "year: 2022/23, value: 94",
                    "year: 2023/24, phase: primary, value: 95",
                    "year: 2023/24, phase: primary, group: send, low: 90, high: 90",
                ]
            ),
        )
    )

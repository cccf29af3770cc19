"""What is typed is read one way everywhere: a table of spellings, then what always holds."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.asked.questions import NAMES, Level, Question, Typed
from returns.typed.reading import read
from returns.typed.spelling import Misspelt, day, number

TODAY = date(2026, 4, 2)
SPRING = {"starts": date(2026, 1, 5), "ends": date(2026, 4, 1)}


def asked(kind="percentage", **about):
    about = {"decimals": 1, "per": 100, **SPRING, **about}
    return Question(name="Attendance", kind=kind, **about)


def said(question, **typed):
    return read(question, Typed(**typed), TODAY)


def words(question, **typed):
    return [problem.words for problem in said(question, **typed).problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("94.1", "94.1"),
        (" 94.1 ", "94.1"),
        ("94.1%", "94.1"),
        ("94.1 %", "94.1"),
        ("94.", "94"),
        (".5", "0.5"),
        ("+3", "3"),
        ("1,204", "1204"),
        ("1 204", "1204"),
        ("1\u00a0204\u202f000", "1204000"),
        ("12,345,678.9", "12345678.9"),
        ("£12,500.50", "12500.50"),
        ("-£5", "-5"),
        ("£-5", "-5"),
        ("(0.4)", "-0.4"),
        ("(£1,200)", "-1200"),
        ("-0.4", "-0.4"),
        ("−0.4", "-0.4"),
        ("–0.4", "-0.4"),
        ("007", "7"),
        ("0.1234565", "0.123457"),
        ("0.94615384615384615", "0.946154"),
    ],
)
def test_a_number_has_these_spellings(text, value):
    assert number(text, percent=True, pounds=True) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "lots", "nan", "NaN", "inf", "-inf", "Infinity", "9_3", "1e3", "1E3", "0x10",
        "٩٣", "９３", "९३", "Ⅷ", "½", "9 3", "94.1.2", "12,34,567", "1,2345,678", "--5", "+-5",
        "(-5", "-(5)-", "%", "£", "%5", "5£", "1'204", "9999999999999", "1,000,000,000,000",
        "94.1\n5", "-",
    ],
)  # fmt: skip
def test_nothing_else_is_a_number(text):
    with pytest.raises(Misspelt):
        number(text, percent=True, pounds=True)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("93,5", "Is this 93.5 or 935?"),
        ("1,23", "Is this 1.23 or 123?"),
        ("0,935", "Is this 0.935 or 0935?"),
        ("1234,567", "Is this 1234.567 or 1234567?"),
    ],
)
def test_a_comma_where_a_point_may_be_meant_is_asked_about(text, question):
    with pytest.raises(Misspelt) as why:
        number(text)
    assert str(why.value) == question


@pytest.mark.parametrize(
    "text",
    [
        "2025-11-22", "22/11/2025", "22/11/25", "22.11.2025", "22-11-2025", "22 November 2025",
        "22 Nov 2025", "22nd November 2025", "22nd of November, 2025", "November 22, 2025",
        "2025-11-22 00:00:00", "2025-11-22T00:00:00", " 22  november  2025 ",
    ],
)  # fmt: skip
def test_a_day_has_these_spellings(text):
    assert day(text) == date(2025, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2025-22-11", "31/02/2026", "11/22/2025", "22 Novembre 2025", "22 2025", "2025",
        "22/11", "1 May 1066", "22 No 2025", "٢٢/11/2025", "45983", "2025-11-22 13:00",
    ],
)  # fmt: skip
def test_nothing_else_is_a_day(text):
    with pytest.raises(Misspelt):
        day(text)


def test_a_figure_that_is_no_number_is_asked_for_in_the_words_of_the_screen():
    assert words(asked(), value="lots") == ["Enter Attendance as a number, like 94.1."]
    assert words(asked("number", decimals=0), value="lots") == [
        "Enter Attendance as a number, like 12."
    ]
    assert words(asked(), value="93,5") == [
        "Is this 93.5 or 935? Enter Attendance without a comma."
    ]


@pytest.mark.parametrize(
    ("limits", "text", "asks"),
    [
        ({}, "100.1", "between 0 and 100"),
        ({}, "-1", "between 0 and 100"),
        ({"kind": "score", "lowest": Decimal(0)}, "-0.1", "of 0 or more"),
        ({"kind": "score", "highest": Decimal(9)}, "9.1", "of 9 or less"),
        ({"lowest": Decimal(-50)}, "-50.1", "between -50 and 100"),
    ],
)
def test_a_figure_outside_its_limits_is_asked_for_again(limits, text, asks):
    assert words(asked(**limits), value=text) == [f"Enter Attendance as a number {asks}."]


@pytest.mark.parametrize("text", ["0", "100", "0.0", "100.0%"])
def test_a_figure_on_its_limits_is_taken(text):
    assert said(asked(), value=text).problems == ()


def test_a_share_typed_for_a_percentage_is_asked_about_unless_its_sign_is_there():
    assert words(asked(), value="0.93") == [
        "Is Attendance 93% or 0.93%? Enter 93, or 0.93% with its sign."
    ]
    assert said(asked(), value="0.93%").answer.value == Decimal("0.93")
    assert said(asked("score"), value="0.93").answer.value == Decimal("0.93")
    assert said(asked(), value="1").answer.value == Decimal(1)


def test_signs_are_taken_only_where_they_belong():
    assert words(asked("number"), value="93%") == ["Enter Attendance as a number, like 12."]
    assert words(asked(), value="£93") == ["Enter Attendance as a number, like 94.1."]
    assert said(asked("money"), value="£93").answer.value == Decimal(93)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("n/a", "not_applicable"), ("N/A", "not_applicable"), ("z", "not_applicable"),
     ("few", "too_few"), ("c", "too_few"), ("Too few pupils", "too_few")],
)  # fmt: skip
@pytest.mark.parametrize("part", ["value", "numerator"])
def test_a_reason_may_be_typed_where_the_figure_goes(text, reason, part):
    question = asked(counts="both" if part == "numerator" else "none")

    assert said(question, **{part: text}).answer.why_none == reason


def test_a_figure_that_comes_later_names_its_day():
    later = said(asked(), value="later", until="13 February 2026").answer

    assert (later.why_none, later.expected_on) == ("not_available", date(2026, 2, 13))
    assert words(asked(), value="x") == [
        "Enter the day when Attendance is expected, like 13 February 2026."
    ]


def test_a_figure_and_a_reason_together_are_a_contradiction():
    assert words(asked(), value="94", why_none="n/a") == [
        "Give Attendance, or say why there is none, not both."
    ]


def test_a_reason_is_taken_only_where_it_can_be_true():
    heads = asked("number", about_pupils=False)

    assert words(heads, value="few") == [
        'Attendance cannot be "too few pupils". Give an answer or leave it empty.'
    ]
    assert words(asked("yes_no"), why_none="not_available", until="1 May 2026") != []
    assert words(asked(), why_none="tired") == [
        "Choose one of the reasons why Attendance has no answer."
    ]


PUPILS = {"counts": "both", "numerator_name": "Pupils absent", "denominator_name": "All pupils"}


def test_two_counts_make_the_figure():
    answer = said(asked(**PUPILS), numerator="187", denominator="1,200").answer

    assert (answer.numerator, answer.denominator) == (187, 1200)
    assert answer.value == Decimal("15.583333")


def test_a_share_that_may_be_all_of_them_says_which_count_is_too_large():
    question = asked(**PUPILS, highest=Decimal(100))

    assert words(question, numerator="9999", denominator="318") == [
        "Pupils absent (9,999) cannot be more than all pupils (318)."
    ]


def test_nobody_of_nobody_is_a_figure_and_somebody_of_nobody_is_none():
    assert said(asked(**PUPILS), numerator="0", denominator="0").answer.denominator == 0
    assert words(asked(**PUPILS), numerator="3", denominator="0") == [
        "Pupils absent (3) cannot be more than all pupils (0)."
    ]


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ({"numerator": "201", "denominator": "200"},
         "Pupils absent (201) cannot be more than all pupils (200)."),
        ({"numerator": "20"}, "Enter all pupils for Attendance too."),
        ({"denominator": "20"}, "Enter pupils absent for Attendance too."),
        ({"value": "94.1"},
         "Enter the two counts of Attendance: pupils absent, and all pupils."),
        ({"numerator": "1.5", "denominator": "3"},
         "Enter pupils absent for Attendance as a whole number, like 412."),
        ({"numerator": "-1", "denominator": "3"},
         "Enter pupils absent for Attendance as a whole number, like 412."),
        ({"numerator": "some", "denominator": "3"},
         "Enter pupils absent for Attendance as a number, like 412."),
        ({"numerator": "1", "denominator": "4", "value": "26"},
         "Attendance is 25 by its two counts. Correct one of the three."),
    ],
)  # fmt: skip
def test_counts_that_do_not_go_together_are_asked_for_again(typed, asks):
    assert words(asked(decimals=0, **PUPILS), **typed) == [asks]


def test_a_rate_may_count_more_than_there_are():
    answer = said(asked("rate", **PUPILS), numerator="30", denominator="20").answer

    assert answer.value == Decimal(150)


def test_a_score_needs_how_many_it_is_about():
    score = asked("score", counts="weight", denominator_name="Pupils in Year 6")

    assert said(score, value="-1.2", denominator="30").answer.denominator == 30
    assert words(score, value="-1.2") == ["Enter pupils in Year 6 for Attendance too."]
    assert words(score, denominator="30") == ["Enter Attendance too, or leave the line empty."]
    assert words(score, value="-1.2", denominator="0") == [
        "Enter how many Attendance is about. If it is about nobody, choose not applicable."
    ]


def test_a_survey_counts_its_answers():
    survey = asked(survey=True, **PUPILS)
    counts = {"numerator": "70", "denominator": "90"}

    assert said(survey, **counts).answer.respondents == 90
    assert said(survey, **counts, respondents="95", invited="100").answer.respondents == 95
    assert words(survey, **counts, respondents="80") == [
        "More answers are counted than people answered."
    ]
    assert words(survey, **counts, invited="80") == ["More people answered than were asked."]
    assert words(survey, provider="The survey firm") == [
        "Enter Attendance too, or leave the line empty."
    ]
    assert words(asked(survey=True), value="70") == [
        "Enter how many people answered for Attendance."
    ]
    assert words(survey, **counts, invited="many") == [
        "Enter the people who were asked for Attendance as a whole number, like 140."
    ]


def test_no_cases_are_confirmed_and_overdue_ones_are_of_all():
    cases = asked("cases", numerator_name="Overdue", denominator_name="Defects")

    for none in ({"value": "none"}, {"value": "0"}, {"numerator": "0", "denominator": "0"}):
        answer = said(cases, **none).answer
        assert (answer.value, answer.numerator, answer.denominator) == (0, 0, 0)
    answer = said(cases, numerator="1", denominator="4").answer
    assert (answer.value, answer.numerator) == (4, 1)
    assert said(cases).answer is None
    assert words(cases, numerator="5", denominator="4") == [
        "Overdue (5) cannot be more than defects (4)."
    ]
    assert words(cases, value="4") == ["Enter two counts for Attendance: Overdue, and Defects."]


def test_a_yes_names_its_day_and_nothing_else_does():
    duty = asked("yes_no")

    assert said(duty, value="Yes", on="22/03/2026").answer.done_on == date(2026, 3, 22)
    assert said(duty, value="not yet").answer.done == "not_yet"
    assert said(duty, value="at risk").answer.done == "at_risk"
    assert words(duty, value="yes") == [
        "Enter the day when Attendance was done, like 22 November 2025."
    ]
    assert words(duty, value="yes", on="3 April 2026") == [
        "The day of Attendance is still to come."
    ]
    assert words(duty, value="no", on="1 April 2026") == [
        "Attendance has a day only when the answer is yes."
    ]
    assert words(duty, value="perhaps") == ["Answer Attendance with yes, not yet or at risk."]
    assert said(asked("date"), on="22/03/2026").answer.done_on == date(2026, 3, 22)


GRADES = (
    Level(1, "ineffective", "Ineffective", date(2018, 9, 1)),
    Level(2, "good", "Good", date(2018, 9, 1)),
    Level(3, "j2", "J2", date(2023, 9, 1)),
    Level(4, "j1", "J1", date(2023, 9, 1)),
)


def test_a_level_is_one_of_the_scale_in_force_on_its_day():
    inspection = asked("level", dated=True, inspection=True, levels=GRADES)

    assert said(inspection, value="j1", on="2026-03-02").answer.level == 4
    assert said(inspection, value="GOOD", on="2019-03-02").answer.level == 2
    assert words(inspection, value="Good", on="2026-03-02") == ["Choose Attendance from: J2, J1."]
    assert words(inspection, value="J1") == [
        "Enter the day of the inspection for Attendance, like 22 November 2025."
    ]
    assert said(asked("level", dated=True, levels=GRADES), value="J1").answer.level == 4


RATED = {"rating": "amber", "on": "2026-03-02", "kind": "internal", "reviewer": "The head",
         "evidence": "Visit"}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "asks"),
    [
        ("rating", "Rate Attendance: on target, close to target or off target."),
        ("kind", "Say whether the rating of Attendance is internal or external."),
        ("reviewer", "Name who rated Attendance, in 120 characters or less."),
        ("evidence", "Say on what evidence Attendance was rated."),
        ("on", "Enter the day of Attendance, like 22 November 2025."),
    ],
)
def test_a_rating_names_who_when_and_on_what_evidence(part, asks):
    assert said(asked("rating", dated=True), **RATED).rating.rating == "amber"
    assert words(asked("rating", dated=True), **{**RATED, part: ""}) == [asks]


def test_a_figure_may_have_a_rating_beside_it_or_not():
    question = asked(rated=True)

    both = said(question, value="4.2", **RATED)
    assert (both.answer.value, both.rating.rating) == (Decimal("4.2"), "amber")
    assert said(question, value="4.2").rating is None
    assert said(question, **RATED).answer is None


def test_what_a_question_has_no_part_for_is_not_lost_in_silence():
    for part in ("numerator", "respondents", "rating", "evidence", "on"):
        assert words(asked(), **{part: "1"}) == [
            "Attendance does not ask for this. Leave it empty."
        ] or words(asked(), **{part: "1"})[0].startswith("Attendance does not ask")


KINDS = ["percentage", "number", "rate", "score", "money", "yes_no", "date", "level", "rating",
         "cases"]  # fmt: skip
texts = st.one_of(
    st.just(""),
    st.text(max_size=12),
    st.sampled_from(["94.1", "0", "n/a", "few", "later", "yes", "amber", "1,204", "(3)", "Good"]),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(str),
)
questions = st.builds(
    asked,
    kind=st.sampled_from(KINDS),
    counts=st.sampled_from(["none", "both", "weight"]),
    survey=st.booleans(),
    rated=st.booleans(),
    dated=st.booleans(),
    inspection=st.booleans(),
    about_pupils=st.booleans(),
    levels=st.just(GRADES),
)


@given(questions, st.builds(Typed, **dict.fromkeys(NAMES, texts)))
def test_whatever_is_typed_is_an_answer_or_a_problem_and_never_both(question, typed):
    found = read(question, typed, TODAY)

    if found.problems:
        assert (found.answer, found.rating) == (None, None)
        assert all(problem.words and problem.part in NAMES for problem in found.problems)
    if found.answer:
        answers = (found.answer.value, found.answer.level, found.answer.done, found.answer.why_none)
        assert sum(one is not None for one in answers) == 1


@given(questions)
def test_a_blank_line_says_nothing(question):
    found = read(question, Typed(why="Flu", what_next="Call families"), TODAY)

    assert (found.answer, found.rating, found.problems) == (None, None, ())


@given(st.decimals(-999_999, 999_999, places=6))
def test_a_number_written_out_is_read_back(value):
    assert number(f"{value:f}") == value
    assert number(f"{value:,f}") == value
    assert number(f"({abs(value):f})") == -abs(value)


@given(st.text())
def test_no_text_breaks_the_reader_of_numbers_and_days(text):
    for reader in (number, day):
        try:
            reader(text)
        except Misspelt:
            continue

"""No small number can be worked out from what is shown: by subtraction, or by what is possible."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.hiding import Number, Seen, Sum, hidden

MINIMUM = 6
GROUPS = ("all", "group", "others")


def table_of(counts, seen=None):
    """Schools by groups, with the trust's line: cells and sums.

    ``counts`` are (of, part) of the group and of the others, school by school;
    ``seen`` says what the viewer has of each school.
    """
    seen = seen or [Seen.SHOWN] * len(counts)
    numbers, sums = {}, []
    for school, (pair, has) in enumerate(zip(counts, seen, strict=True)):
        for name, (of, part) in zip(GROUPS[1:], pair, strict=True):
            numbers[school, name] = Number(of, part, has, cost=1)
        whole = [sum(each) for each in zip(*pair, strict=True)]
        numbers[school, "all"] = Number(*whole, has, cost=2)
        sums.append(Sum((school, "all"), ((school, "group"), (school, "others"))))
    for name in GROUPS:
        cells = [numbers[school, name] for school in range(len(counts))]
        of, part = sum(cell.of for cell in cells), sum(cell.part for cell in cells)
        numbers["trust", name] = Number(of, part, Seen.SHOWN, cost=3)
        sums.append(Sum(("trust", name), tuple((school, name) for school in range(len(counts)))))
    sums.append(Sum(("trust", "all"), (("trust", "group"), ("trust", "others"))))
    return numbers, sums


# The attacker. It knows how the hiding works, and shares no line of code with it.


def unknown(numbers, gone):
    return [
        key
        for key, number in numbers.items()
        if number.of and (key in gone or number.seen is Seen.ELSEWHERE)
    ]


def rank(rows):
    rows, found = [row for row in rows if any(row)], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(len(rows)):
            if i != found and rows[i][column]:
                one, by = rows[found][column], rows[i][column]
                rows[i] = [one * a - by * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def is_solved_by_subtraction(secret, open_, sums):
    """Whether the sums leave the secret no other number, whatever the others are."""
    rows = []
    for each in sums:
        signs = {each.total: -1} | dict.fromkeys(each.parts, 1)
        if row := [signs.get(key, 0) for key in open_]:
            rows.append(row)
    alone = [int(key == secret) for key in open_]
    return rank([*rows, alone]) == rank(rows)


def ranges(numbers, open_, sums, count, limits):
    """What each unknown count may be, narrowed by one sum after the other until nothing moves."""
    low, high = {}, {}
    for key, number in numbers.items():
        is_open = key in open_
        exact = getattr(number, count)
        low[key], high[key] = limits(number) if is_open else (exact, exact)
    moved = True
    while moved:
        moved = False
        for each in sums:
            keys = [(each.total, -1), *((part, 1) for part in each.parts)]
            for key, sign in keys:
                others = [(k, s) for k, s in keys if k != key]
                least = sum(low[k] if s > 0 else -high[k] for k, s in others)
                most = sum(high[k] if s > 0 else -low[k] for k, s in others)
                span = (-most, -least) if sign > 0 else (least, most)
                narrow = max(low[key], span[0]), min(high[key], span[1])
                if narrow != (low[key], high[key]):
                    low[key], high[key] = narrow
                    moved = True
    return {key: (low[key], high[key]) for key in open_}


def made_of_their_own(numbers, sums):
    """What the viewer has a right to, and can be worked out from that alone."""
    open_ = [k for k, n in numbers.items() if n.of and n.seen is not Seen.THEIRS]
    solved = {key for key in open_ if is_solved_by_subtraction(key, open_, sums)}
    return solved | {key for key, n in numbers.items() if n.seen is Seen.THEIRS}


def exposed(numbers, sums, gone, minimum=MINIMUM):
    """The small numbers that the attacker has."""
    open_ = unknown(numbers, gone)
    most = sum(number.of for number in numbers.values())
    theirs = made_of_their_own(numbers, sums)
    small = [key for key, n in numbers.items() if 0 < n.of < minimum and key not in theirs]
    shown = [key for key in small if key not in open_]

    def of_limits(number):
        return 1, minimum - 1 if 0 < number.of < minimum else most

    of = ranges(numbers, open_, sums, "of", of_limits)
    part = ranges(numbers, open_, sums, "part", lambda number: (0, number.of))
    return shown + [
        key
        for key in small
        if key in open_
        and (
            is_solved_by_subtraction(key, open_, sums)
            or of[key][0] == of[key][1]
            or part[key][0] == part[key][1]
        )
    ]


def random_table(dice):
    schools = dice.randint(1, 5)

    def pair():
        of = dice.choice([0, dice.randint(1, 5), dice.randint(1, 5), dice.randint(6, 60)])
        return of, dice.choice([0, of, dice.randint(0, of)])

    counts = [(pair(), pair()) for _ in range(schools)]
    if dice.random() < 0.5:
        return table_of(counts)
    seen = [dice.choice([Seen.THEIRS, Seen.ELSEWHERE, Seen.ELSEWHERE]) for _ in counts]
    return table_of(counts, seen)


def all_that_is_shown(numbers):
    return {key for key, n in numbers.items() if n.seen is Seen.SHOWN and n.of}


def test_no_hidden_figure_of_a_thousand_tables_can_be_worked_out():
    dice = random.Random(20251101)

    wrong, beyond_help = [], 0
    for number in range(1000):
        numbers, sums = random_table(dice)
        gone = hidden(numbers, sums, MINIMUM)
        found = exposed(numbers, sums, gone)
        if found and gone == all_that_is_shown(numbers):
            beyond_help += 1  # "fewer than six" itself says it, beside one's own five
        elif found:
            wrong.append((number, found))

    assert wrong == []
    assert beyond_help < 5


def test_the_attacker_would_find_them_without_the_second_step():
    dice = random.Random(20251101)

    found = 0
    for _ in range(200):
        numbers, sums = random_table(dice)
        only_small = {k for k, n in numbers.items() if 0 < n.of < MINIMUM and n.seen is Seen.SHOWN}
        found += bool(exposed(numbers, sums, only_small))

    assert found > 100


@settings(max_examples=200, deadline=None)
@given(st.integers(6, 99), st.integers(6, 99), st.integers(6, 99))
def test_nothing_is_hidden_where_nothing_is_small(one, two, three):
    numbers, sums = table_of([((one, 1), (two, 2)), ((three, 3), (two, 4))])

    assert hidden(numbers, sums, MINIMUM) == frozenset()


def test_what_a_viewer_has_a_right_to_is_never_hidden():
    dice = random.Random(7)

    for _ in range(200):
        numbers, sums = random_table(dice)
        gone = hidden(numbers, sums, MINIMUM)
        assert all(numbers[key].seen is Seen.SHOWN for key in gone)


def test_with_one_other_school_the_trusts_line_would_give_it_away():
    counts = [((40, 20), (60, 30)), ((3, 1), (50, 20))]
    numbers, sums = table_of(counts, [Seen.THEIRS, Seen.ELSEWHERE])

    gone = hidden(numbers, sums, MINIMUM)

    # The trust's group less one's own is the three of the other school.
    assert ("trust", "group") in gone
    assert len(gone) == 2


def test_two_other_schools_hide_each_other():
    counts = [((40, 20), (60, 30)), ((3, 1), (50, 20)), ((30, 10), (50, 20))]
    numbers, sums = table_of(counts, [Seen.THEIRS, Seen.ELSEWHERE, Seen.ELSEWHERE])

    assert hidden(numbers, sums, MINIMUM) == frozenset()


@pytest.mark.parametrize(
    ("all_", "few", "others"),
    [
        pytest.param((40, 20), (3, 1), (37, 19), id="of a small group its complement goes too"),
        pytest.param((40, 0), (3, 0), (37, 0), id="none of all is none of the few"),
        pytest.param((40, 40), (3, 3), (37, 37), id="all of all is all of the few"),
        pytest.param((2, 1), (1, 0), (1, 1), id="two of one each"),
        pytest.param((10, 4), (5, 2), (5, 2), id="two of five each"),
    ],
)
def test_what_is_possible_is_not_narrowed_to_one_number(all_, few, others):
    numbers = {"all": Number(*all_), "few": Number(*few), "others": Number(*others)}
    sums = [Sum("all", ("few", "others"))]

    gone = hidden(numbers, sums, MINIMUM)

    assert "few" in gone
    assert exposed(numbers, sums, gone) == []


def test_a_total_of_some_and_of_all_would_give_the_one_that_is_new():
    numbers = {
        "both": Number(200, 100, cost=1),
        "all": Number(203, 101, cost=2),
        "new": Number(3, 1, Seen.ELSEWHERE),
    }

    assert len(hidden(numbers, [Sum("all", ("both", "new"))], MINIMUM)) == 1

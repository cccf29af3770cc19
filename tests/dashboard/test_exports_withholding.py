"""What a file leaves out: small figures, and as few others as keep them from being worked out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.hiding import Number, Seen, Sum, null_space
from dashboard.withholding import withheld


@st.composite
def tables(draw):
    """Schools by group: all pupils, one group and the rest, with the totals of the trust."""
    numbers, sums = {}, []
    schools = range(draw(st.integers(1, 6)))
    for school in schools:
        some, rest = draw(st.integers(0, 30)), draw(st.integers(0, 30))
        seen = draw(st.sampled_from([Seen.SHOWN, Seen.SHOWN, Seen.SHOWN, Seen.THEIRS]))
        for group, of in (("all", some + rest), ("some", some), ("rest", rest)):
            numbers[group, school] = Number(of, seen=seen)
        sums.append(Sum(("all", school), (("some", school), ("rest", school))))
    for group in ("all", "some", "rest"):
        parts = tuple((group, school) for school in schools)
        numbers[group, "trust"] = Number(sum(numbers[part].of for part in parts))
        sums.append(Sum((group, "trust"), parts))
    return numbers, sums


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(2, 12))
def test_no_small_figure_follows_from_what_is_left(table, minimum):
    numbers, sums = table
    gone = withheld(numbers, sums, minimum)

    small = {
        key
        for key, number in numbers.items()
        if 0 < number.of < minimum and number.seen is Seen.SHOWN
    }
    assert small <= gone
    moving = {key for vector in null_space(sorted(gone, key=str), sums) for key in vector}
    told = {key for key in small - moving if not _follows_from_own(numbers, sums, key)}
    assert not told


def _follows_from_own(numbers, sums, key):
    """Whether everything beside it is the reader's own or nothing: then it is known anyway."""
    own = {k for k, n in numbers.items() if n.seen is Seen.THEIRS or not n.of}
    return any({each.total, *each.parts} - own <= {key, each.total} for each in sums)


@given(tables())
def test_what_is_the_readers_own_is_never_left_out(table):
    numbers, sums = table

    assert not any(numbers[key].seen is Seen.THEIRS for key in withheld(numbers, sums, 10))


def test_nothing_is_left_out_where_nothing_is_small():
    numbers = {"all": Number(40), "some": Number(20), "rest": Number(20)}

    assert not withheld(numbers, [Sum("all", ("some", "rest"))], 6)


def test_the_smallest_other_part_goes_with_it_and_the_total_stays():
    numbers = {"all": Number(103), "a": Number(3), "b": Number(60), "c": Number(40)}

    assert withheld(numbers, [Sum("all", ("a", "b", "c"))], 6) == {"a", "c"}

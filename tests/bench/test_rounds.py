"""Ratios are taken round by round, and what is prepared costs nothing."""

from bench.clock import Spent
from bench.report import BEGIN, END, Row, keep, table
from bench.rounds import WARM_UPS, Measured, ratio, run
from bench.split import part_of


class Watch:
    """A clock that says what it is told to say."""

    def __init__(self, *seconds):
        self.seconds, self.asked = iter(seconds), 0

    def look_again(self):
        pass

    def time(self, act):
        act()
        self.asked += 1
        spent = next(self.seconds)
        return Spent(spent, spent)


def measured(name, *seconds, **more):
    one = Measured(name, lambda: None, **more)
    one.spent = [Spent(each, each) for each in seconds]
    return one


def test_a_round_in_which_the_machine_was_slow_changes_no_ratio():
    floor, page = measured("floor", 1, 1, 5), measured("page", 3, 3, 15)

    assert ratio(page, floor) == 3


def test_what_is_done_once_for_nothing_is_not_counted():
    done = []
    page = Measured("page", lambda: done.append("page"), prepare=lambda: done.append("save"))
    watch = Watch(9, 1, 2, 3)

    run([page], 3, watch)

    assert done == ["save", "page"] * 4
    assert [spent.cpu for spent in page.spent] == [1, 2, 3]


def test_what_is_short_is_done_more_often_before_it_counts():
    page = Measured("page", lambda: None)
    watch = Watch(*[0.01] * (1 + WARM_UPS), 0.5)

    run([page], 1, watch)

    assert [spent.cpu for spent in page.spent] == [0.5]


def test_a_limit_is_kept_up_to_and_with_itself():
    floor = measured("floor", 1)
    rows = table(
        [
            floor,
            measured("just", 4, against="floor", limit=4),
            measured("over", 4.1, against="floor", limit=4),
            measured("free", 9, against="floor"),
        ]
    )

    assert {row.name: row.kept for row in rows} == {
        "floor": None,
        "just": True,
        "over": False,
        "free": None,
    }


def test_a_ratio_needs_its_floor_in_the_same_run():
    [row] = table([measured("page", 4, against="floor", limit=4)])

    assert row == Row("page", 4000, 4000, "floor", None, 4)
    assert row.kept is None


def test_the_last_results_take_the_place_of_those_before(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"Before\n{BEGIN}\nold\n{END}\nAfter\n")

    keep(page, "new\n")
    keep(page, "newer\n")

    assert page.read_text() == f"Before\n{BEGIN}\nnewer\n{END}\nAfter\n"


def test_what_the_rules_do_for_a_sentence_is_saying_and_the_rest_of_them_judging():
    page, rules = "/x/dashboard/matrix/arranging.py", "/x/kpis/rag/"

    assert part_of({page}) == "arrange"
    assert part_of({page, f"{rules}shown.py"}) == "say"
    assert part_of({page, f"{rules}judging.py", f"{rules}shown.py"}) == "judge"
    assert part_of({page, "/x/kpis/facts/answers.py", f"{rules}given.py"}) == "read"
    assert part_of({"/x/schools/middleware.py"}) == "the rest"

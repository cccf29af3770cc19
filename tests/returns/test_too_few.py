"""A small count is set to "too few pupils", and stays as typed if somebody says so."""

from datetime import date

import pytest
from django.urls import reverse

from returns.asked.questions import Question, Typed
from returns.models import Line
from returns.typed.too_few import in_place_of
from tests.factories import (
    boxes_of,
    make_head,
    make_measure,
    make_return,
    make_school,
    make_term,
    make_trust,
)

DAYS = date(2025, 9, 1), date(2025, 12, 19)
MEALS = Question("Meals", "percentage", *DAYS, counts="both")
STAFF = Question("Staff", "percentage", *DAYS, counts="both", about_pupils=False)
FIGURE = Question("Meals", "percentage", *DAYS)
COUNTED = Typed(numerator="3", denominator="4")
FEW = Typed(why_none="too_few")


@pytest.mark.parametrize(
    ("case", "question", "typed", "held", "minimum", "said"),
    [
        ("below the minimum", MEALS, COUNTED, Typed(), 6, FEW),
        ("the count alone", MEALS, Typed(denominator="5"), Typed(), 6, FEW),
        ("at the minimum", MEALS, Typed(numerator="3", denominator="6"), Typed(), 6, None),
        ("nobody is no few", MEALS, Typed(numerator="0", denominator="0"), Typed(), 6, None),
        ("the count stood there already", MEALS, COUNTED, Typed(denominator="4"), 6, None),
        ("decided otherwise", MEALS, COUNTED, FEW, 6, None),
        ("no number", MEALS, Typed(denominator="lots"), Typed(), 6, None),
        ("another reason given", MEALS, Typed(denominator="4", why_none="n/a"), Typed(), 6, None),
        ("not of pupils", STAFF, COUNTED, Typed(), 6, None),
        ("no counts are asked", FIGURE, Typed(value="50", denominator="4"), Typed(), 6, None),
        ("any number is judged", MEALS, COUNTED, Typed(), 0, None),
    ],
)
def test_what_is_set_in_place_of_a_count(case, question, typed, held, minimum, said):
    assert in_place_of(question, typed, held, minimum) == said, case


def test_a_count_that_was_kept_while_it_was_typed_is_settled_once_the_row_is_left():
    assert in_place_of(MEALS, COUNTED, COUNTED, 6) is None
    assert in_place_of(MEALS, COUNTED, COUNTED, 6, settle=True) == FEW


class Typing:
    """A school types two counts, as the script does and as a browser without script."""

    def __init__(self, client):
        trust = make_trust(min_to_judge=6)
        school = make_school(trust)
        make_measure(trust, "Meals", counts="both")
        self.return_, self.client = make_return(school, make_term(trust)), client
        client.force_login(make_head(school))

    def address(self, name):
        return reverse(f"returns:return-{name}", args=[self.return_.term.trust, self.return_.pk])

    def boxes(self, **texts):
        boxes = boxes_of(self.client.get(self.address("edit")))
        [stem] = [name.removesuffix("seen") for name in boxes if name.endswith("-seen")]
        return boxes | {f"{stem}{name}": text for name, text in texts.items()}

    def line(self, **texts):
        return self.client.post(self.address("line"), self.boxes(**texts)).json()

    def held(self):
        return Line.everywhere.values_list("why_none", "numerator", "denominator").get()


@pytest.mark.django_db
def test_the_script_is_told_what_was_set_and_what_takes_it_back(client):
    typing = Typing(client)

    still = typing.line(numerator="3", denominator="4", typing="1")
    assert (still["is_small"], typing.held()) == (True, ("", "3", "4"))

    left = typing.line(settle="1")
    assert left["few"] == "Meals is set to too few pupils: the count is below 6."
    assert set(left["set_to"].values()) == {"", "too_few"}
    assert typing.held() == ("too_few", "", "")

    undone = typing.line(why_none="", numerator="3", denominator="4")
    assert "few" not in undone
    assert typing.held() == ("", "3", "4")


@pytest.mark.django_db
def test_without_script_the_page_says_so_and_how_to_send_the_counts(client):
    typing = Typing(client)

    page = client.post(
        typing.address("edit"), typing.boxes(numerator="3", denominator="4"), follow=True
    )

    assert "Meals is set to too few pupils" in page.text
    assert "take the reason away and type the counts again" in page.text
    assert typing.held() == ("too_few", "", "")
    client.post(typing.address("edit"), typing.boxes(why_none="", numerator="3", denominator="4"))
    assert typing.held() == ("", "3", "4")

"""The life of a return as docs/returns.md prints it is the one in the code."""

from pathlib import Path

from returns.life.states import MOVES, OF_AN_EDITOR_WHO_SUBMITS, ROLES, Action, State
from schools.models import Role

PAGE = Path(__file__).parents[2] / "docs" / "returns.md"
REFUSED = "–"


def moves():
    """Each state and action, and the state that it leads to."""
    yield row("", *map(named, Action))
    yield rule(len(Action))
    for state in State:
        led_to = [MOVES.get((state, action)) for action in Action]
        yield row(f"**{state.label}**", *[to.label if to else REFUSED for to in led_to])


def roles():
    """Each action, and who may take it."""
    yield row("", *map(named, Action))
    yield rule(len(Action))
    for role in sorted(set().union(*ROLES.values()), key=list(Role).index):
        yield row(f"**{role.label}**", *[may(role, action) for action in Action])


def may(role, action):
    if role in ROLES[action]:
        return "yes"
    if role == Role.SCHOOL_EDITOR and action in OF_AN_EDITOR_WHO_SUBMITS:
        return "if the trust says so"
    return REFUSED


def named(action):
    return action.value.replace("_", " ")


def row(*cells):
    return f"| {' | '.join(cells)} |"


def rule(columns):
    return "|---" * (columns + 1) + "|"


def test_the_docs_print_the_tables_of_the_code():
    life, _, _ = PAGE.read_text(encoding="utf-8").partition("## What each action does")
    lines = life.splitlines()
    printed = [line for line in lines if line.startswith("|")]

    assert printed == [*moves(), *roles()]

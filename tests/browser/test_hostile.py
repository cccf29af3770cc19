"""Hostile text in a return, in a real browser: nothing of it runs."""

import re

from tests.returns.hostile import MARK, SHORT, texts_of
from tests.returns.hostile_house import HEAD, LEADER, MANAGER, Hostile

RAN = f"window.{MARK} = () => {{ window.ran = true; }}"


def test_no_page_of_a_return_runs_what_was_typed_into_it(window):
    [text] = texts_of(SHORT)
    house = Hostile(text)
    house.type_into_lines()
    windows = {role: window(house.users[role]) for role in (HEAD, MANAGER, LEADER)}
    for page in windows.values():
        page.add_init_script(RAN)

    def look(role, name, **query):
        page = windows[role]
        page.goto(house.page(name, **query))
        assert MARK in page.locator("main").inner_text()
        assert page.evaluate("window.ran") is None

    look(HEAD, "returns:return-edit")
    look(HEAD, "returns:return-log")
    windows[HEAD].goto(house.page("returns:return-edit"))
    box = windows[HEAD].locator(f"[name={house.box(house.attendance, 'value')}]")
    box.fill(re.sub(r"\s+", " ", text[:150]))  # what cannot be read is answered by script
    box.press("Tab")
    windows[HEAD].get_by_text("All changes saved").first.wait_for()
    assert windows[HEAD].evaluate("window.ran") is None
    box.fill("81.2")
    box.press("Tab")
    windows[HEAD].wait_for_timeout(1500)
    look(HEAD, "returns:return-check")

    house.send()
    house.say_beside_the_result()
    look(HEAD, "returns:return-sent")
    look(MANAGER, "returns:return-approve")
    look(MANAGER, "returns_:return-list")
    look(MANAGER, ":trail")
    look(LEADER, "kpi:kpi", school=house.school.code)
    look(LEADER, "kpi:kpi-history")
    look(HEAD, "kpi:reply", school=house.school.code)

"""What the trail keeps of a draft: what was changed, in the words of the page."""

import pytest

from schools.models import AuditRow, Role
from schools.tenancy import inside
from tests.factories import make_user

from .test_choosing import draft_of
from .test_story import ticked

pytestmark = pytest.mark.django_db


def saved(told, sign_in, **boxes):
    client, draft, page = draft_of(told, sign_in)
    sent = ticked(page) | boxes
    client.post(draft, {name: value for name, value in sent.items() if value is not None})
    with inside(told.trust):
        row = AuditRow.objects.filter(action="changed the draft of").order_by("pk").last()
    return row and (row.before, row.after)


def test_only_what_was_changed_is_said_and_in_words(told, sign_in):
    assert saved(told, sign_in) is None

    assert saved(told, sign_in, for_decision="on", shows_risks=None) == (
        {"purpose": "assurance", "appendix": "all results, milestones and actions, risks"},
        {"purpose": "decision, assurance", "appendix": "all results, milestones and actions"},
    )
    assert saved(told, sign_in, provisional="leave_out") == (
        {"figures not approved yet": "Show them, marked as provisional"},
        {"figures not approved yet": "Leave them out"},
    )


def test_each_part_of_an_exception_and_each_ask_is_said_by_itself(told, sign_in):
    _, _, page = draft_of(told, sign_in)
    [why] = [name for name in page.context["form"].fields if name.startswith("why-")]
    with inside(told.trust):
        name = f"Attendance, {told.schools[0].name}"

    assert saved(told, sign_in, **{why: "Three weeks of flu.", "ask-1": "Note it."}) == (
        {f"{name}: why": "Two weeks of flu in Year 4."},
        {f"{name}: why": "Three weeks of flu.", "ask 1": "Note it."},
    )
    gone = saved(told, sign_in, **{why.replace("why", "tick"): None})
    assert gone[0]["exceptions"] == name
    assert gone[1] == {"exceptions": "none"}


def test_the_history_shows_those_words_and_no_names_of_columns(told, sign_in):
    saved(told, sign_in, for_decision="on", provisional="leave_out")
    manager = make_user(Role.DATA_MANAGER, told.trust, email="data@example.org")
    page = sign_in(manager).get(f"/t/{told.trust.slug}/history/?kind=reports").text

    assert "changed the draft of" in page
    assert "Leave them out" in page
    for column in ("for_", "for decision", "leave_out", "shows_", "False"):
        assert column not in page[page.index("<tbody>") : page.index("</tbody>")]

"""What people say beside a result: a leader for the trust, a headteacher for the school."""

from datetime import UTC, datetime

import pytest

from kpis.models import KPI, Comment, Reply
from kpis.saying import comment, reply, said_of
from returns.life.sending import submit
from returns.models import Line
from schools.models import AuditRow, Memberships, Role, Unit
from schools.refused import Refused
from schools.tenancy import inside
from tests.factories import make_head, make_house, make_return, make_user

pytestmark = pytest.mark.django_db

NONE = ("", "")
NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def house():
    return House()


class House:
    def __init__(self):
        self.trust, self.term, self.attendance, [self.school, self.other] = make_house(schools=2)
        self.kpi = KPI.everywhere.get()
        self.leader = Memberships(make_user(Role.LEADER, self.trust), self.trust)
        self.head = Memberships(make_head(self.school), self.trust)

    def comment(self, why="Flu", what_next="Vaccines", seen=NONE, by=None):
        with inside(self.trust):
            return comment(
                self.kpi,
                self.term,
                why=why,
                what_next=what_next,
                seen=seen,
                memberships=by or self.leader,
            )

    def reply(self, text, seen=("",), by=None, school=None):
        with inside(self.trust):
            return reply(
                self.kpi,
                school or self.school,
                self.term,
                text=text,
                seen=seen,
                memberships=by or self.head,
            )


def test_a_leader_comments_for_the_trust_and_the_trail_keeps_each_version(house):
    before = house.trust.own_unit.data_version
    house.comment()
    house.comment("Flu and snow", "Vaccines", seen=("Flu", "Vaccines"))

    [said] = Comment.everywhere.all()
    assert (said.why, said.unit, said.by) == (
        "Flu and snow",
        house.trust.own_unit,
        house.leader.user,
    )
    rows = AuditRow.everywhere.filter(action="commented on").order_by("pk")
    assert [row.before for row in rows] == [None, {"why": "Flu", "what_next": "Vaccines"}]
    assert Unit.everywhere.get(pk=house.trust.own_unit.pk).data_version == before + 2


def test_saying_the_same_again_changes_nothing(house):
    house.comment()
    house.comment(seen=("Flu", "Vaccines"))
    house.comment(seen=NONE)
    assert AuditRow.everywhere.filter(action="commented on").count() == 1


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(house):
    house.comment()
    with pytest.raises(Refused, match="Somebody else has written here"):
        house.comment("Snow", "", seen=NONE)
    assert Comment.everywhere.get().why == "Flu"


def test_an_emptied_comment_is_gone_and_lives_on_in_the_trail(house):
    house.comment()
    house.comment("", "", seen=("Flu", "Vaccines"))
    assert not Comment.everywhere.exists()
    assert AuditRow.everywhere.get(action="took back a comment on").before["why"] == "Flu"


def test_a_return_never_takes_away_what_was_written_on_the_page(house):
    house.comment()
    trusts_own = house.trust.own_unit
    return_ = make_return(house.school, house.term, typed="93.5", measure=house.attendance)
    Line.everywhere.update(unit=house.school, why="Measles")
    with inside(house.trust):
        Comment.objects.filter(unit=trusts_own).update(unit=house.school)
        submit(
            return_,
            version=return_.version,
            memberships=house.head,
            at=datetime(2026, 1, 5, tzinfo=UTC),
        )
    assert Comment.everywhere.get().why == "Flu"


@pytest.mark.parametrize("role", [Role.DATA_MANAGER, Role.AUDITOR])
def test_only_a_leader_comments_for_the_trust(house, role):
    with pytest.raises(Refused, match="Only a leader"):
        house.comment(by=Memberships(make_user(role, house.trust), house.trust))
    with pytest.raises(Refused, match="Only a leader"):
        house.comment(by=house.head)


def test_a_headteacher_replies_once_to_a_status_of_the_own_school(house):
    before = house.school.data_version
    house.reply("Two of the three have moved away since.")
    house.reply("All three have.", seen=("Two of the three have moved away since.",))

    [said] = Reply.everywhere.all()
    assert (said.text, said.unit.pk, said.by) == (
        "All three have.",
        house.school.pk,
        house.head.user,
    )
    assert Unit.everywhere.get(pk=house.school.pk).data_version == before + 2
    with inside(house.trust):
        assert said_of(Reply, house.kpi, house.school, house.term) == ("All three have.",)
        assert said_of(Reply, house.kpi, house.other, house.term) == ("",)


def test_nobody_replies_for_another_school_or_to_a_closed_term(house):
    for by, school in ((house.head, house.other), (house.leader, house.school)):
        with pytest.raises(Refused, match="Only the headteacher"):
            house.reply("Why us?", by=by, school=school)
    house.term.closed_at = datetime(2026, 1, 30, tzinfo=UTC)
    with pytest.raises(Refused, match="is closed"):
        house.reply("Why us?")
    assert not Reply.everywhere.exists()


def test_a_text_that_is_too_long_is_refused_and_never_cut(house):
    with pytest.raises(Refused, match="Shorten it to 400 characters"):
        house.reply("x" * 401)
    with pytest.raises(Refused, match="Shorten it to 400 characters"):
        house.comment("x" * 401)

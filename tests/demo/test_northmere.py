import re
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from demo.outside import INVENTED
from kpis.facts import plan_for, read_facts
from kpis.models import Comment, Comparator, Entry, Judgement, Override, Series, Standing
from kpis.rag.judging import judge_all
from kpis.rag.verdict import Mark, Reason, Status
from returns.asked.asking import Asking
from returns.life.states import State
from returns.models import Line, Return
from schools.models import AuditRow, Membership, Phase, Role, School, Trust, Unit, User

# What the example says is the same in either database; taking it out again is tried in both.
pytestmark = pytest.mark.any_database

COLOURS = [Status.GREEN, Status.AMBER, Status.RED]


def judged(northmere, number):
    term = northmere.term(number)
    return judge_all(read_facts(northmere.trust, plan_for(term), term, northmere.today))


def verdicts(results):
    """What the cells say: of each KPI, outcome and milestone, for the trust and each school."""
    for result in results:
        yield result.trust.verdict
        yield from (cell.verdict for cell in result.schools.values())


def test_eleven_schools_of_each_kind(northmere):
    schools = School.objects.all()

    assert Counter(schools.values_list("phase", flat=True)) == {
        Phase.PRIMARY: 7,
        Phase.SECONDARY: 3,
        Phase.ALL_THROUGH: 1,
    }
    assert schools.filter(is_church=True).count() == 3
    assert schools.filter(has_sixth_form=True).count() == 1
    assert schools.filter(joined__gt=northmere.table.plan_starts).count() == 1
    assert not schools.exclude(urn=None).exists()


def test_nine_terms_have_figures(northmere):
    counts = Counter(Entry.objects.values_list("collected_in__period__on", flat=True))

    assert len(counts) == 9
    assert min(counts.values()) > 150


def test_every_figure_came_in_by_a_return_and_left_a_trail(northmere):
    brought = Line.objects.exclude(entry=None).values("entry")

    assert not Entry.objects.exclude(pk__in=brought).exists()
    assert not Judgement.objects.filter(lines=None).exists()
    typed = AuditRow.objects.filter(action="typed", thing_kind="returns.line")
    assert set(Line.objects.exclude(changed_at=None).values_list("pk", flat=True)) == set(
        typed.values_list("thing_id", flat=True)
    )


def test_past_terms_are_approved_and_the_last_one_is_in_the_middle_of_it(northmere):
    past = Return.objects.exclude(term=northmere.term(9))
    now = Counter(Return.objects.filter(term=northmere.term(9)).values_list("state", flat=True))

    assert set(past.values_list("state", flat=True)) == {State.APPROVED}
    assert now == {
        State.APPROVED: 2,
        State.SUBMITTED: 7,
        State.SENT_BACK: 1,
        State.IN_PROGRESS: 1,
        State.NOT_STARTED: 1,
    }
    standings = Entry.objects.filter(collected_in=northmere.term(9))
    assert set(standings.values_list("standing", flat=True)) == set(Standing.values)


def test_the_office_manager_has_ten_figures_and_more_to_type(northmere):
    office = User.objects.get(email="office@northmere.example")
    unit = office.memberships.get().units.get()
    return_ = Return.objects.get(term=northmere.term(9), unit=unit)
    asked = Asking(northmere.term(9)).of_return(unit.pk)
    typed = {line.key for line in return_.lines.all() if line.typed.has_answer}

    assert return_.state == State.IN_PROGRESS
    assert len([one for one in asked if one.key not in typed and one.measure.is_figure]) >= 10
    assert northmere.trust.editor_submits
    assert return_.term.due_for(unit).date() > northmere.today


def test_the_last_term_shows_all_five_statuses_in_a_sane_spread(northmere):
    count = Counter(verdict.status for verdict in verdicts(judged(northmere, 9)))
    coloured = sum(count[colour] for colour in COLOURS)

    assert set(count) == set(Status)
    assert 0.5 < count[Status.GREEN] / coloured < 0.7
    assert 0.15 < count[Status.AMBER] / coloured < 0.3
    assert 0.08 < count[Status.RED] / coloured < 0.2


def test_every_status_reason_and_mark_stands_in_some_cell_of_some_term(northmere):
    seen = [verdict for number in range(1, 10) for verdict in verdicts(judged(northmere, number))]

    assert {verdict.status for verdict in seen} == set(Status)
    assert {verdict.reason for verdict in seen} == set(Reason)
    assert {mark for verdict in seen for mark in verdict.marks} == set(Mark)


def test_every_answer_has_its_place_in_the_trail_on_the_day_when_it_was_given(northmere):
    for number in (1, 8):
        term = northmere.term(number)
        lines = Line.objects.filter(return_to__term=term).values("pk")
        typed = AuditRow.objects.filter(action="typed", thing_id__in=lines)

        assert set(typed.values_list("at", flat=True)) == {term.due}


def test_nothing_is_set_by_hand_but_by_the_leader_who_says_why(northmere):
    by_hand = Override.objects.all()

    assert by_hand.exists()
    for override in by_hand:
        assert override.by.email == "leader@northmere.example"
        trail = AuditRow.objects.get(action="set by hand", thing_id=override.pk)
        assert trail.reason == override.reason


def test_past_terms_are_closed_and_the_last_one_is_open(northmere):
    terms = [northmere.term(number) for number in range(1, 10)]

    assert [term.closed_at is None for term in terms] == [False] * 8 + [True]
    for term in terms[:-1]:
        assert term.due < term.closed_at
        assert AuditRow.objects.get(action="closed", thing_id=term.pk).by is not None


def test_beside_what_is_off_target_in_a_school_somebody_says_why_and_what_next(northmere):
    results = judged(northmere, 9)
    red = {
        (result.promise.id, school)
        for result in results
        for school, cell in result.schools.items()
        if cell.verdict.status is Status.RED
    }
    told = Comment.objects.filter(term=northmere.term(9))
    said = {(comment.node_id, comment.unit_id) for comment in told}

    assert len(red & said) > len(red) / 3
    assert not told.filter(why="").exists()
    assert not told.filter(what_next="").exists()
    assert not told.filter(why__endswith="…").exists()


def test_what_a_site_counts_stands_in_its_log_case_by_case(northmere):
    counted = Entry.objects.filter(measure__keeps_log=True, denominator__gt=0)

    assert counted.filter(collected_in=northmere.term(9)).count() == 10
    for entry in counted:
        assert entry.cases.count() == entry.denominator


def test_before_the_plan_nothing_but_what_is_still_held_has_a_colour(northmere):
    first = judged(northmere, 1)
    figures = [
        said.verdict
        for result in first
        for line in result.lines
        for said in [line.trust, *line.units.values()]
        if line.clause.terms[0].rule in ("threshold", "band", "compare", "trend", "gap")
    ]

    assert not [verdict for verdict in figures if verdict.status is Status.RED]


def test_a_zero_is_a_figure(northmere):
    none = Entry.objects.filter(
        measure__code="suspension_rate", collected_in=northmere.term(9), value=0
    )

    assert none.exists()
    assert set(none.values_list("why_none", flat=True)) == {None}


def test_the_red_secondary_gets_worse_and_one_that_was_red_recovers(northmere):
    def absence(code, number):
        term = northmere.term(number)
        return Entry.objects.get(
            measure__code="persistent_absence",
            unit__code=code,
            group__code="all",
            collected_in=term,
            standing=Entry.objects.filter(
                measure__code="persistent_absence", unit__code=code, collected_in=term
            ).values_list("standing", flat=True)[0],
        ).value

    assert absence("HEX", 9) > absence("HEX", 6)
    assert absence("VAR", 9) < absence("VAR", 6)


def test_real_figures_keep_their_provider_and_invented_ones_are_marked(northmere):
    invented = Series.objects.filter(provider=INVENTED)

    assert invented.exists()
    assert not invented.exclude(owner="northmere", is_example=True).exists()
    assert not Series.objects.filter(provider="DfE", is_example=True).exists()
    real = Comparator.objects.filter(series__provider="DfE")
    assert real.count() > 300
    assert not real.filter(source_title=INVENTED).exists()


def test_everybody_who_is_told_about_signs_in_with_the_password(northmere, client):
    told = northmere.passwords.read_text()
    password = re.search(r"password (\S+)", told)[1]
    emails = re.findall(r"\S+@northmere\.example", told)
    roles = set(Membership.objects.filter(user__email__in=emails).values_list("role", flat=True))

    assert roles == set(Role.values)
    assert User.objects.filter(email__in=emails, is_superuser=True).count() == 1
    for email in emails:
        client.logout()
        page = client.post(reverse("account_login"), {"login": email, "password": password})
        assert page.status_code == 302, email
        assert client.get(page.url, follow=True).status_code == 200, email
    assert password in northmere.said


def test_the_passwords_are_for_their_owner_alone(northmere):
    assert northmere.passwords.stat().st_mode & 0o777 == 0o600


def test_loading_it_again_says_so_and_changes_nothing(northmere, tmp_path):
    def count():
        rows = [Entry.objects.count(), Line.objects.count(), AuditRow.objects.count()]
        return [*rows, Unit.objects.count(), User.objects.count(), Comparator.objects.count()]

    before, said = count(), StringIO()
    call_command("load_demo", passwords=northmere.passwords, stdout=said)

    assert count() == before
    assert "is here already" in said.getvalue()
    assert northmere.passwords.read_text() in said.getvalue()

    said = StringIO()
    call_command("load_demo", passwords=tmp_path / "gone", stdout=said)
    assert "remove_demo" in said.getvalue()
    assert not (tmp_path / "gone").exists()


@pytest.mark.django_db
def test_a_real_trust_of_that_name_stops_both_commands(tmp_path):
    Trust.objects.filter(slug="northmere").update(slug="northmere-example")
    Trust.objects.create(name="Northmere", slug="northmere")

    for command in ("load_demo", "remove_demo"):
        with pytest.raises(CommandError, match="real"):
            call_command(command, passwords=tmp_path / "none", stdout=StringIO())

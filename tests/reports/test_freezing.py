"""What was published stays as it was: whatever is edited afterwards, not a byte of it moves."""

import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from kpis.models import KPI, Entry, Measure, ReadingVersion, Target
from priorities.models import Plan, Priority
from reports import page
from reports.models import Published, PublishedFile
from reports.verifying import faults
from schools import kept
from schools.models import School, Term, Trust, Unit, User
from schools.tenancy import inside
from tests.factories import make_published

pytestmark = pytest.mark.django_db


def a_figure(told, rng, n):
    entry = rng.choice(list(Entry.objects.filter(measure=told.attendance)))
    entry.value = Decimal(500 + n) / 10
    entry.save()


def a_target(told, rng, n):
    Target.objects.update(value=Decimal(700 + n) / 10)


def a_threshold(told, rng, n):
    ReadingVersion.objects.update(margin=Decimal(n + 1) / 10)


def a_school(told, rng, n):
    school = rng.choice(list(School.objects.all()))
    Unit.objects.filter(pk=school.pk).update(name=f"Renamed {n} Primary")


def a_kpi(told, rng, n):
    KPI.objects.update(title=f"KPI renamed {n}")


def a_priority(told, rng, n):
    Priority.objects.update(title=f"Priority renamed {n}")


def the_plan(told, rng, n):
    Plan.objects.update(title=f"Plan renamed {n}")


def a_unit_of_measure(told, rng, n):
    Measure.objects.update(decimals=n % 3 + 1)


def a_person(told, rng, n):
    User.objects.filter(pk=told.leader.pk).update(name=f"Married {n}")


def the_trust(told, rng, n):
    Trust.objects.filter(pk=told.trust.pk).update(name=f"Trust renamed {n}")


def a_school_that_leaves(told, rng, n):
    """It leaves; or comes back, if it has left."""
    unit = Unit.objects.filter(kind="school").order_by("pk").last()
    unit.left = None if unit.left else told.term.starts - timedelta(days=30)
    unit.save()


def the_days_of_the_term(told, rng, n):
    """A figure is taken away, so it is late, and the deadline decides whether it is."""
    Entry.objects.filter(unit=told.schools[1], period__year=2025).delete()
    Term.objects.filter(pk=told.term.pk).update(due=told.term.due + timedelta(days=400 * (n % 2)))


def what_is_said(told, rng, n):
    told.report.picks.update(why=f"Because of {n}.")


EDITS = (
    a_figure,
    a_target,
    a_threshold,
    a_school,
    a_kpi,
    a_priority,
    the_plan,
    a_unit_of_measure,
    a_person,
    the_trust,
    a_school_that_leaves,
    the_days_of_the_term,
    what_is_said,
)


def read_again(told, sign_in):
    """All that a trustee gets of what was published: page, style sheet, file, digests."""
    client = sign_in(told.trustee)
    with inside(told.trust):
        published = Published.objects.get()
        files = [
            (f.kind, bytes(f.content), f.digest) for f in PublishedFile.objects.order_by("kind")
        ]
        assert list(faults(told.trust)) == []
    text = client.get(told.address("read", told.report.pk)).text
    sheet = told.address("sheet", told.report.pk, 1, published.sheet_digest)
    file = told.address("file", told.report.pk, 1, "txt")
    return (
        text[text.index('<article class="report"') : text.index("</article>")],
        client.get(sheet).text,
        client.get(file).content,
        (published.snapshot, published.html, published.digest),
        files,
    )


def walked(told, sign_in, edits, seed):
    """Edit so many times, each seen on a page that is alive; what is published stays."""
    rng = random.Random(seed)
    make_published(told.trust, told.report)
    leader = sign_in(told.leader)

    def alive():
        kept.forget()
        return leader.get(told.address("preview", told.report.pk)).text

    frozen, seen = read_again(told, sign_in), alive()
    order = [EDITS[n % len(EDITS)] for n in range(edits)]
    rng.shuffle(order)
    unseen = []
    for n, edit in enumerate(order):
        with inside(told.trust):
            edit(told, rng, n)
        now = alive()
        if now == seen:
            unseen.append(edit.__name__)
        seen = now
        if n % 5 == 4:
            assert read_again(told, sign_in) == frozen, edit.__name__
    assert read_again(told, sign_in) == frozen
    return order, unseen


def test_forty_edits_after_publishing_leave_every_byte_alone(told, sign_in):
    order, unseen = walked(told, sign_in, 40, seed=8)

    assert set(order) == set(EDITS)
    assert unseen == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_edits_after_publishing_leave_every_byte_alone(told, sign_in, seed):
    _, unseen = walked(told, sign_in, 200, seed)

    assert unseen == []


def test_another_style_and_another_template_change_the_next_version_only(
    told, sign_in, monkeypatch, tmp_path
):
    make_published(told.trust, told.report)
    frozen = read_again(told, sign_in)
    leader = sign_in(told.leader)
    before = leader.get(told.address("preview", told.report.pk)).text
    style = leader.get(told.address("sheet-now")).text

    changed = tmp_path / "reports"
    changed.mkdir()
    own = Path(settings.BASE_DIR) / "templates" / "reports" / "_document.html"
    (changed / "_document.html").write_text(own.read_text().replace("Summary", "In short"))
    (tmp_path / "report.css").write_text(".report { color: red; }")
    monkeypatch.setattr(page, "OWN_SHEET", tmp_path / "report.css")
    [engine] = settings.TEMPLATES
    with override_settings(TEMPLATES=[{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]):
        assert leader.get(told.address("preview", told.report.pk)).text != before
        assert leader.get(told.address("sheet-now")).text != style
        assert read_again(told, sign_in) == frozen

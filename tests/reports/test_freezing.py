"""What was published stays as it was: whatever is edited afterwards, not a byte of it moves."""

import random
from copy import copy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, models
from django.test import override_settings

from kpis.models import (
    KPI,
    Entry,
    Level,
    Measure,
    ReadingVersion,
    Scale,
    ScaleVersion,
    Target,
)
from priorities.models import Plan, Priority
from reports.files import page
from reports.freezing import snapshot
from reports.models import Published, PublishedFile
from reports.shapes import Explained
from reports.verifying import faults
from schools import kept
from schools.models import School, Term, Trust, Unit, User
from schools.tenancy import inside
from tests.factories import make_clause, make_entry, make_kpi, make_measure, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(told):
    """With a grade beside the figures: one school holds it, and the plan asks for no more."""
    scale = Scale.everywhere.create(trust=told.trust, code="grades", name="Grades")
    version = ScaleVersion.everywhere.create(scale=scale, key="1")
    grade = Level.everywhere.create(version=version, order=1, key="good", name="Good")
    about = {"kind": "level", "scale": scale, "decimals": 0, "per": 1, "seasonal": False}
    review = make_measure(told.trust, "Review", **about)
    with inside(told.trust):
        kpi = make_kpi(Plan.objects.get(), "Good schools")
        clause = make_clause(kpi, review, rule="scale", operator="at_least")
        clause.versions.get().scale_targets.create(scale_version=version, level=grade)
    make_entry(review, told.schools[0], told.term, level=grade)
    return told


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


def the_least_that_is_shown(told, rng, n):
    """Of how many pupils a figure may be shown; and how many stand behind one of them."""
    Trust.objects.filter(pk=told.trust.pk).update(min_to_show=20 + n)
    Entry.objects.update(numerator=n, denominator=n + 5)


def a_grade(told, rng, n):
    Level.objects.filter(version__key="1").update(name=f"Grade renamed {n}")


def a_version_of_the_scale(told, rng, n):
    """The grade is one of another version, on which the plan has no target."""
    scale = Scale.objects.get()
    version = ScaleVersion.objects.create(scale=scale, key=f"v{n}", since=told.term.starts)
    grade = Level.objects.create(version=version, order=1, key="new", name=f"New grade {n}")
    Entry.objects.filter(measure__scale=scale).update(level=grade)


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
    the_least_that_is_shown,
    a_grade,
    a_version_of_the_scale,
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
@pytest.mark.parametrize("seed", range(5))
def test_two_hundred_edits_after_publishing_leave_every_byte_alone(told, sign_in, seed):
    _, unseen = walked(told, sign_in, 200, seed)

    assert unseen == []


# What is drawn on every report; the others of `reports` stand round it.
DRAWN = ("_document", "_chip", "_counts", "_exception", "_moved", "_results", "_section", "_spark")


def test_another_style_other_templates_and_other_words_change_the_next_version_only(
    told, sign_in, monkeypatch, tmp_path
):
    make_published(told.trust, told.report)
    frozen = read_again(told, sign_in)
    leader = sign_in(told.leader)

    def alive():
        return leader.get(told.address("preview", told.report.pk)).text

    [engine] = settings.TEMPLATES
    before = alive()
    for name in DRAWN:
        folder = tmp_path / name
        (folder / "reports").mkdir(parents=True)
        own = Path(settings.BASE_DIR) / "templates" / "reports" / f"{name}.html"
        (folder / "reports" / own.name).write_text(f"{own.read_text()}<p>Another {name}</p>")
        with override_settings(TEMPLATES=[{**engine, "DIRS": [folder, *engine["DIRS"]]}]):
            assert f"Another {name}" in alive()
            assert read_again(told, sign_in) == frozen

    style = leader.get(told.address("sheet-now")).text
    (tmp_path / "report.css").write_text(".report { color: red; }")
    monkeypatch.setattr(page, "OWN_SHEET", tmp_path / "report.css")
    assert leader.get(told.address("sheet-now")).text != style
    monkeypatch.setattr(snapshot, "explained", lambda board: (Explained("R", "Red now"),))
    assert alive() != before
    assert read_again(told, sign_in) == frozen


@pytest.mark.django_db(transaction=True)
def test_a_migration_changes_the_next_version_only(told, sign_in, monkeypatch):
    """Columns more, columns by another name, and what stands in them rewritten."""
    make_published(told.trust, told.report)
    frozen = read_again(told, sign_in)
    leader = sign_in(told.leader)
    before = leader.get(told.address("preview", told.report.pk)).text
    more = models.CharField(max_length=9, default="new")
    more.set_attributes_from_name("more")
    was = Published._meta.get_field("correction")
    named = copy(was)
    named.column = "corrects"
    with connection.schema_editor() as editor:
        for model in (Published, PublishedFile, KPI):
            editor.add_field(model, more)
        editor.alter_field(Published, was, named)
    try:
        monkeypatch.setattr(was, "column", named.column)
        KPI.everywhere.update(title="Rewritten by a migration")
        kept.forget()
        assert leader.get(told.address("preview", told.report.pk)).text != before
        assert read_again(told, sign_in) == frozen
    finally:
        monkeypatch.undo()
        with connection.schema_editor() as editor:
            editor.alter_field(Published, named, was)
            for model in (Published, PublishedFile, KPI):
                editor.remove_field(model, more)

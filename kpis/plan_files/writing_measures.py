"""Writes what the trust has once: offices, scales, measures, and who they apply to."""

from django.utils import timezone

from priorities.plan_files.columns import typed
from schools.models import Office, Period, Unit, UnitKind
from schools.refused import Refused

from ..models import (
    Applicability,
    Baseline,
    Comparator,
    Entry,
    Level,
    Measure,
    PupilGroup,
    Scale,
    ScaleTarget,
    ScaleVersion,
    Series,
)
from ..models.comparators import Release, Scope

SOURCE = "Printed in the plan"

# What a measure is. Once figures have been sent for it, another definition
# would give them a meaning that nobody sent.
DEFINITION = {
    *["kind", "unit", "decimals", "better", "basis", "scale__code", "of", "about", "counts"],
    *["per", "source", "register", "seasonal", "series", "survey", "rated", "inspection"],
    *["about_pupils", "min_to_judge", "carried_terms", "valid_months"],
}


class Measures:
    """Writes changes to the trust-wide things of a plan file."""

    def __init__(self, trust):
        self.trust = trust

    def write(self, path, columns):
        """Make or change one thing; ``columns`` are text, those that change.

        Raises Refused if a scale that has been used would get other levels, or if
        the trust has another figure of its own where the plan prints one.
        """
        match path:
            case ("office", code):
                Office.objects.update_or_create(trust=self.trust, code=code, defaults=columns)
            case ("group", code):
                self._write_group(code, columns)
            case ("scale", code):
                Scale.objects.update_or_create(trust=self.trust, code=code, defaults=columns)
            case ("scale version", code, key):
                self._write_scale_version(Scale.objects.get(code=code), key, columns)
            case ("measure", code):
                self._write_measure(code, columns)
            case ("printed", *what):
                self._write_printed(what, columns)

    def remove(self, path, *, has_figures):
        """Take away what the file no longer has; a measure with figures is archived."""
        match path:
            case ("measure", code):
                measure = Measure.objects.get(code=code)
                if measure.readings.filter(clause__archived_at=None).exists():
                    return
                if has_figures or measure.readings.exists():
                    Measure.objects.filter(pk=measure.pk).update(archived_at=timezone.now())
                else:
                    measure.delete()
                    _forget(measure.applicability)
            case ("scale version", code, key):
                version = ScaleVersion.objects.get(scale__code=code, key=key)
                if not _is_used(version):
                    version.levels.all().delete()
                    version.delete()
            case ("scale", code):
                scale = Scale.objects.get(code=code)
                if not (scale.versions.exists() or Measure.objects.filter(scale=scale).exists()):
                    scale.delete()
            case ("printed", *what):
                series, key = self._printed(what)
                Comparator.objects.filter(**key, printed_in_plan=True).delete()
                series.changed()

    def _write_group(self, code, columns):
        rest = columns.pop("complement__code", "")
        group, _ = PupilGroup.objects.update_or_create(code=code, defaults=columns)
        if rest:
            # The rest may stand further down in the file and get its name from there.
            group.complement, _ = PupilGroup.objects.get_or_create(
                code=rest, defaults={"name": rest}
            )
            group.save()
        # Pupil groups are common to all trusts, and each may have judged by this one.
        Unit.everywhere.filter(kind=UnitKind.TRUST).changed()

    def _write_scale_version(self, scale, key, columns):
        version, _ = ScaleVersion.objects.update_or_create(
            scale=scale,
            key=key,
            defaults=typed(ScaleVersion, {n: t for n, t in columns.items() if n != "levels"}),
        )
        if "levels" not in columns:
            return
        wanted = [line.split(" | ") for line in columns["levels"].split("\n")]
        keys = [level.key for level in version.levels.all()]
        if keys != [key for key, *_ in wanted]:
            if _is_used(version):
                raise Refused(
                    f"{scale}: version {key} has been used, so its levels stay. "
                    "Give the new levels a version of their own, with its first day."
                )
            version.levels.all().delete()
        for order, (level, name, *failing) in enumerate(wanted):
            Level.objects.update_or_create(
                version=version,
                key=level,
                defaults={"order": order, "name": name, "failing": bool(failing)},
            )

    def _write_measure(self, code, columns):
        measure = Measure.objects.filter(code=code).first()
        measure = measure or Measure(trust=self.trust, code=code)
        plain = {n: t for n, t in columns.items() if n not in ("applicability", "groups", "series")}
        for name, value in typed(Measure, plain).items():
            setattr(measure, name, value)
        if "scale__code" in columns:
            measure.scale = Scale.objects.filter(code=columns["scale__code"]).first()
        if "office__code" in columns:
            measure.office = Office.objects.filter(code=columns["office__code"]).first()
        if "series" in columns:
            measure.series = series_named(columns["series"])
        before = measure.applicability
        if "applicability" in columns:
            measure.applicability = applicability(self.trust, columns["applicability"], before)
        measure.save()
        if before and measure.applicability is None:
            _forget(before)
        if "groups" in columns:
            measure.groups.set(PupilGroup.objects.filter(code__in=columns["groups"].split()))

    def _write_printed(self, what, columns):
        series, key = self._printed(what)
        figure = Comparator.objects.filter(**key).first()
        if figure and not figure.printed_in_plan:
            raise Refused(f"{figure}: the trust has a figure of its own for it, not from a plan.")
        figure = figure or Comparator(**key, printed_in_plan=True, source_title=SOURCE)
        for name, value in typed(Comparator, columns).items():
            setattr(figure, name, value)
        figure.save()
        series.changed()

    def _printed(self, what):
        """The trust's own series, as a query, and the columns by which a figure in it is known.

        Never the series common to all trusts: another trust's plan prints other figures.
        """
        provider, name, basis, year, phase, group = what
        series, _ = Series.objects.get_or_create(
            owner=self.trust.slug, provider=provider, what=name, basis=basis
        )
        key = {
            "series": series,
            "scope": Scope.PHASE if phase else Scope.EVERYONE,
            "scope_code": phase,
            "group": PupilGroup.objects.get(code=group),
            "period": Period.objects.whole_year(int(year[:4]), basis),
            "release": Release.FINAL,
        }
        return Series.objects.filter(pk=series.pk), key


def series_named(name):
    """The series of that identity, made if it is not there: provider, what, basis."""
    if not name:
        return None
    provider, what, basis = name.split(" | ")
    return Series.objects.get_or_create(owner="", provider=provider, what=what, basis=basis)[0]


def applicability(trust, text, existing=None):
    """The rule that a text names, as ``wanted.where`` writes it; None for an empty one.

    An existing one is changed in place, so that its exceptions stay with it.
    """
    if not text:
        return None
    said = dict(part.split("=", 1) for part in text.split("; "))
    names = ["phases", "church", "sixth_form", "teaches_age", "improvement_phase"]
    columns = typed(Applicability, {name: said.get(name, "") for name in names})
    rule = existing or Applicability(trust=trust)
    for name, value in columns.items():
        setattr(rule, name, value)
    rule.save()
    return rule


def _forget(rule):
    if rule is not None:
        rule.delete()


def _is_used(version):
    """Whether anything says a level of this version of a scale."""
    return (
        Entry.objects.filter(level__version=version).exists()
        or ScaleTarget.objects.filter(scale_version=version).exists()
        or Baseline.objects.filter(level__version=version).exists()
    )

"""A trust's plan becomes a plan file again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from kpis.plan_files.exporting import export_plan
from priorities.models import Plan
from schools.models import Trust
from schools.refused import Refused
from schools.tenancy import inside


class Command(BaseCommand):
    help = "Write a trust's plan as a plan file: what load_plan would make the same plan of."

    def add_arguments(self, parser):
        parser.add_argument("trust", metavar="TRUST", help="the trust's name in addresses")
        parser.add_argument(
            "key", metavar="PLAN_KEY", nargs="?", help="not needed if the trust has one plan"
        )
        parser.add_argument("--output", metavar="FILE", help="instead of the screen")

    def handle(self, *, trust, key, output, **options):
        try:
            text = export_plan(self._plan(self._trust(trust), key))
        except Refused as why:
            raise CommandError(f"Nothing was written.\n{why}") from why
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            Path(output).write_text(text, encoding="utf-8", newline="\n")
        except OSError as why:
            raise CommandError(f"{output}: {why.strerror}.") from why
        self.stdout.write(f"Wrote {output}.")

    def _trust(self, slug):
        trust = Trust.objects.filter(slug=slug).first()
        if trust is None:
            names = ", ".join(Trust.objects.values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(f"There is no trust {slug}. There are: {names}.")
        return trust

    def _plan(self, trust, key):
        with inside(trust):
            plans = Plan.objects.filter(archived_at=None).order_by("key", "version")
            latest = {plan.key: plan for plan in plans.select_related("trust")}
        if key is None and len(latest) == 1:
            return next(iter(latest.values()))
        if key not in latest:
            names = ", ".join(latest) or "none"
            raise CommandError(f"Say which plan of {trust}, by its key. There are: {names}.")
        return latest[key]

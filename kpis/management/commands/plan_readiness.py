"""What a plan lacks, as text."""

from django.core.management.base import BaseCommand, CommandError

from kpis.readiness import readiness
from priorities.models import NodeRole, Plan
from schools.models import Term, Trust
from schools.tenancy import inside

NAMES = {NodeRole.KPI: "KPI", NodeRole.OUTCOME: "outcome", NodeRole.MILESTONE: "milestone"}


class Command(BaseCommand):
    help = "Say what a plan lacks: owners, baselines, targets, dates, sources. Changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("trust", metavar="TRUST", help="the slug of the trust")
        parser.add_argument("key", metavar="PLAN_KEY", nargs="?", help="all its plans without")

    def handle(self, *, trust, key, **options):
        trust = self._trust(trust)
        with inside(trust):
            terms = list(Term.objects.select_related("period__year"))
            for number, plan in enumerate(self._plans(trust, key)):
                if number:
                    self.stdout.write("")
                self._tell(readiness(plan, terms))

    def _trust(self, slug):
        try:
            return Trust.objects.get(slug=slug)
        except Trust.DoesNotExist as why:
            names = ", ".join(Trust.objects.values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(f"There is no trust {slug}. There are: {names}.") from why

    def _plans(self, trust, key):
        live = Plan.objects.filter(archived_at=None).order_by("starts", "version", "key")
        found = [plan for plan in live if key in (None, plan.key)]
        if not found:
            names = ", ".join(plan.key for plan in live) or "none"
            raise CommandError(f"{trust} has no plan {key or ''}".rstrip() + f". It has: {names}.")
        return found

    def _tell(self, ready):
        plan = ready.plan
        looked_at = [
            f"{count} {name}{'' if count == 1 else 's'}"
            for role, name in NAMES.items()
            if (count := ready.looked_at.get(role))
        ]
        self.stdout.write(f"{plan.title} ({plan.key})")
        self.stdout.write(f"Looked at: {', '.join(looked_at) or 'nothing that can be judged'}.")
        for group in ready.groups:
            self.stdout.write(f"\n{group.kind.name}: {len(group.lacks) or 'none'}")
            if group.lacks:
                self.stdout.write(f"  {group.kind.means} {group.kind.mended}")
            for lack in group.lacks:
                self.stdout.write(f"  - {_line(lack)}")
        self.stdout.write(f"\nIn all: {ready.count or 'nothing'} lacking.")


def _line(lack):
    if lack.entry is None:
        return lack.what
    path = f"{lack.entry.key} {lack.clause}".strip()
    return f"[{path}] {lack.entry}" + (f": {lack.what}" if lack.what else "")

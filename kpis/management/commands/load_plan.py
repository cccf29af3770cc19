"""A plan file becomes a trust's plan."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kpis.plan_files.loading import load_plan
from kpis.plan_files.merging import joined
from kpis.plan_files.reading import PlanFileRefused, read_path
from schools.models import Term, Trust, User
from schools.refused import Refused
from schools.tenancy import inside


class Command(BaseCommand):
    help = "Load a plan file: all of it or nothing. Loading it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--trust", metavar="SLUG", help="not needed if there is only one")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="who is said to load it")
        parser.add_argument(
            "--from",
            dest="since",
            metavar="TERM",
            help="the term from which changed numbers hold, such as 2026-autumn",
        )
        parser.add_argument("--reason", default="", help="why the numbers change")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do")

    def handle(self, *, file, trust, email, since, reason, dry_run, **options):
        trust = self._trust(trust)
        by = self._person(email) if email else None
        try:
            plan_file = read_path(file)
            with transaction.atomic():
                loaded = load_plan(
                    plan_file,
                    trust,
                    by=by,
                    since=self._period(trust, since) if since else None,
                    reason=reason.strip(),
                )
                if dry_run:
                    transaction.set_rollback(True)
        except PlanFileRefused as why:
            raise CommandError("Nothing was loaded.\n" + "\n".join(why.complaints)) from why
        except Refused as why:
            raise CommandError(f"Nothing was loaded.\n{why}") from why
        self._tell(loaded, trust, dry_run)

    def _tell(self, loaded, trust, dry_run):
        count = loaded.counts
        for change in [*loaded.changed, *loaded.gone]:
            what = "left the file" if change.is_gone else ", ".join(sorted(change.after))
            self.stdout.write(f"  {joined(change.path)}: {what}")
        for line in loaded.kept:
            self.stdout.write(f"  kept: {line}")
        if loaded.nothing_changed:
            self.stdout.write(f"{loaded.plan}: nothing changed.")
            return
        done = "Would load" if dry_run else "Loaded"
        self.stdout.write(
            f"{done} {loaded.plan} into {trust}: {count['node']} entries, {count['kpi']} KPIs, "
            f"{count['clause']} clauses, {count['reading']} readings, {count['measure']} measures. "
            f"New: {loaded.new}, changed: {len(loaded.changed)}, gone: {len(loaded.gone)}."
        )

    def _trust(self, slug):
        trusts = Trust.objects.filter(slug=slug) if slug else Trust.objects.all()
        found = list(trusts[:2])
        if len(found) == 1:
            return found[0]
        names = ", ".join(Trust.objects.values_list("slug", flat=True)[:20]) or "none"
        raise CommandError(f"Say which trust with --trust. There are: {names}.")

    def _person(self, email):
        try:
            return User.objects.get(email__iexact=email)
        except User.DoesNotExist as why:
            raise CommandError(f"Nobody has the e-mail {email}.") from why

    def _period(self, trust, slug):
        with inside(trust):
            term = Term.objects.named(slug).select_related("period").first()
            if term is None:
                names = ", ".join(one.slug for one in Term.objects.select_related("period"))
                raise CommandError(f"{trust} has no term {slug}. It has: {names}.")
            return term.period

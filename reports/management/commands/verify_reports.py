"""Whether every published report is what it was when it was published."""

from django.core.management.base import BaseCommand, CommandError

from schools.models import Trust
from schools.tenancy import inside

from ...models import Published
from ...verifying import faults


class Command(BaseCommand):
    help = "Check the digests of every published report, and the chain that they form."

    def handle(self, **options):
        wrong, count = [], 0
        for trust in Trust.objects.order_by("slug"):
            with inside(trust):
                count += Published.objects.count()
                wrong += [f"{trust.slug}: {fault}" for fault in faults(trust)]
        for fault in wrong:
            self.stdout.write(fault)
        if wrong:
            raise CommandError(f"{len(wrong)} faults in {count} published versions.")
        self.stdout.write(f"{count} published versions, all as they were published.")

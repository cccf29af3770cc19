"""What counts of a log of cases goes in with the entry that counts them.

Until now the log counted as it stood. Each entry gets the cases of its term, if they
are as many as it says; where they are not, its two counts stand alone.
"""

from django.db import migrations
from django.db.models import Q


def let_logs_count(apps, schema_editor):
    entries = apps.get_model("kpis", "Entry").objects.using(schema_editor.connection.alias)
    case, counted = apps.get_model("kpis", "Case"), apps.get_model("kpis", "CountedCase")
    measures = case.objects.order_by().values("measure").distinct()
    for entry in entries.filter(measure__in=measures).select_related("collected_in").iterator():
        term = entry.collected_in
        log = case.objects.filter(
            Q(closed=None) | Q(closed__gte=term.starts),
            measure=entry.measure_id,
            unit=entry.unit_id,
            opened__lte=term.ends,
        )
        cases = list(log.order_by("opened", "pk"))
        if entry.value == len(cases):
            counted.objects.bulk_create(
                counted(
                    entry=entry, what=c.what, opened=c.opened, planned=c.planned, closed=c.closed
                )
                for c in cases
            )


class Migration(migrations.Migration):
    dependencies = [("kpis", "0005_cases_count_with_their_entry")]

    operations = [migrations.RunPython(let_logs_count, migrations.RunPython.noop)]

"""Give every risk its row in the new table, and tell equal framework keys apart."""

from django.db import migrations


def make_ready(apps, editor):
    Node = apps.get_model("priorities", "Node")
    Risk = apps.get_model("priorities", "Risk")
    for node in Node.objects.filter(role="risk", risk=None):
        Risk(node_ptr_id=node.pk).save_base(raw=True)  # the node itself stays as it is

    taken = set()
    for item in apps.get_model("priorities", "FrameworkItem").objects.order_by("pk"):
        key = item.key.lower()
        if key in taken:
            key = f"{item.framework.key}.{key}"[-60:].lower()
        if key in taken:
            key = f"{key[:40]}.{item.pk}"
        taken.add(key)
        if key != item.key:
            item.key = key
            item.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("priorities", "0002_links_costs_phases_risks")]
    operations = [migrations.RunPython(make_ready, migrations.RunPython.noop)]

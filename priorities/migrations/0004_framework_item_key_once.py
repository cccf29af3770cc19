"""A plan file names a framework's item by its key alone, so no two frameworks share one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("priorities", "0003_rows_ready_for_their_new_tables")]
    operations = [
        migrations.RemoveConstraint(model_name="frameworkitem", name="framework_item_once"),
        migrations.AlterField(
            model_name="frameworkitem",
            name="key",
            field=models.CharField(max_length=60, unique=True),
        ),
    ]

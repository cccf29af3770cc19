"""The two outside lists that plans are held against: names and sources only.

Trust quality descriptions: Department for Education, 2023, under the Open
Government Licence v3.0. Assurance framework: Confederation of School Trusts;
the names of its domains, nothing of its text.
"""

from django.db import migrations

FRAMEWORKS = [
    {
        "key": "trust-quality-descriptions",
        "name": "DfE Trust Quality Descriptions",
        "version": "2023",
        "source": "Department for Education, Trust quality descriptions, 2023 "
        "(Open Government Licence v3.0)",
        "items": [
            ("tqd1", "High-quality and inclusive education"),
            ("tqd1.culture", "High-quality and inclusive education: culture"),
            ("tqd2", "School improvement"),
            ("tqd3", "Workforce"),
            ("tqd4", "Finance and operations"),
            ("tqd5", "Governance and leadership"),
        ],
    },
    {
        "key": "cst-assurance-framework",
        "name": "CST Building Strong Trusts: Assurance Framework",
        "version": "September 2024",
        "source": "Confederation of School Trusts, Building strong trusts: "
        "assurance framework, updated September 2024 (names only)",
        "items": [
            ("cst1", "Governance"),
            ("cst2", "Leadership"),
            ("cst3", "High quality, inclusive education"),
            ("cst4", "School improvement"),
            ("cst5", "Workforce"),
            ("cst6", "Finance and operations"),
            ("cst7", "Public benefit"),
        ],
    },
]


def create(apps, editor):
    Framework = apps.get_model("priorities", "Framework")
    FrameworkItem = apps.get_model("priorities", "FrameworkItem")
    for said in FRAMEWORKS:
        columns = {name: said[name] for name in ("name", "version", "source")}
        framework, _ = Framework.objects.get_or_create(key=said["key"], defaults=columns)
        for order, (key, name) in enumerate(said["items"], start=1):
            # One that somebody has made already keeps its framework and name.
            FrameworkItem.objects.get_or_create(
                key=key, defaults={"framework": framework, "order": order, "name": name}
            )


class Migration(migrations.Migration):
    dependencies = [("priorities", "0004_framework_item_key_once")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]

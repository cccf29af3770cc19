"""The one list of pupil groups, common to all trusts."""

from django.db import migrations

# Code, words on screen, code of the rest. SEND is SEN support and EHC plans together.
GROUPS = [
    ("all", "All pupils", None),
    ("disadvantaged", "Disadvantaged", "not_disadvantaged"),
    ("not_disadvantaged", "Not disadvantaged", None),
    ("send", "SEND", "not_send"),
    ("not_send", "No SEND", None),
    ("sen_support", "SEN support", None),
    ("ehcp", "EHC plan", None),
    ("boys", "Boys", "girls"),
    ("girls", "Girls", None),
    ("fsm", "Free school meals", "not_fsm"),
    ("not_fsm", "No free school meals", None),
    ("eal", "English as an additional language", "not_eal"),
    ("not_eal", "English as first language", None),
    ("looked_after", "Looked after", None),
    ("child_in_need", "Children in need", None),
]


def create(apps, editor):
    PupilGroup = apps.get_model("kpis", "PupilGroup")
    groups = {
        code: PupilGroup.objects.create(code=code, name=name, order=order)
        for order, (code, name, _) in enumerate(GROUPS)
    }
    for code, _, rest in GROUPS:
        if rest:
            groups[code].complement = groups[rest]
            groups[code].save()


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]

"""A database of its own with one return in it, for eight people who all edit one figure.

Run as a program, beside a real web server on the same database: ``make`` fills
the database and says who may edit what, ``trail`` what has been written of it.
"""

import json
import sys

import django


def make():
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from tests.factories import make_head, make_house, make_return

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    trust, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="0", measure=attendance)
    sessions = []
    for _ in range(8):
        client = Client()
        client.force_login(make_head(school))
        sessions.append(client.cookies["sessionid"].value)
    path = reverse("returns:return-edit", args=[trust, return_.pk])
    return {"path": path, "sessions": sessions}


def trail():
    from returns.models import Line
    from schools.models import AuditRow

    line = Line.everywhere.get()
    rows = AuditRow.everywhere.filter(action="typed").order_by("pk")
    return {
        "value": line.value,
        "version": line.version,
        "steps": [(row.before["value"], row.after["value"]) for row in rows],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"make": make, "trail": trail}[sys.argv[1]]()))

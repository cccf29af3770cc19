"""Take every page of the demo as a picture: ``make screenshots``.

The demo is loaded into a database of its own, so what is photographed is what
somebody sees who has just cloned the repository.
"""

import os
import socket
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.paper_pictures import photograph_paper

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"

# Of each width, in pixels: how tall a picture is at least and at most.
WIDTHS = {1366: (768, 1300), 820: (1180, 1180), 390: (844, 1800)}
# Some pages again, as other eyes and other paper have them: width, height, what is asked for.
DARK = (1366, 900, {"color_scheme": "dark"})
SHEET = (1047, 740, {"media": "print"})  # A4 on its side, within its margins


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "DJANGO_SETTINGS_MODULE": "trustplan.settings",
            "DEBUG": "false",
        }
        for command in (
            "migrate -v0",
            "createcachetable",
            f"load_demo --passwords {folder}/passwords",
            "collectstatic -v0 --no-input",
        ):
            subprocess.run([sys.executable, "manage.py", *command.split()], cwd=ROOT, check=True)
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            next(line for line in server.stdout if "runs at" in line)
            photograph(f"http://127.0.0.1:{port}")
            photograph_paper(latest_pdf(), FOLDER)
        finally:
            server.terminate()
            server.wait()


def latest_pdf():
    """The PDF of the report that was published last."""
    from reports.models import PublishedFile

    latest = PublishedFile.everywhere.filter(kind="pdf").order_by("published__place").last()
    return bytes(latest.content)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def photograph(site):
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    shots = list(pages())
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"]
        )
        for width, (lowest, highest) in WIDTHS.items():
            for name, cookie, path in shots:
                context = chromium.new_context(
                    base_url=site, viewport={"width": width, "height": lowest}, locale="en-GB"
                )
                if cookie:
                    context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
                page = context.new_page()
                opened(page, name, path)
                # As tall as the page, so that what sticks to the bottom is at the bottom.
                height = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": width, "height": min(height, highest)})
                page.screenshot(path=FOLDER / f"{name}-{width}.png")
                print(f"{name}-{width}.png", flush=True)
                context.close()
        for name, cookie, path, (width, height, looks) in other_looks(shots):
            context = chromium.new_context(
                base_url=site, viewport={"width": width, "height": height}, locale="en-GB"
            )
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
            page = context.new_page()
            page.emulate_media(**looks)
            opened(page, name, path)
            if looks.get("media") == "print":  # by a printer without colour
                page.evaluate("document.documentElement.style.filter = 'grayscale(1)'")
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"{name}.png", flush=True)
            context.close()
        chromium.close()


def opened(page, name, path):
    """Go to a page, which must be the one that was asked for."""
    answer = page.goto(path, wait_until="networkidle")
    if answer.status >= 500 or (answer.status == 404) != (name == "not-found"):
        raise SystemExit(f"{name}: {path} answered {answer.status}")


def other_looks(shots):
    """The dashboard and a KPI in the dark, the dashboard on grey paper."""
    pages = {name: (cookie, path) for name, cookie, path in shots}
    yield "dashboard-dark", *pages["dashboard"], DARK
    yield "kpi-dark", *pages["kpi"], DARK
    yield "dashboard-print-grey", *pages["dashboard"], SHEET


def pages():
    """Each picture: its name, the session of somebody who reads that page, the address."""
    from django.urls import reverse

    from schools.models import Role, Trust
    from schools.tenancy import inside

    yield "sign-in", None, reverse("account_login")
    trust = Trust.objects.get(is_example=True)
    with inside(trust):
        leader, head = session_of(Role.LEADER), session_of(Role.HEADTEACHER)
        dashboard = reverse("dashboard:matrix", args=[trust])
        plan = reverse("dashboard:plan", args=[trust])
        yield "dashboard", leader, dashboard
        yield "dashboard-off-target", leader, f"{dashboard}?show=off&open=a5"
        yield "dashboard-of-a-school", head, dashboard
        yield "kpi", leader, kpi_page(trust)
        yield "kpi-at-a-school", head, f"{kpi_page(trust)}?school={school_of(Role.HEADTEACHER)}"
        yield "plan", leader, plan
        yield "plan-of-a-trustee", session_of(Role.TRUSTEE), plan
        yield "plan-opened", leader, f"{plan}?open=a"
        yield "plan-tree", leader, f"{plan}?view=tree&open=all"
        yield "plan-coverage", leader, reverse("dashboard:plan-coverage", args=[trust])
        school = partial(reverse, "dashboard:school")
        yield "school", leader, school(args=[trust, schools()[1]])
        yield "school-of-a-head", head, school(args=[trust, school_of(Role.HEADTEACHER)])
        yield "schools", leader, reverse("dashboard:schools", args=[trust])
        compare = reverse("dashboard:schools-compare", args=[trust])
        yield "schools-compare", leader, f"{compare}?school={'&school='.join(schools()[:3])}"
        yield "plan-readiness", leader, reverse("dashboard:plan-readiness", args=[trust])
        manager = session_of(Role.DATA_MANAGER)
        yield "returns", manager, reverse("returns:return-list", args=[trust])
        yield "remind", manager, reverse("returns:remind", args=[trust])
        yield "spreadsheet", *return_of(trust, Role.SCHOOL_EDITOR, "return-spreadsheet")
        yield "full-copy", manager, reverse("dashboard:full-copy", args=[trust])
        yield "collecting", manager, reverse("returns:collect", args=[trust])
        yield "history", manager, reverse("dashboard:trail", args=[trust])
        yield "comment", leader, f"{kpi_page(trust)}say/"
        yield "return", *return_of(trust, Role.SCHOOL_EDITOR, "return-edit")
        yield "return-of-an-office", *return_of(trust, Role.CONTRIBUTOR, "return-edit")
        yield "return-check", *return_of(trust, Role.HEADTEACHER, "return-check")
        yield "return-approve", *return_of(trust, Role.DATA_MANAGER, "return-approve")
        yield (
            "people",
            session_of(Role.TRUST_ADMINISTRATOR),
            reverse("schools:people", args=[trust]),
        )
        trustee = session_of(Role.TRUSTEE)
        yield "report", trustee, reverse("reports:report-latest", args=[trust])
        yield "reports", leader, reverse("reports:report-list", args=[trust])
        yield "report-draft", leader, reverse("reports:report-draft", args=[trust, draft()])
        yield "report-results", trustee, reverse("reports:results", args=[trust])
        yield "how-to-read", leader, reverse("dashboard:reading", args=[trust])
        yield "not-found", leader, "/t/nowhere/"


def member(role):
    """The first membership of the demo with this role."""
    from schools.models import Membership

    return Membership.objects.current().filter(role=role).order_by("pk").first()


def school_of(role):
    return member(role).units.first().code


def schools():
    """The codes of the demo's schools, by name."""
    from schools.models import School

    return list(School.objects.order_by("name").values_list("code", flat=True))


def draft():
    """The report that is being drafted."""
    from reports.models import Report

    return Report.objects.filter(versions=None).first().pk


def session_of(role):
    """The session cookie of the first person of the demo who has this role."""
    from django.test import Client

    client = Client()
    client.force_login(member(role).user)
    return client.cookies["sessionid"].value


def kpi_page(trust):
    """The KPI with the most parts: there is the most to see."""
    from django.db.models import Count
    from django.urls import reverse

    from kpis.models import KPI

    most = KPI.objects.annotate(parts=Count("clauses")).order_by("-parts", "pk").first()
    return reverse("dashboard:kpi", args=[trust, most.pk])


def return_of(trust, role, page):
    """Somebody with this role, and the newest return that they work on."""
    from django.urls import reverse

    from returns.models import Return
    from schools.models import Role

    theirs = Return.objects.order_by("-term__period__on", "pk")
    if member(role).units.exists():
        theirs = theirs.filter(unit__in=member(role).units.all())
    if role == Role.CONTRIBUTOR:
        theirs = theirs.filter(unit__kind="trust")
    if page == "return-approve":
        theirs = theirs.filter(state="submitted", unit__kind="school")
    path = reverse(f"returns:{page}", args=[trust, theirs.first().pk])
    return session_of(role), path


if __name__ == "__main__":
    main()

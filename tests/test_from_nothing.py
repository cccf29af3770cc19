"""A real trust starts by command: from an empty database to a judged cell, without the demo."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from schools.models import User

pytestmark = pytest.mark.django_db

TERMS = """academic_year,term,starts,ends
2024/25,Autumn,2024-09-02,2024-12-20
2024/25,Spring,2025-01-06,2025-04-04
2024/25,Summer,2025-04-22,2025-07-22
2025/26,Autumn,2025-09-01,2025-12-19
2025/26,Spring,2026-01-05,2026-04-01
"""

PLAN = """
plan: {key: first, title: Our first plan, starts: 2025-09-01, ends: 2028-08-31}
measures:
  - code: attendance
    name: Attendance
    kind: percentage
    unit: "% of sessions"
    better: higher
    decimals: 1
    basis: year_to_date
    ask: {of: school, in: [autumn, spring, summer], counts: both}
priorities:
  - {key: a, code: A, title: Every pupil in school}
kpis:
  - key: a1
    under: a
    code: A1
    title: Attendance is high in every school
    short: Attendance
    clauses:
      - key: c1
        rule: threshold
        op: ">="
        reads: [{measure: attendance, margin: "1.0"}]
        level: school
        target: "94.0"
"""

FIGURES = """unit,measure_code,academic_year,term,value,numerator,denominator
100001,attendance,2025/26,Autumn,,18700,20000
SECOND,attendance,2025/26,Autumn,,18500,20000
"""


def test_a_trust_comes_from_an_empty_database_to_its_first_judged_cells(client, tmp_path):
    files = {"terms.csv": TERMS, "plan.yaml": PLAN, "figures.csv": FIGURES}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    school = [
        "add_school",
        "--trust=first",
        "--phase=primary",
        "--low-age=4",
        "--high-age=11",
        "--joined=2019-09-01",
    ]
    person = ["add_person", "--trust=first"]

    call_command("create_trust", "First Learning Trust", "first", terms=tmp_path / "terms.csv")
    call_command(*school, "--name=First School", "--code=FIRST", "--urn=100001")
    call_command(*school, "--name=Second School", "--code=SECOND")
    call_command("load_plan", tmp_path / "plan.yaml", trust="first")
    call_command(*person, "--role=data_manager", "--email=data@first.example", "--name=D. Manager")
    call_command(*person, "--role=leader", "--email=leader@first.example", "--name=L. Eader")
    figures = tmp_path / "figures.csv"
    call_command("import_figures", figures, "--trust=first", "--as=data@first.example", "--approve")

    client.force_login(User.objects.get(email="leader@first.example"))
    matrix = reverse("dashboard:matrix", args=["first"], query={"term": "2025-autumn"})
    page = client.get(matrix).text
    assert "First School. Close to target: 93.5%, target at least 94.0%, margin 1.0." in page
    assert "Second School. Off target: 92.5%, target at least 94.0%, margin 1.0." in page

"""The process that makes the PDF: what goes wrong in it is told, and nothing half comes out."""

import json

import pytest

from reports.pdf import paper
from reports.pdf.paper import NotTypeset, written

from .documents import make_document


@pytest.fixture(scope="module")
def usual():
    return make_document(kpis=2, schools=2, exceptions=1)


def test_a_font_that_is_not_there_is_an_error_and_no_other_font_stands_in(
    usual, monkeypatch, tmp_path
):
    _elsewhere(monkeypatch, tmp_path, fonts=False)

    with pytest.raises(NotTypeset, match="unknown font family: source sans 3"):
        written(usual)


def test_a_fault_of_the_template_is_told_and_nothing_comes_out(usual, monkeypatch, tmp_path):
    template = _elsewhere(monkeypatch, tmp_path)
    (template / "report.typ").write_text('#panic("no such part")')

    with pytest.raises(NotTypeset, match="no such part"):
        written(usual)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("#let x = range(200000000)", "could not be made"),  # more memory than it may have
        ('#read("/etc/passwd")', "could not be made"),
        ('#import "@preview/cetz:0.4.0"', "could not be made"),  # would be fetched
    ],
)
def test_it_gets_no_more_than_its_share(usual, monkeypatch, tmp_path, fault, told):
    template = _elsewhere(monkeypatch, tmp_path)
    (template / "report.typ").write_text(fault)

    with pytest.raises(NotTypeset, match=told):
        written(usual)


def test_what_takes_too_long_is_stopped(usual):
    with pytest.raises(NotTypeset, match=r"within 0\.001 seconds"):
        written(usual, seconds=0.001)


def _elsewhere(monkeypatch, tmp_path, *, fonts=True):
    """The process that typesets, with a template of its own to break."""
    here = paper.TYPESETTING.parent
    folder = tmp_path / "pdf"
    (folder / "template").mkdir(parents=True)
    (folder / "fonts").mkdir()
    for path in (*here.glob("template/*.typ"), *(here.glob("fonts/*.ttf") if fonts else ())):
        (folder / path.relative_to(here)).write_bytes(path.read_bytes())
    script = folder / "typesetting.py"
    script.write_bytes(paper.TYPESETTING.read_bytes())
    monkeypatch.setattr(paper, "TYPESETTING", script)
    return folder / "template"


def test_no_secret_goes_along(usual, monkeypatch, tmp_path):
    script = tmp_path / "typesetting.py"
    script.write_text("import json, os, sys; sys.exit(json.dumps(dict(os.environ)))")
    monkeypatch.setattr(paper, "TYPESETTING", script)
    monkeypatch.setenv("SECRET_KEY", "not for children")

    with pytest.raises(NotTypeset) as told:
        written(usual)

    environment = json.loads(str(told.value).partition(": ")[2])
    assert "PATH" in environment
    assert "SECRET_KEY" not in environment

"""A row of the schools' table as HTML, joined in Python: a hundred of them cost no template.

The chips, marks and arrows come from the partials that every page uses, each
made once.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import conditional_escape as text
from django.utils.safestring import SafeString


@lru_cache(maxsize=64)
def chip(status):
    """Shape, letter and word."""
    return render_to_string("parts/_status.html", {"status": status}).strip()


@lru_cache(maxsize=256)
def marks_beside(marks):
    return render_to_string("parts/_marks.html", {"marks": marks}).strip()


@lru_cache(maxsize=8)
def _arrow(direction, worse):
    return render_to_string(
        "parts/_movement.html", {"movement": {"direction": direction, "worse": worse}}
    ).strip()


def spark_svg(spark):
    """The last terms of one figure, about 320 bytes."""
    if spark is None:
        return ""
    goal = f'<path class="goal" d="M0 {spark.goal}h96"/>' if spark.goal else ""
    dot = f'<circle cx="{spark.dot[0]}" cy="{spark.dot[1]}" r="2.5"/>' if spark.dot else ""
    return (
        f'<svg class="spark" viewBox="0 0 96 24" role="img" aria-label="{text(spark.say)}">'
        f'{goal}<path class="line" d="{spark.path}"/>{dot}</svg>'
    )


def bullet_svg(bullet):
    """One figure against its target, about 300 bytes."""
    if bullet is None:
        return ""
    bands = "".join(
        f'<rect class="{name}" x="{x}" width="{width}" height="20"/>'
        for name, x, width in bullet.bands
    )
    figure = f'<circle class="at" cx="{bullet.end}" cy="10" r="5"/>'
    if bullet.is_bar:
        figure = f'<rect class="at" y="7" width="{bullet.end}" height="6"/>'
    tick = f'<path class="tick" d="M{bullet.tick} 3v14"/>' if bullet.tick else ""
    diamond = ""
    if bullet.diamond:
        diamond = f'<path class="aside" d="M{bullet.diamond} 5l5 5l-5 5l-5-5z"/>'
    return (
        f'<svg class="bullet" viewBox="0 0 160 20" role="img" aria-label="{text(bullet.say)}">'
        f"{bands}{figure}{tick}{diamond}</svg>"
    )


def boxes_html(picks):
    """A tick box for each school that can be drawn."""
    return SafeString(
        "".join(
            f'<label><input type="checkbox" name="schools" value="{text(pick.code)}"'
            f"{' checked' if pick.ticked else ''}> {text(pick.name)}</label>"
            for pick in picks
        )
    )


def row_html(row):
    """One school, worst first."""
    place = f'<span class="place">{row.place}</span> ' if row.place else ""
    note = f'<span class="note below">{text(row.note)}</span>' if row.note else ""
    by_figures = ""
    if row.by_figures:
        words = row.by_figures.status.words.lower()
        by_figures = f'<span class="note below">Set by hand. By the figures: {words}</span>'
    moved = ""
    if row.movement:
        arrow = _arrow(row.movement.direction, row.movement.worse)
        moved = f"{arrow} {text(row.movement.words)}"
    said = text(row.comment)
    if row.comment_url:
        said = f'<a href="{row.comment_url}">{said}<span class="vh">: {text(row.name)}</span></a>'
    return SafeString(
        f"<tr{' class=current' if row.current else ''}>"
        f'<th scope="row">{place}<a href="{text(row.url)}">{text(row.name)}</a>{note}</th>'
        f"<td>{chip(row.status)} {marks_beside(row.marks)}"
        f'<span class="vh">{text(row.sentence)}</span>{by_figures}</td>'
        f'<td class="number">{text(row.figure)}</td><td>{bullet_svg(row.bullet)}</td>'
        f'<td class="number">{text(row.target)}</td><td>{text(row.difference)}</td>'
        f"<td>{moved}</td><td>{spark_svg(row.spark)}</td><td>{said}</td></tr>"
    )

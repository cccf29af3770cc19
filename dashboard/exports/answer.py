"""One view for a page and its files: the address says which, the view cannot tell them apart.

``/t/north/kpis/12/`` is the page, ``/t/north/kpis/12.xlsx`` and ``.csv`` are its
files. They lead to the same view, so who may open them, what is read and what
is hidden is decided once. A view names the tables of what it shows; all that it
must know of files is that small numbers are hidden in them (`Sight`).
"""

from dataclasses import dataclass, replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import slugify

from schools.models import Role

from ..sight import Sight
from . import as_csv, as_xlsx

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CODES = (
    "z: not applicable. c: too few pupils, or kept back. x: not available yet. Blank: no figure, "
    "and the status or the words beside it say why. A blank is never a zero"
)
DEFUSED = (
    "In the CSV files a text that Excel could take for a formula (it begins with = + - @ or a tab) "
    "has an apostrophe in front. Take it away to have the text. Workbooks need none."
)


@dataclass(frozen=True, slots=True)
class Files:
    """The addresses of a page's files. That of a CSV ends where the key of its table goes."""

    xlsx: str
    csv: str


def with_files(route, view, name):
    """The addresses of a page and of its files: three, and one view."""
    stem = route.rstrip("/")
    return [
        path(route, view, name=name),
        path(f"{stem}.csv", view, name=f"{name}-csv"),
        path(f"{stem}.xlsx", view, name=f"{name}-xlsx"),
    ]


def wanted(request):
    """The kind of file that the address asks for, "" for the page itself."""
    kind = request.resolver_match.url_name.rpartition("-")[2]
    return kind if kind in KINDS else ""


def sight_of(request):
    """What this person may see of the page, or of its file."""
    return Sight.of(request.memberships, in_file=bool(wanted(request)))


def page_or_file(request, template, context, book=None):
    """Show the page, or answer with its file, which ``book`` makes; without one there is none."""
    if not wanted(request):
        files = files_of(request) if book else None
        return render(request, template, {**context, "files": files})
    if book is None:
        raise Http404
    return file_of(request, book())


def files_of(request):
    """The files of what a page shows, with the same choices."""
    page, query = request.resolver_match, request.GET.copy()
    if getattr(request, "term", None):
        query["term"] = request.term.slug  # the latest may be another one by the time of the click
    addresses = [reverse(f"{page.view_name}-{kind}", kwargs=page.kwargs) for kind in KINDS]
    csv, xlsx = (f"{address}?{query.urlencode()}" for address in addresses)
    return Files(xlsx=xlsx, csv=f"{csv}{'&' if query else ''}table=")


def file_of(request, book):
    """The file as an attachment. Reading it leaves no trace, as reading the page leaves none."""
    kind = wanted(request)
    if kind == "xlsx":
        as_at = timezone.localdate()
        body = as_xlsx.written(_signed(request, book, as_at), as_at)
        name = book.name
    else:
        table = _table(book, request.GET.get("table", ""))
        body = as_csv.written(table)
        name = book.name if table is book.tables[0] else f"{book.name}-{table.key}"
    term = getattr(request, "term", None) if book.of_term else None
    parts = [request.trust.slug, slugify(name), term.slug if term else ""]
    filename = f"{'-'.join(part for part in parts if part)}.{kind}"
    return HttpResponse(
        body,
        content_type=KINDS[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{filename}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _table(book, key):
    """The table that the address names, else the first; one that is not there is not found."""
    found = [table for table in book.tables if key in ("", table.key)]
    if not found:
        raise Http404
    return found[0]


def _signed(request, book, as_at):
    """The book with what every one says of itself: whose, when, for whom, how to read it."""
    term = getattr(request, "term", None)
    about = (
        ("Trust", request.trust.name),
        ("Page", book.title),
        *((("Term", str(term) if term else "none has opened"),) if book.of_term else ()),
        ("As at", f"{as_at.day} {as_at:%B %Y}"),
        *book.about,
        ("Exported by", request.user.name or request.user.email),
        ("Codes where there is no figure", CODES),
        ("Small numbers", _small_words(request)),
        ("Text in CSV files", DEFUSED),
    )
    if request.trust.is_example:
        about = (("Example", "All of this is invented data"), *about)
    return replace(book, about=about)


def _small_words(request):
    minimum = request.trust.min_to_show
    if request.memberships.has(Role.DATA_MANAGER):
        return (
            "Nothing is hidden from the data manager. Before you hand this on, hide figures about "
            f"fewer than {minimum} pupils"
        )
    return (
        f"Figures about fewer than {minimum} pupils are hidden, and others from which one could be "
        "worked out; those of a school are not hidden from that school itself"
    )

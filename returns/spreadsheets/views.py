"""The pages of spreadsheets: a template out, a file in, what it would change, and undoing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.access import access
from schools.models import Role
from schools.terms import choose_term

from ..asked.asking import Asking
from ..collecting.opening import open_returns
from ..crumbs import list_crumb
from ..models import Return, Upload
from .files import MOST_BOOKS, MOST_BYTES
from .forms import HeadsForm, UploadForm
from .past import Filling
from .preview import preview_of
from .problem_files import problems_csv, problems_xlsx
from .sent_in import sent_in
from .template import code_of, rows_asked, rows_of_each, year_words
from .upload_rows import applied_rows, staying
from .uploads import (
    HISTORY,
    Changed,
    apply_upload,
    checked,
    figures_of,
    foreign_heads,
    heads_of,
    keep_file,
    names_for,
    remember_heads,
    undo_upload,
    undoing,
)
from .writing import grid_xlsx, long_csv, long_xlsx, zipped

TYPE = {Role.HEADTEACHER, Role.SCHOOL_EDITOR, Role.DATA_MANAGER, Role.CONTRIBUTOR}
READ = TYPE | {Role.LEADER, Role.AUDITOR}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "zip": "application/zip"}


@access(GET=TYPE, POST=TYPE)
def spreadsheet(request, trust):
    """Templates for the returns of a term that one may type into, and a file for any of them."""
    term = choose_term(request)
    if term is None:
        raise Http404
    open_returns(Asking(term, request.calendar))
    filling = Filling(term, request.memberships)
    return _spreadsheet_page(request, filling, None, _returns_of(request, filling))


@access(GET=TYPE, POST=TYPE)
def return_spreadsheet(request, trust, pk):
    """The template of one return, and a file for it."""
    return_ = _return(request, pk)
    filling = Filling(return_.term, request.memberships)
    return _spreadsheet_page(request, filling, return_, [return_])


def _spreadsheet_page(request, filling, return_, returns):
    term = filling.term
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        if file.size <= MOST_BYTES:
            upload = keep_file(
                file.read(),
                file.name,
                memberships=request.memberships,
                term=term,
                return_to=return_,
                encoding=form.cleaned_data["encoding"],
                at=timezone.now(),
            )
            return redirect("returns:upload", request.trust, upload.pk)
        form.add_error("file", "The file is larger than 5 MB. Split it into several files.")
    open_ = sum(map(filling.may, returns))
    page = {
        "form": form,
        "return_": return_,
        "term_name": str(term),
        "may_type": open_ > 0,
        "is_history": filling.is_history,
        "returns": []
        if return_
        else [(str(one.unit), _address(request, one)) for one in returns if one.pk],
        "downloads": _downloads(request, term, return_, open_),
        "files": sent_in(request.memberships, term=term, return_=return_),
        "has_figures": request.memberships.has(*(TYPE - {Role.CONTRIBUTOR})),
        "breadcrumbs": _crumbs(request, term, return_),
    }
    return render(request, "returns/spreadsheet.html", page, status=422 if is_sent else 200)


@access(GET=TYPE)
def spreadsheet_help(request, trust):
    """What a spreadsheet may say, and what each kind of cell counts as."""
    return render(request, "returns/spreadsheet_help.html")


# Templates


@access(GET=TYPE)
def template(request, trust, kind):
    """One long template for all the returns of a term that one may type into."""
    term = choose_term(request)
    if term is None:
        raise Http404
    filling = Filling(term, request.memberships)
    returns = filter(filling.may, _returns_of(request, filling))
    rows = rows_asked(map(filling.sheet, returns))
    return _file(f"{term} returns", kind, rows)


@access(GET=TYPE)
def return_template(request, trust, pk, kind):
    """The template of one return: a grid, or long where that is asked for."""
    return_ = _return(request, pk)
    sheet = Filling(return_.term, request.memberships).sheet(return_)
    rows, title = rows_asked([sheet]), _title(return_)
    if kind == "csv" or request.GET.get("shape") == "long":
        return _file(title, kind, rows)
    return _answer(title, kind, _grid(sheet, rows))


@access(GET=TYPE)
def templates_zip(request, trust):
    """The grid of each return of a term that one may type into, as its own workbook."""
    term = choose_term(request)
    if term is None:
        raise Http404
    filling = Filling(term, request.memberships)
    returns = list(filter(filling.may, _returns_of(request, filling)))
    if not 0 < len(returns) <= MOST_BOOKS:
        url = reverse("returns:spreadsheet", args=[trust], query={"term": term.slug})
        return redirect(url)
    books = (
        (f"{sheet.return_.unit.label} {_code(sheet)}", _grid(sheet, rows))
        for sheet, rows in rows_of_each(map(filling.sheet, returns))
    )
    return _answer(f"{term} returns", "zip", zipped(books))


def _title(return_):
    return f"{return_.term} return, {return_.unit}"


def _code(sheet):
    return code_of(sheet.asking.units[sheet.return_.unit_id])


def _grid(sheet, rows):
    period = sheet.return_.term.period
    sheets = [(period.get_part_display(), _code(sheet), year_words(period.year_id), rows)]
    return grid_xlsx(sheets, title=_title(sheet.return_), as_at=sheet.today)


def _file(title, kind, rows):
    if kind == "csv":
        return _answer(title, kind, long_csv(rows))
    return _answer(title, kind, long_xlsx(rows, title=title, as_at=timezone.localdate()))


def _answer(title, kind, body):
    response = HttpResponse(body, content_type=TYPES[kind])
    name = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    name = "-".join(filter(None, name.split("-")))
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


# One file


@access(GET=READ, POST=TYPE)
def upload(request, trust, pk):
    """What a file would change, and the word that it may; once applied, what it has changed."""
    upload = _upload(request, pk)
    if upload.applied_at is not None:
        return _applied_page(request, upload)
    at = timezone.now()
    mine = request.POST.getlist("mine")
    found, figures = checked(upload, memberships=request.memberships, at=at, mine=mine)
    status, why = 200, ""
    if request.method == "POST":
        try:
            apply_upload(
                upload,
                figures,
                fingerprint=request.POST.get("fingerprint", ""),
                memberships=request.memberships,
                at=at,
            )
        except Changed as changed:
            status, why = 409, str(changed)
        else:
            return redirect("returns:upload", trust, pk)
    number = request.GET.get("page", 1)
    page = {
        "upload": upload,
        "preview": preview_of(found, figures, number=number),
        "why": why,
        "is_mine": upload.by_id == request.user.pk,
        "asks_heads": found.asks_heads,
        "heads_told": found.heads_told,
        "again_url": _again_url(request, upload),
        "breadcrumbs": _crumbs(request, upload.term, upload.return_to),
    }
    return render(request, "returns/upload.html", page, status=status)


def _applied_page(request, upload):
    can, cannot = undoing(upload, memberships=request.memberships, at=timezone.now())
    page = {
        "upload": upload,
        "rows": applied_rows([*can, *cannot], timezone.localdate()),
        "undone": sum(one.undone for one in cannot),
        "can_undo": upload.undone_at is None and bool(can) and upload.by_id == request.user.pk,
        "returns": len({one.line.return_to_id for one in can}),
        "staying": staying(cannot),
        "history": sum(one.stays == HISTORY for one in cannot),
        "again_url": _again_url(request, upload),
        "breadcrumbs": _crumbs(request, upload.term, upload.return_to),
    }
    return render(request, "returns/upload_applied.html", page)


@access(GET=TYPE, POST=TYPE)
def upload_columns(request, trust, pk):
    """Say once what the heads of another program's export mean."""
    upload = _upload(request, pk)
    foreign = None if upload.applied_at else foreign_heads(upload)
    if foreign is None:
        raise Http404
    heads, sample = foreign
    posted = request.POST if request.method == "POST" else None
    form = HeadsForm(
        posted, heads=heads, sample=sample, known=names_for(upload), figures=figures_of(upload)
    )
    if form.is_valid():
        remember_heads(upload, form.columns, memberships=request.memberships, at=timezone.now())
        messages.success(request, "Kept. Files with these heads are read so from now on.")
        return redirect("returns:upload", trust, pk)
    page = {
        "upload": upload,
        "form": form,
        "unit": heads_of(upload),
        "breadcrumbs": _crumbs(request, upload.term, upload.return_to),
    }
    return render(request, "returns/upload_columns.html", page, status=422 if posted else 200)


@access(POST=TYPE)
def upload_undo(request, trust, pk):
    """Put back what the lines said before, where nobody has changed them since."""
    upload = undo_upload(_upload(request, pk), memberships=request.memberships, at=timezone.now())
    messages.success(request, f"Undone: {upload}.")
    return redirect("returns:upload", trust, pk)


@access(GET=READ)
def upload_problems(request, trust, pk, kind):
    """Every problem of a file, with where it stands and what is allowed."""
    upload = _upload(request, pk)
    _, figures = checked(upload, memberships=request.memberships, at=timezone.now())
    written = problems_csv if kind == "csv" else problems_xlsx
    return _answer(f"problems of {upload}", kind, written(upload.name, figures.faults))


def _upload(request, pk):
    found = Upload.objects.seen_by(request.memberships).select_related(
        "by", "term__period__year", "return_to__unit", "return_to__term__period__year"
    )
    upload = get_object_or_404(found, pk=pk)
    request.term = upload.term
    return upload


def _return(request, pk):
    found = Return.objects.seen_by(request.memberships).to_show().with_facts_version()
    return_ = get_object_or_404(found, pk=pk)
    request.term = return_.term
    return return_


def _returns_of(request, filling):
    """The returns of a term that somebody may see or fill in, schools by name."""
    returns = list(
        Return.objects.seen_by(request.memberships)
        .for_term(filling.term)
        .to_show()
        .with_facts_version()
        .order_by("unit__name")
    )
    return [*returns, *filling.not_there(returns)]


def _address(request, return_):
    return reverse("returns:return-spreadsheet", args=[request.trust, return_.pk])


def _again_url(request, upload):
    """Where whoever has sent a file sends another; nobody else is led there."""
    if upload.by_id != request.user.pk:
        return ""
    if upload.return_to:
        return _address(request, upload.return_to)
    return reverse("returns:spreadsheet", args=[request.trust], query={"term": upload.term.slug})


def _downloads(request, term, return_, how_many):
    """What can be downloaded: (words, address). ``how_many`` returns may be typed into."""
    if return_ is None:
        xlsx, csv, each = (
            reverse(f"returns:{name}", args=[request.trust], query={"term": term.slug})
            for name in ("template-xlsx", "template-csv", "templates-zip")
        )
        found = [("Excel, one sheet for all", xlsx), ("CSV", csv)]
        if 1 < how_many <= MOST_BOOKS:
            found.insert(1, ("Excel, one file for each return (zip)", each))
        return found
    xlsx, csv = (
        reverse(f"returns:return-template-{kind}", args=[request.trust, return_.pk])
        for kind in ("xlsx", "csv")
    )
    return [("Excel", xlsx), ("Excel, long", f"{xlsx}?shape=long"), ("CSV", csv)]


def _crumbs(request, term, return_):
    crumbs = [list_crumb(request.trust, term)]
    if return_:
        edit = reverse("returns:return-edit", args=[request.trust, return_.pk])
        crumbs.append((str(return_.unit), edit))
    return crumbs

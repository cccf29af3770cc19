"""Check and submit, taking back, and the copy of what was sent."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.shortcuts import redirect, render
from django.utils import timezone

from schools.access import access
from schools.models import Role

from ..grid.rows import head_of
from ..views import READ, SCHOOL, crumb_of, crumbs_to, sheet_of
from .check_rows import Checked
from .forms import SubmitForm
from .sending import submit, withdraw
from .wanting import SENT

SEND = SCHOOL | {Role.DATA_MANAGER}


@access(GET=SEND)
def return_check(request, trust, pk):
    """Read everything once more, and send it."""
    return _check_page(request, sheet_of(request, pk), None)


@access(POST=SEND)
def return_submit(request, trust, pk):
    """Send a return that has been checked; what is to do first is shown."""
    return _check_page(request, sheet_of(request, pk), request.POST)


def _check_page(request, sheet, posted):
    checked = Checked(sheet)
    to_do = checked.to_do()
    figures_in, figures = sheet.counts()
    form = SubmitForm(
        posted,
        empty=figures - figures_in,
        initial={"version": sheet.return_.version},
        problems=[words for words, _ in to_do],
    )
    if posted is not None and form.is_valid():
        version = form.cleaned_data["version"]
        submit(sheet.return_, version=version, memberships=request.memberships, at=timezone.now())
        words = f"Return submitted. {checked.sentence()} The trust checks it next."
        messages.success(request, words)
        return redirect("returns:return-sent", request.trust, sheet.return_.pk)
    page = {
        "return_": head_of(sheet, timezone.now()),
        "sections": checked.sections(),
        "to_do": [] if form.errors else to_do,
        "error_list": _errors(form, to_do),
        "form": form,
        "breadcrumbs": [*crumbs_to(request, sheet), crumb_of(request, sheet)],
    }
    status = 422 if form.errors else 200
    return render(request, "returns/return_check.html", page, status=status)


def _errors(form, to_do):
    """What stops it being sent, each with where it is put right: (words, address)."""
    if not form.errors:
        return []
    box = f"#{form['confirm'].id_for_label}"
    own = (said for name, said in form.errors.items() if name != NON_FIELD_ERRORS)
    return [*to_do, *((words, box) for said in own for words in said)]


@access(GET=READ)
def return_sent(request, trust, pk):
    """A copy of what was sent, to be read or printed."""
    sheet = sheet_of(request, pk)
    if sheet.return_.state not in SENT:
        return redirect("returns:return-edit", trust, pk)
    checked = Checked(sheet)
    page = {
        "return_": head_of(sheet, timezone.now()),
        "sections": checked.sections(),
        "sentence": checked.sentence(),
        "breadcrumbs": [*crumbs_to(request, sheet), crumb_of(request, sheet)],
    }
    return render(request, "returns/return_sent.html", page)


@access(POST=SEND)
def return_withdraw(request, trust, pk):
    """Take a return back that has been sent and not approved yet."""
    sheet = sheet_of(request, pk)
    withdraw(sheet.return_, memberships=request.memberships, at=timezone.now())
    messages.success(request, "Taken back. Change what you need, then submit it again.")
    return redirect("returns:return-edit", trust, pk)

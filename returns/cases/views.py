"""The page on which a unit keeps its log of cases, inside its return."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from schools.access import access

from ..collecting.forms import DayField
from ..grid.rows import anchor_of, head_of, shown_words
from ..grid.sheet import TYPING
from ..typed.logs import sent_log
from ..typed.reading import read
from ..views import READ, TYPE, crumb_of, crumbs_to, sheet_of
from .log import Told, cases_of, counts_of, keep_log, problems_of, seen_of

BLANKS = 2
DAYS_AND_WHAT = ("what", "opened", "planned", "closed")


class CaseForm(forms.Form):
    """One case: what it is, and its days. A blank one says nothing."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    what = forms.CharField(label="What", required=False, max_length=120)
    opened = DayField(label="Came up", required=False, help_text="")
    planned = DayField(label="Plan agreed", required=False, help_text="")
    closed = DayField(label="Closed", required=False, help_text="")
    out = forms.BooleanField(label="Take it out: it was a mistake", required=False)

    def __init__(self, *args, days, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.days, self.today = days, today

    def clean(self):
        if self.errors or not self.is_filled or self.cleaned_data["out"]:
            return
        if not self.cleaned_data["what"]:
            self.add_error("what", "Say in a few words what the case is.")
        elif not self.cleaned_data["opened"]:
            self.add_error("opened", "Enter the day on which it came up, like 16 January 2026.")
        else:
            for name, words in problems_of(self.told, self.days, self.today):
                self.add_error(name, words)

    @property
    def is_filled(self):
        said = self.cleaned_data
        return said["pk"] is not None or any(said[name] for name in DAYS_AND_WHAT)

    @property
    def told(self):
        names = ("pk", "what", "opened", "planned", "closed", "out")
        return Told(**{name: self.cleaned_data[name] for name in names})


@access(GET=READ, POST=TYPE)
def return_log(request, trust, pk, measure, unit):
    """Keep the log of one measure and unit, and say that it is all."""
    sheet = sheet_of(request, pk)
    asked = next((one for one in sheet.asked if one.key[:2] == (measure, unit)), None)
    if asked is None or not asked.measure.keeps_log:
        raise Http404
    days = sheet.asking.calendar.days[sheet.asking.index]
    cases = _sent(sheet, asked)
    if cases is None:
        cases = cases_of(asked, days)
    posted = request.POST if request.method == "POST" else None
    rows = _forms(cases, days, sheet.today, posted)
    is_readable = [form.is_valid() for form in rows]  # each, so that each says what is wrong
    if posted is not None and all(is_readable):
        is_different = keep_log(
            sheet.return_,
            asked,
            [form.told for form in rows if form.is_filled],
            is_all=posted.get("then") == "all",
            seen=posted.get("seen", ""),
            days=days,
            memberships=request.memberships,
            at=timezone.now(),
        )
        messages.success(request, "Saved." if is_different else "Nothing was different.")
        return redirect(request.path)
    head = head_of(sheet, timezone.now())
    overdue, every = counts_of(asked, cases, sheet.return_.term, sheet.today)
    said = shown_words(sheet, asked)[0] if sheet.has_answer(asked) else ""
    counted = _counted(sheet, asked)
    edit = reverse("returns:return-edit", args=[request.trust, pk])
    page = {
        "return_": head,
        "name": sheet.name_of(asked),
        "what_counts": asked.measure.what_counts,
        "rows": rows,
        "cases": cases,
        "seen": seen_of(cases),
        "overdue": overdue,
        "said": said,
        "is_other": bool(said) and counted != (overdue, every),
        "is_without_log": counted is None or counted[1] != every,
        "may_change": not head.read_only and sheet.return_.is_open_to(sheet.lines.get(asked.key)),
        "back_url": f"{edit}#{anchor_of(asked)}",
        "error_list": _errors(rows) if posted is not None else [],
        "breadcrumbs": [*crumbs_to(request, sheet), crumb_of(request, sheet)],
    }
    return render(request, "returns/return_log.html", page, status=422 if posted else 200)


def _counted(sheet, asked):
    """The two counts that the return gives, overdue and all; None where it gives none."""
    line = sheet.lines.get(asked.key)
    if line is None:
        return None
    answer = read(sheet.asking.question(asked), line.typed, sheet.today).answer
    if answer is None or answer.denominator is None:
        return None
    return answer.numerator, answer.denominator


def _sent(sheet, asked):
    """The cases as they were sent with the figure that counts; None while they can be changed."""
    line = sheet.lines.get(asked.key)
    if sheet.return_.state in TYPING or line is None or line.entry_id is None:
        return None
    return sent_log(line)


def _forms(cases, days, today, posted):
    """A form for each case, and some blank ones; of what was posted, those that were."""
    initial = [
        {name: getattr(case, name) for name in ("pk", "what", "opened", "planned", "closed")}
        for case in cases
    ]
    count = len(initial) + BLANKS
    if posted is not None:
        text = posted.get("count", "")
        count = min(int(text), 200) if text.isascii() and text.isdigit() else count
    initial += [{}] * (count - len(initial))
    return [
        CaseForm(posted, initial=said, prefix=f"case-{number}", days=days, today=today)
        for number, said in enumerate(initial[:count])
    ]


def _errors(forms):
    return [
        (words, f"#{form[name].id_for_label}")
        for form in forms
        for name, errors in form.errors.items()
        for words in errors
    ]

"""Who gathers which figures of a school's return."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from schools.access import access
from schools.models import Role, User

from ..grid.rows import head_of, key_words
from ..letters import people_of
from ..views import SCHOOL, crumb_of, crumbs_to, sheet_of
from .handing import hand
from .states import Action


class HandForm(forms.Form):
    """Which figures, and to whom; or ``back``, from whoever has them."""

    lines = forms.MultipleChoiceField(
        error_messages={"required": "Choose the figures to hand on."},
    )
    to = forms.ModelChoiceField(
        label="Hand them to",
        queryset=None,
        empty_label="Choose a colleague",
        error_messages={"required": "Choose who gets the figures."},
    )
    back = forms.BooleanField(required=False)

    def __init__(self, *args, lines, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = lines
        self.fields["to"].queryset = User.objects.filter(pk__in=[user.pk for user in people])
        self.fields["to"].required = not self.data.get("back")

    def clean(self):
        if self.cleaned_data["back"]:
            self.cleaned_data["to"] = None


@access(GET=SCHOOL | {Role.DATA_MANAGER}, POST=SCHOOL | {Role.DATA_MANAGER})
def return_hand(request, trust, pk):
    """Hand figures of a school's return to colleagues, and see who has which."""
    sheet = sheet_of(request, pk)
    if sheet.return_.is_the_trusts:
        raise Http404
    people = people_of(sheet.return_)
    asked = {key_words(one.key): one for one in sheet.asked if one.number == 1}
    names = [(key, one.name) for key, one in asked.items()]
    posted = request.POST if request.method == "POST" else None
    form = HandForm(posted, lines=names, people=people)
    if form.is_valid():
        to, lines = form.cleaned_data["to"], form.cleaned_data["lines"]
        chosen = [asked[key] for key in lines]
        does = {"memberships": request.memberships, "at": timezone.now()}
        messages.success(request, _words(hand(sheet.return_, chosen, to=to, **does), to))
        return redirect("returns:return-hand", trust, pk)
    page = {
        "return_": head_of(sheet, timezone.now()),
        "form": form,
        "chosen": posted.getlist("lines") if posted else [],
        "sections": _sections(sheet, {user.pk for user in people}),
        "may_hand": sheet.return_.allows(Action.HAND, request.memberships, sheet.today),
        "breadcrumbs": [*crumbs_to(request, sheet), crumb_of(request, sheet)],
    }
    status = 422 if form.errors else 200
    return render(request, "returns/return_hand.html", page, status=status)


def _words(changed, to):
    count = len(changed)
    if not count:
        return "Nothing was different, so nothing has changed hands."
    figures = f"{count} figure{'' if count == 1 else 's'}"
    return f"{figures} handed to {to}." if to else f"{figures} taken back."


def _sections(sheet, people):
    """The figures by priority: (title, rows of (key, name, with whom, whether it is in))."""
    return [
        (
            section.title,
            [
                (
                    key_words(one.key),
                    ", ".join(filter(None, (sheet.name_of(one), sheet.group_of(one)))),
                    sheet.with_whom(one, people),
                    sheet.is_in(one),
                )
                for one in section.asked
                if one.number == 1
            ],
        )
        for section in sheet.sections()
    ]

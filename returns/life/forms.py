"""What is said when a return is sent, approved, sent back or reopened."""

from django import forms

from ..asked.asking import name_of
from .approving import NOTHING_ASKED

CHECKED = "I have checked these figures. They are right to the best of my knowledge."


def _empty_words(empty):
    """That a blank is no zero, and counts as what it is."""
    if not empty:
        return ""
    if empty == 1:
        return "One is not filled in and counts as not sent."
    return f"{empty} are not filled in and count as not sent."


class SubmitForm(forms.Form):
    """Check and submit: the one place where a return can be found wanting."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    confirm = forms.BooleanField(
        error_messages={"required": "Tick the box to say that you have checked these figures."},
    )

    def __init__(self, *args, problems, empty, **kwargs):
        super().__init__(*args, **kwargs)
        self.problems = problems
        self.fields["confirm"].label = f"{CHECKED} {_empty_words(empty)}".strip()

    def clean(self):
        for words in self.problems:
            self.add_error(None, words)


class ReopenForm(forms.Form):
    """Which figures of an approved or locked return may be changed again, and why.

    With nothing chosen it is all of them.
    """

    lines = forms.TypedMultipleChoiceField(
        label="Which figures? Choose none to reopen all of them.",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label="Why?",
        max_length=400,
        help_text="One sentence. The school sees it.",
        error_messages={"required": "Say why, so that the school knows what to change."},
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        if lines:
            self.fields["lines"].choices = lines
        else:
            del self.fields["lines"]

    @property
    def chosen(self):
        """The lines to reopen; None for all of them."""
        return self.cleaned_data.get("lines") or None


class ApproveForm(forms.Form):
    """Approve what was read, or send it back with a question beside each figure.

    A button beside a claim posts the line's number as ``accept`` and no other action.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    action = forms.ChoiceField(
        choices=[("approve", "Approve"), ("send_back", "Send back")],
        required=False,
        widget=forms.HiddenInput,
    )
    accept = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(label="Note to the school", required=False, max_length=400)

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"question-{line.pk}"] = forms.CharField(
                label=f"Question about {name_of(line.measure, line.group)}",
                required=False,
                max_length=400,
            )

    def clean(self):
        action, asks = self.cleaned_data.get("action"), any(self.questions.values())
        asks = asks or bool(self.cleaned_data.get("note"))
        if not action and not self.cleaned_data.get("accept"):
            self.add_error(None, "Approve the return, or send it back.")
        if action == "send_back" and not asks:
            self.add_error("note", NOTHING_ASKED)
        if action == "approve" and asks:
            self.add_error(
                "note",
                "A question or note goes only with a return that is sent back. "
                "Send it back, or take out what you have asked.",
            )

    @property
    def questions(self):
        return {line.pk: self.cleaned_data.get(f"question-{line.pk}", "") for line in self.lines}

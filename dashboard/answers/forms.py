"""What a leader answers: each form has what is to be settled, from when, and why."""

import hashlib

from django import forms

from kpis.models import Override

REASON_LENGTH = 400


def fingerprint(*what):
    """A short name for plain values: the same for the same, in every process."""
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


class AnswerForm(forms.Form):
    """What every answer has. ``shown`` is what the person saw when they chose.

    It is saved only once its effect has been shown: ``checked`` names the
    values that it was shown for.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)
    checked = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args, shown, terms=(), since=None, **kwargs):
        self.shown = fingerprint(shown)
        super().__init__(*args, initial={"seen": self.shown, "since": since}, **kwargs)
        self.fields["seen"].initial = self.shown
        self.add_answer()
        if terms:
            self.fields["since"] = forms.TypedChoiceField(
                label="From which term does it hold?",
                help_text="Figures of this term and later ones are judged by it."
                " Those before it keep the status they had.",
                choices=terms,
                coerce=int,
            )
        self.fields["reason"] = forms.CharField(
            label="Why?",
            help_text=self.reason_hint,
            max_length=REASON_LENGTH,
            widget=forms.Textarea({"rows": 3}),
            error_messages={
                "required": "Say why. It stands beside the change for good.",
                "max_length": f"Shorten this to {REASON_LENGTH} characters.",
            },
        )

    reason_hint = "One or two sentences. It stands beside the change for good."

    def add_answer(self):
        """The boxes of the answer itself, in reading order."""

    @property
    def is_stale(self):
        """Whether what was shown has changed since, so that the choice may be wrong."""
        return self.data.get("seen") != self.shown

    @property
    def digest(self):
        """The name of these values, to be asked whether their effect was shown."""
        told = {name: v for name, v in self.cleaned_data.items() if name not in ("seen", "checked")}
        return fingerprint(sorted((name, str(value)) for name, value in told.items()))

    @property
    def is_checked(self):
        return self.cleaned_data.get("checked") == self.digest


class BaselineForm(AnswerForm):
    """Which first figures to accept; ``choices`` are (unit number, words)."""

    def __init__(self, *args, choices, **kwargs):
        self.choices = choices
        super().__init__(*args, **kwargs)

    def add_answer(self):
        self.fields["units"] = forms.TypedMultipleChoiceField(
            label="Which figures become the baseline?",
            choices=self.choices,
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            initial=[number for number, _ in self.choices],
            error_messages={"required": "Tick at least one figure."},
        )


class DateForm(AnswerForm):
    """Of which period an undated printed baseline is; ``choices`` are (code, words)."""

    def __init__(self, *args, choices, **kwargs):
        self.choices = choices
        super().__init__(*args, **kwargs)

    def add_answer(self):
        self.fields["dated"] = forms.ChoiceField(
            label="Of which period is it?",
            help_text="The way to the target is counted from the end of this period.",
            choices=[("", "Choose"), *self.choices],
            error_messages={"required": "Choose the period that the printed figure is of."},
        )


class LevelsForm(AnswerForm):
    """A level for each of several things: versions of a scale, or schools.

    ``questions`` are (number, label, [(level, words)], what no level means).
    """

    def __init__(self, *args, questions, **kwargs):
        self.questions = questions
        super().__init__(*args, **kwargs)

    def add_answer(self):
        for number, label, levels, none in self.questions:
            is_only = len(self.questions) == 1
            self.fields[f"level-{number}"] = forms.TypedChoiceField(
                label=label,
                choices=[("", "Choose" if is_only else none), *levels],
                coerce=int,
                empty_value=None,
                required=is_only,
                error_messages={"required": "Choose a level."},
            )

    def clean(self):
        if not self.errors and not self.levels:
            name = f"level-{self.questions[0][0]}"
            self.add_error(name, "Choose a level, so that there is something to save.")

    @property
    def levels(self):
        """The level chosen for each number."""
        told = {number: self.cleaned_data.get(f"level-{number}") for number, *_ in self.questions}
        return {number: level for number, level in told.items() if level is not None}


class NumberForm(AnswerForm):
    """The number to reach, or a lowest and a highest; ``unit`` is what it counts."""

    def __init__(self, *args, is_range, unit, **kwargs):
        self.is_range, self.unit = is_range, unit
        super().__init__(*args, **kwargs)

    def add_answer(self):
        if self.is_range:
            self._add("low", "Lowest")
            self._add("high", "Highest")
        else:
            self._add("value", "Target")

    def _add(self, name, label):
        self.fields[name] = forms.DecimalField(
            label=label,
            help_text=f"In {self.unit}." if self.unit else "",
            max_digits=16,
            decimal_places=6,
            widget=forms.TextInput({"size": 10, "inputmode": "decimal"}),
            error_messages={
                "required": f"Enter the {label.lower()} as a number, like 94.5.",
                "invalid": f"Enter the {label.lower()} as a number, like 94.5.",
            },
        )

    def clean(self):
        low, high = self.cleaned_data.get("low"), self.cleaned_data.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", "The highest must not be below the lowest.")


class ReferenceForm(AnswerForm):
    """Whom a gap is measured against; ``choices`` are (code, words)."""

    def __init__(self, *args, choices, **kwargs):
        self.choices = choices
        super().__init__(*args, **kwargs)

    def add_answer(self):
        self.fields["against"] = forms.ChoiceField(
            label="Whom is the gap measured against?",
            choices=self.choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose whom the gap is measured against."},
        )


class ByHandForm(AnswerForm):
    """A leader's own status for one KPI, unit and term; taking it back needs none."""

    reason_hint = (
        "It is shown wherever this status is shown, to the headteacher too."
        " Do not name another school, a pupil or a member of staff."
    )

    def __init__(self, *args, is_taking_back, **kwargs):
        self.is_taking_back = is_taking_back
        super().__init__(*args, **kwargs)

    def add_answer(self):
        self.fields["status"] = forms.ChoiceField(
            label="Status for this term",
            choices=Override.Status.choices,
            widget=forms.RadioSelect,
            required=not self.is_taking_back,
            error_messages={"required": "Choose a status."},
        )


class SayingForm(forms.Form):
    """Words beside a result; ``seen`` names the text that the person was shown."""

    parts = ()
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)

    def __init__(self, *args, said, **kwargs):
        super().__init__(*args, initial={"seen": fingerprint(said)}, **kwargs)
        for (name, label, hint), text in zip(self.parts, said, strict=True):
            self.fields[name] = forms.CharField(
                label=label,
                help_text=hint,
                initial=text,
                required=False,
                max_length=REASON_LENGTH,
                widget=forms.Textarea({"rows": 3}),
                error_messages={"max_length": f"Shorten this to {REASON_LENGTH} characters."},
            )

    @property
    def texts(self):
        return tuple(self.cleaned_data[name].replace("\r\n", "\n") for name, *_ in self.parts)

    def meanwhile(self, said):
        """What somebody else has written there since the page was opened."""
        theirs = " / ".join(filter(None, said)) or "nothing"
        return (
            f"Somebody else has written here meanwhile: {theirs}. Yours is still in the boxes:"
            " save again to put it in the place of theirs."
        )

    def show_again(self, seen):
        """The same boxes, for the text that is there now."""
        self.data = self.data.copy()
        self.data["seen"] = seen


NO_NAMES = "Do not name a pupil or a member of staff."


class CommentForm(SayingForm):
    parts = (
        ("why", "Why?", f"What is behind this result. {NO_NAMES}"),
        ("what_next", "What next, who and by when?", "Leave both empty to take the comment away."),
    )


class ReplyForm(SayingForm):
    parts = (("text", "What the school says to it", f"It stays beside the status. {NO_NAMES}"),)

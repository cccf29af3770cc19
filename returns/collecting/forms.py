"""What the data manager says of a term: its days, who has longer, and that it is over."""

from datetime import date, datetime, time

from django import forms
from django.utils import timezone

from ..grid.sheet import day_words
from ..typed.spelling import Misspelt, day

BY = time(17)
REASON_LENGTH = 400


class DayField(forms.CharField):
    """A day as people write it: 16 January 2026, 16/1/26, 2026-01-16."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "Like 16 January 2026")
        kwargs.setdefault("widget", forms.TextInput({"size": 20, "autocomplete": "off"}))
        self.problem = f"Enter the day as a day, like {day_words(date(2026, 1, 16))}."
        kwargs.setdefault("error_messages", {"required": self.problem})
        super().__init__(**kwargs)

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else day_words(value)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        try:
            return day(text)
        except Misspelt:
            raise forms.ValidationError(self.problem) from None


def at_five(on):
    """The end of a working day in London: 5pm."""
    return timezone.make_aware(datetime.combine(on, BY))


class DatesForm(forms.Form):
    """From which day returns can be filled in, and by when they should be in."""

    opens = DayField(label="Returns open on")
    due = DayField(label="Due by 5pm on")


class DeadlineForm(forms.Form):
    """One school's own last day; ``units`` are the units with a return this term."""

    unit = forms.ModelChoiceField(
        label="School",
        queryset=None,
        empty_label="Choose",
        error_messages={"required": "Choose the school."},
    )
    due = DayField(label="Its own deadline, by 5pm on")
    reason = forms.CharField(
        label="Why?",
        max_length=REASON_LENGTH,
        help_text="One sentence. The school and the trust's leaders see it.",
        error_messages={"required": "Say why this school has its own deadline."},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class CloseForm(forms.Form):
    """Close the term, once its consequence has been read."""

    confirm = forms.BooleanField(
        error_messages={"required": "Tick the box to say that the term is over."},
    )

    def __init__(self, *args, term, late, **kwargs):
        super().__init__(*args, **kwargs)
        stays = (
            "" if not late else f" {late} {'return stays' if late == 1 else 'returns stay'} late."
        )
        self.fields["confirm"].label = f"Collecting for {term} is over.{stays}"

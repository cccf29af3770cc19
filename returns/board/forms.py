"""What is ticked on the board, and on the page of reminders."""

from django import forms


class PicksField(forms.Field):
    """Several returns, each with the version that was shown: "12.3" is version 3 of return 12."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        picked = []
        for text in value or []:
            pk, _, version = text.partition(".")
            if not (_is_number(pk) and _is_number(version)):
                raise forms.ValidationError("Tick the returns on the board.")
            picked.append((int(pk), int(version)))
        return list(dict.fromkeys(picked))


def _is_number(text):
    return text.isascii() and text.isdigit() and len(text) < 19


class ApproveSeveralForm(forms.Form):
    pick = PicksField()


class PeopleField(forms.Field):
    """The numbers of people; one who is not written to any more is left out in silence."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return [int(text) for text in value or [] if _is_number(text)]


class RemindForm(forms.Form):
    """To whom a reminder goes. All are ticked at first."""

    to = PeopleField(error_messages={"required": "Tick at least one e-mail."})

    def chosen(self, letters):
        """Of the mails that are due now, those that were ticked."""
        return [letter for letter in letters if letter.person.pk in self.cleaned_data["to"]]

"""What is added to an answer as evidence: a file or a link."""

from django import forms
from django.core.validators import URLValidator

from . import Evidence
from .kinds import MOST_BYTES, NotKept, kind_of

NO_NAMES = "Do not upload anything that names a pupil."
NOT_A_LINK = "Give an address that begins with https://, without a password in it."


class FileForm(forms.Form):
    """One file, known by its content."""

    file = forms.FileField(
        label="Add a file",
        help_text=f"PDF, Word, Excel, JPG or PNG, up to 10 MB. {NO_NAMES}",
        max_length=400,
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Choose another.",
            "max_length": "The name of the file is too long. Make it shorter.",
        },
    )

    def clean_file(self):
        """The bytes and their kind. What is too large is not read at all."""
        uploaded = self.cleaned_data["file"]
        try:
            if uploaded.size > MOST_BYTES:
                raise NotKept(
                    "The file is larger than 10 MB. Make it smaller, or give a link to it."
                )
            self.data_of_file = uploaded.read()
            self.kind = kind_of(self.data_of_file)
        except NotKept as why:
            raise forms.ValidationError(str(why)) from None
        return uploaded


class LinkForm(forms.Form):
    """An address of something that lies elsewhere."""

    link = forms.CharField(
        label="Or give a link",
        help_text="Like https://files.example.org/review. We never open it for you.",
        max_length=Evidence._meta.get_field("link").max_length,
        widget=forms.TextInput({"size": 48, "inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": NOT_A_LINK},
    )
    name = forms.CharField(
        label="What is it?",
        required=False,
        max_length=Evidence._meta.get_field("name").max_length,
        widget=forms.TextInput({"size": 48}),
    )

    def clean_link(self):
        link = self.cleaned_data["link"]
        try:
            URLValidator(schemes=["https"], message=NOT_A_LINK)(link)
        except forms.ValidationError:
            raise forms.ValidationError(NOT_A_LINK) from None
        if "@" in link.split("/")[2]:
            raise forms.ValidationError(NOT_A_LINK)
        return link

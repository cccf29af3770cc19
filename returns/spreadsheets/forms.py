"""Forms of the pages about spreadsheets."""

from django import forms

from ..uploaded import HEADING_LENGTH
from .files import COLUMNS, ENCODINGS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORDS = {
    "unit": "unit: URN or code of the school",
    "measure_code": "measure_code: code or name of the measure",
    "academic_year": "academic_year, like 2025/26",
    "term": "term: Autumn, Spring, Summer, Year or a day",
    "pupil_group": "pupil_group: blank is all pupils",
    "value": "value: the figure, or why there is none",
}


class UploadForm(forms.Form):
    """A file to be checked."""

    file = forms.FileField(
        label="The filled-in spreadsheet",
        help_text="An Excel workbook (.xlsx), a zip of several or a CSV, 5 MB at most. "
        "Nothing is stored yet.",
        error_messages={
            "required": "Choose the file first.",
            "invalid": "Choose the file first.",
            "missing": "Choose the file first.",
            "empty": "The file is empty. The selected file must be the Excel or CSV template.",
        },
        widget=forms.FileInput({"accept": f".xlsx,.csv,.zip,text/csv,{XLSX}"}),
    )
    encoding = forms.ChoiceField(
        label="Letters of a CSV",
        choices=[
            ("utf-8", "Usual (UTF-8)"),
            ("windows-1252", "Old Windows program (Windows-1252)"),
        ],
        initial="utf-8",
        required=False,
    )

    def clean_encoding(self):
        chosen = self.cleaned_data["encoding"]
        return chosen if chosen in ENCODINGS else "utf-8"


class HeadsForm(forms.Form):
    """What each head of an export means; a head that means nothing is left out."""

    def __init__(self, posted, *, heads, sample, known):
        super().__init__(posted)
        self.heads = {}
        for place, head in enumerate(heads):
            heading = head.strip().lower()
            if not heading or heading in self.heads.values():
                continue
            name = f"head-{place}"
            self.heads[name] = heading
            examples = [cells[place] for cells in sample if len(cells) > place and cells[place]]
            shown = ", ".join(example[:30] for example in examples[:3])
            self.fields[name] = forms.ChoiceField(
                label=head[:HEADING_LENGTH],
                required=False,
                help_text=f"For example {shown}" if shown else "",
                choices=[("", "Leave it out"), *((c, WORDS.get(c, c)) for c in COLUMNS)],
                initial=known.get(heading, heading if heading in COLUMNS else ""),
            )

    def clean(self):
        chosen = [column for column in self.cleaned_data.values() if column]
        twice = {column for column in chosen if chosen.count(column) > 1}
        for name, column in self.cleaned_data.items():
            if column in twice:
                self.add_error(name, f"Two columns cannot both be {column}.")
        if "measure_code" not in chosen:
            self.add_error(None, "Say which column has the code or name of the measure.")

    @property
    def columns(self):
        return {
            heading[:HEADING_LENGTH]: self.cleaned_data[name]
            for name, heading in self.heads.items()
        }

"""Forms of the pages about spreadsheets."""

from django import forms

from ..uploaded import HEADING_LENGTH
from .files import COLUMNS, ENCODINGS
from .proposing import SPELLINGS, proposed
from .shapes import OF_ONE, Of

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
    """What each head of an export means; a head that means nothing is left out.

    ``known`` is what somebody has said of a head already; of others the one
    meaning that its words fit stands there as a proposal, marked as such.
    ``figures`` is what a column may hold of a measure, as ``figures_of`` says
    it. Of a figure that cannot be sent by itself its head says what it needs.
    """

    def __init__(self, posted, *, heads, sample, known, figures):
        super().__init__(posted)
        # What was said in a term that asks more than this one is not taken back unasked.
        rest = [one for one in known.values() if isinstance(one, Of) and one not in figures]
        self.figures = {_key(one): one for one in [*figures, *rest] if isinstance(one, Of)}
        choices = [
            ("", "Leave it out"),
            ("What a row is about", [(c, WORDS.get(c, c)) for c in COLUMNS]),
            *_by_group(figures),
        ]
        if rest:
            choices.append(("Said before, not asked now", [(_key(one), _key(one)) for one in rest]))
        self.heads = self._heads(heads)
        told = {head: _key(known[head]) for head in self.heads.values() if head in known}
        ours = {head: head for head in self.heads.values() if head in COLUMNS and head not in told}
        keys = {_key(one): figure for one, figure in figures.items()}
        spelt = SPELLINGS | {key: figure.spellings for key, figure in keys.items()}
        rest = [head for head in self.heads.values() if head not in told and head not in ours]
        fitting = proposed(rest, spelt, [*told.values(), *ours.values()])
        needs = {head: keys[key].needs for head, key in fitting.items() if key in keys}
        self.proposed = {
            head: key for head, key in fitting.items() if key in self.figures or key in SPELLINGS
        }
        for name, heading in self.heads.items():
            place = int(name.removeprefix("head-"))
            self.fields[name] = forms.ChoiceField(
                label=heads[place][:HEADING_LENGTH],
                required=False,
                help_text=_hint(heading in self.proposed, needs.get(heading), sample, place),
                choices=choices,
                initial=(told | ours | self.proposed).get(heading, ""),
            )

    def _heads(self, heads):
        """The boxes, each with its head in lower case; of heads that are the same the first."""
        found = {}
        for place, head in enumerate(heads):
            heading = head.strip().lower()
            if heading and heading not in found.values():
                found[f"head-{place}"] = heading
        return found

    def clean(self):
        chosen = [column for column in self.cleaned_data.values() if column]
        twice = {column for column in chosen if chosen.count(column) > 1}
        for name, column in list(self.cleaned_data.items()):
            if column in twice:
                self.add_error(name, "Two columns cannot both mean this.")
        if not set(chosen) & self.figures.keys():
            if "measure_code" not in chosen:
                words = (
                    "Say which column has the code or name of the measure, or the figures of one."
                )
                self.add_error(None, words)
            return
        for name, column in list(self.cleaned_data.items()):
            if column in OF_ONE:
                words = "This column cannot be there beside columns with the figures of a measure."
                self.add_error(name, words)

    @property
    def columns(self):
        chosen = {heading: self.cleaned_data[name] for name, heading in self.heads.items()}
        return {
            heading[:HEADING_LENGTH]: self.figures.get(column, column)
            for heading, column in chosen.items()
        }


def _by_group(figures):
    """The choices of figures, under the pupil group that they are about."""
    found = {}
    for one, (words, group, *_) in figures.items():
        if isinstance(one, Of):
            of = f"Figures of: {group}" if group else "Figures of all pupils, or of the row's group"
            found.setdefault(of, []).append((_key(one), words))
    return list(found.items())


def _key(meaning):
    """A meaning as a form names it."""
    return meaning.words if isinstance(meaning, Of) else meaning


def _hint(is_proposed, needs, sample, place):
    examples = [cells[place] for cells in sample if len(cells) > place and cells[place]]
    shown = ", ".join(example[:30] for example in examples[:3])
    parts = ["Proposed by its name: check it."] if is_proposed else []
    parts += [needs] if needs else []
    return " ".join(parts + ([f"For example {shown}"] if shown else []))

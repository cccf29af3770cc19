"""What is typed into a return, and what is said when it is sent, approved or sent back."""

from django import forms
from django.utils.functional import cached_property

from kpis.models import Judgement

from .actions import Change
from .asking import name_of
from .boxes import HiddenBox, ListBox, TextBox
from .models import Line
from .questions import NAMES, Typed
from .reading import read
from .seen import fingerprint
from .spelling import DONE, RATINGS, REASONS, word
from .too_few import in_place_of, words_of

EVIDENCE_LENGTH = 2_000
COUNT = {"size": 7, "inputmode": "numeric"}
DAY = {"size": 16}

WHY_NONE = [
    ("not_applicable", "Not applicable"),
    ("too_few", "Too few pupils"),
    ("not_available", "Not available yet"),
]
DONES = [("Yes", "Yes"), ("Not yet", "Not yet"), ("At risk", "Not yet, and at risk")]
RATED = [(label, label) for label in Judgement.Rating.labels]
KINDS = [(label, label) for label in Judgement.Kind.labels]


class LineForm(forms.Form):
    """One line: boxes for what its kind of question asks, and no other.

    Every box takes any text that fits the line: what cannot be read is shown
    as a problem and stops submitting, never saving. ``seen`` says which version
    was shown, and what it said. A count below ``minimum`` is set to too few.
    ``name`` is that of its row, where it says more than the question.
    """

    seen = forms.CharField(widget=HiddenBox, max_length=60)

    def __init__(self, asked, question, line, term, posted=None, minimum=0, name=""):
        self.minimum, self.too_few_words = minimum, ""
        self.name = name or asked.name
        self.asked, self.question, self.line = asked, question, line
        self.held = line.typed if line else Typed()
        self.version = line.version if line else 0
        prefix = self.prefix_of(asked)
        is_posted = posted is not None and f"{prefix}-seen" in posted
        super().__init__(posted if is_posted else self._as_held(prefix), prefix=prefix)
        self._term = term
        self._add_answer()
        self._add_rest()

    @staticmethod
    def prefix_of(asked):
        return "l-" + "-".join(map(str, asked.key))

    def _as_held(self, prefix):
        held = {f"{prefix}-{name}": getattr(self.held, name) for name in NAMES}
        return {**held, f"{prefix}-seen": fingerprint(self.version, self.held)}

    # Which boxes

    def _add_answer(self):
        """The boxes of the answer, in reading order."""
        asks, name = self.question, f"{self.name}, {self._term}"
        part, whole = asks.parts
        match asks.kind:
            case "yes_no":
                self._add("value", name, self._select(DONES, DONE))
                self._add("on", "On which day", DAY)
            case "date":
                self._add("on", name, DAY)
            case "level":
                levels = asks.levels_on(asks.ends)
                names = [(level.name, level.name) for level in levels]
                keys = {level.key.lower(): level.name.casefold() for level in levels}
                self._add("value", name, self._select(names, keys))
                self._add("on", "On which day", DAY)
            case "rating":
                self._add("rating", name, self._select(RATED, RATINGS))
            case "cases":
                self._add("numerator", part, COUNT)
                self._add("denominator", whole, COUNT)
            case _ if asks.counts == "both":
                self._add("numerator", part, COUNT)
                self._add("denominator", whole, COUNT)
            case _:
                self._add("value", name, {"size": 7} | self._keys())
                if asks.counts == "weight":
                    self._add("denominator", whole, COUNT)
        self.answer_names = [name for name in self.fields if name != "seen"]

    def _add_rest(self):
        """No figure and why; the survey, the rating; what people say about it."""
        asks, label = self.question, self.name
        reasons = [(code, words) for code, words in WHY_NONE if code in asks.reasons]
        self._add("why_none", f"Why there is no figure: {label}", self._select(reasons, REASONS))
        if "not_available" in asks.reasons:
            self._add("until", "Expected on", DAY)
        if asks.survey and asks.counts != "both":
            self._add("respondents", "How many answered", COUNT)
        if asks.survey:
            self._add("invited", "How many were asked", COUNT)
            self._add("provider", "Who ran the survey", {"size": 30})
        if asks.is_rated:
            self._add_rating()
        self.below_names = [
            name
            for name in self.fields
            if name not in {"seen", "why_none", "until", *self.answer_names}
        ]
        self._add("note", "Why this is right", {"size": 60})
        self._add("why", "Why is it so?", {"size": 60})
        self._add("what_next", "What next, who, by when?", {"size": 60})

    def _add_rating(self):
        if self.question.kind != "rating":
            self._add("rating", f"Rating of {self.name}", self._select(RATED, RATINGS))
        self._add("on", "Rated on", DAY)
        self._add("kind", "Internal or external", self._select(KINDS))
        self._add("reviewer", "Rated by", {"size": 30})
        evidence = forms.Textarea({"rows": 3, "cols": 60})
        self._add("evidence", "Evidence", evidence, max_length=EVIDENCE_LENGTH)

    def _add(self, name, label, widget, max_length=None):
        if isinstance(widget, dict):
            widget = TextBox(widget)
        length = max_length or Line._meta.get_field(name).max_length
        self.fields[name] = forms.CharField(
            label=label,
            widget=widget,
            required=False,
            max_length=length,
            error_messages={"max_length": f"Shorten this to {length:,} characters."},
        )

    def _select(self, choices, words=None):
        """A list of answers; ``words`` are other ways to write them."""
        words = words or {}
        return SelectOrTyped(
            choices=[("", "Choose"), *choices],
            means=lambda text: word(text, words) or text.casefold(),
        )

    def _keys(self):
        """A plain keyboard where a minus may be typed."""
        lowest = 0 if self.question.kind == "percentage" else self.question.lowest
        return {"inputmode": "decimal"} if lowest is not None and lowest >= 0 else {}

    # What it says

    @cached_property
    def typed(self):
        """The line's text; what this form has no box for stays as it was."""
        texts = {name: getattr(self.held, name) for name in NAMES}
        for name in NAMES:
            if name in self.cleaned_data and self.add_prefix(name) in self.data:
                texts[name] = self.cleaned_data[name].replace("\r\n", "\n")
        return self._or_too_few(Typed(**texts))

    def _or_too_few(self, typed):
        """What was typed, or the reason that takes its place once the row has been left."""
        if self.add_prefix("typing") in self.data:
            return typed
        settle = self.add_prefix("settle") in self.data
        few = in_place_of(self.question, typed, self.held, self.minimum, settle=settle)
        if few is None:
            return typed
        self.too_few_words = words_of(self.asked.name, self.minimum)
        return few

    @property
    def change(self):
        """What was changed here since it was shown; None where nothing was touched."""
        version, _, said = self.cleaned_data["seen"].partition(".")
        if fingerprint(version, self.typed) == f"{version}.{said}":
            return None
        seen = int(version) if version.isascii() and version.isdigit() else -1
        return Change(asked=self.asked, typed=self.typed, seen=seen)

    def show_problems(self, today):
        """Say beside the boxes what stops submitting. Returns the words."""
        if not self.is_valid():
            return []
        problems = read(self.question, self.typed, today).problems
        for problem in problems:
            self.say(problem.part, problem.words)
        return [problem.words for problem in problems]

    def say(self, part, words):
        """Put words over a box; over the first one where it has no box of its own."""
        self.add_error(self.box_of(part).name, words)

    def box_of(self, part):
        return self[part if part in self.fields else self.answer_names[0]]

    def clash(self, line):
        """Show what somebody else has made of it, and keep what was typed here."""
        self.data = {**{key: self.data[key] for key in self.data}}
        self.data[self.add_prefix("seen")] = fingerprint(line.version, line.typed)
        theirs = [getattr(line, name) or "empty" for name in self.answer_names]
        yours = [getattr(self.typed, name) or "empty" for name in self.answer_names]
        self.add_error(
            self.answer_names[0],
            f"{line.changed_by} has changed this to {' / '.join(theirs)} meanwhile. "
            f"You typed {' / '.join(yours)}: save again to keep yours, or type theirs.",
        )


class SelectOrTyped(ListBox):
    """A list of answers in which what was typed in other words keeps its own words.

    ``means`` gives the meaning of a text: "green" stands at "On target", and
    is posted as it was typed; what means nothing stands at the end.
    """

    def __init__(self, *args, means, **kwargs):
        super().__init__(*args, **kwargs)
        self.means = means

    def optgroups(self, name, value, attrs=None):
        said = next(iter(value), "")
        same = [self.means(option) == self.means(said) for option, _ in self.choices]
        if any(same):
            at = same.index(True)
            self.choices[at] = (said, self.choices[at][1])
        else:
            self.choices = [*self.choices, (said, said)]
        return super().optgroups(name, [said], attrs)


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
        if not self.cleaned_data.get("action") and not self.cleaned_data.get("accept"):
            self.add_error(None, "Approve the return, or send it back.")

    @property
    def questions(self):
        return {line.pk: self.cleaned_data[f"question-{line.pk}"] for line in self.lines}

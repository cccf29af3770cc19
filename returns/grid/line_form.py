"""One line of a return as somebody types into it: its boxes, what is in them, what is wrong.

It is no form of Django: a return has sixty of them, with nine boxes each, and
all that a box asks of a text is that it fits. What it means is read in ``reading``.
"""

from kpis.models import Judgement

from ..asked.questions import NAMES, Typed
from ..models import Line
from ..typed.reading import read
from ..typed.seen import fingerprint
from ..typed.spelling import DONE, RATINGS, REASONS, word
from ..typed.too_few import in_place_of, words_of
from .boxes import AreaBox, Box, HiddenBox, ListBox
from .saving import Change

LONGEST = {name: Line._meta.get_field(name).max_length or 2_000 for name in NAMES}
SEEN_LONGEST = 60
NOTHING = Typed()

COUNT = ' size="7" inputmode="numeric"'
FIGURE = ' size="7"'
DAY = ' size="16"'
NAME = ' size="30"'
SENTENCE = ' size="60"'

WHY_NONE = (
    ("not_applicable", "Not applicable"),
    ("too_few", "Too few pupils"),
    ("not_available", "Not available yet"),
)
DONES = (("Yes", "Yes"), ("Not yet", "Not yet"), ("At risk", "Not yet, and at risk"))
RATED = tuple((label, label) for label in Judgement.Rating.labels)
KINDS = tuple((label, label) for label in Judgement.Kind.labels)


class LineForm:
    """The boxes that one kind of question asks for, and no other.

    Every box takes any text that fits the line: what cannot be read is shown
    as a problem and stops submitting, never saving. ``seen`` says which version
    was shown, and what it said. A count below ``minimum`` is set to too few.
    ``name`` is that of its row, where it says more than the question.
    ``texts`` is what stands in the boxes, ``errors`` what is said over them.
    """

    def __init__(self, asked, question, line, term, posted=None, minimum=0, name=""):
        self.minimum, self.too_few_words = minimum, ""
        self.name = name or asked.name
        self.asked, self.question, self.line = asked, question, line
        self.held = line.typed if line else Typed()
        self.version = line.version if line else 0
        self.prefix = self.prefix_of(asked)
        self.boxes, self.errors, self.begins_at = {}, {}, ""
        self._add_seen()
        self.answer_names = self._add_answer(f"{self.name}, {term}")
        self._add_reason()
        self.below_names = self._add_beside()
        self._add_comments()
        if posted is not None and self.name_of("seen") in posted:
            self._take(posted)
        else:
            self.seen, self.typed = fingerprint(self.version, self.held), self.held
            self.texts = {name: getattr(self.held, name) for name in NAMES} | {"seen": self.seen}
            self.is_being_typed = False

    @staticmethod
    def prefix_of(asked):
        return "l-" + "-".join(map(str, asked.key))

    def name_of(self, name):
        """A box as the browser knows it."""
        return f"{self.prefix}-{name}"

    def id_of(self, name):
        return f"id_{self.prefix}-{name}"

    # Which boxes

    def _add_seen(self):
        self.boxes["seen"] = HiddenBox("seen", "", SEEN_LONGEST)

    def _add_answer(self, label):
        """The boxes of the answer, in reading order; their names."""
        asks, before = self.question, len(self.boxes)
        part, whole = asks.parts
        match asks.kind:
            case "yes_no":
                self._add_list("value", label, DONES, DONE)
                self._add("on", "On which day", DAY)
            case "date":
                self._add("on", label, DAY)
            case "level":
                levels = asks.levels_on(asks.ends)
                names = tuple((level.name, level.name) for level in levels)
                keys = {level.key.lower(): level.name.casefold() for level in levels}
                self._add_list("value", label, names, keys)
                self._add("on", "On which day", DAY)
            case "rating":
                self._add_list("rating", label, RATED, RATINGS)
            case _ if asks.kind == "cases" or asks.counts == "both":
                self._add("numerator", part, COUNT)
                self._add("denominator", whole, COUNT)
            case _:
                self._add("value", label, FIGURE + self._keys())
                if asks.counts == "weight":
                    self._add("denominator", whole, COUNT)
        return list(self.boxes)[before:]

    def _keys(self):
        """A plain keyboard where a minus may be typed."""
        lowest = 0 if self.question.kind == "percentage" else self.question.lowest
        return ' inputmode="decimal"' if lowest is not None and lowest >= 0 else ""

    def _add_reason(self):
        """No figure, and why."""
        can_be = self.question.reasons
        reasons = tuple((code, words) for code, words in WHY_NONE if code in can_be)
        self._add_list("why_none", f"Why there is no figure: {self.name}", reasons, REASONS)
        if "not_available" in can_be:
            self._add("until", "Expected on", DAY)

    def _add_beside(self):
        """The survey and the rating, under the row; their names."""
        asks, before = self.question, len(self.boxes)
        if asks.survey and asks.counts != "both":
            self._add("respondents", "How many answered", COUNT)
        if asks.survey:
            self._add("invited", "How many were asked", COUNT)
            self._add("provider", "Who ran the survey", NAME)
        if asks.is_rated:
            if asks.kind != "rating":
                self._add_list("rating", f"Rating of {self.name}", RATED, RATINGS)
            self._add("on", "Rated on", DAY)
            self._add_list("kind", "Internal or external", KINDS)
            self._add("reviewer", "Rated by", NAME)
            self._add("evidence", "Evidence", ' cols="60" rows="3"', AreaBox)
        return list(self.boxes)[before:]

    def _add_comments(self):
        """What people say about it."""
        self._add("note", "Why this is right", SENTENCE)
        self._add("why", "Why is it so?", SENTENCE)
        self._add("what_next", "What next, who, by when?", SENTENCE)

    def _add(self, name, label, about, kind=Box):
        self.boxes[name] = kind(name, label, LONGEST[name], about)

    def _add_list(self, name, label, choices, words=None):
        """A list of answers; ``words`` are other ways to write them."""
        words = words or {}
        self.boxes[name] = ListBox(
            name,
            label,
            LONGEST[name],
            choices=(("", "Choose"), *choices),
            means=lambda text: word(text, words) or text.casefold(),
        )

    # What is in them

    def _take(self, posted):
        """What was typed; what this form has no box for, or was not sent, stays as it was."""
        self.texts = {name: posted.get(self.name_of(name)) for name in self.boxes}
        told = {name: text.strip() for name, text in self.texts.items() if text is not None}
        for name, text in told.items():
            if problem := self.boxes[name].problem(text):
                self.say(name, problem)
        self.seen = told.pop("seen")
        self.is_being_typed = self.name_of("typing") in posted
        held = {name: getattr(self.held, name) for name in NAMES}
        mended = {name: text.replace("\r\n", "\n") for name, text in told.items()}
        self.typed = Typed(**{**held, **mended})
        if not self.is_being_typed:
            self._set_to_too_few(is_left=self.name_of("settle") in posted)

    def _set_to_too_few(self, *, is_left):
        """The reason takes the place of a small count once the row has been left."""
        few = in_place_of(self.question, self.typed, self.held, self.minimum, settle=is_left)
        if few is not None:
            self.typed, self.too_few_words = few, words_of(self.asked.name, self.minimum)

    @property
    def is_valid(self):
        """Whether what was typed can be kept, whatever it says."""
        return not self.errors

    @property
    def change(self):
        """What was changed here since it was shown; None where nothing was touched."""
        version, _, said = self.seen.partition(".")
        if fingerprint(version, self.typed) == f"{version}.{said}":
            return None
        seen = int(version) if version.isascii() and version.isdigit() else -1
        return Change(asked=self.asked, typed=self.typed, seen=seen)

    # What is said about it

    def show_problems(self, today):
        """Say beside the boxes what stops submitting. Returns the words."""
        if not self.is_valid or self.typed == NOTHING:
            return []
        problems = read(self.question, self.typed, today).problems
        for problem in problems:
            self.say(problem.part, problem.words)
        return [problem.words for problem in problems]

    def say(self, part, words):
        """Put words over a box."""
        self.errors.setdefault(self.box_of(part), []).append(words)

    def box_of(self, part):
        """The box of a part; the first one where it has none of its own."""
        return part if part in self.boxes else self.answer_names[0]

    def clash(self, line):
        """Show what somebody else has made of it, and keep what was typed here."""
        self.texts["seen"] = fingerprint(line.version, line.typed)
        theirs = [getattr(line, name) or "empty" for name in self.answer_names]
        yours = [getattr(self.typed, name) or "empty" for name in self.answer_names]
        self.say(
            self.answer_names[0],
            f"{line.changed_by} has changed this to {' / '.join(theirs)} meanwhile. "
            f"You typed {' / '.join(yours)}: save again to keep yours, or type theirs.",
        )

    # How it is written

    def html_of(self, name):
        """One box, marked if something is wrong with its text."""
        more = " autofocus" if name == self.begins_at else ""
        if name in self.errors and name != "seen":
            more += f' aria-invalid="true" aria-describedby="{self.id_of(name)}_error"'
        return self.boxes[name].html(self.name_of(name), self.texts.get(name) or "", more)

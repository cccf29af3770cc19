"""The life of a return in plain Python: what may happen to it, and what comes of it.

Written from docs/returns.md, without a look at the code that it is held against.
"""

from dataclasses import dataclass, field, replace

TYPES = {"head", "editor", "manager"}
SENDS = {"head", "manager"}
DECIDES = {"manager"}
BEING_TYPED = {"not started", "in progress", "sent back"}
READ = {"93.5": "93.5", "94.1": "94.1", "0": "0", "n/a": "not_applicable"}
UNREADABLE = "lots"
MEASURES = ("Attendance", "Punctuality")


class Refuses(Exception):
    """The model says that this cannot be done."""


@dataclass
class Life:
    """One return of two figures. ``trail`` and ``counted`` count rows and raised versions."""

    state: str = "not started"
    version: int = 1
    typed: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    open: frozenset = frozenset()
    provisional: dict = field(default_factory=dict)
    approved: dict = field(default_factory=dict)
    been_approved: bool = False
    reopened: bool = False
    term_closed: bool = False
    locked_out: bool = False
    trail: int = 0
    counted: int = 0

    def copy(self):
        return replace(
            self,
            typed={**self.typed},
            lines={**self.lines},
            provisional={**self.provisional},
            approved={**self.approved},
        )

    @property
    def shown(self):
        return "locked" if self.locked_out and self.state != "approved" else self.state

    @property
    def limited(self):
        """Approved once and reopened: only what was reopened may be typed into."""
        return self.been_approved and self.reopened

    def is_open(self, measure):
        return not self.limited or measure in self.open

    def save(self, who, measure, text, stale):
        if text == self.typed.get(measure, ""):
            return
        self._may(who in TYPES and self.shown in BEING_TYPED and self.is_open(measure))
        self._may(not (stale and measure in self.lines))
        self._type(measure, text)

    def bring_in(self, who, measure, text):
        """The same from a file, which is refused whole for what cannot be read."""
        self._may(who in TYPES and self.shown in BEING_TYPED)
        if text == self.typed.get(measure, ""):
            return
        self._may(text != UNREADABLE and self.is_open(measure))
        self._type(measure, text)

    def _type(self, measure, text):
        self.typed[measure] = text
        self.lines[measure] = self.lines.get(measure, 0) + 1
        self._move("sent back" if self.state == "sent back" else "in progress")

    def submit(self, who, stale):
        if who in SENDS and self.state == "submitted":
            return
        self._may(who in SENDS and self.shown in BEING_TYPED and not stale)
        if not self.limited:
            self.lines = {measure: self.lines.get(measure, 1) for measure in MEASURES}
        said = {m: self.typed[m] for m in self.lines if self.is_open(m) and self.typed.get(m)}
        self._may(UNREADABLE not in said.values())
        self.provisional = {measure: READ[text] for measure, text in said.items()}
        self._move("submitted", counts=bool(said))

    def withdraw(self, who):
        self._may(who in SENDS and self.shown == "submitted")
        self._take_out("in progress")

    def send_back(self, who, note, stale):
        self._may(who in DECIDES and self.shown == "submitted" and note and not stale)
        self._take_out("sent back")

    def _take_out(self, state):
        counts = bool(self.provisional)
        self.provisional = {}
        self._move(state, counts=counts)

    def approve(self, who, stale):
        if who in DECIDES and self.state == "approved":
            return
        self._may(who in DECIDES and self.shown == "submitted" and not stale)
        counts = bool(self.provisional or self.open)
        kept = {m: said for m, said in self.approved.items() if m not in self.open}
        self.approved = {**kept, **self.provisional}
        self.provisional, self.open = {}, frozenset()
        self.been_approved, self.reopened = True, False
        self._move("approved", counts=counts)
        self.locked_out = self.term_closed

    def close(self, who):
        self._may(who in DECIDES)
        if self.term_closed:
            return
        self._may(self.state != "submitted")
        self.term_closed = self.locked_out = True
        self.trail += 1
        self.counted += self.state != "approved"

    def reopen(self, who, which, reason):
        """One figure that has a line, or else all."""
        wanted = frozenset([which] if which in self.lines else self.lines) - self.open
        is_being_typed = self.shown in {"in progress", "sent back"}
        if who in DECIDES and is_being_typed and not (self.limited and wanted):
            return
        self._may(who in DECIDES and reason)
        self._may(self.shown in {"approved", "locked", "in progress", "sent back"})
        state = "sent back" if self.shown == "sent back" else "in progress"
        self.open |= wanted
        self.reopened, self.locked_out = True, False
        self._move(state)

    def _move(self, state, counts=False):
        self.state = state
        self.version += 1
        self.trail += 1
        self.counted += counts

    def _may(self, allowed):
        if not allowed:
            raise Refuses

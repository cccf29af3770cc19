"""A return of sixty figures, typed and sent, beside the same rows in bare SQL."""

from django.utils import timezone

from kpis.models import Entry, Measure
from returns.asked.asking import Asking
from returns.asked.questions import FIGURES, Typed
from returns.grid.saving import Change, save_lines
from returns.life.sending import submit, withdraw
from returns.life.states import State
from returns.models import Line, Return
from schools.models import Memberships, Trust, Unit
from schools.tenancy import inside

from .floor_return import ReturnFloor
from .ground import Ground
from .rounds import Measured

COUNT = 60
SIZE = "1x150"  # so many KPIs that a school is asked for more than sixty figures
SAVED = 4.0
OF, CHECKED = 900, "Checked against the register."


def measured(stage):
    """Sixty figures typed for the first time, changed, and sent."""
    typing = Typing(Ground(SIZE, stage.seed), COUNT)
    floor = ReturnFloor(stage.bare, typing)
    for name, found in (("new", typing.empty), ("changed", typing.full)):
        bare = f"bare SQL, {COUNT} figures {name}"
        yield Measured(bare, floor.save, found)
        yield Measured(f"{COUNT} figures {name}, saved", typing.save, found, bare, SAVED)
    bare = f"bare SQL, {COUNT} figures sent"
    yield Measured(bare, floor.send, typing.full)
    yield Measured(f"{COUNT} figures read, judged and sent", typing.send, typing.full, bare)


class Typing:
    """One school, and somebody who types its sixty figures, other ones each time."""

    def __init__(self, ground, count):
        self.ground, self.trust, self.term = ground, ground.trust, ground.term
        self.turn = 0
        with inside(self.trust):
            Trust.objects.filter(pk=self.trust.pk).update(wants_comments=False)
            self.trust.refresh_from_db()
            self.memberships = Memberships(self.ground.manager, self.trust)
            school = Unit.objects.schools().get()
            self.asking = _only_figures(self.term, school.pk, count)
            self.asked = self.asking.of_return(school.pk)
            self.return_, _ = Return.objects.get_or_create(unit=school, term=self.term)
            # What was made up for the school does not hang on its lines.
            Entry.objects.provisional().filter(collected_in=self.term).delete()

    # What is found

    def empty(self):
        """Nothing has been typed."""
        with inside(self.trust):
            self._take_back()
            Line.objects.filter(return_to=self.return_).delete()
            self._next()

    def full(self):
        """All sixty have been typed, and not been sent."""
        with inside(self.trust):
            self._take_back()
            if not self.return_.lines.exists():
                self._next()
                self._save()
                self.return_.refresh_from_db()
            self._next()

    def _take_back(self):
        self.return_ = Return.objects.select_related("unit", "term__period").get(pk=self.return_.pk)
        if self.return_.state == State.SUBMITTED:
            withdraw(self.return_, memberships=self.memberships, at=timezone.now())
            self.return_.refresh_from_db()

    def _next(self):
        """What is typed next, and the version of each line that it is typed over."""
        self.turn += 1
        self.lines = {line.key: line for line in self.return_.lines.all()}
        self.changes = []
        for place, asked in enumerate(self.asked):
            line = self.lines.get(asked.key)
            typed = _typed(asked, place + self.turn)
            self.changes.append(Change(asked, typed, line.version if line else 0))

    # What is measured

    def save(self):
        with inside(self.trust):
            self._save()

    def _save(self):
        save_lines(
            self.return_,
            self.changes,
            memberships=self.memberships,
            at=timezone.now(),
            asking=self.asking,
        )

    def send(self):
        with inside(self.trust):
            submit(
                self.return_,
                version=self.return_.version,
                memberships=self.memberships,
                at=timezone.now(),
                asking=self.asking,
            )


def _only_figures(term, school, count):
    """The trust asks for so many figures and nothing else; what the page has read of that."""
    asked = [one for one in Asking(term).of_return(school) if one.measure.kind in FIGURES]
    kept = {one.measure.pk for one in asked[:count]}
    Measure.objects.exclude(pk__in=kept).update(archived_at=timezone.now())
    asking = Asking(term)
    found = len(asking.of_return(school))
    if found != count:
        raise RuntimeError(f"{found} figures are asked, where {count} are measured")
    asking.keep_periods()
    _ = asking.levels
    return asking


def _typed(asked, number):
    """A figure as a person types it, with a note, so that nothing stops sending."""
    if asked.measure.counts == "both":
        return Typed(numerator=str(700 + number % 200), denominator=str(OF), note=CHECKED)
    return Typed(value=f"{60 + number % 30}.{number % 10}", note=CHECKED)

"""What the address asks of the dashboard, and what a person chose there before.

The address is the whole view, so that it can be shared and Back works. Only one
that says nothing at all has the order, axes, priority and phase chosen last.
"""

from dataclasses import dataclass

from schools.models import Phase

from .filters import SHOW

SORTS = {"": "Plan order", "worst": "Worst first", "changed": "Most changed"}
DOWN = ("kpis", "schools")
EVERY = "all"
NAMES = ("priority", "show", "phase", "sort", "down", "page", "open", "all")
KEPT = ("priority", "phase", "sort", "down")
MEMORY = "dashboard"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for; what it cannot mean is left out.

    ``down`` is what stands in the rows: KPIs, schools, or "" for whichever
    suits so many schools. ``all`` puts every cell on one page.
    """

    show: str = ""
    phase: str = ""
    priority: str = ""
    sort: str = ""
    down: str = ""
    page: int = 1
    all: bool = False
    open: frozenset[str] = frozenset()

    @classmethod
    def read(cls, query):
        """From the query of an address, or from what was remembered of one."""

        def one_of(name, known):
            return query.get(name, "") if query.get(name, "") in known else ""

        priority, page = query.get("priority", ""), query.get("page", "")
        return cls(
            show=one_of("show", SHOW),
            phase=one_of("phase", Phase.values),
            priority="" if priority == EVERY else priority,
            sort=one_of("sort", SORTS),
            down=one_of("down", DOWN),
            page=int(page) if len(page) < 4 and page.isdecimal() and int(page) else 1,
            all=query.get("all") == "1",
            open=frozenset(query.getlist("open") if hasattr(query, "getlist") else ()),
        )

    def choices(self):
        """The same as pairs for an address, in one order."""
        pairs = [
            ("priority", self.priority),
            ("phase", self.phase),
            ("sort", self.sort),
            ("down", self.down),
            ("all", "1" if self.all else ""),
            ("page", self.page if self.page > 1 else ""),
            ("show", self.show),
        ]
        told = [(name, str(value)) for name, value in pairs if value]
        return (*told, *(("open", key) for key in sorted(self.open)))

    @property
    def kept(self):
        """What is remembered of it."""
        return {name: value for name in KEPT if (value := getattr(self, name))}


def choose(request, trust):
    """What is asked for, or was when last this person said anything; the trust's own memory."""
    memory = request.session.get(MEMORY, {})
    kept = memory.get(trust.slug, {})
    if not any(name in request.GET for name in NAMES):
        return Chosen.read(kept)
    chosen = Chosen.read(request.GET)
    if chosen.kept != kept and not chosen.all:
        request.session[MEMORY] = memory | {trust.slug: chosen.kept}
    return chosen

"""What a page judges, read from the database once into plain tuples.

The number of queries is fixed: it does not grow with schools, KPIs or terms.
Everything is read inside the trust; nothing is judged here, and nothing is
kept back from anybody: what a person may see, the page decides afterwards.
"""

from dataclasses import dataclass

from kpis.rag.given import CollectingTerm, Given, Settings
from priorities.models import Plan
from schools.models import Term, UnitKind

from .answers import Source, read_answers, read_outside, read_ratings, register_answers
from .measures import Definition, Measures
from .numbers import Difference, PrintedStart, read_baselines, read_targets
from .places import read_units
from .promises import Branch, Change, Clauses, Comment, read_tree
from .times import Calendar

__all__ = [
    "Branch",
    "Change",
    "Comment",
    "Definition",
    "Difference",
    "Facts",
    "NotInPlan",
    "PrintedStart",
    "Source",
    "plan_for",
    "read",
    "read_facts",
    "read_tree",
]


class NotInPlan(LookupError):
    """The page is about an entry that this plan does not have, or not any more."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is judged, and what stands beside it on a page.

    ``tree`` holds the live entries of the plan, parents before their children.
    ``shorts`` are the units' names for the heads of columns, by number.
    ``terms`` are this collecting term and those before it, by their index.
    """

    given: Given
    tree: tuple[Branch, ...]
    shorts: dict
    definitions: dict[int, Definition]
    changes: tuple[Change, ...]
    sources: dict
    terms: dict[int, CollectingTerm]

    def branch(self, pk):
        """One entry of the tree by its number, or None."""
        return next((branch for branch in self.tree if branch.id == pk), None)


def plan_for(term):
    """The plan in force at the end of a term, else the one nearest to it; None without any.

    Before the trust has a term it is the first of its plans.
    """
    plans = list(Plan.objects.filter(archived_at=None).order_by("starts", "version"))
    begun = [plan for plan in plans if term and plan.starts <= term.ends]
    return begun[-1] if begun else next(iter(plans), None)


def read_facts(trust, plan, term, today, *, terms=None):
    """All that the rules are given about one plan in one collecting term."""
    return read(trust, plan, term, today, terms=terms).given


def read(trust, plan, term, today, *, terms=None, node=None):
    """The facts of a page: nine queries, for one school or a hundred.

    ``terms`` are all terms of the trust with their periods, where the caller
    has them; otherwise they are a tenth. ``node`` is the number of the one
    entry of the plan that the page is about: then the comments on it are read
    too, and no figures of others. NotInPlan if the plan has no such entry.
    """
    if terms is None:
        terms = Term.objects.select_related("period__year")
    calendar = Calendar(terms)
    collecting = calendar.collecting(term, today)

    units, shorts = read_units(term)
    own = next(unit.id for unit in units.values() if unit.kind == UnitKind.TRUST)
    tree, overrides = read_tree(plan, term, comments=node is not None)
    if node is not None and all(branch.id != node for branch in tree):
        raise NotInPlan
    clauses = Clauses(plan, calendar, node)
    measures = Measures(clauses.measures)
    every = measures.all()
    aims, aim_changes = read_targets(clauses.readings)
    starts, start_changes = read_baselines(clauses.readings, calendar, measures.places)
    series, sources = read_outside(measures.series, term, trust, units, calendar)
    answers = read_answers(every, term, calendar, measures.places)
    answers |= register_answers(every, units, own, calendar, term)
    complements, group_names = measures.groups()

    return Facts(
        given=Given(
            trust=own,
            settings=Settings(trust.min_to_judge, trust.plan_counts_as, trust.due_soon_days),
            plan_starts=plan.starts,
            plan_ends=plan.ends,
            term=collecting,
            calendar=calendar.days,
            units=units,
            measures=every,
            scales=measures.scales(),
            promises=clauses.promises(tree, measures, aims, starts),
            answers=answers,
            ratings=read_ratings(every, collecting.as_at),
            cases=measures.cases(),
            series=series,
            overrides=overrides,
            complements=complements,
            group_names=group_names,
        ),
        tree=tree,
        shorts=shorts,
        definitions=measures.definitions(),
        changes=(*clauses.changes(measures), *aim_changes, *start_changes),
        sources=sources,
        terms=calendar.up_to(term, today),
    )

"""What a page judges, read from the database once into plain tuples.

The number of queries is fixed: it does not grow with schools, KPIs or terms.
Everything is read inside the trust; nothing is judged here, and nothing is
kept back from anybody: what a person may see, the page decides afterwards.

There are two parts, because they change at different times: what is promised
(`read_plan`), and what units have sent (`read_figures`).
"""

from dataclasses import dataclass, replace

from kpis.rag.given import CollectingTerm, Given, Settings
from priorities.models import Plan
from schools.models import Term, UnitKind

from .answers import Answers
from .dated import read_dated
from .looked_at import LookedAt, looked_at
from .measures import Definition, Measures
from .numbers import Difference, PrintedStart, read_numbers
from .outside import Source, read_outside
from .places import read_units
from .promises import Branch, Change, Clauses, Comment, read_tree
from .register import register_answers
from .times import Calendar
from .versions import Versions, read_versions

__all__ = [
    "Branch",
    "Change",
    "Comment",
    "Definition",
    "Difference",
    "Facts",
    "Figures",
    "NotInPlan",
    "PlanFacts",
    "PrintedStart",
    "Source",
    "Versions",
    "facts_of",
    "plan_for",
    "read",
    "read_facts",
    "read_figures",
    "read_plan",
    "read_tree",
    "read_versions",
]


class NotInPlan(LookupError):
    """The page is about an entry that this plan does not have, or not any more."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is judged, and what stands beside it on a page.

    ``tree`` holds the live entries of the plan, parents before their children.
    ``shorts`` are the units' names for the heads of columns, by number.
    ``terms`` are this collecting term and those before it, by their index;
    ``comments`` are those made in this one.
    """

    given: Given
    tree: tuple[Branch, ...]
    shorts: dict
    definitions: dict[int, Definition]
    changes: tuple[Change, ...]
    sources: dict
    terms: dict[int, CollectingTerm]
    comments: tuple[Comment, ...] = ()

    def branch(self, pk):
        """One entry of the tree by its number, or None."""
        return next((branch for branch in self.tree if branch.id == pk), None)


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is promised, of whom, in one term: `Facts` before anybody has sent anything.

    The answers of ``given`` are those of the register. ``looked_at`` says which
    figures of each measure can count; ``node`` is the one entry that the page
    is about, None for all. It may be kept, by plan, term, day and ``node``,
    for as long as ``promised`` of `Versions` is the same: the data_version of
    the trust's own unit, and those of the series that it can see.
    """

    given: Given
    tree: tuple[Branch, ...]
    shorts: dict
    definitions: dict[int, Definition]
    changes: tuple[Change, ...]
    sources: dict
    terms: dict[int, CollectingTerm]
    plan: Plan
    term: Term
    node: int | None
    calendar: Calendar
    places: dict
    looked_at: dict[int, LookedAt]


@dataclass(frozen=True, slots=True)
class Figures:
    """What units have sent, and what is their own: deadlines and comments.

    All of it by unit. That of one may be kept for as long as its plan facts
    are, and its own data_version is the same; so after one school's save
    ``renewed`` puts what that school has sent now in the place of the old.
    """

    answers: dict
    ratings: dict
    cases: dict
    dues: dict
    comments: tuple[Comment, ...] = ()

    def touched(self, newer, units):
        """The measures of which some units say something else in ``newer``; None is any.

        A deadline of its own moves everything that a unit has not sent.
        """
        if {pk: day for pk, day in self.dues.items() if pk in units} != newer.dues:
            return None
        touched = set()
        for name in ("answers", "ratings", "cases"):
            told = getattr(newer, name)
            known = {key: one for key, one in getattr(self, name).items() if key[1] in units}
            touched |= {key[0] for key in known | told if known.get(key) != told.get(key)}
        return touched

    def renewed(self, newer, units):
        """These figures, with those of some units read anew in their place."""

        def mixed(name, unit_of):
            kept = {
                key: told for key, told in getattr(self, name).items() if unit_of(key) not in units
            }
            return kept | getattr(newer, name)

        kept = (comment for comment in self.comments if comment.unit not in units)
        return Figures(
            answers=mixed("answers", lambda question: question[1]),
            ratings=mixed("ratings", lambda question: question[1]),
            cases=mixed("cases", lambda key: key[1]),
            dues=mixed("dues", lambda unit: unit),
            comments=(*kept, *newer.comments),
        )


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


def read(trust, plan, term, today, *, terms=None, node=None, history=True, approved=False):
    """The facts of a page: eight queries, for one school or a hundred.

    A page that judges only this term and the one before says so: without
    ``history`` it gets no older answers than those can need, and where
    somebody's latest figure lies far back, there is a ninth query. ``node`` is
    the number of the one entry of the plan that a page is about: no figures of
    others are read then.
    ``terms`` are all terms of the trust with their periods, where the caller
    has them; otherwise they are one query more. With ``approved`` what is not
    approved yet does not count. NotInPlan if the plan has no such entry.
    """
    promised = read_plan(trust, plan, term, today, terms=terms, node=node)
    return facts_of(promised, read_figures(promised, history=history, approved=approved))


def read_plan(trust, plan, term, today, *, terms=None, node=None):
    """What is promised: six queries. See `read`, and `PlanFacts` for how long it may be kept."""
    if terms is None:
        terms = Term.objects.select_related("period__year")
    calendar = Calendar(terms)
    tree, overrides = read_tree(plan, term)
    if node is not None and all(branch.id != node for branch in tree):
        raise NotInPlan
    units, shorts = read_units(term)
    own = next(unit.id for unit in units.values() if unit.kind == UnitKind.TRUST)
    clauses = Clauses(plan, calendar, node)
    measures = Measures(plan, node)
    every = measures.all()
    aims, starts, changes = read_numbers(plan, clauses.readings, calendar, measures.places, node)
    series, sources = read_outside(measures.series, plan, term, trust, calendar, node)
    complements, group_names = measures.groups()
    reached = calendar.up_to(term, today)
    bare = Given(
        trust=own,
        settings=Settings(trust.min_to_judge, trust.plan_counts_as, trust.due_soon_days),
        plan_starts=plan.starts,
        plan_ends=plan.ends,
        term=reached[term.period.index],
        calendar=calendar.days,
        units=units,
        measures=every,
        scales=measures.scales(),
        promises=clauses.promises(tree, measures, aims, starts),
        answers=register_answers(every, units, own, calendar, term),
        series=series,
        overrides=overrides,
        complements=complements,
        group_names=group_names,
    )
    return PlanFacts(
        given=bare,
        tree=tree,
        shorts=shorts,
        definitions=measures.definitions(),
        changes=(*clauses.changes(measures), *changes),
        sources=sources,
        terms=reached,
        plan=plan,
        term=term,
        node=node,
        calendar=calendar,
        places=measures.places,
        looked_at=looked_at(bare, judged_terms(reached)),
    )


def judged_terms(terms):
    """The terms that a page about all of the plan judges: this one, and the one before it."""
    return [terms[index] for index in sorted(terms)[-2:][::-1]]


def read_figures(promised, units=None, *, history=False, approved=False):
    """What has been sent: two queries and perhaps a third. See `read`, and `Figures`.

    ``units`` are the numbers of those whose figures are wanted, None for all.
    """
    given, node, plan = promised.given, promised.node, promised.plan
    answers = Answers(given, promised.calendar, promised.places, units, approved=approved)
    if history:
        told = answers.read_all()
    else:
        told = answers.read(promised.looked_at, judged_terms(promised.terms))
    dated = read_dated(
        plan, promised.term, given.term.as_at, promised.calendar, node, units, approved=approved
    )
    return Figures(told, dated.ratings, dated.cases, dated.dues, dated.comments)


def facts_of(promised, figures):
    """What is promised and what was sent, put together. No query."""
    bare = promised.given
    dues = {pk: replace(bare.units[pk], due=day) for pk, day in figures.dues.items()}
    return Facts(
        given=replace(
            bare,
            units={**bare.units, **dues},
            answers=figures.answers | bare.answers,
            ratings=figures.ratings,
            cases=figures.cases,
        ),
        tree=promised.tree,
        shorts=promised.shorts,
        definitions=promised.definitions,
        changes=promised.changes,
        sources=promised.sources,
        terms=promised.terms,
        comments=figures.comments,
    )

"""Take the example away again: every row of its trust, and nothing else.

Which rows belong to a trust each model says itself (``to_trust``), so a table
that is added later is taken along. Periods and the figures for England are
common to all trusts and stay.
"""

from collections import Counter
from graphlib import TopologicalSorter

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import FileField, ProtectedError

from kpis.models import Series
from kpis.models.comparators import Comparator
from schools.models import FullCopy, Job, Outbox, User

from .house import DOMAIN


@transaction.atomic
def remove(trust):
    """Remove the example trust and its people; how many rows of each table went.

    Of the invented people, those who work or have done something in another
    trust by now stay, without any role here. Accounts of other people stay too.
    """
    if not trust.is_example:
        raise ValueError(f"{trust} is no example, so it stays.")
    gone, files = Counter(), _files_of(trust) | _full_copies_of(trust)
    for model in in_order():
        gone += _delete(model.everywhere.filter(**{model.to_trust: trust}))
    its_own = Series.objects.filter(owner=trust.slug)
    gone += _delete(Comparator.objects.filter(series__in=its_own))
    gone += _delete(its_own)
    gone += _delete(Job.objects.filter(trust=trust))
    gone += _delete(Outbox.objects.filter(to__iendswith=f"@{DOMAIN}"))
    gone += _delete(type(trust).objects.filter(pk=trust.pk))
    people = User.objects.filter(email__iendswith=f"@{DOMAIN}", memberships=None)
    forgotten = {str(person.pk): _forget(person) for person in people}
    gone += sum(forgotten.values(), Counter())
    gone += _sign_out({pk for pk, rows in forgotten.items() if rows})
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])
    return gone


def _full_copies_of(trust):
    """Each has its name before there is a file, so it is no file's column."""
    names = FullCopy.everywhere.filter(trust=trust).values_list("name", flat=True)
    return {(storages["private"], name) for name in names}


def _files_of(trust):
    """The files beside the rows of a trust, wherever a model has one: (storage, name)."""
    return {
        (file.storage, file.name)
        for model in in_order()
        for field in model._meta.local_concrete_fields
        if isinstance(field, FileField)
        for row in model.everywhere.filter(**{model.to_trust: trust})
        if (file := getattr(row, field.name))
    }


def in_order():
    """The models whose rows belong to a trust, each before those that it points to.

    A row of two tables (a school is a unit) is one row of the inner one.
    """
    of_a_trust = {_whole(model) for model in apps.get_models() if hasattr(model, "to_trust")}
    points_at = {model: set() for model in of_a_trust}
    for model in apps.get_models():
        own = points_at.get(_whole(model))
        if own is not None:
            columns = [field for field in model._meta.concrete_fields if field.is_relation]
            own |= {_whole(field.related_model) for field in columns} & of_a_trust - {_whole(model)}
    return [*TopologicalSorter(points_at).static_order()][::-1]


def _whole(model):
    """The model that a row of several tables begins with."""
    return model._meta.get_parent_list()[-1] if model._meta.parents else model


def _delete(rows):
    """Delete rows; where they point at each other, those first that nothing points at."""
    model, gone = rows.model, Counter()
    inward = [
        relation.field.related_query_name()
        for relation in model._meta.related_objects
        if relation.related_model is model and not relation.many_to_many
    ]
    outermost = rows.filter(**{f"{name}__isnull": True for name in inward})
    while inward and outermost.exists():
        gone += Counter(outermost.delete()[1])
    return gone + Counter(rows.delete()[1])


def _sign_out(people):
    """End the sessions of people, by their numbers as text: whose they are only each one says."""
    ended = [
        session.pk
        for session in Session.objects.all()
        if session.get_decoded().get(SESSION_KEY) in people
    ]
    return _delete(Session.objects.filter(pk__in=ended))


def _forget(person):
    try:
        with transaction.atomic():
            return Counter(person.delete()[1])
    except ProtectedError:
        return Counter()

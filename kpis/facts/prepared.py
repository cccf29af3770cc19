"""Questions that are put into SQL once, and asked with other values each time.

Making the SQL of a question with fifty columns takes longer than the database
needs to answer it. So it is made for stand-ins, kept for as long as the
process lives, and the values take their places when it is asked.
"""

from collections import namedtuple

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Cast

from schools.tenancy import current_trust, inside

# Numbers that a smallint holds, and that no question has of its own.
_ODD = range(32_001, 32_700)
_TRUST = _ODD[-1]


class Prepared:
    """One question about the trust that we are inside: ``rows`` asks it.

    ``build`` makes its queryset of named values, from the values that will be
    other each time, by name. Text gets a text in its place, all else a number.
    """

    def __init__(self, build, *, texts=()):
        self._build, self._texts, self._made = build, frozenset(texts), {}

    def rows(self, **values):
        """The answer as named tuples, each value as its field has it."""
        key = (connection.vendor, *sorted(values))
        if key not in self._made:
            self._made[key] = self._make(sorted(values))
        sql, places, as_row, converters = self._made[key]
        values["trust"] = current_trust().pk
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[name] if name else value for name, value in places])
            found = cursor.fetchall()
        if not converters:
            return list(map(as_row, found))
        return [as_row(_converted(row, converters)) for row in found]

    def _make(self, names):
        stand_ins = {
            name: f"‹{name}›" if name in self._texts else odd
            for name, odd in zip(names, _ODD, strict=False)
        }
        with inside(_TRUST):
            queryset = self._build(**stand_ins)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        name_of = {value: name for name, value in stand_ins.items()} | {_TRUST: "trust"}
        places = [(name_of.get(param, ""), param) for param in params]
        as_row = namedtuple("Row", queryset._fields)._make
        select = [expression for expression, *_ in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(select)
        converters = [
            (place, convert, expression)
            for place, (converts, expression) in found.items()
            for convert in converts
        ]
        return sql, places, as_row, converters


def _converted(row, converters):
    row = list(row)
    for place, convert, expression in converters:
        if row[place] is not None:
            row[place] = convert(row[place], expression, connection)
    return row


def union(columns, *querysets):
    """Several tables as one question. ``columns`` are the name of each and what has it.

    That is the column of each table, a Value, or the field of one that has none.
    """
    names = [name for name, *_ in columns]
    asked = [
        queryset.order_by()
        .annotate(**{name: _column(of_each[place]) for name, *of_each in columns})
        .values_list(*names)
        for place, queryset in enumerate(querysets)
    ]
    return asked[0].union(*asked[1:], all=True)


def _column(column):
    if isinstance(column, str):
        return F(column)
    if isinstance(column, Value):
        return column
    # PostgreSQL takes two tables' bare nulls for text, and then refuses what the third has.
    return Cast(Value(None), column)

"""Many rows written together, as fast as the database takes them.

Django's own ways build SQL for every single value, ``bulk_update`` a case and
``bulk_create`` a placeholder, and that takes longer than the writing. Here a
statement is written once. Relations are written by their number, so what a row
points at has been written before.
"""

from operator import attrgetter

from django.db import connection, models

MOST_VALUES = 900  # of one statement: SQLite may have been built to take 999
# Their values are what a driver takes; those of others (days, numbers with decimals, JSON) are not.
AS_THEY_ARE = (
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
)


def write(rows, columns):
    """Write some columns of rows that are there; ``columns`` are names of fields."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.get_field(name) for name in columns]
    told = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    table, key = _quoted(meta.db_table), _quoted(meta.pk.column)
    sql = f"UPDATE {table} SET {told} WHERE {key} = %s"  # noqa: S608 - names of our columns
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(_values(rows, [*fields, meta.pk])))


def write_rows(model, columns, rows, same=None):
    """Write some columns of rows that are there; each row is their values, then its number.

    ``same`` says what all of them get.
    """
    if not rows:
        return
    meta = model._meta
    fields = [meta.get_field(name) for name in columns]
    told = {meta.get_field(name): value for name, value in (same or {}).items()}
    beside = [field.get_db_prep_save(value, connection) for field, value in told.items()]
    told = ", ".join(f"{_quoted(field.column)} = %s" for field in [*told, *fields])
    table, key = _quoted(meta.db_table), _quoted(meta.pk.column)
    sql = f"UPDATE {table} SET {told} WHERE {key} = %s"  # noqa: S608 - names of our columns
    odd = _odd(fields)
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[*beside, *_ready(row, odd)] for row in rows])


def add(rows):
    """Add rows of one model, and give each its number."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    into = ", ".join(_quoted(field.column) for field in fields)
    table, key = _quoted(meta.db_table), _quoted(meta.pk.column)
    start = f"INSERT INTO {table} ({into}) VALUES "  # noqa: S608 - names of our columns
    place, end = f"({', '.join(['%s'] * len(fields))})", f" RETURNING {key}"
    many = MOST_VALUES // len(fields)
    with connection.cursor() as cursor:
        for some in (rows[first : first + many] for first in range(0, len(rows), many)):
            sql = start + ", ".join([place] * len(some)) + end
            cursor.execute(sql, [value for row in _values(some, fields) for value in row])
            for row, (number,) in zip(some, cursor.fetchall(), strict=True):
                row.pk = number
                row._state.adding, row._state.db = False, connection.alias  # as bulk_create says


def add_rows(model, columns, rows, same):
    """Add rows that are no models, and nobody asks for their numbers.

    ``columns`` are the names of fields for the values of a row, a relation's
    for a number; ``same`` says what all of them have. The rest is as it begins.
    """
    if not rows:
        return
    meta = model._meta
    fields = [meta.get_field(name) for name in columns]
    others = [
        field for field in meta.concrete_fields if not field.primary_key and field not in fields
    ]
    told = {meta.get_field(name): value for name, value in same.items()}
    beside = [
        field.get_db_prep_save(told.get(field, field.get_default()), connection) for field in others
    ]
    into = ", ".join(_quoted(field.column) for field in [*fields, *others])
    marks = ", ".join(["%s"] * (len(fields) + len(others)))
    sql = f"INSERT INTO {_quoted(meta.db_table)} ({into}) VALUES ({marks})"  # noqa: S608 - names of our columns
    odd = _odd(fields)
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[*_ready(row, odd), *beside] for row in rows])


def _odd(fields):
    """The places of what a driver does not take as it is, and what makes it so."""
    return [
        (place, _maker(field))
        for place, field in enumerate(fields)
        if not isinstance(field, AS_THEY_ARE)
    ]


def _maker(field):
    if isinstance(field, models.JSONField):
        adapt, encoder = connection.ops.adapt_json_value, field.encoder
        return lambda value: None if value is None else adapt(value, encoder)
    return lambda value: field.get_db_prep_save(value, connection)


def _ready(row, odd):
    """The values of one row as the driver takes them; ``odd`` says which are to be made so."""
    row = list(row)
    for place, made in odd:
        row[place] = made(row[place])
    return row


def _values(rows, fields):
    """The values of each row as the driver takes them."""
    of = attrgetter(*[field.attname for field in fields])
    odd = _odd(fields)
    for row in rows:
        yield _ready(of(row), odd)


def _quoted(name):
    return connection.ops.quote_name(name)

"""The database without Django: the driver's own connection, its own rows."""

import sqlite3
from contextlib import nullcontext

import psycopg
from django.db import connection


class Bare:
    """One connection of the bare driver to the database that the site uses."""

    def __init__(self, opened=None):
        settings = connection.settings_dict
        self.is_sqlite, self.is_shared = connection.vendor == "sqlite", opened is not None
        if opened is not None:
            self.connection = opened
        elif self.is_sqlite:
            self.connection = sqlite3.connect(settings["NAME"])
        else:
            self.connection = psycopg.connect(
                dbname=settings["NAME"],
                user=settings["USER"],
                password=settings["PASSWORD"],
                host=settings["HOST"],
                port=settings["PORT"] or None,
                autocommit=True,
                prepare_threshold=0,  # each question is planned once
            )

    def rows(self, sql, *values):
        """All rows of a question; ``?`` stands for a value."""
        if not self.is_sqlite:
            sql = sql.replace("?", "%s")
        return self.connection.execute(sql, values).fetchall()

    def write(self, sql, rows):
        """The same statement for each row of values."""
        if self.is_sqlite:
            self.connection.executemany(sql, rows)
            return
        with self.connection.cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)

    def transaction(self):
        """All of a block or nothing; whose connection is shared keeps its own transaction."""
        if self.is_shared:
            return nullcontext()
        return self.connection if self.is_sqlite else self.connection.transaction()

    def close(self):
        self.connection.close()

"""The database without Django: the driver's own connection, its own rows."""

import sqlite3

import psycopg
from django.db import connection


class Bare:
    """One connection of the bare driver to the database that the site uses."""

    def __init__(self, opened=None):
        settings = connection.settings_dict
        self.is_sqlite = connection.vendor == "sqlite"
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

    def close(self):
        self.connection.close()

"""Run the suite on SQLite, then on PostgreSQL if one answers.

Tests that drive a browser, or ask no database anything, run once; so do those for
which it makes no difference which one they ask.

TEST_POSTGRES_URL says where it is; REQUIRE_POSTGRES=1 makes it a failure that
none answers. Two files run side by side. On the command line: which marks to
run, as pytest's -m takes them.
"""

import os
import subprocess
import sys

import psycopg

LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"
# Every worker, and every site that a test starts, would compile all of Django and of the
# tests anew, a quarter of a minute each, where Python is told to keep nothing.
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}
# In the order of `conftest.py`, which begins with what takes longest.
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
LOUD = "\n" + "!" * 80 + "\n{}\n" + "!" * 80 + "\n"


def main(marks):
    failed = [name for name, run in RUNS if run(marks)]
    if failed:
        print(f"\nFAILED: {' and '.join(failed)}")
    return 1 if failed else 0


def on_sqlite(marks):
    return pytest("SQLite", "sqlite:///:memory:", marks)


def on_postgresql(marks):
    url = os.environ.get("TEST_POSTGRES_URL") or LOCAL
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as why:
        reason = str(why).strip().splitlines()[0]
        print(LOUD.format(f"NOT TESTED ON POSTGRESQL: {reason}\nTEST_POSTGRES_URL names another."))
        return bool(os.environ.get("REQUIRE_POSTGRES"))
    once = "browser or no_database or any_database"
    return pytest("PostgreSQL", url, f"({marks}) and not ({once})")


def pytest(name, url, marks):
    print(f"\n=== {name} ===", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", marks, *SIDE_BY_SIDE],
        env={**os.environ, "DATABASE_URL": url, **COMPILED_ONCE},
        check=False,
    )
    return done.returncode


RUNS = [("SQLite", on_sqlite), ("PostgreSQL", on_postgresql)]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""An answered save is on the disk: SQLite has told the disk to keep it before the answer."""

import shutil
import subprocess

import pytest
from django.db import connection

from tests.factories import make_house, make_return

from .site import Typist

STRACE = shutil.which("strace")


@pytest.fixture
def strace(tmp_path):
    """The command that writes down what a program tells the disk."""
    told = tmp_path / "told"
    command = [STRACE, "-f", "--seccomp-bpf", "-e", "trace=fdatasync,fsync", "-o", str(told)]
    tried = STRACE and subprocess.run([*command, "true"], capture_output=True, check=False)
    if not tried or tried.returncode:
        pytest.skip("NOT TESTED THAT A SAVE IS ON THE DISK: strace is missing or not allowed here")
    return command, told


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL does it itself; the start-up check asks it"
)
def test_no_save_is_answered_before_the_disk_was_told_to_keep_it(site, strace):
    command, told = strace
    _, term, attendance, [school] = make_house()
    return_ = make_return(school, term, typed="0", measure=attendance)
    running = site(processes=1)
    running.commands = [[*command, *running.commands[0]]]
    typist = Typist(running, school, return_)
    running.start()
    typist.open()

    for number in range(5):
        before = told.read_text().count("sync(")
        assert typist.type(f"91.{number}").status == 200
        assert told.read_text().count("sync(") > before
    connection.close()

"""What somebody who has just cloned the repository types."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path):
    """A folder with what make reads, and a way to run it there."""
    for name in ("Makefile", ".env.example", "requirements-uv.txt"):
        shutil.copy(ROOT / name, tmp_path)

    def make(*arguments):
        return subprocess.run(
            ["make", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    make.folder = tmp_path
    return make


def test_bare_make_lists_every_target_with_what_it_does(clone):
    said = clone().stdout

    listed = dict(re.findall(r"^  make (\S+) +(.+)$", said, re.MULTILINE))
    assert listed.keys() == {
        *["help", "setup", "demo", "run", "test", "test-long", "check", "fix"],
        *["screenshots", "lock", "bench"],
    }


def test_an_installation_gets_a_key_of_its_own_once(clone):
    first = clone(".env", f"PYTHON={sys.executable}")
    env = clone.folder / ".env"
    written = env.read_text(encoding="utf-8")
    again = clone(".env", f"PYTHON={sys.executable}")

    key = re.search(r"^SECRET_KEY=(.+)$", written, re.MULTILINE)[1]
    assert len(key) >= 50
    assert env.stat().st_mode & 0o777 == 0o600
    assert key not in first.stdout + first.stderr
    assert env.read_text(encoding="utf-8") == written
    assert "up to date" in again.stdout


def test_a_machine_without_venv_is_told_what_to_install(clone):
    run = clone(".venv/bin/uv", "PYTHON=false")

    assert run.returncode != 0
    assert "apt-get install python3-venv" in run.stdout
    assert not (clone.folder / ".venv").exists()

"""What no file of the repository may name: a package index, or somebody's machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"--(?:extra-)?index[-]url",
            r"--find[-]links",
            r"pypi[.]org/simple",
            r"pythonhosted[.]org",
            r"registry[.]npmjs",
            r"(?<![\w.])/(?:home|Users|root)[/]\w+",
            r"[A-Z]:\\Users\\",
            re.escape(str(ROOT)) + r"\b",
        ]
    )
)


def tracked():
    """Every file that git keeps, but what others wrote and pictures."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.split("\0") if name and "/vendor/" not in name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_file_names_a_package_index_or_a_machine():
    found = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {hit[0]}"
            for number, line in enumerate(lines, start=1)
            if (hit := FORBIDDEN.search(line))
        ]

    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index" + "-url https://packages.example.org/simple",
        "    # from --find" + "-links wheels",
        "see /home" + "/ada/trustplan/db.sqlite3",
        "opened " + str(ROOT) + "/manage.py",
    ],
)
def test_such_a_line_would_be_found(line):
    assert FORBIDDEN.search(line)


def test_every_pinned_package_has_a_hash():
    for name in ("requirements-uv.txt", "requirements.txt", "requirements-dev.txt"):
        pins = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
        without = [pin for pin in pins if "==" in pin and "--hash=sha256:" not in pin]

        assert len(pins) >= 1
        assert without == []


def test_the_secrets_of_an_installation_are_never_kept_in_git():
    ignored = [".env", "db.sqlite3", ".demo-passwords"]

    told = subprocess.run(
        ["git", "check-ignore", *ignored], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert told.stdout.split() == ignored

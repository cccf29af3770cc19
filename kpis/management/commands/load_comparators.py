"""Outside figures from CSV files: England, similar schools."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kpis.comparators import BadComparators, load_comparators, read_comparators


class Command(BaseCommand):
    help = "Bring in outside figures, all files or none. Doing it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)

    def handle(self, *, files, **options):
        read, problems = [], []
        for file in files:
            try:
                with file.open(encoding="utf-8-sig", newline="") as lines:
                    read.append((file, read_comparators(lines, file.name)))
            except BadComparators as why:
                problems += why.problems
            except UnicodeDecodeError:
                problems.append(f"{file.name}: not UTF-8 text. Save it as CSV UTF-8.")
            except OSError as why:
                problems.append(f"{file}: {why.strerror}.")
        if problems:
            raise CommandError("Nothing was loaded.\n" + "\n".join(problems))
        with transaction.atomic():
            for file, figures in read:
                counts = load_comparators(figures)
                told = ", ".join(f"{counts[name]} {name}" for name in TOLD if counts[name])
                self.stdout.write(f"{file.name}: {told}.")


TOLD = ["new", "changed", "same", "older"]

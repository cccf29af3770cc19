"""How fast the pages are, as ratios to floors that are measured in the same run.

``python -m bench`` builds an invented trust of each size in a database of its
own, measures, prints a table and writes docs/benchmarks.md. Nothing imports it.
"""

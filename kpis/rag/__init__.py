"""The rules: what a figure is worth against what was promised.

Pure: no Django, no clock, no database. Every page, report and export asks
these modules and none repeats them. In words: docs/rag.md.
"""

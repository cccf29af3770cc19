"""Spreadsheets: bytes become rows of figures, and returns become templates.

``reading.read_file`` is the one door for a file of figures, whatever its kind:
``csv_file`` and ``xlsx_file`` make plain tables of it, ``shapes`` rows.
"""

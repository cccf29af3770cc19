"""Files of what a page shows: the same rows for the same person, as CSV and as a workbook."""

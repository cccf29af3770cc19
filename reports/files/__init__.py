"""A frozen report as page, Word, Excel and CSV. As PDF it is made by `reports.pdf`."""

"""Plan files: a whole plan as one YAML file, in and out.

In: ``reading`` turns text into plain data and knows the line of everything,
``checking`` says all that is wrong with it, ``wanted`` makes it a state (paths
of things to columns of text), ``holding`` reads the same state from the
database, ``merging`` compares the two, and ``loading`` writes the difference.
Out: ``saying`` turns a state into plain data again, ``printing`` into text, and
``exporting`` proves that the text says what the database holds. The tree of
the plan, and the tables of words and columns, are in ``priorities.plan_files``.
"""

"""The tree of a plan in a plan file: the plan, its own words for levels, its entries.

``words`` says which word of a file fills which column, ``columns`` writes
columns as text, ``tree`` knows what a file wants and what the database holds.
"""

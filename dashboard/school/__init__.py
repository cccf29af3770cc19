"""The pages of schools: one on a page, all in a list, some side by side."""

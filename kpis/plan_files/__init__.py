"""Plan files: a whole plan as one YAML file.

``reading`` turns text into plain data and knows the line of everything,
``checking`` says all that is wrong with it, ``loading`` puts it into the
database. The tree of the plan is loaded by ``priorities.plan_files``.
"""

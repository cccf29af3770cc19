"""The tree of a plan in a plan file: the plan, its own words for levels, its entries."""

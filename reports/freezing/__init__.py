"""From what was judged to the frozen document of a report."""

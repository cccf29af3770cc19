"""The log of cases inside a return."""

"""The page on which a return is typed, and keeping what is typed there."""

"""Who is late, what that hides, and what to do about it."""

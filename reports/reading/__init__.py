"""What was published, as people read it, ask about it and note beside it."""

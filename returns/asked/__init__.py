"""What a term asks, and of whom."""

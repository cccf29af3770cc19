"""The history of a trust."""

"""What every list of fixed words is made of."""

from enum import StrEnum


class Named(StrEnum):
    """An enum that is told apart as the text that it is: its own hash is slow."""

    __hash__ = str.__hash__

"""What all the terms of a trust ask that have opened by a day, each read once."""

from .asking import Asking


class Askings:
    """``terms`` is the trust's whole calendar, earliest first; ``opened`` those till ``today``."""

    def __init__(self, terms, today):
        self.terms = terms
        self.opened = [term for term in terms if term.opens <= today]
        self._read, self._wanted = {}, {}

    def of(self, term):
        """What a term asks."""
        if term.id not in self._read:
            self._read[term.id] = Asking(term, self.terms)
        return self._read[term.id]

    def terms_of(self, wanted):
        """The terms whose returns ask about a period that a row names: many rows name the same."""
        if wanted not in self._wanted:
            self._wanted[wanted] = wanted.terms(self.opened)
        return self._wanted[wanted]

    def why_not(self, measure, unit, group, term):
        """Why a term does not ask for this, in words that end a sentence; None if it does."""
        asking = self.of(term)
        measure = asking.measures[measure.id]
        if not asking.is_of(measure, group):
            return f"of this group is worked out from the counts of {measure.name}, and not asked"
        return asking.why_not(measure, asking.units[unit], group)

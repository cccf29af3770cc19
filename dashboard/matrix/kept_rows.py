"""What stands of each KPI on one person's matrix, kept until something of that KPI changes."""


class KeptRows:
    """Things by their names, each for as long as it is made from the very same other things.

    What it is made from is not compared, which would take as long as making it:
    what has not changed is the same object (`kept_facts`). ``order`` is what else
    it follows, compared as it is. ``cells`` says how much is held.
    """

    def __init__(self):
        self._made, self.cells = {}, 0

    def of(self, name, made_from, make, *, order=()):
        """What ``make`` gives, or gave when it was last asked for by this name."""
        known = self._made.get(name)
        if known is not None and known[0] == order and _are_same(known[1], made_from):
            return known[2]
        made = make()
        self._made[name] = order, made_from, made
        return made


def _are_same(some, others):
    return all(one is other for one, other in zip(some, others, strict=True))

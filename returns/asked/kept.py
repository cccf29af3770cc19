"""What a term asks, kept in this process's memory until something that decides it changes.

Everybody who types a figure asks for the same: which measures, of which units,
in the order of the plan. It stands under the versions of all the facts that
decide it (see ``schools.kept``), so what is out of date is not asked for again.
"""

from schools.kept import Kept

from .asking import Asking
from .plan_order import read_places

AT_MOST = 6  # terms of trusts in one process
TERMS = Kept(AT_MOST, weigh=lambda asked: 1)


def asked_in(return_):
    """All that the term of a return asks, and where each measure stands in the plan.

    ``return_`` is read ``with_facts_version``, before the facts that are kept under it.
    """
    key = return_.term_id, return_.facts_version
    found = TERMS.get(key)
    if found is None:
        found = Asking(return_.term), read_places(return_.term)
        _ = found[0].kept_periods  # asked now, outside of the first save
        TERMS.put(key, found)
    return found

"""The site in processes of its own, ended when the test ends."""

import pytest
from django.db import connection

from .site import Site


@pytest.fixture
def site(transactional_db):
    """Make a site: ``site(processes=1)``; ``start`` it when its rows are there."""
    made = []

    def make(**about):
        made.append(Site(**about))
        return made[-1]

    yield make
    for each in made:
        each.kill()
    connection.close()

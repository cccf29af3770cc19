"""What every test of the dashboard may ask for."""

import pytest

from schools.models import Role
from tests.factories import make_user

from .kpi_house import kpi_page


@pytest.fixture
def as_leader(sign_in):
    """Open a KPI as the leader of its trust: the page."""

    def opened(trust, term, kpi=None, **choices):
        client = sign_in(make_user(Role.LEADER, trust))
        return client.get(kpi_page(trust, term, kpi, **choices))

    return opened

"""Every test of returns watches for whoever changes what a term asks in silence."""

import pytest


@pytest.fixture(autouse=True)
def _asked_aloud(asked_aloud):
    pass

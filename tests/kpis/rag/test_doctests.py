"""The examples in the docstrings of the rules are true."""

import doctest
import importlib
import pkgutil

import pytest

import kpis.rag

MODULES = [module.name for module in pkgutil.iter_modules(kpis.rag.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_rule_hold(name):
    module = importlib.import_module(f"kpis.rag.{name}")

    failed, _ = doctest.testmod(module)

    assert failed == 0

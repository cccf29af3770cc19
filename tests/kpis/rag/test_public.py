"""What every module of the rules owes its readers: words, a source, and values that stay."""

import dataclasses
import importlib
import inspect
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest

import kpis.rag

PAGE = (Path(__file__).parents[3] / "docs" / "rag.md").read_text(encoding="utf-8")
HEADINGS = set(re.findall(r"^#+ (.+)$", PAGE, flags=re.MULTILINE))
MODULES = [
    importlib.import_module(f"kpis.rag.{module.name}")
    for module in pkgutil.iter_modules(kpis.rag.__path__)
]


def own(module):
    """The public functions and classes that a module defines itself."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__ == module.__name__
    }


def members(kind):
    """The public methods and properties that a class defines itself."""
    for name, thing in vars(kind).items():
        member = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
        if inspect.isfunction(member) and not name.startswith("_"):
            yield name, member


def without_words(module):
    for name, thing in own(module).items():
        # A dataclass without words of its own gets its signature for some.
        if not thing.__doc__ or thing.__doc__.startswith(f"{name}("):
            yield name
        if inspect.isclass(thing):
            yield from (f"{name}.{its}" for its, member in members(thing) if not member.__doc__)


def by_name(modules):
    return pytest.mark.parametrize("module", modules, ids=lambda module: module.__name__)


@by_name(MODULES)
def test_everything_public_says_what_it_is(module):
    assert list(without_words(module)) == []


@by_name(MODULES)
def test_every_module_names_its_section_of_the_page_of_rules(module):
    source = re.search(r"\n\nSource: docs/rag\.md, (.+)\.\n?$", module.__doc__)

    assert source, "its docstring ends on: Source: docs/rag.md, and a heading of that page"
    assert source[1] in HEADINGS


def test_every_source_named_elsewhere_is_a_section_too():
    texts = [inspect.getsource(module) for module in MODULES]
    named = re.findall(r"docs/rag\.md,\s+([A-Z][^.]+)\.", "\n".join(texts))

    assert set(named) <= HEADINGS


@by_name(MODULES)
def test_what_the_rules_are_given_and_give_never_changes(module):
    kinds = [kind for kind in own(module).values() if dataclasses.is_dataclass(kind)]

    assert [kind for kind in kinds if not kind.__dataclass_params__.frozen] == []
    assert [kind for kind in kinds if not hasattr(kind, "__slots__")] == []


def test_a_missing_word_would_be_found():
    module = ModuleType("example")
    exec("class Thing:\n    def says(self): ...\ndef does(): ...", vars(module))

    assert list(without_words(module)) == ["Thing", "Thing.says", "does"]

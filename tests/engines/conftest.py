"""Workers are processes that begin with the main module of the one that starts them."""

import sys
from types import ModuleType

import pytest


@pytest.fixture(scope="module", autouse=True)
def _plain_main_module():
    """Streamlit's test runner leaves the app as the main module of the whole test process; workers are not to run it."""
    before = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    yield
    sys.modules["__main__"] = before

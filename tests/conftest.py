"""What all tests share."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from highdicom.codec import imagecodecs

# The judges (tests/conformance/judges.py) can be asked from anywhere: import judges.
sys.path.insert(0, str(Path(__file__).parent / "conformance"))

# Same examples in every run, no limits of time on machines that are busy. More of both
# with HYPOTHESIS_PROFILE=thorough.
settings.register_profile(
    "default",
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    deadline=None,
    max_examples=1000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# The last imagecodecs for Python 3.10 cannot encode it.
_HAS_HTJ2K = imagecodecs.is_available("HTJ2K")
_HTJ2K = "1.2.840.10008.1.2.4.20"


def pytest_collection_modifyitems(config: pytest.Config, items: list) -> None:
    """Mark tests by the folder they are in."""
    marks = {"conformance": pytest.mark.conformance, "interop": pytest.mark.interop}
    for item in items:
        for folder, mark in marks.items():
            if folder in item.path.parts:
                item.add_marker(mark)
        if not _HAS_HTJ2K and _is_of_htj2k(item):
            item.add_marker(pytest.mark.skip(reason="imagecodecs here has no HTJ2K"))


def _is_of_htj2k(item: pytest.Item) -> bool:
    """Whether a test is one of a series of transfer syntaxes, for HTJ2K."""
    parameters = getattr(getattr(item, "callspec", None), "params", {}).values()
    return any(str(value).startswith(_HTJ2K) for value in parameters)

"""What every test has: hypothesis without a clock, one thread for sums, and one extractor for the session."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is loaded: each process of the tests has one processor

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from extractors.extract import Extract, load
from extractors.text import make_document
from schemas import Extraction

ROOT = Path(__file__).parents[1]

settings.register_profile(
    "coopledger", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("coopledger")

_SLOW_ROOMS = {
    "flows",
    "formats",
    "hostile",
    "release",
    "report",
    "review",
}  # they start servers, browsers, runs or processes to kill


@pytest.fixture(scope="session")
def extract() -> Extract:
    """The extractor as it ships; reading leaves it as it was."""
    return load()


@pytest.fixture(scope="session")
def seeds(extract: Extract) -> Mapping[str, Extraction]:
    """What is read in each seed, by its name."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))}
    return {name: extract.read(make_document(name, text)) for name, text in texts.items()}


# Fixtures that cost seconds: one process makes each.
_SHARED = ("seeds", "prefect_server", "example", "sentences", "ordinary", "store")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument alone: archives hold the time, and no two processes would agree on it."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow rooms, so that `make fast` leaves them out; keep those together that share something."""
    for item in items:
        if item.path.parent.name in _SLOW_ROOMS:
            item.add_marker(pytest.mark.slow)
        for name in set(_SHARED).intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(name))

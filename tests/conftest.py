"""What every test has: hypothesis without a clock, one thread for sums, and one extractor for the session."""

import os
import tempfile

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is loaded: each process of the tests has one processor

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from extractors.extract import Extract
    from schemas import Extraction

ROOT = Path(__file__).parents[1]

settings.register_profile(
    "coopledger", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("coopledger")

MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # a folder that lies in memory, and the bytes that must be free in it


def _keep_files_in_memory() -> None:
    """Put the tests' folders where writing takes no disk: releases, logs and databases are flushed to it all the time.

    Where Linux has no such folder, with room and for programs too, or TMPDIR names another, they are where they were.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    there = os.statvfs(MEMORY)
    if there.f_bavail * there.f_frsize >= ROOM and not there.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


_keep_files_in_memory()

_SLOW_ROOMS = {
    "flows",
    "formats",
    "hostile",
    "release",
    "report",
    "review",
}  # they start servers, browsers, runs or processes to kill


@pytest.fixture(scope="session")
def extract() -> "Extract":
    """The extractor as it ships; reading leaves it as it was."""
    from extractors.extract import load  # heavy: what only hands the tests out has no use for it

    return load()


@pytest.fixture(scope="session")
def seeds(extract: "Extract") -> "Mapping[str, Extraction]":
    """What is read in each seed, by its name."""
    from extractors.text import make_document

    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))}
    return {name: extract.read(make_document(name, text)) for name, text in texts.items()}


@pytest.fixture
def browser() -> "Browser":
    """The browser of all tests in a row that have one."""
    from tests.review.browsing import SHARED

    return SHARED.open()


@pytest.hookimpl(trylast=True)  # after what the test has opened in it
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Close the browser where the next test has none."""
    if "browser" in getattr(item, "fixturenames", ()) and "browser" not in getattr(nextitem, "fixturenames", ()):
        from tests.review.browsing import SHARED

        SHARED.close()


# Fixtures that cost seconds: one process makes each.
_SHARED = ("seeds", "prefect_server", "example", "sentences", "ordinary", "store")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument alone: archives hold the time, and no two processes would agree on it."""
    return argname if isinstance(val, bytes) else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the slow rooms out of ``make fast`` before they are imported, which takes longer than many of its tests."""
    fast = config.getoption("markexpr") == "not slow"
    return True if fast and collection_path.name in _SLOW_ROOMS and collection_path.is_dir() else None


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of slow rooms, so that `make fast` leaves them out; keep those together that share something."""
    for item in items:
        if item.path.parent.name in _SLOW_ROOMS:
            item.add_marker(pytest.mark.slow)
        for name in set(_SHARED).intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(name))

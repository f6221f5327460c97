"""What every test has: hypothesis without a clock, and a place for shared fixtures."""

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need more than a few seconds, so that `make fast` leaves them out."""
    for item in items:
        if item.path.parent.name in _SLOW_ROOMS:
            item.add_marker(pytest.mark.slow)

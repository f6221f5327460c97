"""What every test has: hypothesis without a clock, and a place for shared fixtures."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "coopledger", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("coopledger")

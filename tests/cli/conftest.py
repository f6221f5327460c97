"""The same fixtures as for the flows."""

from tests.flows.conftest import fake, folder, options, prefect_server

__all__ = ["fake", "folder", "options", "prefect_server"]

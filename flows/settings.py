"""How Prefect is set up for coopledger: quiet, without telemetry, patient at the start."""

import logging
import os
from pathlib import Path

TAGS = ("coopledger",)
PUBLISHER = "coopledger-publisher"
START_SECONDS = 120  # a busy machine may take that long to start a server
_FOR_ALL = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(START_SECONDS),
    "PYTHONSAFEPATH": "1",  # no child imports from the current folder, which may hold a package of one of our names
}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""One thread a process: the processes share the processors, and sums are added up in the same order everywhere."""

_FOR_COMMANDS = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the command says what matters; the server keeps it all
    "PREFECT_CLI_PROMPT": "false",
}


def prepare(*, quiet: bool) -> None:
    """Set up this process and its children, before Prefect is imported; what the user set stays as it is.

    ``quiet`` keeps Prefect's log from the terminal; it is still sent to the server.
    """
    for name, value in (_FOR_ALL | ONE_THREAD | (_FOR_COMMANDS if quiet else {})).items():
        os.environ.setdefault(name, value)
    logging.captureWarnings(quiet)


def own_server() -> bool:
    """Tell whether the user has no Prefect server, by the environment or a profile, so that a run brings its own."""
    if os.environ.get("PREFECT_API_URL"):
        return False
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    if not (home / "profiles.toml").is_file():
        return True
    from prefect.settings import PREFECT_API_URL

    return not PREFECT_API_URL.value()

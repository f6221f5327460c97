"""The command ``coopledger``, and ``python -m coopledger``."""

import os
import signal
import sys


def main() -> None:
    """Run the command line; if its extra is not installed, print that in one line and exit with status 2."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stopped)
    from schemas.extras import MissingExtraError, requires_extra

    try:
        with requires_extra("the command line", "flows"):
            from flows.cli import main as command_line
    except MissingExtraError as error:
        sys.stderr.write(f"coopledger: {error}\n")
        sys.exit(2)
    command_line()


def _stopped(number: int, frame: object) -> None:
    """Exit on a signal while the command line is being imported: nothing has been done, so no traceback is needed."""
    sys.stderr.write("coopledger: stopped before it began\n")
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    main()

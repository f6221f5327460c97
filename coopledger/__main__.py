"""The command ``coopledger``, and ``python -m coopledger``."""

import sys

from schemas.extras import MissingExtraError, extras_named


def main() -> None:
    """Run the command line; say in one line which extra it needs where it is not installed."""
    try:
        with extras_named("the command line", "flows"):
            from flows.cli import main as command_line
    except MissingExtraError as error:
        sys.stderr.write(f"coopledger: {error}\n")
        sys.exit(2)
    command_line()


if __name__ == "__main__":
    main()

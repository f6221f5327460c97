"""The page of the command line, written from the command line itself."""

import subprocess
import sys
from pathlib import Path

INTRODUCTION = """# Commands

`coopledger COMMAND --help` shows the same on the terminal; `coopledger --version` prints the version.

"""


def commands() -> str:
    """Return the page as Markdown: every command with its arguments and options."""
    call = [sys.executable, "-m", "typer", "flows.cli", "utils", "docs", "--name", "coopledger"]
    root = Path(__file__).parents[1]
    written = subprocess.run(call, cwd=root, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    return INTRODUCTION + written[written.index("## ") :]

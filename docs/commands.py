"""The page of the command line, written from the command line itself."""

import subprocess
import sys
from pathlib import Path


def commands() -> str:
    """Return the page as Markdown: every command with its arguments and options."""
    call = [sys.executable, "-m", "typer", "flows.cli", "utils", "docs", "--name", "coopledger", "--title", "Commands"]
    root = Path(__file__).parents[1]
    return subprocess.run(call, cwd=root, capture_output=True, text=True, check=True, encoding="utf-8").stdout

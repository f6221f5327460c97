"""How much work a call is: the lines of this package that it runs, counted and not timed, so that no load matters."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import extractors

_PACKAGE = str(Path(extractors.__file__).parent)


def lines_run(call: Callable[[], object]) -> int:
    """Count the lines of the package that a call runs, each turn of a loop or comprehension anew."""
    count = 0

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return local

    def entered(frame: FrameType, event: str, argument: Any) -> Any:
        return local if frame.f_code.co_filename.startswith(_PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        call()
    finally:
        sys.settrace(before)
    return count

"""The errors of a run, each with a one-line message that tells the user what to do, and helpers that word messages."""

import errno
from collections.abc import Sequence

from schemas.errors import CoopledgerError

_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_MAX_LENGTH = 160
_MAX_NAMES = 10


class InputError(CoopledgerError):
    """The input cannot be used; nothing was read."""


class UsageError(CoopledgerError):
    """The command or one of its parameters is wrong."""


def cannot_write(error: BaseException) -> bool:
    """Return whether an error means that no more can be written: disk or quota full, or a read-only disk."""
    return isinstance(error, OSError) and error.errno in _UNWRITABLE


def short_message(error: BaseException) -> str:
    """Return an error's class and the first sentence of its message; the rest is a library's advice."""
    first = str(error).strip().split("\n", 1)[0].split(". ", 1)[0][:_MAX_LENGTH]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def join_names(names: Sequence[str], between: str = ", ") -> str:
    """Join at most ``_MAX_NAMES`` names, and add how many more there are."""
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    return f"{between.join(names[:_MAX_NAMES])}{more}"

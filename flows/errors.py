"""What goes wrong around a run, each as one line that a person can act on."""

import errno
from collections.abc import Sequence

from schemas.errors import CoopledgerError

_LASTING = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_SHORT = 160
_NAMED = 10


class InputError(CoopledgerError):
    """The input cannot be used as it is; nothing was read."""


class UsageError(CoopledgerError):
    """The command or a parameter makes no sense as given."""


def lasts(error: BaseException) -> bool:
    """Return whether nothing can be written any more: the disk or a quota is full, or the disk is read-only."""
    return isinstance(error, OSError) and error.errno in _LASTING


def short(error: BaseException) -> str:
    """Return an error's kind and the first sentence of what it says: the rest is a library's advice."""
    first = str(error).strip().split("\n", 1)[0].split(". ", 1)[0][:_SHORT]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def named(names: Sequence[str], between: str = ", ") -> str:
    """Name the first of many, and say how many more there are."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{between.join(names[:_NAMED])}{more}"

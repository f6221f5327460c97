"""Text in, records out: users import ``load``, ``find_amounts`` and ``find_years`` from here.

Each is imported at its first use, so that reading a sum of money does not load spaCy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.extract import load
    from extractors.mentions.amounts import find_amounts
    from extractors.mentions.years import find_years

__all__ = ["find_amounts", "find_years", "load"]
_MODULES = {
    "find_amounts": "extractors.mentions.amounts",
    "find_years": "extractors.mentions.years",
    "load": "extractors.extract",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'extractors' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)

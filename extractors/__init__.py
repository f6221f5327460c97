"""Text in, records out: ``load()`` for whole documents, ``find_amounts`` and ``find_years`` on their own.

The names are imported when first used, so that reading a sum of money does not load spaCy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.entities.amounts import find_amounts
    from extractors.entities.years import find_years
    from extractors.extract import Extract, load

__all__ = ["Extract", "find_amounts", "find_years", "load"]
_HOMES = {
    "Extract": "extractors.extract",
    "find_amounts": "extractors.entities.amounts",
    "find_years": "extractors.entities.years",
    "load": "extractors.extract",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'extractors' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

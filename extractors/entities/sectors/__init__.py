"""Sectors and fields: phrases that signal them, and a trained classifier of texts."""

from typing import TYPE_CHECKING, Any

from extractors.entities.sectors.classify import SectorModel, classify_sector
from extractors.entities.sectors.phrases import fields_of, find_sectors

if TYPE_CHECKING:
    from extractors.entities.sectors.component import make_sectors

__all__ = ["SectorModel", "classify_sector", "fields_of", "find_sectors", "make_sectors"]


def __getattr__(name: str) -> Any:
    """Import spaCy only for those who ask for the component."""
    if name == "make_sectors":
        from extractors.entities.sectors.component import make_sectors

        return make_sectors
    raise AttributeError(name)

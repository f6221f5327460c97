"""Sectors and fields: phrases that signal them, and a trained classifier of texts."""

from extractors.entities.sectors.classify import SectorModel, classify_sector
from extractors.entities.sectors.phrases import fields_of, find_sectors

__all__ = ["SectorModel", "classify_sector", "fields_of", "find_sectors"]

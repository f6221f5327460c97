"""Parties: countries, bodies, persons with office and groups that a text mentions."""

from extractors.mentions.parties.find import country_of, find_parties, paired, parts

__all__ = ["country_of", "find_parties", "paired", "parts"]

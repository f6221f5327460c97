"""Parties: countries, bodies, persons with office and groups that a text mentions."""

from extractors.mentions.parties.find import find_parties
from extractors.mentions.parties.names import country_of, normalise_name, paired, parts, same_name, same_party

__all__ = ["country_of", "find_parties", "normalise_name", "paired", "parts", "same_name", "same_party"]

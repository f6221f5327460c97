"""Mentions of parties, years and amounts in a text: what they are, and a finder and a spaCy component for each kind."""

from extractors.mentions.types import AmountMention, Mention, PartyMention, YearMention

__all__ = ["AmountMention", "Mention", "PartyMention", "YearMention"]

"""Mentions of parties, years and amounts in a text.

``types`` says what a mention is. ``parties``, ``years`` and ``amounts`` each find one kind in plain text, by tables and
patterns; ``patterns`` is how years and amounts are matched; ``components`` makes spaCy components of the finders.
"""

from extractors.mentions.types import AmountMention, Mention, PartyMention, YearMention

__all__ = ["AmountMention", "Mention", "PartyMention", "YearMention"]

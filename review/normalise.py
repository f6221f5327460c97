"""Selected words made into values. The page imports no extractor: whoever starts it hands one of these in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Amount, Party, Sector, Span, Year, crs_sectors

_YEARS = re.compile(r"\b(1[0-9]{3}|2[0-9]{3})\b(?:\s*(?:-|–|to|until)\s*(1[0-9]{3}|2[0-9]{3})\b)?")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mention that may fill a field of a record: where it is, and which field."""

    field: str
    span: Span


class Normaliser:
    """Makes the value of a field of the words that a curator selected; this one knows names as they stand, and years.

    Each method takes the document's whole text and the selection (code points, end exclusive, not empty, without blanks
    at its ends), and returns a value whose span is that selection, or None where the words give none.
    """

    def party(self, text: str, start: int, end: int) -> Party | None:
        """Make a party: canonical name, type, country."""
        span = Span.of(text, start, end)
        return Party(name=" ".join(span.text.split()), type="organisation", span=span)

    def year(self, text: str, start: int, end: int) -> Year | None:
        """Make a year or a range of years, here of four digits each."""
        found = _YEARS.search(text, start, end)
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        return Year(start=first, end=max(first, last), span=Span.of(text, start, end))

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        """Make an amount, with dollars at the rate of the act's ``year``; here the number is left to the curator."""
        return None

    def sector(self, text: str, start: int, end: int) -> Sector | None:
        """Make a sector with its fields, here by its code alone."""
        words = text[start:end].split()
        code = next((word for word in words if word in crs_sectors()), None)
        return Sector(code=code, name=crs_sectors()[code], span=Span.of(text, start, end)) if code else None

    def suggest(self, text: str, start: int, end: int) -> Sequence[Suggestion]:
        """List the mentions of parties (as ``party``), years and amounts in a stretch of text, in order."""
        found = _YEARS.finditer(text, start, end)
        return [Suggestion("year", Span.of(text, one.start(), one.end())) for one in found]

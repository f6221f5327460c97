"""Normalises the words that a curator selected with the extractors, which the review page itself may not import."""

from collections.abc import Sequence
from operator import attrgetter
from typing import TypeVar

from extractors.headline import classify_sector
from extractors.mentions import Mention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.years import find_years
from extractors.records.build import amount_of, party_of, year_of
from extractors.text.sector_phrases import fields_of
from review import Normaliser, Suggestion
from schemas import Amount, Party, Sector, Span, Year, crs_sectors

M = TypeVar("M", bound=Mention)


class ExtractorsNormaliser(Normaliser):
    """Reads a selection as the extractors read a text; if they find nothing, as the base class does."""

    def party(self, text: str, start: int, end: int) -> Party | None:
        """Make a party: canonical name, type, country."""
        span = Span.of(text, start, end)
        found = _longest(find_parties(span.text))
        return (
            party_of(found, span.text).model_copy(update={"span": span}) if found else super().party(text, start, end)
        )

    def year(self, text: str, start: int, end: int) -> Year | None:
        """Make a year or a range of years; None if there is none."""
        span = Span.of(text, start, end)
        found = _longest(find_years(span.text))
        year = year_of(found, span.text) if found else super().year(text, start, end)
        return year.model_copy(update={"span": span}) if year else None

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        """Make an amount, with dollars at the exchange rate of ``year``; None if there is none."""
        span = Span.of(text, start, end)
        found = _longest(find_amounts(span.text))
        if found is None:
            return super().amount(text, start, end, year=year)
        amount = amount_of(found, None if year is None else Year(start=year, end=year, span=span))
        if amount is None:
            return None
        stated = tuple(one.model_copy(update={"span": _shifted(one.span, start, text)}) for one in amount.stated)
        return amount.model_copy(update={"span": span, "stated": stated})

    def sector(self, text: str, start: int, end: int) -> Sector | None:
        """Make a sector with its fields."""
        span = Span.of(text, start, end)
        code, _ = classify_sector(span.text)
        return Sector(code=code, name=crs_sectors()[code], fields=fields_of(span.text), span=span)

    def suggest(self, text: str, start: int, end: int) -> Sequence[Suggestion]:
        """Return the mentions of parties, years and amounts in ``text[start:end]``, sorted by place."""
        words = text[start:end]
        mentions: dict[str, Sequence[Mention]] = {
            "party": find_parties(words),
            "year": find_years(words),
            "amount": find_amounts(words),
        }
        found = [Suggestion(field, _shifted(one, start, text)) for field, ones in mentions.items() for one in ones]
        return sorted(found, key=attrgetter("span.start", "span.end"))


def _longest(found: Sequence[M]) -> M | None:
    return max(found, key=_length, default=None)


def _length(mention: Mention) -> int:
    return mention.end - mention.start


def _shifted(place: Mention | Span, by: int, text: str) -> Span:
    return Span.of(text, place.start + by, place.end + by)

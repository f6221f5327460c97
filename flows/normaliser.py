"""Words that a curator selected, made into values by the extractors; the review page imports none itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from extractors.headline.sectors import classify_sector
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.years import find_years
from extractors.records.build import amount_of, party_of, year_of
from extractors.text.sector_phrases import fields_of
from review import Normaliser, Suggestion
from schemas import Amount, Party, Sector, Span, Year, crs_sectors

M = TypeVar("M", bound=Mention)


class ExtractorsNormaliser(Normaliser):
    """Reads a selection as the extractors read a text; where they find nothing, takes it as it stands."""

    def party(self, text: str, start: int, end: int) -> Party | None:
        """Make a party: canonical name, type, country."""
        span = Span.of(text, start, end)
        found: PartyMention | None = _widest(find_parties(span.text))
        if found is None:
            return super().party(text, start, end)
        return party_of(_moved(found, start), text).model_copy(update={"span": span})

    def year(self, text: str, start: int, end: int) -> Year | None:
        """Make a year or a range of years."""
        span = Span.of(text, start, end)
        found: YearMention | None = _widest(find_years(span.text))
        year = year_of(_moved(found, start), text) if found else super().year(text, start, end)
        return year.model_copy(update={"span": span}) if year else None

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        """Make an amount, with dollars at the rate of ``year``."""
        span = Span.of(text, start, end)
        found: AmountMention | None = _widest(find_amounts(span.text))
        if found is None:
            return super().amount(text, start, end, year=year)
        when = None if year is None else Year(start=year, end=year, span=span)
        amount = amount_of(_moved(found, start), when)
        return amount.model_copy(update={"span": span}) if amount else None

    def sector(self, text: str, start: int, end: int) -> Sector | None:
        """Make a sector with its fields."""
        span = Span.of(text, start, end)
        code, _ = classify_sector(span.text)
        return Sector(code=code, name=crs_sectors()[code], fields=fields_of(span.text), span=span)

    def suggest(self, text: str, start: int, end: int) -> Sequence[Suggestion]:
        """List the mentions of parties, years and amounts in a stretch of text, in order."""
        found = sorted(_suggestions(text[start:end], start, text), key=_place)
        return tuple(found)


def _suggestions(words: str, start: int, text: str) -> Iterator[Suggestion]:
    for field, find in (("party", find_parties), ("year", find_years), ("amount", find_amounts)):
        for one in find(words):
            yield Suggestion(field, Span.of(text, start + one.start, start + one.end))


def _place(one: Suggestion) -> tuple[int, int]:
    return (one.span.start, one.span.end)


def _widest(found: Sequence[M]) -> M | None:
    return max(found, key=_length, default=None)


def _length(mention: Mention) -> int:
    return mention.end - mention.start


def _moved(mention: M, by: int) -> M:
    moved = replace(mention, start=mention.start + by, end=mention.end + by)
    if isinstance(moved, AmountMention):
        return replace(moved, stated=tuple(_moved(one, by) for one in moved.stated))
    return moved

"""Countries that a text names by their money alone: "ten thousand Liberian dollars"."""

from collections.abc import Iterable, Iterator
from functools import cache

from extractors.mentions import AmountMention, PartyMention
from extractors.mentions.amounts.tables import places
from extractors.mentions.parties import country_of
from extractors.mentions.parties.entries import country_names

_ABROAD = frozenset(  # used far from home or by neighbours too, so they tell no country
    ["USD", "EUR", "GBP", "CNY", "JPY", "CHF", "AUD", "NZD", "ZAR", "INR", "ANG"]
)


@cache
def country_of_currency(code: str) -> str | None:
    """Return the one country (ISO 3166-1 alpha-3) whose money a currency (ISO 4217) is; None where several share it."""
    countries = {country_of(adjective) for adjective in places().get(code, ())} - {None}
    return countries.pop() if len(countries) == 1 and code not in _ABROAD else None


def named_by_money(
    amounts: Iterable[AmountMention], parties: Iterable[PartyMention]
) -> Iterator[tuple[AmountMention, PartyMention]]:
    """Yield each sum that names a country which no party names, and a mention of that country that quotes the sum."""
    known = {country for party in parties for country in (party.country, *party.countries)}
    for amount in amounts:
        country = country_of_currency(amount.unit) if amount.kind == "money" else None
        if country is not None and country not in known:
            name = country_names()[country]
            yield amount, PartyMention(
                amount.start, amount.end, amount.text,
                name=name, type="country", country=country, role="place", source="currency",
            )  # fmt: skip

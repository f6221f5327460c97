"""A scene: the sentences of a document as words, and the place of each mention among them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TypeVar

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.amounts.tables import PLACES as CURRENCY_PLACES
from extractors.mentions.parties import country_of
from extractors.mentions.parties.entries import COUNTRY_NAMES
from extractors.text.sentences import trimmed
from schemas.packaged import packaged_rows

_TABLE = "extractors.headline"
_CUES = packaged_rows(_TABLE, "cues.csv")
_CUE_OF = {word: number for number, row in enumerate(_CUES) for word in row["words"].split()}
CUE_NAMES = tuple(row["cue"] for row in _CUES)
GIVERS = frozenset(row["country"] for row in packaged_rows(_TABLE, "donors.csv"))
"""The known donor countries, ISO 3166-1 alpha-3."""

_GAP_WORDS = {row["tells"]: frozenset(row["words"].split()) for row in packaged_rows(_TABLE, "gaps.csv")}
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_TITLE = 300
_M = TypeVar("_M", bound=Mention)
_ABROAD = frozenset(  # used in other countries too, so they name no country
    ["USD", "EUR", "GBP", "CNY", "JPY", "CHF", "AUD", "NZD", "ZAR", "INR", "ANG"]
)


@dataclass(frozen=True, slots=True)
class WordPlace:
    """Where a mention stands: the index of its sentence, and its index among the words of the sentence."""

    sentence: int
    word: int


@dataclass(frozen=True)
class Scene:
    """A text, the bounds of its sentences in characters, their words, and the mentions with their places.

    ``words[i]`` are the words of sentence ``i`` in lower case, where a mention is replaced by its kind (``xparty``,
    ``xmoney``, ``xcount``, ``xyear``); ``cues[i]`` are pairs of (index of the word, index of the cue). Sentence 0 is
    the title where ``titled``.
    """

    text: str
    titled: bool
    bounds: tuple[tuple[int, int], ...]
    words: tuple[tuple[str, ...], ...]
    cues: tuple[tuple[tuple[int, int], ...], ...]
    places: dict[Mention, WordPlace]
    parties: tuple[PartyMention, ...]
    amounts: tuple[AmountMention, ...]
    years: tuple[YearMention, ...]

    @property
    def title(self) -> str:
        """Return the title, or an empty text."""
        return self.text[slice(*self.bounds[0])] if self.titled else ""

    @property
    def body(self) -> str:
        """Return the text without its title."""
        return self.text[self.bounds[0][1] :] if self.titled else self.text


def title_end(text: str) -> int:
    """Return the end of the title: of the first line if it is short and more text follows, else 0."""
    line = text.find("\n")
    return line if 0 < line <= _LONGEST_TITLE and text[line:].strip() else 0


def make_scene(
    text: str,
    sentences: Iterable[tuple[int, int]],
    parties: Sequence[PartyMention],
    amounts: Sequence[AmountMention],
    years: Sequence[YearMention],
) -> Scene:
    """Make the scene of a text from the bounds of its sentences (offsets in characters) and its mentions."""
    end = title_end(text)
    bounds = [(0, end)] if end else []
    bounds += [
        trimmed(text, max(start, end), stop) for start, stop in sentences if text[max(start, end) : stop].strip()
    ]
    mentions = _without_overlaps([*parties, *amounts, *years])
    words: list[list[str]] = [[] for _ in bounds]
    places: dict[Mention, WordPlace] = {}
    starts = [start for start, _ in bounds]
    for start, word, mention in _tokens(text, mentions):
        sentence = max(0, bisect_right(starts, start) - 1)
        if mention is not None:
            places[mention] = WordPlace(sentence, len(words[sentence]))
        words[sentence].append(word)
    places.update(_places_of_holders(amounts, mentions, places))
    by_money = [(one, nation) for one, nation in named_by_currency(amounts, parties) if one in places]
    places.update((nation, places[one]) for one, nation in by_money)
    parties = [*parties, *(nation for _, nation in by_money)]
    cues = (tuple((at, _CUE_OF[word]) for at, word in enumerate(own) if word in _CUE_OF) for own in words)
    return Scene(
        text, bool(end), tuple(bounds), tuple(map(tuple, words)), tuple(cues), places,
        _with_place(parties, places), _with_place(amounts, places), _with_place(years, places),
    )  # fmt: skip


def _with_place(mentions: Sequence[_M], places: dict[Mention, WordPlace]) -> tuple[_M, ...]:
    return tuple(mention for mention in mentions if mention in places)


def _without_overlaps(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=_overlap_order):
        at = bisect_right(kept, mention.start, key=attrgetter("start"))
        before, after = kept[at - 1 : at] if at else [], kept[at : at + 1]
        if all(one.end <= mention.start for one in before) and all(mention.end <= one.start for one in after):
            kept.insert(at, mention)
    return kept


def _overlap_order(mention: Mention) -> tuple[bool, int, int]:
    """Return the sort key by which counts come last: one often holds a party, which is kept ("20 Zambian students")."""
    return isinstance(mention, AmountMention) and mention.kind != "money", mention.start, -mention.end


def _placeholder_of(mention: Mention) -> str:
    if isinstance(mention, AmountMention):
        return "xmoney" if mention.kind == "money" else "xcount"
    return "xyear" if isinstance(mention, YearMention) else "xparty"


def _places_of_holders(
    amounts: Sequence[AmountMention], kept: list[Mention], places: dict[Mention, WordPlace]
) -> dict[Mention, WordPlace]:
    """Return for each count that holds a kept mention the place of that mention."""
    hidden = [one for one in amounts if one.kind != "money" and one not in places]
    inside = [(one, next((two for two in kept if one.start < two.end and two.start < one.end), None)) for one in hidden]
    return {one: places[two] for one, two in inside if two is not None}


def _tokens(text: str, mentions: list[Mention]) -> Iterable[tuple[int, str, Mention | None]]:
    at = 0
    for mention in mentions:
        for match in _WORD.finditer(text, at, mention.start):
            yield match.start(), match.group().lower(), None
        yield mention.start, _placeholder_of(mention), mention
        at = mention.end
    for match in _WORD.finditer(text, at):
        yield match.start(), match.group().lower(), None


@cache
def country_of_currency(code: str) -> str | None:
    """Return the country (ISO 3166-1 alpha-3) of a currency (ISO 4217); None where several countries use it."""
    countries = {country_of(adjective) for adjective in CURRENCY_PLACES.get(code, ())} - {None}
    return countries.pop() if len(countries) == 1 and code not in _ABROAD else None


def named_by_currency(
    amounts: Iterable[AmountMention], parties: Iterable[PartyMention]
) -> Iterator[tuple[AmountMention, PartyMention]]:
    """Yield each sum whose currency names a country that no party names, with a mention of that country."""
    known = {country for party in parties for country in (party.country, *party.countries)}
    for amount in amounts:
        country = country_of_currency(amount.unit) if amount.kind == "money" else None
        if country is not None and country not in known:
            name = COUNTRY_NAMES[country]
            yield amount, PartyMention(
                amount.start, amount.end, amount.text,
                name=name, type="country", country=country, role="place", source="currency",
            )  # fmt: skip


def count_unstated(scene: Scene) -> tuple[int, int]:
    """Return how many sentences say that a sum is unknown, and how many that anything is unknown."""
    gaps = []
    for words in map(set, scene.words):
        gaps_named = {name for name, own in _GAP_WORDS.items() if words & own}
        if "unknown" in gaps_named or {"not", "known"} <= gaps_named:
            gaps.append("sum" in gaps_named)
    return sum(gaps), len(gaps)

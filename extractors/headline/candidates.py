"""Candidates for the fields of a headline: the mentions of one value as a group, and the features of the group."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from extractors.headline.model import ContextModel
from extractors.headline.scene import CUE_NAMES, GIVERS, Scene, WordPlace
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from schemas.packaged import packaged_rows

M = TypeVar("M", bound=Mention)
QUESTIONS = ("giver", "receiver", "payer", "year", "amount")
_COLUMN_OF = {question: number for number, question in enumerate(QUESTIONS)}
Row = list[float]
Rows = NDArray[np.float64]
_SHARED_COLUMNS = 17  # of every field, before those of the cues
BODY_COLUMN = 13  # the shared column with the first sentence of the body that has a mention
NOT_IN_BODY = 99
_MOST_COUNTRIES = 3  # of a group that stands for each of them; a larger one is a candidate itself
ROUNDING = 0.005  # how far two statements of one sum may differ, or parts from their total, as a share
_MOST_SUMS = 20  # among which parts of a total are looked for
_MEETINGS = frozenset({"forum", "summit", "dialogue"})
_BODY_WORDS = [row["words"].split() for row in packaged_rows("extractors.headline", "bodies.csv")]
_FARTHEST = 25.0  # words between a mention and a cue, also where there is no cue
KNOWN_GIVER_COLUMN = _SHARED_COLUMNS + 2 * len(CUE_NAMES) + 14  # of a party: whether its country is known to give


@dataclass(frozen=True)
class FieldCandidate(Generic[M]):
    """A value that a field may have (``key``), its mentions, and the one with the best score, in log odds."""

    key: Hashable
    mentions: tuple[M, ...]
    best: M
    score: float


@dataclass(frozen=True)
class Field(Generic[M]):
    """The candidates of one field, and their features with a row for each candidate."""

    candidates: tuple[FieldCandidate[M], ...]
    rows: Rows


@dataclass(frozen=True)
class View:
    """A scene, and the scores of each of its mentions for each of ``QUESTIONS``, as log odds."""

    scene: Scene
    scores: dict[Mention, NDArray[np.float32]]

    def score(self, mention: Mention, question: str) -> float:
        """Return the log odds, by the words around a mention, that it answers a question."""
        return float(self.scores[mention][_COLUMN_OF[question]])

    def sentence(self, mention: Mention) -> int:
        """Return the index of a mention's sentence."""
        return self.scene.places[mention].sentence

    @cached_property
    def party_counts(self) -> Counter[int]:
        """The number of parties in each sentence."""
        return Counter(map(self.sentence, self.scene.parties))

    @cached_property
    def year_counts(self) -> Counter[int]:
        """The number of years in each sentence."""
        return Counter(map(self.sentence, self.scene.years))

    @cached_property
    def amount_counts(self) -> Counter[int]:
        """The number of amounts, sums of money and counts, in each sentence."""
        return Counter(map(self.sentence, self.scene.amounts))

    @cached_property
    def money_counts(self) -> Counter[int]:
        """The number of sums of money in each sentence."""
        return Counter(self.sentence(amount) for amount in self.scene.amounts if amount.kind == "money")

    @cached_property
    def sums(self) -> list[AmountMention]:
        """The sums of money whose value is known."""
        return [one for one in self.scene.amounts if one.kind == "money" and one.value]

    @cached_property
    def has_titled_sum(self) -> bool:
        """Whether one of the sums stands in the title."""
        return any(map(self.titled, self.sums))

    @cached_property
    def values(self) -> dict[str, list[float]]:
        """The values of the sums by currency, each once, in the order of the text."""
        found: dict[str, dict[float, None]] = defaultdict(dict)
        for one in self.sums:
            found[one.unit][one.value or 0.0] = None
        return {unit: list(values) for unit, values in found.items()}

    @cached_property
    def distinct_years(self) -> list[int]:
        """The years that the scene mentions, each once."""
        return list({year.first for year in self.scene.years})

    def titled(self, mention: Mention) -> bool:
        """Return whether a mention stands in the title."""
        return self.scene.titled and self.sentence(mention) == 0


def make_view(scene: Scene, model: ContextModel) -> View:
    """Score every mention of a scene."""
    return View(scene, {mention: model.scores(scene, place) for mention, place in scene.places.items()})


def _make_field(
    view: View, keyed: Iterable[tuple[Hashable, M]], question: str, row: Callable[[View, FieldCandidate[M]], Row]
) -> Field[M]:
    """Group mentions by key, in the order of the text; ``row`` returns the features that only this field has."""
    groups: defaultdict[Hashable, list[M]] = defaultdict(list)
    for key, mention in keyed:
        groups[key].append(mention)
    candidates = []
    for key, mentions in groups.items():
        scores = [view.score(mention, question) for mention in mentions]
        best = int(np.argmax(scores))
        candidates.append(FieldCandidate(key, tuple(mentions), mentions[best], scores[best]))
    common = _shared_features(view, candidates, question)
    rows = [[*shared, *row(view, one)] for shared, one in zip(common, candidates, strict=True)]
    return Field(tuple(candidates), np.array(rows, dtype=np.float64) if rows else np.zeros((0, 1)))


def _shared_features(view: View, candidates: Sequence[FieldCandidate[M]], question: str) -> Iterator[Row]:
    """Yield the features that all fields have: scores, counts, positions, cues near the best mention."""
    total = max(1, sum(len(one.mentions) for one in candidates))
    ranks = np.argsort(np.argsort([-one.score for one in candidates]))
    top = sorted((one.score for one in candidates), reverse=True) + [-9.0, -9.0]
    for order, one in enumerate(candidates):
        sentences = [view.sentence(mention) for mention in one.mentions]
        scores = [view.score(mention, question) for mention in one.mentions]
        place = view.scene.places[one.best]
        yield [
            one.score, float(np.mean(scores)), scores[0], float(ranks[order]),
            one.score - (top[1] if one.score == top[0] else top[0]),
            len(one.mentions), len(one.mentions) / total, order, len(candidates),
            any(map(view.titled, one.mentions)), min(sentences), place.sentence, place.word,
            min((number for number in sentences if number or not view.scene.titled), default=NOT_IN_BODY),
            len(view.scene.bounds), len(view.scene.words[place.sentence]), one.mentions[0].start,
            *_cue_distances(view.scene, place),
        ]  # fmt: skip


def _cue_distances(scene: Scene, place: WordPlace) -> Row:
    """Return, for each kind of cue, the words to the nearest one on the left; then the same on the right."""
    left, right = [_FARTHEST] * len(CUE_NAMES), [_FARTHEST] * len(CUE_NAMES)
    for at, cue in scene.cues[place.sentence]:
        distance = float(abs(at - place.word))
        side = left if at < place.word else right
        side[cue] = min(side[cue], distance)
    return left + right


def party_keys(mention: PartyMention) -> tuple[Hashable, ...]:
    """Return the keys of what a mention may stand for: its country, its members, or the name of a region or body."""
    if mention.role == "description" and mention.country is None:
        return ()
    if mention.country:
        return (mention.country,)
    if mention.type == "group" and not 0 < len(mention.countries) <= _MOST_COUNTRIES:
        return (("group", mention.name),)
    if mention.countries:
        return tuple(mention.countries[:4])
    return () if mention.type == "person" else (("body", mention.name),)


def party_field(view: View, question: str) -> Field[PartyMention]:
    """Return the candidates for ``question``, giver or receiver: countries, regions, and bodies of no country."""
    parties = [one for one in view.scene.parties if question != "giver" or not is_meeting(one)]
    row = partial(_party_row, other="receiver" if question == "giver" else "giver")
    return _make_field(view, ((key, one) for one in parties for key in party_keys(one)), question, row)


def _party_row(view: View, one: FieldCandidate[PartyMention], *, other: str) -> Row:
    scores = [view.score(mention, other) for mention in one.mentions]
    roles = [mention.role for mention in one.mentions]
    types = [mention.type for mention in one.mentions]
    return [
        max(scores), float(np.mean(scores)), scores[0], one.score - max(scores),
        roles.count("name"), roles.count("demonym"), roles.count("place"), roles.count("person"),
        types.count("country"), types.count("government"), types.count("organisation"), types.count("company"),
        isinstance(one.key, str), isinstance(one.key, tuple) and one.key[0] == "group",
        isinstance(one.key, str) and one.key in GIVERS,
        sum(view.sentence(mention) in view.money_counts for mention in one.mentions),
        any(view.titled(mention) and view.scene.places[mention].word == 0 for mention in one.mentions),
        min((view.scene.places[mention].word for mention in one.mentions if view.titled(mention)), default=99),
    ]  # fmt: skip


def body_field(view: View, country: Hashable) -> Field[PartyMention]:
    """Return the candidates for payer: the named bodies of ``country``, or of no country, that may pay."""
    bodies = ((one.name, one) for one in view.scene.parties if may_pay(one, country))
    return _make_field(view, bodies, "payer", _body_row)


def may_pay(mention: PartyMention, country: Hashable) -> bool:
    """Return whether a mention is of a body of ``country``, or of no country, that may pay."""
    if mention.type in ("country", "person", "group") or mention.role in ("place", "demonym", "description"):
        return False
    is_state = mention.type == "government" and mention.name.startswith("Government of")
    return not is_meeting(mention) and mention.country in (None, country) and not is_state


def is_meeting(mention: PartyMention) -> bool:
    """Return whether a mention names a forum, a summit or a dialogue, of which only the members give."""
    return mention.type == "organisation" and not _MEETINGS.isdisjoint(mention.name.lower().split())


def _body_row(view: View, one: FieldCandidate[PartyMention]) -> Row:
    name = one.best.name.lower().replace("-", " ").replace("/", " ").split()
    types = [mention.type for mention in one.mentions]
    return [
        max(view.score(mention, "giver") for mention in one.mentions),
        *(any(word in name for word in words) for words in _BODY_WORDS),
        types.count("government"), types.count("organisation"), types.count("company"), types.count("university"),
        one.best.country is None, one.best.source == "table",
        view.money_counts[view.sentence(one.best)],
    ]  # fmt: skip


def year_field(view: View) -> Field[YearMention]:
    """Return the candidates for the year: the years of a scene."""
    return _make_field(view, ((one.first, one) for one in view.scene.years), "year", _year_row)


def _year_row(view: View, one: FieldCandidate[YearMention]) -> Row:
    values, value, sentence = view.distinct_years, one.best.first, view.sentence(one.best)
    kinds = [mention.kind for mention in one.mentions]
    body = [mention for mention in one.mentions if not view.titled(mention)]
    first = body[0] if body else one.mentions[0]
    return [
        value - min(values), max(values) - value, sum(other < value for other in values), value,
        *(kind in kinds for kind in ("date", "range", "fiscal", "since", "goal", "relative", "plan", "decade")),
        one.best.month or 0, view.amount_counts[sentence], view.party_counts[sentence],
        view.scene.places[first].word, view.sentence(first),
        one.best.last is None or one.best.last > one.best.first,
    ]  # fmt: skip


def amount_field(view: View) -> Field[AmountMention]:
    """Return the candidates for the amount: the sums of money of a scene, by currency and value."""
    return _make_field(view, (((one.unit, one.value), one) for one in view.sums), "amount", _amount_row)


def _amount_row(view: View, one: FieldCandidate[AmountMention]) -> Row:
    unit, value = one.best.unit, one.best.value or 0.0
    same = view.values[unit]
    sentence, at = view.sentence(one.best), view.scene.places[one.best].word
    words = view.scene.words[sentence]
    bounds = [mention.bound for mention in one.mentions]
    others = sum(same) - value
    before = view.scene.text[max(0, one.best.start - 12) : one.best.start]
    return [
        float(np.log10(max(value, 1))), unit == "USD", unit == "CNY", unit == "EUR", unit in ("USD", "CNY", "EUR"),
        value / max(same), sum(other > value for other in same), len(same),
        abs(others - value) < 0.01 * value, len(view.values),
        *(bound in bounds for bound in ("about", "at_least", "at_most", "range")),
        any(mention.per for mention in one.mentions), any(mention.stated for mention in one.mentions),
        "(" in before or "[" in before, view.year_counts[sentence], view.party_counts[sentence],
        words[:at].count("xmoney"), words[at + 1 :].count("xmoney"),
        len(f"{value:.0f}".rstrip("0")), view.has_titled_sum,
        *_adds_up(value, [other for other in same if other != value]),
    ]  # fmt: skip


def _adds_up(value: float, others: Sequence[float]) -> tuple[bool, bool]:
    """Return whether two other sums add up to this one, and whether this and another add up to a third."""
    pairs = list(combinations(others[:_MOST_SUMS], 2))
    return (
        any(abs(one + two - value) <= ROUNDING * value for one, two in pairs),
        any(abs(value + min(pair) - max(pair)) <= ROUNDING * max(pair) for pair in pairs),
    )

"""From a text and its mentions to acts: windows, anchors, party names that no finder saw, and the fillers of roles."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from spacy.lang.en.stop_words import STOP_WORDS

from extractors.mentions import Mention, PartyMention
from extractors.reader.acts import FIELDS, KINDS, ROLES, SECTORS, SORT_OF, STATUSES, TYPES, Act, Filler, Role
from extractors.reader.network import EncodedWindow, Network
from extractors.reader.pieces import UNTABLED, Candidate, Pieces, candidates, read_pieces
from extractors.reader.relations import Floats, relations, visible
from extractors.reader.windows import Window, inputs, windows
from extractors.text.outline import Outline

# Least probabilities:
ANCHOR_THRESHOLD = 0.3  # that words state an act
NAME_THRESHOLD = 0.5  # that words name a party that no finder saw
HOME_THRESHOLD = 0.9  # that a body belongs to a country: a wrong country is worse than none
_BODY_TYPES = tuple(name for name in TYPES if name != "country")  # the tables know every country
_JOINTS = ".'’"
_APOSTROPHES = ("'", "’")
_FARTHEST = 500  # characters by which a name may be widened: no word is longer
_HYPHENS = "-‐‑"
_WORD = re.compile(r"\w+")
Label = TypeVar("Label")
TaggedRun = tuple[int, int, float]  # first piece, the one after the last, probability


def read_acts(
    text: str,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    network: Network,
    *,
    dated: bool,
    threshold: float = ANCHOR_THRESHOLD,
) -> list[Act]:
    """Return the acts of a text in its order.

    Args:
        text: the cleaned text, title first
        sentences: bounds of its sentences, in order
        mentions: what the finders see in it
        network: the trained networks
        dated: whether the document has a date of its own, which may be an act's year
        threshold: the least probability of an anchor
    """
    pieces = read_pieces(text, sentences, mentions, network.vocabulary)
    in_document = candidates(pieces, mentions, dated=dated)
    acts: list[Act] = []
    for window in windows(pieces, Outline(text)):
        encoded = network.read(*inputs(window, pieces, network.vocabulary))
        anchors = list(_tagged_runs(encoded.anchors, window, pieces, threshold, core=True))
        if anchors:
            found = _with_party_names(visible(window, in_document), pieces, _party_names(encoded.names, window, pieces))
            if found:  # without a candidate there is no record
                acts += _window_acts(window, pieces, encoded, anchors, found, network)
    return [network.wording(act, text, sentences) for act in acts]


def _tagged_runs(tags: Floats, window: Window, pieces: Pieces, least: float, *, core: bool) -> Iterator[TaggedRun]:
    """Runs of adjacent pieces whose probability to be part of a span (``tags``: t × 3) is above ``least``."""
    inside, order = 1 - tags[:, 0], window.order
    low, high = window.core if core else (0, len(pieces))
    at = 0
    while at < len(order):
        if not (low <= order[at] < high and inside[at] > least and pieces.starts[order[at]] < pieces.ends[order[at]]):
            at += 1
            continue
        end = at + 1
        while (
            end < len(order)
            and order[end] == order[end - 1] + 1
            and inside[end] > least
            and tags[end, 2] > tags[end, 1]
        ):
            end += 1
        yield int(order[at]), int(order[end - 1]) + 1, float(inside[at:end].max())
        at = end


def _party_names(tags: Floats, window: Window, pieces: Pieces) -> list[tuple[int, int]]:
    """The bounds of parties' names in the text, widened to whole words."""
    found: list[tuple[int, int]] = []
    for first, last, _ in _tagged_runs(tags, window, pieces, NAME_THRESHOLD, core=False):
        start, end = int(pieces.starts[first]), int(pieces.ends[last - 1])
        start, end = whole_words(pieces.text, after_genitive(pieces.text, start), end)
        start, end = without_unmatched_brackets(pieces.text, start, end)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif not is_empty_name(pieces.text[start:end]):
            found.append((start, end))
    return found


def is_empty_name(name: str) -> bool:
    """Return whether a name has only stop words, single lower-case letters and words that begin with no letter."""
    return all(
        word in STOP_WORDS or not word[0].isalpha() or (len(word) == 1 and word.islower())
        for word in _WORD.findall(name)
    )


def after_genitive(text: str, start: int) -> int:
    """Return where a name begins that was found with the "s " of a genitive before it: "Tobago's Met Service"."""
    genitive = text[start - 1 : start] in _APOSTROPHES and text[start : start + 2] == "s "
    return start + 2 if start and genitive else start


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen bounds so that they break no word and no run of initials ("T.A.", "B.V"), by ``_FARTHEST`` at most."""

    def joined(at: int) -> bool:
        """Whether the characters before and after a place belong to one word."""
        near = text[at - 1 : at + 1]
        if len(near) < 2 or near.isalnum():
            return len(near) == 2
        stop = at if near[1] in _JOINTS else at - 1
        after = text[stop + 1 : stop + 3]
        if text[stop] not in _JOINTS or not text[max(0, stop - 1)].isalnum():
            return False
        if text[stop] == ".":  # one letter is an initial, more begin a sentence
            return after[:1].isalnum() and not after[1:].isalnum()
        return len(after) == 2 and after.isalnum()  # one letter after an apostrophe is a genitive

    start -= text[start] in _HYPHENS and text[start - 1 : start].isalnum()
    end += text[end - 1] in _HYPHENS and text[end : end + 1].isalnum()
    first, last = max(0, start - _FARTHEST), min(len(text), end + _FARTHEST)
    while start > first and joined(start):
        start -= 1
    while end < last and joined(end):
        end += 1
    return start, end


def without_unmatched_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut a name at a bracket whose other half is outside of it: "Observatory (OSA" is "Observatory"."""
    if text[start:end].startswith("(") and ")" not in text[start:end]:
        start += 1
    opened: list[int] = []
    for at in range(start, end):
        if text[at] == "(":
            opened.append(at)
        elif text[at] == ")" and opened:
            opened.pop()
        elif text[at] == ")":
            end = at
            break
    end = min([end, *opened])
    return start, start + len(text[start:end].rstrip())


def _with_party_names(found: Sequence[Candidate], pieces: Pieces, names: Sequence[tuple[int, int]]) -> list[Candidate]:
    """Candidates, and the names that no finder saw, which replace the parties that they overlap.

    A name that one party covers by more than half is not added.
    """
    out = list(found)
    for start, end in names:
        shared = [one for one in out if _overlaps(one, start, end)]
        if any(_overlap(one, start, end) > (end - start) / 2 for one in shared):
            continue
        text = pieces.text[start:end]
        name = PartyMention(start, end, text, name=" ".join(text.split()), type="organisation", source=UNTABLED)
        out = [one for one in out if one not in shared]
        out += candidates(pieces, [name], dated=False)
    return sorted(out, key=_text_order)


def _overlaps(candidate: Candidate, start: int, end: int) -> bool:
    return isinstance(candidate.mention, PartyMention) and _overlap(candidate, start, end) > 0


def _overlap(candidate: Candidate, start: int, end: int) -> int:
    mention = candidate.mention
    return min(mention.end, end) - max(mention.start, start) if mention else 0


def _text_order(candidate: Candidate) -> tuple[bool, int, int]:
    return candidate.mention is None, candidate.first, candidate.last


def _window_acts(
    window: Window,
    pieces: Pieces,
    encoded: EncodedWindow,
    anchors: Sequence[TaggedRun],
    found: Sequence[Candidate],
    network: Network,
) -> Iterator[Act]:
    related = relations(window, pieces, [(first, last) for first, last, _ in anchors], found)
    scores = network.score(encoded, related)
    parties = _parties(found, scores["types"], scores["homes"])
    splits = np.cumsum([len(KINDS), len(STATUSES), len(SECTORS)])
    for row, (first, last, likely) in enumerate(anchors):
        kinds, statuses, sectors, fields = np.split(scores["classes"][row], splits)
        yield Act(
            int(pieces.starts[first]),
            int(pieces.ends[last - 1]),
            likely,
            {role: _fillers(scores["roles"][row, :, r], role, found, parties) for r, role in enumerate(ROLES)},
            _softmax(KINDS, kinds),
            _softmax(STATUSES, statuses),
            _softmax(SECTORS, sectors),
            dict(zip(FIELDS, (1 / (1 + np.exp(-fields))).tolist(), strict=True)),
        )


def _fillers(
    scores: NDArray[np.float32], role: Role, found: Sequence[Candidate], parties: Mapping[int, PartyMention]
) -> tuple[Filler, ...]:
    """The entities of a role's sort, most likely first: the sum of each one's mentions against "none"."""
    entities: dict[str, list[int]] = {}
    for i, one in enumerate(found):
        if one.sort == SORT_OF[role]:
            entities.setdefault(one.entity, []).append(i)
    fillers = []
    for members in entities.values():
        logit = np.logaddexp.reduce(scores[[i + 1 for i in members]].astype(np.float64)) - float(scores[0])
        best = max(members, key=lambda i: float(scores[i + 1]))
        fillers.append(Filler(parties.get(best, found[best].mention), float(1 / (1 + np.exp(-logit)))))
    return tuple(sorted(fillers, key=lambda filler: -filler.likely))


def _parties(
    found: Sequence[Candidate], types: NDArray[np.float32], homes: NDArray[np.float32]
) -> dict[int, PartyMention]:
    """Parties that are in no table, by index, with the type and the country that the reader gives them."""
    out: dict[int, PartyMention] = {}
    for i, one in enumerate(found):
        mention = one.mention
        if not isinstance(mention, PartyMention) or mention.source == "table":
            continue
        changes: dict[str, object] = {}
        if mention.source == UNTABLED:
            changes["type"] = _BODY_TYPES[int(types[i][[TYPES.index(name) for name in _BODY_TYPES]].argmax())]
        if mention.country is None and mention.type != "group":
            country = _country(homes[i], found)
            if country is not None:
                changes["country"] = country
        if changes:
            out[i] = replace(mention, **changes)  # type: ignore[arg-type]
    return out


def _country(scores: NDArray[np.float32], found: Sequence[Candidate]) -> str | None:
    """The country that a body belongs to, if the candidates that name it reach HOME_THRESHOLD together."""
    countries: dict[str, float] = {}
    for share, one in zip(_softmax(range(len(scores)), scores).values(), (None, *found), strict=True):
        mention = one.mention if one else None
        if isinstance(mention, PartyMention) and mention.country:
            countries[mention.country] = countries.get(mention.country, 0.0) + share
    best = max(countries, key=countries.__getitem__, default=None)
    return best if best is not None and countries[best] >= HOME_THRESHOLD else None


def _softmax(labels: Sequence[Label], scores: NDArray[np.float32]) -> dict[Label, float]:
    shifted = np.exp(scores.astype(np.float64) - float(scores.max()))
    return dict(zip(labels, (shifted / shifted.sum()).tolist(), strict=True))

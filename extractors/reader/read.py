"""From a text and its mentions to acts: windows, anchors, names that no table knows, and who fills which role."""

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

ANCHOR = 0.3  # words less likely to tell an act are passed over
NAME = 0.5  # likewise words to name a party that no finder saw
HOME = 0.9  # how sure the country of a body must be: a wrong one is worse than none
_BODIES = tuple(name for name in TYPES if name != "country")  # the tables know every country
_JOINTS = ".'’"
_APOSTROPHES = ("'", "’")
_FARTHEST = 500  # characters by which a name may be widened: no word is longer
_HYPHENS = "-‐‑"
_WORD = re.compile(r"\w+")
Label = TypeVar("Label")
Stretch = tuple[int, int, float]  # first piece, the one after the last, how likely


def read_acts(
    text: str,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    network: Network,
    *,
    dated: bool,
    threshold: float = ANCHOR,
) -> list[Act]:
    """Return the acts of a text in its order.

    Args:
        text: the cleaned text, title first
        sentences: bounds of its sentences, in order
        mentions: what the finders see in it
        network: the trained networks
        dated: whether the document has a date of its own, which may be an act's year
        threshold: how likely an anchor must be
    """
    pieces = read_pieces(text, sentences, mentions, network.vocabulary)
    everybody = candidates(pieces, mentions, dated=dated)
    acts: list[Act] = []
    for window in windows(pieces, Outline(text)):
        read = network.read(*inputs(window, pieces, network.vocabulary))
        anchors = list(_stretches(read.anchors, window, pieces, threshold, core=True))
        if anchors:
            found = _with_names(visible(window, everybody), pieces, _names(read.names, window, pieces))
            if found:  # without anybody there is no record
                acts += _judged(window, pieces, read, anchors, found, network)
    return [network.wording(act, text, sentences) for act in acts]


def _stretches(tags: Floats, window: Window, pieces: Pieces, least: float, *, core: bool) -> Iterator[Stretch]:
    """Runs of pieces, one after the other in the text, that are more likely than ``least`` part of something."""
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


def _names(tags: Floats, window: Window, pieces: Pieces) -> list[tuple[int, int]]:
    """Where the names of parties stand, as bounds in the text that break no word."""
    found: list[tuple[int, int]] = []
    for first, last, _ in _stretches(tags, window, pieces, NAME, core=False):
        start, end = int(pieces.starts[first]), int(pieces.ends[last - 1])
        start, end = whole_words(pieces.text, behind_genitive(pieces.text, start), end)
        start, end = without_half_brackets(pieces.text, start, end)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif not is_empty(pieces.text[start:end]):
            found.append((start, end))
    return found


def is_empty(name: str) -> bool:
    """Whether a name holds nothing but articles, prepositions, marks, small letters and the like."""
    return all(
        word in STOP_WORDS or not word[0].isalpha() or (len(word) == 1 and word.islower())
        for word in _WORD.findall(name)
    )


def behind_genitive(text: str, start: int) -> int:
    """Where a name begins that was found with the genitive before it: "Tobago's Met Service"."""
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


def without_half_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out of a name a bracket that opens or closes outside of it, with what stands beyond: "Observatory (OSA"."""
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


def _with_names(found: Sequence[Candidate], pieces: Pieces, names: Sequence[tuple[int, int]]) -> list[Candidate]:
    """Candidates, and the names that no finder saw, in place of what they hold."""
    out = list(found)
    for start, end in names:
        shared = [one for one in out if _is_within(one, start, end)]
        if any(_shared(one, start, end) > (end - start) / 2 for one in shared):
            continue
        text = pieces.text[start:end]
        name = PartyMention(start, end, text, name=" ".join(text.split()), type="organisation", source=UNTABLED)
        out = [one for one in out if one not in shared]
        out += candidates(pieces, [name], dated=False)
    return sorted(out, key=_place)


def _is_within(candidate: Candidate, start: int, end: int) -> bool:
    return isinstance(candidate.mention, PartyMention) and _shared(candidate, start, end) > 0


def _shared(candidate: Candidate, start: int, end: int) -> int:
    mention = candidate.mention
    return min(mention.end, end) - max(mention.start, start) if mention else 0


def _place(candidate: Candidate) -> tuple[bool, int, int]:
    return candidate.mention is None, candidate.first, candidate.last


def _judged(
    window: Window,
    pieces: Pieces,
    read: EncodedWindow,
    anchors: Sequence[Stretch],
    found: Sequence[Candidate],
    network: Network,
) -> Iterator[Act]:
    related = relations(window, pieces, [(first, last) for first, last, _ in anchors], found)
    scores = network.judge(read, related)
    parties = _parties(found, scores["types"], scores["homes"])
    splits = np.cumsum([len(KINDS), len(STATUSES), len(SECTORS)])
    for row, (first, last, likely) in enumerate(anchors):
        kinds, statuses, sectors, fields = np.split(scores["classes"][row], splits)
        yield Act(
            int(pieces.starts[first]),
            int(pieces.ends[last - 1]),
            likely,
            {role: _fillers(scores["roles"][row, :, r], role, found, parties) for r, role in enumerate(ROLES)},
            _shares(KINDS, kinds),
            _shares(STATUSES, statuses),
            _shares(SECTORS, sectors),
            dict(zip(FIELDS, (1 / (1 + np.exp(-fields))).tolist(), strict=True)),
        )


def _fillers(
    scores: NDArray[np.float32], role: Role, found: Sequence[Candidate], parties: Mapping[int, PartyMention]
) -> tuple[Filler, ...]:
    """The entities of a role's sort: each one's scores together, held against that of "none"."""
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
    """Parties that no table knows, with the type and the country that the reader gives them."""
    out: dict[int, PartyMention] = {}
    for i, one in enumerate(found):
        mention = one.mention
        if not isinstance(mention, PartyMention) or mention.source == "table":
            continue
        changes: dict[str, object] = {}
        if mention.source == UNTABLED:
            changes["type"] = _BODIES[int(types[i][[TYPES.index(name) for name in _BODIES]].argmax())]
        if mention.country is None and mention.type != "group":
            land = _land(homes[i], found)
            if land is not None:
                changes["country"] = land
        if changes:
            out[i] = replace(mention, **changes)  # type: ignore[arg-type]
    return out


def _land(scores: NDArray[np.float32], found: Sequence[Candidate]) -> str | None:
    """The country that a body belongs to, if the candidates that name one country are together sure enough."""
    lands: dict[str, float] = {}
    for share, one in zip(_shares(range(len(scores)), scores).values(), (None, *found), strict=True):
        mention = one.mention if one else None
        if isinstance(mention, PartyMention) and mention.country:
            lands[mention.country] = lands.get(mention.country, 0.0) + share
    best = max(lands, key=lands.__getitem__, default=None)
    return best if best is not None and lands[best] >= HOME else None


def _shares(labels: Sequence[Label], scores: NDArray[np.float32]) -> dict[Label, float]:
    shifted = np.exp(scores.astype(np.float64) - float(scores.max()))
    return dict(zip(labels, (shifted / shifted.sum()).tolist(), strict=True))

"""A text as word pieces: for each its offsets, its shape, and a tag from the layout or from the finders' mentions."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.parties import compound_members, parties_in_name
from extractors.reader.acts import Sort

Ints = NDArray[np.int64]

# Marks of layout stand between pieces; their ids are unused entries of the vocabulary.
MARKS = ("line", "paragraph", "cell", "break")
_CELL = re.compile(r"\t+|(?<=\S) {2,}(?=\S)")
_WORD = re.compile(r"\S+")
_EDGES = ".,;:()[]{}\"'“”‘’«»!?*_"

_TAGGED_ROLES = ("demonym", "place", "person", "description")
_PARTIES = (*_TAGGED_ROLES, "country", "government", "organisation", "company", "university", "group")
_AMOUNTS = ("money", "count", "share")
TAGS = ("", *MARKS, *(f"{part}-{kind}" for kind in (*_PARTIES, *_AMOUNTS, "year") for part in "BI"))
_TAG_INDEX = {tag: i for i, tag in enumerate(TAGS)}
SHAPES = ("lower", "Title", "UPPER", "miXed", "d1git")
UNTABLED = "reader"  # the source of a party mention that only the reader found


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may fill a role: a mention, or the document's date (``mention`` None).

    ``entity`` is equal for mentions of one party, year or amount. ``first`` and ``last`` bound its pieces, end
    exclusive; both are 0 for the date.
    """

    sort: Sort
    mention: Mention | None
    entity: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text of n pieces, marks among them.

    ``ids`` are entries of the vocabulary, ``starts`` and ``ends`` offsets in the text (equal for a mark), ``shapes``
    indexes of SHAPES, ``tags`` indexes of TAGS, ``sentences`` numbers of the sentences that hold the pieces; all are
    arrays of n integers.
    """

    text: str
    ids: Ints
    starts: Ints
    ends: Ints
    shapes: Ints
    tags: Ints
    sentences: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the pieces in ``text[start:end]``, end exclusive and no mark at either end.

        Both are equal where no piece is there.
        """
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        while first < last and self.starts[first] == self.ends[first]:
            first += 1
        while last > first and self.starts[last - 1] == self.ends[last - 1]:
            last -= 1
        return first, max(first, last)


class Vocabulary:
    """A tokenizer, with the ids of the tokens that are not words: begin, end, mask and marks."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        known = tokenizer.get_vocab()
        self.begin = known.get("<s>", known.get("[CLS]", 0))
        self.end = known.get("</s>", known.get("[SEP]", 0))
        self.mask = known.get("<mask>", known.get("[MASK]", 0))
        self.marks = {mark: known[f"[unused{i}]"] for i, mark in enumerate(MARKS)}

    def split(self, lines: Sequence[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Return ids and offsets of the pieces of each line."""
        return [(e.ids, e.offsets) for e in self._tokenizer.encode_batch(list(lines), add_special_tokens=False)]


def read_pieces(
    text: str, sentences: Sequence[tuple[int, int]], mentions: Sequence[Mention], vocabulary: Vocabulary
) -> Pieces:
    """Split a text into pieces, put marks at the breaks of lines, paragraphs and cells, and tag the mentions."""
    ids: list[int] = []
    places: list[tuple[int, int]] = []
    tags: list[int] = []

    def add_mark(mark: str, at: int) -> None:
        ids.append(vocabulary.marks[mark])
        places.append((at, at))
        tags.append(_TAG_INDEX[mark])

    cells = _cells(text)
    for (start, _, mark), (piece_ids, offsets) in zip(
        cells, vocabulary.split([text[a:b] for a, b, _ in cells]), strict=True
    ):
        if mark and ids:
            add_mark(mark, start)
        ids += piece_ids
        places += [(start + a, start + b) for a, b in offsets]
        tags += [0] * len(piece_ids)
    starts, ends = np.array(places, dtype=np.int64).reshape(-1, 2).T.copy()
    numbers = np.searchsorted(np.array([a for a, _ in sentences], dtype=np.int64), starts, side="right")
    pieces = Pieces(
        text, np.array(ids, dtype=np.int64), starts, ends, _shapes(text, starts, ends), np.array(tags), numbers
    )
    for mention in mentions:
        first, last = pieces.within(mention.start, mention.end)
        kind = _kind(mention)
        pieces.tags[first:last] = _TAG_INDEX[f"I-{kind}"]
        pieces.tags[first : min(first + 1, last)] = _TAG_INDEX[f"B-{kind}"]
    return pieces


def candidates(pieces: Pieces, mentions: Sequence[Mention], *, dated: bool) -> list[Candidate]:
    """Return what may fill a role, in the order of the text; last the document's date, where ``dated``."""
    found = []
    for mention in (one for whole in mentions for one in _parts(whole)):
        first, last = pieces.within(mention.start, mention.end)
        if first < last:
            found.append(Candidate(sort_of(mention), mention, entity_of(mention), first, last))
    found.sort(key=_piece_bounds)
    if dated:
        found.append(Candidate("year", None, "date", 0, 0))
    return found


def _parts(mention: Mention) -> tuple[Mention, ...]:
    """The members of a compound ("China-EU"); a body and the parties that it is named after; others alone."""
    if not isinstance(mention, PartyMention):
        return (mention,)
    return compound_members(mention) if mention.source == "compound" else (mention, *parties_in_name(mention))


def sort_of(mention: Mention) -> Sort:
    """Return the sort of entity that a mention names."""
    if isinstance(mention, PartyMention):
        return "party"
    return "year" if isinstance(mention, YearMention) else "amount"


def entity_of(mention: Mention) -> str:
    """Return a key that is equal for mentions of one party, one year or one sum."""
    if isinstance(mention, PartyMention):
        return mention.country if mention.type == "country" and mention.country else mention.name.casefold()
    if isinstance(mention, YearMention):
        return f"{mention.first}-{mention.last}"
    assert isinstance(mention, AmountMention)
    return f"{mention.value} {mention.unit}" if mention.value is not None else mention.text


def _piece_bounds(candidate: Candidate) -> tuple[int, int]:
    return candidate.first, candidate.last


def _kind(mention: Mention) -> str:
    if isinstance(mention, PartyMention):
        return mention.role if mention.role in _TAGGED_ROLES else mention.type
    return "year" if isinstance(mention, YearMention) else mention.kind  # type: ignore[attr-defined]


def _cells(text: str) -> list[tuple[int, int, str]]:
    """Split a text at line breaks, tabs and wide gaps; for each cell its bounds and the mark in front of it."""
    found: list[tuple[int, int, str]] = []
    at, blank = 0, False
    for line in text.split("\n"):
        if line.strip():
            mark, start = ("paragraph" if blank else "line"), at
            for gap in _CELL.finditer(line):
                if line[start - at : gap.start()].strip():
                    found.append((start, at + gap.start(), mark))
                    mark = "cell"
                start = at + gap.end()
            if line[start - at :].strip():
                found.append((start, at + len(line), mark))
        blank = not line.strip()
        at += len(line) + 1
    return found


def _shapes(text: str, starts: Ints, ends: Ints) -> Ints:
    words = [(m.start(), _shape(m.group().strip(_EDGES))) for m in _WORD.finditer(text)]
    begins = [start for start, _ in words]
    shapes = np.zeros(len(starts), dtype=np.int64)
    for i, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        if start < end:
            shapes[i] = words[bisect_left(begins, start + 1) - 1][1]
    return shapes


def _shape(word: str) -> int:
    if any(char.isdigit() for char in word):
        return 4
    if len(word) > 1 and word.isupper():
        return 2
    if any(char.isupper() for char in word[1:]):
        return 3
    return int(word[:1].isupper())


CANDIDATE_KINDS = (*_PARTIES, *_AMOUNTS, "year", "date", "untabled")
_KIND_INDEX = {kind: i for i, kind in enumerate(CANDIDATE_KINDS)}


def kind_of(candidate: Candidate) -> int:
    """Return the index of a candidate's kind in CANDIDATE_KINDS; ``untabled`` is a party that only the reader found."""
    mention = candidate.mention
    if mention is None:
        return _KIND_INDEX["date"]
    if isinstance(mention, PartyMention) and mention.source == UNTABLED:
        return _KIND_INDEX["untabled"]
    return _KIND_INDEX[_kind(mention)]

"""Training examples from annotated documents: the windows of each, with the labels that the heads should give.

Documents are also varied, by a sentence of another document in front and by other cuts into windows: unrelated text
above an act should not change how it is read, and the reader learns that from documents that differ in nothing else.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.mentions import Mention, PartyMention
from extractors.reader.acts import FIELDS, KINDS, ROLES, SECTORS, SORT_OF, SORTS, STATUSES, TYPES
from extractors.reader.pieces import UNTABLED, Candidate, Ints, Pieces, Vocabulary, candidates, read_pieces
from extractors.reader.relations import Relations, relations, visible
from extractors.reader.windows import CORE, LONGEST, Window, inputs, windows
from extractors.text.outline import Outline
from extractors.text.sentences import split

Json = Mapping[str, Any]
Span = tuple[int, int]
_STRANGER, _RECUT = 0.4, 0.25  # shares of the documents that ``varied`` and ``cut`` change
_SHORTEST_CORE = 160
_SHORTEST, _LONGEST = 30, 300  # characters of a sentence that ``strangers`` returns
TITLE_WEIGHT = 0.25  # low, since a title often states an act that is coded in the body


@dataclass(slots=True)
class Example:
    """A window with its labels; t places, a acts, m candidates.

    ``anchors`` and ``names`` (t) are 0 outside, 1 where one begins, 2 inside; ``weights`` (t) are weights of the
    anchors' loss. ``entities`` (m) numbers the candidates' entities, ``sorts`` are indexes of SORTS. ``fills`` (a × m ×
    roles) is 1 where a candidate is the quoted one. ``kinds`` and ``statuses`` (a) are indexes; ``sectors`` and
    ``fields`` (a × labels) are 1 for each accepted label; ``sector_words`` (a × t) is 1 at words that name the sector.
    ``types`` (m) and ``homes`` (m × 1 + m) are those of ``_types_and_homes``.
    """

    document: str
    ids: Ints
    shapes: Ints
    tags: Ints
    relations: Relations
    anchors: Ints
    names: Ints
    weights: NDArray[np.float32]
    entities: Ints
    sorts: Ints
    fills: NDArray[np.float32]
    kinds: Ints
    statuses: Ints
    sectors: NDArray[np.float32]
    fields: NDArray[np.float32]
    sector_words: NDArray[np.float32]
    types: Ints
    homes: NDArray[np.float32]


@dataclass(slots=True)
class AnchoredAct:
    """An anchor with the rows of all coded acts that it states."""

    span: Span
    rows: list[Json] = field(default_factory=list)


def read_corpus(paths: Iterable[Path]) -> Iterator[Json]:
    """Yield the annotated documents of JSON Lines files."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def text_of_document(document: Json) -> str:
    """Return the text that the reader gets: title, one newline, text; the text alone without a title."""
    title = document.get("title")
    return document["text"] if title is None else f"{title}\n{document['text']}"


def strangers(documents: Sequence[Json]) -> list[str]:
    """Return sentences of the documents without an act, to be put in front of other documents by ``varied``."""
    found = []
    for document in documents:
        if not document["acts"]:
            text = text_of_document(document)
            sentences = [" ".join(text[start:end].split()) for start, end in split(text)]
            found += [one for one in sentences if _SHORTEST <= len(one) <= _LONGEST and one.endswith(".")]
    return found


def varied(document: Json, others: Sequence[str], random: Random) -> Json:
    """Return the document, or sometimes a copy with one of the sentences ``others`` before its title or text."""
    if not others or random.random() >= _STRANGER:
        return document
    sentence, gap = random.choice(others), random.choice(("\n", "\n\n", " "))
    changed: dict[str, Any] = dict(document)
    if document.get("title") and random.random() < 0.5:
        changed["title"] = f"{sentence}{gap}{document['title']}"
    else:
        changed["text"] = f"{sentence}{gap}{document['text']}"
    return changed


def cut(random: Random) -> dict[str, int]:
    """Return the settings with which ``windows`` cuts a document: mostly its defaults, sometimes smaller cores."""
    if random.random() >= _RECUT:
        return {"core": CORE, "whole": LONGEST}
    core = random.randrange(_SHORTEST_CORE, CORE)
    return {"core": core, "whole": core}


def examples(
    document: Json,
    mentions: Sequence[Mention],
    vocabulary: Vocabulary,
    *,
    core: int = CORE,
    whole: int = LONGEST,
) -> list[Example]:
    """Return the examples of an annotated document.

    ``mentions`` are those that the finders see in its text; ``core`` and ``whole`` are settings of ``windows``.
    """
    text = text_of_document(document)
    acts = acts_of(document, text)
    quotes = {span: party for act in acts for row in act.rows for span, party in _parties(row, text, act.span)}
    pieces = read_pieces(text, split(text), mentions, vocabulary)
    found = candidates(pieces, _with_quoted(mentions, quotes, text), dated=bool(document.get("date")))
    return [
        _example(document, window, pieces, acts, visible(window, found), quotes, vocabulary)
        for window in windows(pieces, Outline(text), core=core, whole=whole)
    ]


def locate(text: str, quote: str | None, evidence: Span, anchor: int) -> Span | None:
    """Return the bounds of a quote: nearest to the anchor in the evidence, else the last before it, else the first.

    None where the quote is empty or not in the text.
    """
    if not quote:
        return None
    places, at = [], text.find(quote)
    while at >= 0:
        places.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    inside = [p for p in places if evidence[0] <= p[0] < evidence[1]]
    if inside:
        return min(inside, key=lambda p: abs(p[0] - anchor))
    before = [p for p in places if p[0] < evidence[0]]
    return before[-1] if before else (places[0] if places else None)


def acts_of(document: Json, text: str) -> list[AnchoredAct]:
    """Return the anchors of an annotated document in the order of its text, each with the acts that it states.

    Acts whose evidence or anchor is not in the text are left out.
    """
    acts: dict[Span, AnchoredAct] = {}
    for row in document["acts"]:
        start = text.find(row["evidence"])
        at = row["evidence"].find(row["anchor"])
        if start < 0 or at < 0:
            continue
        span = (start + at, start + at + len(row["anchor"]))
        acts.setdefault(span, AnchoredAct(span)).rows.append(row)
    return [acts[span] for span in sorted(acts)]


def _evidence(row: Json, text: str) -> Span:
    start = text.find(row["evidence"])
    return start, start + len(row["evidence"])


def _parties(row: Json, text: str, anchor: Span) -> Iterator[tuple[Span, Json]]:
    for role in ("actor", "partner"):
        span = locate(text, row[role]["quote"], _evidence(row, text), anchor[0]) if row[role] else None
        if span is not None:
            yield span, row[role]


def _overlap(a: Span, b: Span) -> int:
    return min(a[1], b[1]) - max(a[0], b[0])


def _with_quoted(mentions: Sequence[Mention], quotes: Mapping[Span, Json], text: str) -> list[Mention]:
    """Mentions, and the quoted parties that no mention covers by more than half, which replace those they overlap."""
    out = list(mentions)
    for span, party in quotes.items():
        parties = [m for m in out if isinstance(m, PartyMention) and _overlap((m.start, m.end), span) > 0]
        if any(_overlap((m.start, m.end), span) > (span[1] - span[0]) / 2 for m in parties):
            continue
        out = [m for m in out if m not in parties]
        name = text[slice(*span)]
        out.append(PartyMention(*span, name, name=name, type=party["type"], source=UNTABLED))
    return out


def _example(
    document: Json,
    window: Window,
    pieces: Pieces,
    acts: Sequence[AnchoredAct],
    found: Sequence[Candidate],
    quotes: Mapping[Span, Json],
    vocabulary: Vocabulary,
) -> Example:
    ids, shapes, tags = inputs(window, pieces, vocabulary)
    low, high = window.core
    pairs = [(act, pieces.within(*act.span)) for act in acts]
    pairs = [(act, at) for act, at in pairs if at[0] < at[1] and low <= at[0] < high and at[0] in window.place]
    core = (window.order >= low) & (window.order < high)
    anchors = _bio(window, [at for _, at in pairs])
    weights = core.astype(np.float32)
    title = len(document.get("title") or "")
    if acts and acts[0].span[0] > title:
        weights[core & (pieces.starts[np.maximum(window.order, 0)] < title)] = TITLE_WEIGHT
    parties = [(one.first, one.last) for one in found if one.sort == "party"]
    related = relations(window, pieces, [at for _, at in pairs], found)
    keys: dict[tuple[str, str], int] = {}
    entities = [keys.setdefault((one.sort, one.entity), len(keys)) for one in found]
    types, homes = _types_and_homes(found, quotes)
    return Example(
        document=document["id"],
        ids=ids,
        shapes=shapes,
        tags=tags,
        relations=related,
        anchors=anchors,
        names=_bio(window, parties),
        weights=weights,
        entities=np.array(entities, dtype=np.int64),
        sorts=np.array([SORTS.index(one.sort) for one in found], dtype=np.int64),
        fills=np.array([_fills(act, pieces.text, found) for act, _ in pairs], dtype=np.float32).reshape(
            len(pairs), len(found), len(ROLES)
        ),
        kinds=np.array([KINDS.index(best_answer(act.rows[0]["kind"])) for act, _ in pairs], dtype=np.int64),
        statuses=np.array([STATUSES.index(best_answer(act.rows[0]["status"])) for act, _ in pairs], dtype=np.int64),
        sectors=np.array([_labels(act.rows, "sector", SECTORS) for act, _ in pairs]).reshape(len(pairs), len(SECTORS)),
        fields=np.array([_labels(act.rows, "fields", FIELDS) for act, _ in pairs]).reshape(len(pairs), len(FIELDS)),
        sector_words=np.array([_sector_words(act, pieces, window) for act, _ in pairs]).reshape(len(pairs), len(ids)),
        types=types,
        homes=homes,
    )


def _bio(window: Window, spans: Sequence[Span]) -> Ints:
    labels = np.zeros(len(window.order), dtype=np.int64)
    for first, last in spans:
        places = [window.place[i] for i in range(first, last) if i in window.place]
        labels[places] = 2
        labels[places[:1]] = 1
    return labels


def _fills(act: AnchoredAct, text: str, found: Sequence[Candidate]) -> NDArray[np.float32]:
    fills = np.zeros((len(found), len(ROLES)), dtype=np.float32)
    for row in act.rows:
        for r, role in enumerate(ROLES):
            if not row[role]:
                continue
            at = _filler(row[role], _evidence(row, text), act.span, text, [c for c in found if c.sort == SORT_OF[role]])
            if at is not None:
                fills[found.index(at), r] = 1
    return fills


def _filler(value: Json, evidence: Span, anchor: Span, text: str, found: Sequence[Candidate]) -> Candidate | None:
    """The candidate that overlaps the quote of a value most; the document's date where the quote is empty."""
    if value["quote"] == "":
        return next((one for one in found if one.mention is None), None)
    span = locate(text, value["quote"], evidence, anchor[0])
    if span is None:
        return None
    shares = [(_overlap((c.mention.start, c.mention.end), span), c) for c in found if c.mention is not None]
    best = max(shares, key=lambda share: share[0], default=(0, None))
    return best[1] if best[0] > 0 else None


def best_answer(value: str | Sequence[str]) -> str:
    """Return an accepted answer, the first and best where several are accepted."""
    return value if isinstance(value, str) else value[0]


def _labels(rows: Sequence[Json], name: str, labels: Sequence[str]) -> NDArray[np.float32]:
    """1 for each of ``labels`` that a row accepts, otherwise 0."""
    given = {value for row in rows for value in row[name]}
    return np.array([label in given for label in labels], dtype=np.float32)


def _sector_words(act: AnchoredAct, pieces: Pieces, window: Window) -> NDArray[np.float32]:
    """1 at the places of the words that name the sector, otherwise 0."""
    places = np.zeros(len(window.order), dtype=np.float32)
    for row in act.rows:
        span = locate(pieces.text, row.get("sector_quote"), _evidence(row, pieces.text), act.span[0])
        if span is not None:
            places[[window.place[i] for i in range(*pieces.within(*span)) if i in window.place]] = 1
    return places


def _types_and_homes(found: Sequence[Candidate], quotes: Mapping[Span, Json]) -> tuple[Ints, NDArray[np.float32]]:
    """For each quoted candidate: the index of its type (-1: not known), and which candidates name its country.

    Column 0 of the second is "none"; its rows are zero for countries and for candidates that are not quoted.
    """
    types = np.full(len(found), -1, dtype=np.int64)
    homes = np.zeros((len(found), 1 + len(found)), dtype=np.float32)
    countries = [one.mention.country if isinstance(one.mention, PartyMention) else None for one in found]
    for i, one in enumerate(found):
        mention = one.mention
        if not isinstance(mention, PartyMention):
            continue
        party = next(
            (p for span, p in quotes.items() if _overlap((mention.start, mention.end), span) * 2 > span[1] - span[0]),
            None,
        )
        if party is None:
            continue
        types[i] = TYPES.index(party["type"])
        if party["type"] == "country":
            continue
        if party["country"] is None:
            homes[i, 0] = 1
        else:
            homes[i, 1:] = [
                code == party["country"] and j != i and _names_country(found[j]) for j, code in enumerate(countries)
            ]
    return types, homes


def _names_country(candidate: Candidate) -> bool:
    mention = candidate.mention
    return isinstance(mention, PartyMention) and (mention.type == "country" or mention.role in ("demonym", "place"))


def summary(found: Sequence[Example]) -> str:
    """Return a line with the numbers of documents, windows, anchors and pieces."""
    acts = sum(len(one.kinds) for one in found)
    documents, pieces = len({one.document for one in found}), sum(len(one.ids) for one in found)
    return f"{documents} documents, {len(found)} windows, {acts} anchors, {pieces} pieces"

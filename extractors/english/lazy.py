"""Tags, trees and names for chosen sentences of a document, in batches; the rest stays as it is."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from .lemmas import lemma
from .pipeline import TRAINED
from .universal import universal

_COLUMNS: list[int | str] = ["TAG", "POS", "LEMMA", "DEP", "HEAD"]
_LONGEST = 200  # tokens; what is longer is no sentence but a table, and is parsed in stretches
_BATCH = 64  # sentences


def parse(nlp: Language, doc: Doc, wanted: Iterable[Span]) -> Doc:
    """Tag and parse the ``wanted`` sentences of ``doc`` in place, find the names in them, and return ``doc``.

    ``wanted`` are sentences of ``doc`` (of ``doc.sents``); those parsed before are left alone, so it may be called
    again with more. Sentence bounds and offsets do not move. Memory grows by the document's tokens alone.
    """
    spans = sorted({(s.start, s.end) for s in wanted if not is_parsed(s)})
    if not spans:
        return doc
    rows: Any = doc.to_array(_COLUMNS)
    names = list(doc.ents)
    known = {t.i for t in doc if t.ent_iob != 0}
    sentences = [doc[start:end] for start, end in spans]
    for span, small in zip(sentences, _parsed(nlp, sentences), strict=True):
        rows[span.start : span.end] = small.to_array(_COLUMNS)
        names += [Span(doc, span.start + e.start, span.start + e.end, label=e.label) for e in small.ents]
        known.update(range(span.start, span.end))
    _write(doc, rows)
    named = {i for name in names for i in range(name.start, name.end)}
    doc.set_ents(names, outside=_runs(doc, sorted(known - named)), default="missing")
    return doc


def parse_sentences(nlp: Language, spans: Iterable[Span]) -> list[Doc]:
    """Return each span as a parsed `Doc` of its own, in order: its tokens are those of the span, one for one.

    The trained parts of ``nlp`` run whether they are switched on or off. A span is one sentence to the parser.
    """
    return list(_parsed(nlp, spans))


def is_parsed(span: Span | Token) -> bool:
    """Whether the tokens of a sentence, or the token, have been parsed."""
    token = span if isinstance(span, Token) else span[0]
    return token.dep != 0


def _parsed(nlp: Language, spans: Iterable[Span]) -> Iterator[Doc]:
    waiting = iter(spans)
    while batch := list(islice(waiting, _BATCH)):
        stretches = [_stretches(span) for span in batch]
        docs = iter(_run(nlp, [_small(nlp, piece) for pieces in stretches for piece in pieces]))
        for pieces in stretches:
            yield _joined(list(islice(docs, len(pieces))))


def _run(nlp: Language, docs: list[Doc]) -> list[Doc]:
    parts: dict[str, Any] = dict(nlp.components)
    for name in TRAINED:
        if name in parts:
            docs = list(parts[name].pipe(docs, batch_size=len(docs)))
    for doc in docs:
        for token in doc:
            token.pos_ = universal(token)
            token.lemma_ = lemma(token.text, token.tag_)
    return docs


def _small(nlp: Language, span: Span) -> Doc:
    words, spaces = [t.text for t in span], [bool(t.whitespace_) for t in span]
    starts: list[bool | int | None] = [i == 0 for i in range(len(span))]
    return Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=starts)


def _stretches(span: Span) -> list[Span]:
    return [span.doc[i : min(i + _LONGEST, span.end)] for i in range(span.start, span.end, _LONGEST)]


def _joined(docs: Sequence[Doc]) -> Doc:
    """The stretches as one Doc, the roots of all but the first hung on the first."""
    if len(docs) == 1:
        return docs[0]
    doc = Doc.from_docs(list(docs), ensure_whitespace=False)
    roots = [t for t in doc if t.head.i == t.i]
    heads = {root.i: roots[0].i for root in roots[1:]}
    rows: Any = doc.to_array(_COLUMNS)
    parataxis = doc.vocab.strings.add("parataxis")
    for i, head in heads.items():
        rows[i, 3:] = parataxis, np.int64(head - i).astype(np.uint64)
    return doc.from_array(_COLUMNS, rows)


def _write(doc: Doc, rows: Any) -> None:
    """Set the columns; spaCy then takes every tree for a sentence, so the bounds are set once more."""
    starts: Any = doc.to_array(["SENT_START"])
    doc.from_array(_COLUMNS, rows)
    doc.from_array(["SENT_START"], starts)


def _runs(doc: Doc, tokens: Sequence[int]) -> list[Span]:
    """Neighbouring token indices as spans."""
    spans: list[Span] = []
    start = 0
    for i in range(1, len(tokens) + 1):
        if i == len(tokens) or tokens[i] != tokens[i - 1] + 1:
            spans.append(doc[tokens[start] : tokens[i - 1] + 1])
            start = i
    return spans

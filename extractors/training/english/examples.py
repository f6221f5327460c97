"""Sentences and marked names as spaCy examples; what is not annotated is missing, never negative."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from spacy.training import Example

from .conllu import Sentence

_SMALL = frozenset({"of", "and", "the", "in", "to", "for", "a"})

Names = Mapping[str, Any]
"""A text with the names in it: ``text``, ``spans`` (each ``start end label``), and perhaps ``id`` and ``partial``."""


def treebank_examples(
    nlp: Language, sentences: Iterable[Sentence], names: Mapping[str, Names], *, most: int = 60, gold: bool = False
) -> Iterator[Example]:
    """Yield an example for each run of neighbouring sentences of a document, at most ``most`` words together.

    ``names`` gives the names of sentences by id; in the others only words in lower case are known to be none. With
    ``gold`` the words are the treebank's own instead of the tokeniser's. Longer sentences are left out.
    """
    for run in _runs(sentences, most):
        reference = _reference(nlp, run, names)
        words = [token.text for token in reference]
        spaces = [bool(token.whitespace_) for token in reference]
        predicted = Doc(nlp.vocab, words=words, spaces=spaces) if gold else nlp.make_doc(reference.text)
        yield Example(predicted, reference)


def names_examples(nlp: Language, texts: Iterable[Names], *, most: int = 60) -> Iterator[Example]:
    """Yield an example for each text with names, cut into pieces of at most ``most`` words that cut no name.

    In a text marked ``partial`` only the given names and words in lower case are known.
    """
    for text in texts:
        doc = _named(nlp, text)
        for piece in _pieces(doc, most):
            part = piece.as_doc()
            yield Example(nlp.make_doc(part.text), part)


def dressed(examples: Iterable[Example], nlp: Language, *, share: float, seed: int) -> Iterator[Example]:
    """Yield the examples, a ``share`` of them In Title Case Without A Full Stop, as headings and headlines are."""
    chance = random.Random(seed)
    for example in examples:
        yield _headline(nlp, example) if chance.random() < share else example


def _runs(sentences: Iterable[Sentence], most: int) -> Iterator[list[Sentence]]:
    for _, document in groupby(sentences, key=_document):
        run: list[Sentence] = []
        for sentence in document:
            if run and sum(len(s.words) for s in run) + len(sentence.words) > most:
                yield run
                run = []
            if len(sentence.words) <= most:
                run.append(sentence)
        if run:
            yield run


def _document(sentence: Sentence) -> str:
    return sentence.document


def _reference(nlp: Language, run: Sequence[Sentence], names: Mapping[str, Names]) -> Doc:
    starts = [sum(len(s.words) for s in run[:i]) for i in range(len(run))]
    doc = Doc(
        nlp.vocab,
        words=[w for s in run for w in s.words],
        spaces=[b for s in run for b in (*s.spaces[:-1], True)],
        tags=[t for s in run for t in s.tags],
        pos=[p for s in run for p in s.pos],
        lemmas=[m for s in run for m in s.lemmas],
        heads=[start + h for start, s in zip(starts, run, strict=True) for h in s.heads],
        deps=[_root(d) for s in run for d in s.deps],
    )
    entities: list[Span] = []
    missing: list[Span] = []
    for start, sentence in zip(starts, run, strict=True):
        span = doc[start : start + len(sentence.words)]
        known = names.get(sentence.id)
        if known is not None and known["text"] == sentence.text:
            found, unsure = _spans(doc, known["spans"], offset=span.start_char)
            entities += found
            missing += unsure
        else:
            missing += [doc[t.i : t.i + 1] for t in span if _may_be_name(t.text)]
    doc.set_ents(entities, missing=missing, default="outside")
    return doc


def _root(dep: str) -> str:
    return "ROOT" if dep == "root" else dep


def _spans(doc: Doc, spans: Iterable[Names], *, offset: int = 0) -> tuple[list[Span], list[Span]]:
    """The spans as entities, and the stretches of those that cut a token, which are unsure."""
    found: list[Span] = []
    unsure: list[Span] = []
    for row in spans:
        start, end = offset + row["start"], offset + row["end"]
        span = doc.char_span(start, end, label=row["label"])
        if span is not None:
            found.append(span)
            continue
        wide = doc.char_span(start, end, alignment_mode="expand")
        if wide is not None and not any(wide.start < f.end and f.start < wide.end for f in unsure):
            unsure.append(wide)
    unsure = [u for u in unsure if not any(u.start < f.end and f.start < u.end for f in found)]
    return found, unsure


def _named(nlp: Language, text: Names) -> Doc:
    doc = nlp.make_doc(text["text"])
    found, unsure = _spans(doc, text["spans"])
    if text.get("partial"):
        taken = {i for span in (*found, *unsure) for i in range(span.start, span.end)}
        unsure += [doc[t.i : t.i + 1] for t in doc if t.i not in taken and _may_be_name(t.text)]
    doc.set_ents(found, missing=unsure, default="outside")
    return doc


def _may_be_name(word: str) -> bool:
    return not word.islower() or word in {"of", "and", "for", "the", "de", "du", "la", "al", "in"}


def _pieces(doc: Doc, most: int) -> Iterator[Span]:
    start = best = 0
    for i in range(1, len(doc) + 1):
        if i == len(doc):
            yield doc[start:i]
        elif doc[i].ent_iob_ != "I":
            if doc[i - 1].text in {".", "!", "?"} or doc[i - 1].is_space:
                best = i
            if i - start >= most:
                cut = best if best > start else i
                yield doc[start:cut]
                start = cut


def _headline(nlp: Language, example: Example) -> Example:
    reference = example.reference
    end = len(reference) - (len(reference) > 2 and reference[-1].text == ".")
    part = reference[:end].as_doc() if list(reference.sents) == [reference[:]] else reference
    data = Example(part, part).to_dict()
    data["token_annotation"]["ORTH"] = words = [_capital(token) for token in part]
    fresh = Doc(nlp.vocab, words=words, spaces=[bool(t.whitespace_) for t in part])
    cased = Example.from_dict(fresh, data).reference
    return Example(nlp.make_doc(cased.text), cased)


def _capital(token: Token) -> str:
    inside = token.i > 0 and (not token.nbor(-1).whitespace_ or token.text in _SMALL)
    return token.text if inside else token.text[:1].upper() + token.text[1:]

"""Documents told otherwise keep their acts."""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from extractors.reader.windows import CORE, LONGEST
from extractors.training.reader.examples import cut, examples, strangers, text_of_document, varied
from tests.reader.reading import VOCABULARY, mentions_of

CORPUS = Path(__file__).parents[2] / "corpus" / "train.jsonl"


@pytest.fixture(scope="module")
def documents() -> list[Mapping[str, Any]]:
    with CORPUS.open(encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(60), strict=False)]


def test_strangers_are_sentences_of_documents_without_an_act(documents: list[Mapping[str, Any]]) -> None:
    silent = " ".join(" ".join(text_of_document(d).split()) for d in documents if not d["acts"])
    found = strangers(documents)
    assert len(found) > 10
    assert all(one in silent for one in found)


def test_a_varied_document_ends_as_it_did_and_holds_its_evidence(documents: list[Mapping[str, Any]]) -> None:
    random, changed = Random(1), 0
    for document in documents:
        told = text_of_document(varied(document, ["Nobody signed anything in Oslo."], random))
        assert told.endswith(document["text"])
        assert all(act["evidence"] in told for act in document["acts"])
        changed += told != text_of_document(document)
    assert len(documents) / 5 < changed < len(documents) * 3 / 5


def test_smaller_windows_see_the_same_acts(documents: list[Mapping[str, Any]]) -> None:
    document = max(documents[:20], key=lambda one: len(one["acts"]))
    mentions = mentions_of(text_of_document(document))
    whole = examples(document, mentions, VOCABULARY)
    parts = examples(document, mentions, VOCABULARY, core=160, whole=160)
    assert len(parts) > len(whole)
    assert sum(len(one.kinds) for one in parts) == sum(len(one.kinds) for one in whole) > 0


def test_most_documents_are_cut_as_when_they_are_read() -> None:
    random = Random(0)
    cuts = [cut(random) for _ in range(200)]
    assert cuts.count({"core": CORE, "whole": LONGEST}) > 100
    assert all(CORE >= one["core"] >= 160 for one in cuts)

"""The annotated documents: quotations stand in their text, labels are in the closed lists, no id comes twice."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pycountry
import pytest

from extractors.evaluate.agreement import agreement
from schemas import AmountKind, Bound, Kind, PartyType, Status, crs_sectors, fields

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = ("train.jsonl", "dev.jsonl")
COUNTRIES = {country.alpha_3 for country in pycountry.countries} | {"XKX"}


@cache
def documents(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


def text_of(document: dict[str, Any]) -> str:
    return f"{document['title']}\n{document['text']}"


def faults(document: dict[str, Any]) -> list[str]:
    text, found = text_of(document), []
    for act in document["acts"]:
        evidence = act["evidence"]
        if text.count(evidence) != 1 or evidence.count(act["anchor"]) != 1:
            found.append(f"evidence or anchor not once: {evidence[:50]!r}, {act['anchor']!r}")
        quotes = [act[part]["quote"] for part in ("actor", "partner", "year", "amount") if act[part]]
        vias = [act[part]["via"] for part in ("actor", "partner") if act[part] and act[part]["via"]]
        found += [f"not in the text: {quote!r}" for quote in [*quotes, act["sector_quote"] or ""] if quote not in text]
        found += [f"not in the evidence: {via!r}" for via in vias if via not in evidence]
        found += labels_outside(act)
        year = act["year"]
        if year and not year["quote"] and not document["date"]:
            found.append("a year that nothing gives")
    return found


def labels_outside(act: dict[str, Any]) -> list[str]:
    parties = [party for party in (act["actor"], act["partner"]) if party]
    lists = [
        ([act["kind"]], set(get_args(Kind))),
        ([act["status"]], set(get_args(Status))),
        ([party["type"] for party in parties], set(get_args(PartyType))),
        ([party["country"] for party in parties if party["country"]], COUNTRIES),
        (act["sector"], set(crs_sectors())),
        (act["fields"], set(fields())),
        ([act["amount"]["kind"]] if act["amount"] else [], set(get_args(AmountKind))),
        ([act["amount"]["bound"]] if act["amount"] else [], set(get_args(Bound))),
    ]
    return [f"no such label: {value}" for values, known in lists for value in values if value not in known]


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_every_act_quotes_its_text_and_keeps_to_the_lists(name: str) -> None:
    assert not {one["id"]: found for one in documents(name) if (found := faults(one))}


def test_no_document_stands_twice() -> None:
    every = [one for name in FILES for one in documents(name)]
    assert max(Counter(one["id"] for one in every).values()) == 1
    assert max(Counter(text_of(one) for one in every).values()) == 1


@pytest.mark.slow
def test_a_coder_agrees_with_himself() -> None:
    known = {one["id"]: one for one in documents("dev.jsonl")}
    figures = agreement(known, known).figures
    assert figures["precision"] == 1.0
    assert figures["found"] == 1.0

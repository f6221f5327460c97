"""The gold: every fact quotes its document and keeps to the closed lists."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from schemas import Kind, PartyType, Status, crs_sectors, fields

_HERE = Path(__file__).parent
_SEEDS = _HERE.parent.parent / "seeds"


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_HERE / name).read_text(encoding="utf-8").splitlines()]


_TEXTS = {row["id"]: row["text"] for row in _lines("documents.jsonl")} | {
    path.name: path.read_text(encoding="utf-8") for path in _SEEDS.glob("*.txt")
}


@pytest.mark.parametrize("name", ["facts.jsonl", "seeds.jsonl"])
def test_facts_quote_and_keep_to_the_lists(name: str) -> None:
    for fact in _lines(name):
        assert fact["evidence"] in _TEXTS[fact["doc"]]
        assert set(fact["kind"]) <= set(get_args(Kind))
        assert set(fact["status"]) <= set(get_args(Status))
        assert set(fact["sector"]) <= set(crs_sectors())
        assert set(fact["fields"]) <= set(fields())
        assert set(fact["actor"]["type"]) <= set(get_args(PartyType))


def test_half_the_documents_are_kept_for_tests() -> None:
    halves = [row["id"].split("-")[0] for row in _lines("documents.jsonl")]
    assert halves.count("dev") == halves.count("test") == 20

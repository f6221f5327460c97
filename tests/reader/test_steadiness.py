"""The same document gives the same records, alone or in a stream."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.extract import Extract

ROOT = Path(__file__).parents[2]


def texts() -> Iterator[str]:
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        yield path.read_text(encoding="utf-8")
    lines = (ROOT / "corpus" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines[:20]):
        yield f"{row['title']}\n{row['text']}"


@pytest.mark.slow
def test_a_stream_and_single_calls_give_the_same_records(extract: Extract) -> None:
    some = [text for text in texts() if len(text) < 3000][:6]
    assert list(extract.pipe(some)) == [extract(text) for text in some]

"""Short sentences, most of which one rule each once read: how many the reader reads right, and what it makes of each.

``sentences.tsv`` has text, the acts that stand in it (actor>partner>kind, by a part of the names), and what the reader
finds now; ``python -m tests.reader.test_sentences`` writes the last column anew, so that a change of the model or of
the finders shows in review which sentences it moved.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from extractors.extract import Extract, load
from schemas import CooperationRecord

TABLE = Path(__file__).with_name("sentences.tsv")
LEAST_EMPTY, LEAST_RIGHT = 0.76, 0.74  # 0.77 and 0.80 with the reader of 2026-12-01
MOVED = 0.05  # of the sentences may read otherwise on another kind of processor, whose sums round otherwise


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def shown(records: Iterable[CooperationRecord]) -> str:
    return ";".join(sorted(f"{one.actor.name}>{one.partner.name if one.partner else ''}>{one.kind}" for one in records))


def agrees(found: str, wanted: str) -> bool:
    """Whether the same number of acts was found, each between the parties wanted."""
    left = [one.split(">") for one in found.split(";") if one]
    right = [one.split(">") for one in wanted.split(";") if one]
    return len(left) == len(right) and all(any(_alike(a, b) for a in left) for b in right)


def _alike(found: list[str], wanted: list[str]) -> bool:
    return wanted[0] in found[0] and wanted[1] in found[1]


def read(extract: Extract) -> list[str]:
    return [shown(extract(row["text"])) for row in rows()]


@pytest.fixture(scope="module")
def sentences(extract: Extract) -> list[str]:
    return read(extract)


@pytest.mark.slow
def test_what_is_found_is_what_was_found(sentences: list[str]) -> None:
    pairs = [(row["text"], row["found"], now) for row, now in zip(rows(), sentences, strict=True)]
    changed = [(text, before, now) for text, before, now in pairs if before != now]
    assert len(changed) <= MOVED * len(sentences), changed[:10]


@pytest.mark.slow
def test_sentences_without_an_act_mostly_give_no_record(sentences: list[str]) -> None:
    empty = [now for row, now in zip(rows(), sentences, strict=True) if not row["acts"]]
    assert sum(not now for now in empty) >= LEAST_EMPTY * len(empty)


@pytest.mark.slow
def test_most_sentences_with_acts_are_read_right(sentences: list[str]) -> None:
    told = [agrees(now, row["acts"]) for row, now in zip(rows(), sentences, strict=True) if row["acts"]]
    assert sum(told) >= LEAST_RIGHT * len(told)


def main() -> None:
    table, now = rows(), read(load())
    with TABLE.open("w", encoding="utf-8", newline="") as lines:
        lines.write("text\tacts\tfound\n")
        lines.writelines(f"{row['text']}\t{row['acts'] or ''}\t{one}\n" for row, one in zip(table, now, strict=True))


if __name__ == "__main__":
    main()

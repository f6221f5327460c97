"""What goes wrong with one document, at whatever step, is told of it alone; the run goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractors.text.documents import DecodedDocument
from extractors.text.read import READERS
from flows.options import Options
from flows.run import make_plan, run_direct
from flows.shards import extract_shard
from flows.sources import discover
from schemas import Document, Extraction
from tests.hostile.documents import make
from tests.support.fake_extractor import FakeExtract


def loops(data: bytes) -> DecodedDocument:
    """Read as a library does that goes on after any error."""
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def hoards(data: bytes) -> DecodedDocument:
    return DecodedDocument("x" * len(bytearray(4 << 30)))


def crashes(data: bytes) -> DecodedDocument:
    raise RuntimeError("no\nidea " * 900)


@pytest.mark.parametrize(
    ("reader", "reason", "said"),
    [
        (loops, "too_slow", "it takes longer than 1 s to read"),
        (hoards, "too_large", "MiB of memory to read: split it"),
        (crashes, "unreadable", "the file cannot be read (RuntimeError)"),
    ],
)
def test_a_reader_that_does_not_end_or_takes_all_memory_costs_its_document(
    reader: Callable[[bytes], DecodedDocument],
    reason: str,
    said: str,
    options: Options,
    folder: Path,
    fake: FakeExtract,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "bad.html").write_text("<p>Peru lent Chile $1m</p>", encoding="utf-8")
    monkeypatch.setitem(READERS, ".html", reader)
    last = run_direct(options.model_copy(update={"slow_seconds": 1.0}))
    assert [(one.id, one.reason) for one in last.quarantined] == [("bad.html", reason)]
    assert said in last.quarantined[0].detail and len(last.quarantined[0].detail) <= 300
    assert (last.status, last.counts.records) == (3, 1)


def test_what_cannot_be_written_costs_its_document(
    options: Options, folder: Path, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "half.txt").write_text("Mali lent Togo $2m.", encoding="utf-8")
    real = fake.read

    def half(document: Document) -> Extraction:
        found = real(document)
        odd = document.model_copy(update={"source": "\ud800"})
        return found.model_copy(update={"document": odd}) if document.id == "half.txt" else found

    monkeypatch.setattr(fake, "read", half)
    last = run_direct(options)
    assert [(one.id, one.reason) for one in last.quarantined] == [("half.txt", "failed")]
    assert (last.status, last.counts.records) == (3, 1)


@pytest.mark.parametrize("field", ["id", "title", "source", "text"])
def test_half_a_character_in_any_field_costs_its_line(
    field: str, options: Options, folder: Path, fake: FakeExtract
) -> None:
    row: dict[str, Any] = {"id": "x", "text": "Mali lent Togo $2m."}
    row[field] = f"{row.get(field, '')}\ud800"
    (folder / "c.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    last = run_direct(options)
    assert [(one.id, one.reason) for one in last.quarantined] == [("c.jsonl:1", "undecodable")]
    assert last.counts.records == 1


@pytest.mark.parametrize("seed", [0, 1, 5, 78])
def test_a_damaged_workbook_costs_itself_alone(seed: int, options: Options, folder: Path, fake: FakeExtract) -> None:
    """The library that reads it raises zlib.error, NotImplementedError and others as they come."""
    (folder / "c.xlsx").write_bytes(make("xlsx scratched", seed)[1])
    last = run_direct(options)
    assert [(one.id, one.reason) for one in last.quarantined] == [("c.xlsx", "unreadable")]
    assert last.counts.records == 1


SUMMARY = b'{"documents":2,"records":1,"quarantined":0,"failed":0,"away":0,"refused":0}\n'


@pytest.mark.parametrize("left", [b"", b"\n", bytes(300), b'{"extraction":{"docu', SUMMARY[:40], SUMMARY + bytes(90)])
def test_a_shard_file_that_a_power_cut_tore_is_written_again(left: bytes, options: Options, fake: FakeExtract) -> None:
    (shard,) = make_plan(discover(options.input), options).shards
    assert not extract_shard(shard).reused and extract_shard(shard).reused
    Path(shard.result).write_bytes(left)
    assert run_direct(options).counts.records == 1


def test_a_finished_shard_with_a_document_that_was_too_slow_is_read_again_where_more_is_allowed(
    options: Options, folder: Path, fake: FakeExtract
) -> None:
    (folder / "slow.txt").write_text("loop", encoding="utf-8")
    reused = []
    for seconds in (0.2, 0.2, 0.1, 0.4, 0.4):
        allowed = options.model_copy(update={"slow_seconds": seconds})
        reused += [extract_shard(shard).reused for shard in make_plan(discover(options.input), allowed).shards]
    assert reused == [False, True, True, False, True]

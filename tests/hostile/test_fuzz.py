"""Whatever comes in: readers quarantine, finders find, the log and releases say what is wrong, and nothing fails."""

import io
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coopledger import find_amounts, find_years, open_release
from extractors.mentions.parties import find_parties
from extractors.text import SUFFIXES, Aligned, clean, read
from extractors.text.corpus import ColumnsError, read_rows
from extractors.text.outline import Outline
from extractors.text.sentences import split
from ledger.decisions import DecisionLog, repair
from ledger.errors import LedgerError
from ledger.release.layout import files_of
from ledger.release.validate import validate
from schemas import Document, Quarantined
from tests.hostile.documents import KINDS, make
from tests.support.releases import documents, published

_UNITS = [
    "$", "5", "1,000", "million", "RMB", "2014", "May", "3", "Peru", "China's", "Sino-", "Bank of",
    "Ministry of Health", "(", ")", "“", '"', "the", "and", "of", "to", "-", "–", "%", ".", ":", "\t", "\n",
    "\n\n", " ", "  ", "|", "- ", "# ", "President", "Xi", "UNDP", "Co., Ltd.", "countries", "last year",
    "FY", "€", "bn", "half", "\u0301", "\u00ad", "\u202e", "\x00", "\ud7ff", "🙂", "Ã©", "مصر", "亿", "٣", "İ",
    "ﬁ", "\ufeff", "\u2028", "\r\n", "\\$", "**", "<b>", "=1+1",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_UNITS), max_size=40).map("".join),
                  st.lists(st.sampled_from(_UNITS), max_size=40).map(" ".join))  # fmt: skip


def sound(text: str, start: int, end: int) -> bool:
    return 0 <= start < end <= len(text)


@settings(max_examples=300)
@given(TEXTS)
@example("In 9999999999999999999 China lent Peru $" + "9" * 400)
def test_finders_find_in_any_text(text: str) -> None:
    for one in [*find_amounts(text), *find_years(text, date="2015-01-01"), *find_parties(text, capitals=True)]:
        assert sound(text, one.start, one.end) and text[one.start : one.end] == one.text
    assert all(sound(text, *bounds) for bounds in split(text))
    assert all(sound(text, place.line.start, place.line.end) for place in Outline(text).places)
    aligned: Aligned = clean(text)
    assert all(sound(text, *aligned.to_kept(at, at + 1)) for at in range(len(aligned.text)))


def _read(name: str, data: bytes) -> None:
    found = list(read(name, data))
    assert all(isinstance(one, Document | Quarantined) for one in found)
    assert found or name.endswith((".xlsx", ".jsonl", ".ndjson", ".csv", ".tsv"))
    told = [one.detail for one in found if isinstance(one, Quarantined)]
    assert all(detail and "\n" not in detail for detail in told), told


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=40)
@given(st.one_of(st.binary(max_size=300), TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_readers_take_any_bytes(suffix: str, data: bytes) -> None:
    _read(f"a{suffix}", data)


@settings(max_examples=120)
@given(st.sampled_from(["docx", "pptx", "xlsx", "pdf"]), st.integers(0, 10**6))
def test_readers_take_files_with_bytes_changed(kind: str, seed: int) -> None:
    suffix, data = make(f"{kind} scratched", seed)
    _read(f"a{suffix}", data)


@settings(max_examples=60)
@given(st.lists(TEXTS, max_size=6), st.sampled_from([",", ";", "\t", "|"]), st.booleans())
def test_rows_are_read_or_told(cells: list[str], delimiter: str, quoted: bool) -> None:
    data = delimiter.join(["id", "text"]) + "\n" + delimiter.join(f'"{one}"' if quoted else one for one in cells)
    try:
        found = list(read_rows("a.csv", io.BytesIO(data.encode("utf-8", "surrogatepass"))))
    except ColumnsError:
        return
    assert all(isinstance(one.read, Document | Quarantined) for one in found)


def test_a_log_of_any_bytes_is_examined_and_repaired(tmp_path: Path) -> None:
    record = next(one for document in documents(6) for one in document.records)
    chance = random.Random(4)
    for number in range(40):
        log = DecisionLog(tmp_path / f"{number}.jsonl")
        for _ in range(2):
            log.append(verdict="accept", record=record, reviewer="Ada", time="2026-01-01T00:00:00Z", release="r")
        data = bytearray(log.path.read_bytes())
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.choice([0, 1, 300])] = chance.choice(
                [b"", b"\n", b"\xff", b"{}\n", b"[" * 9_000, b"1e999"]
            )
        log.path.write_bytes(bytes(data))
        again = DecisionLog(log.path)
        again.examine()
        repair(again, time="2026-01-01T00:00:00Z")
        assert DecisionLog(log.path).examine().faults == []
        log.append(verdict="reject", record=record, reviewer="Ada", time="2026-01-01T00:00:00Z", release="r")
        assert DecisionLog(log.path).examine().faults == []


def test_a_release_of_any_bytes_is_refused_in_a_line(tmp_path: Path) -> None:
    whole = published(tmp_path / "whole", documents(3)).path.parent.parent
    chance = random.Random(5)
    for number in range(60):
        root = tmp_path / str(number)
        shutil.copytree(whole, root)
        paths = [root / "versions.json", *((root / "releases").rglob("*"))]
        path = chance.choice([one for one in paths if one.is_file()])
        data = bytearray(path.read_bytes())
        at = chance.randrange(len(data) + 1)
        junk = [b"", b"\xff\xfe", b"{}", b"[" * 100_000, b"null", b"1" * 5_000, chance.randbytes(50)]
        data[at : chance.choice([at, at + 1, len(data)])] = chance.choice(junk)
        changed = bytes(data) != path.read_bytes()
        path.write_bytes(bytes(data))
        folder = next((root / "releases").iterdir())
        assert files_of(folder)
        listed = path.name == "versions.json"
        assert validate(folder) or listed or not changed, path
        try:
            release = open_release(root)
            assert list(release.records()) and (listed or not changed)
        except LedgerError as error:
            assert "\n" not in str(error)


def test_kinds_are_named_by_what_they_are() -> None:
    assert {suffix for suffix, _ in KINDS.values()} >= set(SUFFIXES) - {".htm", ".ndjson"}  # read as .html and .jsonl

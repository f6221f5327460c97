"""One byte changed anywhere in a release, in what seals it or in the log is told."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.decisions import DecisionLog, repair
from ledger.release.layout import MANIFEST, PACKAGE, SUMS, damaged_files, files_of
from ledger.release.validate import validate
from tests.support.releases import documents, published

_BLANKS = b"\t\n\x0b\x0c\r\x1c\x1d\x1e \x85"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("release"), documents(4)).path


def mutations(data: bytes, places: list[int]) -> Iterator[bytes]:
    """Yield the bytes with one of them changed: by a bit, by case, and a blank into any other."""
    for at in places:
        others = {data[at] ^ 1, data[at] ^ 0x20, *(_BLANKS if data[at] in _BLANKS else b"")} - {data[at]}
        yield from (data[:at] + bytes([other]) + data[at + 1 :] for other in sorted(others))


def sample(data: bytes, seed: str) -> list[int]:
    """Choose the first places, the last, and some between."""
    chance = random.Random(seed)
    return sorted({0, 1, len(data) - 2, len(data) - 1, *(chance.randrange(len(data)) for _ in range(4))} - {-1})


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def test_a_byte_of_any_file_is_told(made: Path) -> None:
    names = files_of(made)
    assert {MANIFEST, PACKAGE, SUMS} <= set(names)
    assert validate(made) == []
    for name in names:
        path = made / name
        data = path.read_bytes()
        for changed in mutations(data, sample(data, name)) if data else [b"x"]:
            put(path, changed)
            told = {one.place for one in validate(made)}
            assert name in told or (name == SUMS and told), (name, changed[:80])  # the sums may name another file
        put(path, data)
    assert validate(made) == []


def test_a_byte_of_the_sums_is_told_wherever_it_is(made: Path) -> None:
    data = (made / SUMS).read_bytes()
    lines = data.index(b"\n", data.index(b"\n") + 1) + 1
    for changed in mutations(data, [*range(lines), len(data) - 1]):
        put(made / SUMS, changed)
        assert damaged_files(made), changed[:300]
    put(made / SUMS, data)


def test_a_byte_of_a_copy_without_its_list_of_releases_is_told(made: Path, tmp_path: Path) -> None:
    """A release that was sent on has no list of releases to seal its manifest; the data package does."""
    copy = tmp_path / made.name
    shutil.copytree(made, copy)
    assert validate(copy) == []
    data = (copy / MANIFEST).read_bytes()
    for changed in mutations(data, sample(data, "copy")):
        put(copy / MANIFEST, changed)
        assert validate(copy), changed[:80]
    put(copy / MANIFEST, data)
    package = (copy / PACKAGE).read_bytes()
    for part in (b'"bytes": ', b"sha256:", b'"version": "', b'"created": "', b"\n}"):
        at = package.index(part) + len(part)
        for changed in mutations(package, [min(at, len(package) - 1)]):
            put(copy / PACKAGE, changed)
            assert validate(copy), (part, changed[:80])


@pytest.mark.parametrize("part", ['"parent": ', '"time": "', '"records": ', '"version": "', '"code": "', '"path": "'])
def test_the_list_of_releases_says_what_the_manifest_says(tmp_path: Path, part: str) -> None:
    path = published(tmp_path, documents(2)).path
    versions = tmp_path / "versions.json"
    data = versions.read_bytes()
    at = data.index(part.encode()) + len(part)
    put(versions, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert validate(path)


def decided(folder: Path) -> DecisionLog:
    """Make a log of decisions with a seam in it, as a repair leaves one."""
    log = DecisionLog(folder / "decisions.jsonl")
    record = next(one for document in documents(6) for one in document.records)
    for number in range(3):
        log.append(verdict="accept", record=record, reviewer="Ada", time="2026-01-01T00:00:00Z", release="r", note="é")
        if number == 0:
            put(log.path, log.path.read_bytes().replace(b"Ada", b"Bob"))
            repair(log, time="2026-01-01T00:00:00Z")
    assert not log.examine().faults and b'"seam"' in log.path.read_bytes()
    return log


def test_a_byte_of_the_log_is_told_wherever_it_is(tmp_path: Path) -> None:
    log = decided(tmp_path)
    data = log.path.read_bytes()
    lines = data.splitlines(keepends=True)
    within = [*range(len(lines[0])), *range(len(lines[0]), len(data), 7), *range(len(data) - 20, len(data))]
    blanks = [at for at, one in enumerate(data) if one in _BLANKS]
    for changed in mutations(data, sorted({*within, *blanks, *sample(data, "log")})):
        put(log.path, changed)
        assert DecisionLog(log.path).examine().faults, changed
        assert log.path.read_bytes().startswith(changed), "looking at a damaged log changed it"

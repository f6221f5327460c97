"""Inputs and shards elsewhere: a server that speaks S3 stands in for the store."""

import errno
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem
from moto.server import ThreadedMotoServer

from coopledger import open_release
from flows import places, plan
from flows.errors import UsageError
from flows.options import Options
from flows.places import Place
from flows.run import run_direct
from flows.sources import discover
from tests.support.fake_extractor import FakeExtract

BUCKET = "s3://documents"


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an S3 server with an empty bucket."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    settings = {"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (settings | {"AWS_DEFAULT_REGION": "us-east-1"}).items():
            patch.setenv(name, value)
        fs = fsspec.filesystem("s3")
        fs.mkdir("documents")
        yield address
        fs.clear_instance_cache()
    server.stop()


def put(name: str, data: bytes) -> None:
    fsspec.filesystem("s3").pipe_file(f"documents/{name}", data)


def test_a_run_reads_from_a_store_and_keeps_its_shards_there(
    store: str, fake: FakeExtract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("in/a.txt", b"Zambia lent Kenya $5m.")
    put("in/deep/b.txt", b"Nothing.")
    put("in/c.jsonl", b'{"id": "x", "text": "Peru lent Chile $1m"}\n{"id": "w", "text": "two"}\n')
    put("in/d.csv", b'id,text\ny,"Mali lent Togo $2m"\nz,four\n')
    monkeypatch.setattr(plan, "SHARD_DOCUMENTS", 2)
    options = Options(input=f"{BUCKET}/in", output=str(tmp_path / "out"), scratch=f"{BUCKET}/shards", workers=1)
    release = open_release(run_direct(options).release)
    assert [one.id for one in release.documents()] == ["a.txt", "deep/b.txt", "w", "x", "y", "z"]
    assert [one.evidence.text for one in release.records()] == [
        "Zambia lent Kenya $5m",
        "Peru lent Chile $1m",
        "Mali lent Togo $2m",
    ]
    assert not run_direct(options).published
    put("in/e.txt", b"Oman lent Peru $1m.")
    assert run_direct(options).read == 1
    assert not [name for name, _, _ in Place.of(f"{BUCKET}/shards").files()]


def test_one_corpus_in_a_store(store: str) -> None:
    put("one.jsonl", b'{"id": "x", "text": "one"}\n')
    assert [one.address for one in discover(f"{BUCKET}/one.jsonl").found] == [f"{BUCKET}/one.jsonl"]
    with pytest.raises(UsageError, match="no such input"):
        discover(f"{BUCKET}/none")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    place = Place.of(str(tmp_path / "deep" / "x.txt"))
    place.write_whole(b"one")
    place.write_whole(b"two")
    assert place.read() == b"two"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["x.txt"]
    place.remove()
    place.remove()
    assert not place.exists()


def test_stretches_come_in_the_order_asked_for(tmp_path: Path) -> None:
    place = Place.of(str(tmp_path / "x"))
    place.write_whole(bytes(range(200)))
    ranges = [(number * 7 % 190, 3) for number in range(150)]
    assert list(place.read_ranges(ranges)) == [bytes(range(start, start + 3)) for start, _ in ranges]


def test_a_full_disk_is_told_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(LocalFileSystem, "pipe_file", full)
    with pytest.raises(OSError, match="No space left on device: .*x.txt"):
        Place.of(str(tmp_path / "x.txt")).write_whole(b"one")


def test_a_file_is_on_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[tuple[str, bool]] = []
    monkeypatch.setattr(places, "sync", lambda path: flushed.append((path.name, (tmp_path / "x.txt").exists())))
    Place.of(str(tmp_path / "x.txt")).write_whole(b"one")
    assert flushed == [("x.txt.part", False), (tmp_path.name, True)]

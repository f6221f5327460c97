"""What an input holds."""

import hashlib
from pathlib import Path

import pytest

from flows.discover import MAX_BYTES, Found, discover
from flows.errors import InputError, UsageError
from flows.shards import documents
from schemas import Document


def ids(folder: Path) -> list[str]:
    return [one.id for one in discover(str(folder)).found]


def reasons(folder: Path) -> dict[str, str]:
    return {one.id: one.reason for one in discover(str(folder)).quarantined}


def test_ids_are_relative_paths_and_digests_those_of_the_bytes(folder: Path) -> None:
    listing = discover(str(folder))
    assert [one.id for one in listing.found] == ["a.txt", "deep/b.md"]
    assert listing.found[0].digest == hashlib.sha256((folder / "a.txt").read_bytes()).hexdigest()


def test_a_trailing_slash_changes_nothing(folder: Path) -> None:
    assert discover(f"{folder}/") == discover(str(folder))


def test_a_file_is_an_input_of_one(folder: Path) -> None:
    assert ids(folder / "a.txt") == ["a.txt"]


def test_hidden_files_are_no_documents(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("x")
    (folder / ".x.txt").write_text("x")
    assert ids(folder) == ["a.txt", "deep/b.md"]


def test_a_file_that_no_reader_reads_is_quarantined_not_passed_over(folder: Path) -> None:
    (folder / "x.xlsx").write_bytes(b"PK")
    (folder / "README").write_text("x")
    assert reasons(folder) == {"README": "unsupported", "x.xlsx": "unsupported"}


def test_an_oversized_file_is_quarantined_unread(folder: Path) -> None:
    with (folder / "big.txt").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    (one,) = discover(str(folder)).quarantined
    assert (one.id, one.reason) == ("big.txt", "oversized")
    assert "100 MiB" in one.detail


def test_a_name_that_is_no_utf8_is_written_out(folder: Path) -> None:
    (folder / "caf\udce9.txt").write_text("x")
    assert "caf\\udce9.txt" in ids(folder)


JSONL = b'{"id": "x", "text": "one"}\n\n{"id": "y", "title": "T", "text": "two\\nlines"}\n[1]\n{"id": 3}'
CSV = 'id,title,text\nx,"A ""B""","one\ntwo"\r\ny,,café\nz,T,three'.encode()


def read_back(folder: Path) -> list[Document]:
    return [one for one in documents(discover(str(folder)).found) if isinstance(one, Document)]


@pytest.mark.parametrize(
    ("name", "data", "texts"),
    [
        ("c.jsonl", JSONL, {"x": "one", "y": "T\ntwo\nlines"}),
        ("c.csv", CSV, {"x": 'A "B"\none\ntwo', "y": "café", "z": "T\nthree"}),
        ("bom.csv", b"\xef\xbb\xbf" + CSV, {"x": 'A "B"\none\ntwo', "y": "café", "z": "T\nthree"}),
    ],
)
def test_a_worker_reads_a_corpus_line_as_the_run_found_it(
    tmp_path: Path, name: str, data: bytes, texts: dict[str, str]
) -> None:
    (tmp_path / name).write_bytes(data)
    assert {one.id: one.text for one in read_back(tmp_path)} == texts
    found = {one.id: one.digest for one in discover(str(tmp_path)).found}
    assert {one.id: one.digest for one in read_back(tmp_path)} == found


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(JSONL)
    found = discover(str(tmp_path / "c.jsonl")).quarantined
    assert {one.id: one.detail[:6] for one in found} == {"c.jsonl:4": "line 4", "c.jsonl:5": "line 5"}
    assert all(one.digest for one in found)


def test_an_empty_corpus_is_quarantined(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(b"\n")
    assert reasons(tmp_path) == {"c.jsonl": "empty"}


def test_two_documents_of_one_id_stop_the_run_and_are_both_named(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(b'{"id": "x", "text": "one"}\n{"id": "x", "text": "two"}\n')
    with pytest.raises(InputError, match=r"'x': c.jsonl line 1 and c.jsonl line 2"):
        discover(str(tmp_path))


def test_nothing_there_and_nothing_in_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such input"):
        discover(str(tmp_path / "none"))
    with pytest.raises(InputError, match="no documents in"):
        discover(str(tmp_path))
    with pytest.raises(UsageError, match="nosuch"):
        discover("nosuch://bucket/x")


def test_listing_is_sorted_whatever_the_order_of_the_lines(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(b'{"id": "b", "text": "one"}\n{"id": "a", "text": "two"}\n')
    listing = discover(str(tmp_path))
    assert [one.id for one in listing.found] == ["a", "b"]
    assert all(isinstance(one, Found) for one in listing.found)

"""What an input holds."""

import bz2
import datetime
import gzip
import hashlib
import io
import json
import lzma
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import openpyxl
import pytest
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from extractors.text.corpus import Columns
from flows import places
from flows.errors import InputError, UsageError
from flows.options import Options
from flows.run import run_direct
from flows.sources import MAX_BYTES, Discovered, Listing, Search, discover, fetch, read_document
from schemas import Document
from tests.support.fake_extractor import FakeExtract


def listed(folder: Path, **search: Any) -> Listing:
    return discover(str(folder), Search(staging=str(folder.parent / "staging"), **search))


def ids(folder: Path) -> list[str]:
    return [one.id for one in listed(folder).found]


def reasons(folder: Path) -> dict[str, str]:
    return {one.id: one.reason for one in listed(folder).quarantined}


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
    (folder / "x.zip").write_bytes(b"PK")
    (folder / "README").write_text("x")
    assert reasons(folder) == {"README": "unsupported", "x.zip": "unsupported"}


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
CSV = 'id,title,text\nx,"A ""B""","one\ntwo"\r\ny,,café\nz,T,three'
READ = {"x": 'A "B"\none\ntwo', "y": "café", "z": "T\nthree"}
PLAIN = "Id ;TEXT;url\nx;one;http://x\ny;café;\n"
PLAIN_READ = {"x": "one", "y": "café"}


PROJECTS = (
    ["ID", "Text", "Date"],
    [1, "Zambia lent Kenya $5m.", datetime.date(2019, 3, 1)],
    [2.0, "two", None],
)


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["About", "this file"])  # type: ignore[union-attr]
    sheet = book.create_sheet("Projects")
    for row in rows or PROJECTS:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


IATI = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<iati-activities version="2.03">
 <iati-activity last-updated-datetime="2020-05-06T00:00:00Z">
  <iati-identifier>XM-1</iati-identifier>
  <title><narrative xml:lang="fr">Eau</narrative><narrative xml:lang="en">Water</narrative></title>
  <description><narrative>A plant for  Kenya. &e;</narrative></description>
  <activity-date type="2" iso-date="2019-01-02"/>
 </iati-activity>
</iati-activities>"""


IATI_1 = b"""<iati-activities version="1.05">
 <iati-activity>
  <iati-identifier>XM-1</iati-identifier>
  <title xml:lang="fr">Eau</title><title xml:lang="en">Water</title>
  <description xml:lang="en">A plant</description><description xml:lang="fr">Une usine</description>
  <participating-org role="Funding">Sida</participating-org>
  <activity-date type="start-actual" iso-date="2012-01-02">long ago</activity-date>
  <activity-date type="end-planned">2013-05-06</activity-date>
 </iati-activity>
</iati-activities>"""


def read_back(folder: Path, **search: Any) -> list[Document]:
    found = (read_document(job, raw) for job, raw in fetch(listed(folder, **search).found))
    return [one for one in found if isinstance(one, Document)]


@pytest.mark.parametrize(
    ("name", "data", "texts"),
    [
        ("c.jsonl", JSONL, {"x": "one", "y": "T\ntwo\nlines"}),
        ("case.jsonl", b'{"ID": "x", "Text": "one"}', {"x": "one"}),
        ("c.csv", CSV.encode(), READ),
        ("bom.csv", CSV.encode("utf-8-sig"), READ),
        ("utf16.csv", CSV.encode("utf-16"), READ),
        ("unmarked.csv", CSV.encode("utf-16-le"), READ),
        ("western.csv", CSV.encode("cp1252"), READ),
        ("slip.csv", "id,text\nx,über\ny,".encode() + b"caf\xe9\n", {"x": "über", "y": "café"}),
        ("semicolon.csv", PLAIN.encode(), PLAIN_READ),
        ("tab.csv", PLAIN.replace(";", "\t").encode(), PLAIN_READ),
        ("bar.tsv", PLAIN.replace(";", "|").encode(), PLAIN_READ),
        ("old-mac.csv", PLAIN.replace("\n", "\r").encode(), PLAIN_READ),
        ("said.csv", f"sep=;\r\n{PLAIN}".encode(), PLAIN_READ),
        ("any.csv", f"sep=^\r\n{PLAIN.replace(';', '^')}".encode(), PLAIN_READ),
        ("titled.csv", f"Projects, as of 2019\n\n;;\n{PLAIN}".encode(), PLAIN_READ),
        ("zero.csv", b"id,text\nx,on\x00e\ny,two\n", {"x": "on\x00e", "y": "two"}),
        ("packed.jsonl.gz", gzip.compress(b'{"id": "x", "text": "one"}', mtime=0), {"x": "one"}),
        ("packed.csv.bz2", bz2.compress(PLAIN.encode()), PLAIN_READ),
        ("packed.csv.xz", lzma.compress(PLAIN.encode()), PLAIN_READ),
        (
            "windows.jsonl",
            '{"id": "x", "text": "café"}\r\n{"id": "y", "text": "two"}'.encode("utf-16"),
            {"x": "café", "y": "two"},
        ),
        ("new.ndjson", b'{"id": "x", "text": "one"}', {"x": "one"}),
        (
            "groups.xlsx",
            workbook(["Projects of 2019"], [], ["Who", None, "What"], ["Id", "Name", "Text"], ["x", "", "one"]),
            {"x": "one"},
        ),
        ("old.xml", IATI_1, {"XM-1": "Water\nA plant\nSida\nActual start: 2012-01-02\nPlanned end: 2013-05-06"}),
        ("book.xlsx", workbook(), {"1": "Zambia lent Kenya $5m.", "2": "two"}),
        ("iati.xml", IATI, {"XM-1": "Water\nA plant for Kenya. &e;\nActual start: 2019-01-02"}),
    ],
)
def test_a_worker_reads_a_corpus_as_the_run_found_it(tmp_path: Path, name: str, data: bytes, texts: Any) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(data)
    assert {one.id: one.text for one in read_back(tmp_path / "in")} == texts
    found = {one.id: one.digest for one in listed(tmp_path / "in").found}
    assert {one.id: one.digest for one in read_back(tmp_path / "in")} == found


def test_dates_come_from_their_column(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "book.xlsx").write_bytes(workbook())
    (tmp_path / "in" / "iati.xml").write_bytes(IATI)
    assert {one.id: one.date for one in read_back(tmp_path / "in")} == {
        "1": "2019-03-01",
        "2": None,
        "XM-1": "2020-05-06",
    }


def test_columns_of_other_names_are_given(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("Project No,Body,When\nx,one,2019-01-01\n")
    columns = Columns(id="project no", text="Body", date="When")
    (one,) = read_back(tmp_path / "c.csv", columns=columns)
    assert (one.id, one.text, one.date) == ("x", "one", "2019-01-01")


def test_columns_that_do_not_fit_are_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("Project_ID,Full_Text,Other\nx,one,2\n")
    with pytest.raises(UsageError) as told:
        listed(tmp_path / "c.csv")
    assert "its columns are 'Project_ID', 'Full_Text', 'Other'; perhaps --id 'Project_ID' --text 'Full_Text'" in str(
        told.value
    )
    with pytest.raises(UsageError, match="no column 'Bodi' for the text; .*perhaps --text 'Body'"):
        (tmp_path / "d.csv").write_text("id,Body\nx,one\n")
        listed(tmp_path / "d.csv", columns=Columns(text="Bodi"))


def test_a_table_among_documents_that_is_no_corpus_stops_nothing(folder: Path) -> None:
    (folder / "prices.csv").write_text("year,price\n2019,3\n")
    (folder / "book.xlsx").write_bytes(workbook())
    (folder / "page.xml").write_text("<html/>")
    found = {"prices.csv": "columns", "book.xlsx:Sheet": "columns", "page.xml": "unsupported"}
    assert reasons(folder) == found
    assert ids(folder) == ["1", "2", "a.txt", "deep/b.md"]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(JSONL)
    found = listed(tmp_path / "c.jsonl").quarantined
    assert {one.id: one.detail[:6] for one in found} == {"c.jsonl:4": "line 4", "c.jsonl:5": "line 5"}
    assert all(one.digest for one in found)


@pytest.mark.parametrize("data", [b'[{"id": "x",\n"text": "one"}]', b'{\n "id": "x"\n}'])
def test_json_that_is_no_json_lines_is_not_called_empty(folder: Path, data: bytes) -> None:
    (folder / "c.jsonl").write_bytes(data)
    (one,) = listed(folder).quarantined
    assert (one.id, one.reason) == ("c.jsonl", "malformed_line")
    assert one.detail.startswith("no line is a JSON object; line 1: ")


def test_an_id_is_text_or_a_number_and_a_date_is_a_day(tmp_path: Path) -> None:
    rows = ({"id": True}, {"id": ["x"]}, {"id": "a", "date": "2019"}, {"id": "b", "date": "03/04/2019"})
    (tmp_path / "c.jsonl").write_text("".join(json.dumps({"text": "one", **row}) + "\n" for row in rows))
    listing = listed(tmp_path / "c.jsonl")
    assert [one.id for one in listing.found] == ["a"]
    assert {one.id[-1]: one.detail.partition(": ")[2] for one in listing.quarantined} == {
        "1": "id must be text or a number",
        "2": "id must be text or a number",
        "4": "its date is '03/04/2019', where a day is written as 2019-01-31 (ISO 8601)",
    }


def test_an_archive_is_to_be_unpacked(folder: Path) -> None:
    (folder / "x.zip").write_bytes(b"PK")
    (folder / "a.txt.gz").write_bytes(b"x")
    (folder / "damaged.csv.gz").write_bytes(b"x")
    listing = listed(folder)
    assert {one.id: one.detail for one in listing.quarantined} == dict.fromkeys(
        ("a.txt.gz", "x.zip"), "an archive: unpack it"
    )
    assert [one.name for one in listing.unread] == ["damaged.csv.gz"]


def test_an_empty_corpus_is_quarantined(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c.jsonl").write_bytes(b"\n")
    assert reasons(tmp_path / "in") == {"c.jsonl": "empty"}


def test_all_documents_of_one_id_are_named(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_bytes(b"".join(b'{"id": "%d", "text": "one"}\n' % (n % 2) for n in range(4)))
    with pytest.raises(
        InputError, match=r"2 ids .*'0': \S*c.jsonl line 1 and \S*c.jsonl line 3; '1': \S*c.jsonl line 2"
    ):
        listed(tmp_path / "c.jsonl")


def test_a_prefix_stands_before_every_id(folder: Path) -> None:
    (folder / "c.jsonl").write_bytes(b'{"id": "x", "text": "one"}\n{')
    listing = listed(folder, prefix="2024/")
    assert [one.id for one in listing.found] == ["2024/a.txt", "2024/deep/b.md", "2024/x"]
    assert [one.id for one in listing.quarantined] == ["2024/c.jsonl:2"]
    assert {one.id for one in read_back(folder, prefix="2024/")} == {one.id for one in listing.found}


LEFT = ("Thumbs.db", "desktop.ini", "~$a.docx", "a.txt~", "__MACOSX/a.txt", "deep/Thumbs.db")


def test_what_programs_leave_beside_documents_is_passed_over(folder: Path) -> None:
    for name in LEFT:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    listing = listed(folder)
    assert (reasons(folder), ids(folder)) == ({}, ["a.txt", "deep/b.md"])
    assert {one.name.rstrip("/") for one in listing.skipped} == {name.removesuffix("/a.txt") for name in LEFT}
    assert {one.why for one in listing.skipped} == {"left by a program"}
    far = fsspec.filesystem("memory")
    for name in ("a.txt", *LEFT):
        far.pipe_file(f"/left/{name}", b"x")
    assert [one.id for one in discover("memory://left").found] == ["a.txt"]
    far.rm("/left", recursive=True)


def test_an_input_that_is_neither_file_nor_folder_is_told_at_once(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    for name, kind in ((str(folder / "pipe.txt"), "a named pipe"), ("/dev/null", "a device")):
        with pytest.raises(UsageError, match=f"^{name} is {kind}, no file or folder$"):
            discover(name)


def test_faults_of_packed_corpora_have_ids_of_their_own(folder: Path) -> None:
    torn = b'{"id": "x", "text": "one"}\n{\n'
    (folder / "c.jsonl").write_bytes(torn)
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(torn.replace(b'"x"', b'"y"'), mtime=0))
    assert sorted(reasons(folder)) == ["c.jsonl.gz:2", "c.jsonl:2"]


def test_what_is_no_file_is_passed_over_and_said(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "s"))
    (folder / "out").mkdir()
    (folder / "out" / "x.txt").write_text("x")
    (folder / ".hidden.txt").write_text("x")
    listing = listed(folder, exclude=folder / "out")
    assert [one.id for one in listing.found] == ["a.txt", "deep/b.md"]
    assert {one.name: one.why for one in listing.skipped} == {
        ".hidden.txt": "hidden", "out/": "an output folder", "pipe.txt": "a named pipe", "s": "a socket",
    }  # fmt: skip


def test_a_ledger_inside_the_input_is_no_part_of_it(folder: Path) -> None:
    (folder / "old" / "releases").mkdir(parents=True)
    (folder / "old" / "versions.json").write_text("{}")
    (folder / "old" / "x.txt").write_text("x")
    listing = listed(folder)
    assert [one.id for one in listing.found] == ["a.txt", "deep/b.md"]
    assert [(one.name, one.why) for one in listing.skipped] == [("old/", "an output folder")]


def test_links_are_followed_to_files_alone(folder: Path) -> None:
    (folder / "same.txt").symlink_to("a.txt")
    (folder / "nowhere.txt").symlink_to("gone.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "again").symlink_to(".")
    assert reasons(folder) == {"again": "link", "loop.txt": "link", "nowhere.txt": "link"}
    assert ids(folder) == ["a.txt", "deep/b.md", "same.txt"]


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
    assert all(isinstance(one, Discovered) for one in listing.found)


def test_an_id_of_very_many_documents_names_the_first(tmp_path: Path) -> None:
    lines = [f'{{"id": "x", "text": "Peru lent Chile ${number}m"}}\n' for number in range(40)]
    (tmp_path / "c.jsonl").write_text("".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=r"the id 'x': \S+ line 1 and .* line 10 and 30 more$"):
        discover(str(tmp_path / "c.jsonl"))


NOTES = {f"{name.lower()}.txt": f"{name} lent Mali $3m." for name in ("Peru", "Chile", "Togo", "Oman", "Kenya")}


class FarAway(MemoryFileSystem):
    """Files far away; ``answers`` is how many requests for a file are answered, ``wait`` how late each is."""

    protocol = "faraway"
    answers, wait = 10**9, 0.0
    never = threading.Event()

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix("faraway://")))

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **rest: object) -> bytes:
        FarAway.answers -= 1
        if FarAway.answers < 0:
            self.never.wait()
        time.sleep(FarAway.wait)
        return bytes(super().cat_file(path, start, end, **rest))


@pytest.fixture
def far(options: Options, monkeypatch: pytest.MonkeyPatch, fake: FakeExtract) -> Iterator[Options]:
    fsspec.register_implementation("faraway", FarAway, clobber=True)
    monkeypatch.setattr(places, "_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(FarAway, "answers", 10**9)
    for name, text in NOTES.items():
        fsspec.filesystem("faraway").pipe_file(f"/notes/{name}", text.encode())
    yield options.model_copy(update={"input": "faraway://notes"})
    fsspec.filesystem("faraway").rm("/notes", recursive=True)


def answer_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all requests be answered, and wait for them: a busy machine answers later than silence is waited for."""
    monkeypatch.setattr(FarAway, "answers", 10**9)
    monkeypatch.setattr(places, "_ANSWER_SECONDS", 120.0)


def records(release: str) -> bytes:
    return (Path(release) / "records.jsonl").read_bytes()


def test_a_slow_answer_is_waited_for(far: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FarAway, "wait", 0.05)
    assert run_direct(far).counts.records == len(NOTES)


def test_what_answers_once_and_then_never_is_read_by_the_next_run(
    far: Options, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(FarAway, "answers", len(NOTES) + 1)  # all are listed, one is read
    started = time.monotonic()
    first = run_direct(far)
    assert time.monotonic() - started < 20
    assert (first.status, first.counts.records, first.counts.quarantined) == (3, 1, len(NOTES) - 1)
    assert {one.reason for one in first.quarantined} == {"unreadable"}
    answer_again(monkeypatch)
    again = run_direct(far)
    assert (again.status, again.counts.records) == (0, len(NOTES))
    whole = run_direct(far.model_copy(update={"output": str(tmp_path / "whole")}))
    assert records(again.release) == records(whole.release)


def test_what_the_last_release_holds_stays_while_the_address_is_silent(
    far: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_direct(far)
    monkeypatch.setattr(FarAway, "answers", 0)
    silent = run_direct(far.model_copy(update={"force": True}))
    assert (silent.published, silent.status) == (False, 3)
    answer_again(monkeypatch)
    assert records(run_direct(far).release) == records(first.release)


@pytest.fixture
def hung(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose folder ``deep`` lies on a disk that never answers."""
    never, scandir, hanging = threading.Event(), os.scandir, os.fspath(folder / "deep")

    def look(path: str) -> object:
        if os.fspath(path).startswith(hanging):
            never.wait()
        return scandir(path)

    monkeypatch.setattr(places, "_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(os, "scandir", look)
    yield folder
    never.set()


def test_a_folder_on_a_disk_that_hangs_is_unread_and_the_others_are_read(hung: Path) -> None:
    listing = listed(hung)
    assert [one.id for one in listing.found] == ["a.txt"]
    assert [(one.name, one.detail) for one in listing.unread] == [
        ("deep/", "the folder cannot be listed: no answer in 0.3 s")
    ]


def test_files_on_a_disk_that_hangs_are_not_asked_for_in_vain_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, never = [], threading.Event()

    def open_never(self: object, path: str, *rest: object, **more: object) -> object:
        asked.append(path)
        never.wait()
        raise OSError

    for number in range(9):
        (tmp_path / f"{number}.txt").write_text("x")
    monkeypatch.setattr(places, "_ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(LocalFileSystem, "_open", open_never)
    assert len(listed(tmp_path).unread) == 9
    assert len(asked) == 3
    never.set()


def test_a_store_that_is_away_is_unread_whatever_its_library_raises(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise LookupError("no endpoint")

    first = run_direct(options)
    monkeypatch.setattr(LocalFileSystem, "info", away)
    again = run_direct(options)
    assert (again.version, again.status) == (first.version, 3)
    assert [one.detail for one in again.unread] == ["the input cannot be looked at: LookupError: no endpoint"]


def test_a_first_run_of_an_input_that_hangs_publishes_nothing(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    never = threading.Event()
    monkeypatch.setattr(places, "_ANSWER_SECONDS", 0.1)
    with monkeypatch.context() as hanging, pytest.raises(InputError, match="cannot read .* no answer in 0.1 s"):
        hanging.setattr(LocalFileSystem, "info", lambda *_, **__: never.wait())
        run_direct(options)
    never.set()
    assert run_direct(options).published

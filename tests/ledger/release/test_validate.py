"""Validation: each kind of damage is named, also where the checksums were made to fit."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import Field

from ledger.formats.flat import columns
from ledger.release.jsonl import canonical
from ledger.release.layout import SUMS, write_sums
from ledger.release.validate import validate
from schemas import CooperationRecord, FlatRecord, Quarantined, flatten
from tests.support.releases import documents, published

Lines = list[dict[str, Any]]


def rewrite(folder: Path, name: str, change: Callable[[Lines], Lines | None]) -> None:
    path = folder / name
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    changed = change(rows)
    path.write_text("".join(canonical(row) + "\n" for row in (rows if changed is None else changed)), "utf-8")


def misquote(rows: Lines) -> None:
    rows[0]["evidence"]["text"] = "X" + rows[0]["evidence"]["text"][1:]


def bad_sector(rows: Lines) -> None:
    rows[0]["sector"]["code"] = "999"


def same_id(rows: Lines) -> None:
    rows[-1]["record_id"] = rows[0]["record_id"]


def other_text(rows: Lines) -> None:
    rows[0]["text"] += " "


def halve(rows: Lines) -> Lines:
    return rows[: len(rows) // 2]


def turn(rows: Lines) -> Lines:
    return rows[::-1]


def no_reason(rows: Lines) -> None:
    rows[0]["change"] = "removed"


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("records.jsonl", misquote, "quote"),
        ("records.jsonl", bad_sector, "schema"),
        ("records.jsonl", same_id, "twice"),
        ("records.jsonl", turn, "order"),
        ("records.jsonl", halve, "disagrees"),
        ("documents.jsonl", other_text, "digest"),
        ("documents.jsonl", halve, "counts"),
        ("unclaimed.jsonl", halve, "counts"),
        ("diff.jsonl", no_reason, "change"),
    ],
)
def test_damage_is_named(tmp_path: Path, name: str, change: Callable[[Lines], Lines | None], code: str) -> None:
    made = published(tmp_path, documents(6))
    rewrite(made.path, name, change)
    assert {one.code for one in validate(made.path)} == {"checksum"} | ({code} & {"schema", "order"})
    (made.path / SUMS).unlink()
    write_sums(made.path)
    assert code in {one.code for one in validate(made.path)}


def test_the_flat_files_must_agree(tmp_path: Path) -> None:
    made = published(tmp_path, documents(6))
    path = made.path / "records.parquet"
    table = pq.read_table(path)
    years = pa.array([1999] * len(table), pa.int64())
    pq.write_table(table.set_column(table.schema.get_field_index("year"), "year", years), path)
    csv_path = made.path / "records.csv"
    csv_path.write_bytes(csv_path.read_bytes().replace(b"loan", b"gift", 1))
    (made.path / SUMS).unlink()
    write_sums(made.path)
    places = {one.place.partition(",")[0] for one in validate(made.path) if one.code == "disagrees"}
    assert places == {"records.parquet", "records.csv"}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("quarantine.jsonl", b"", "document a.pdf was not read, and quarantine.jsonl does not say why [unreadable]"),
        ("records.csv", b"\xff\r\n", "records.csv, row 1: is not the record of records.jsonl [disagrees]"),
    ],
)
def test_a_file_that_does_not_go_with_the_others_is_told(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    bad = Quarantined(id="a.pdf", reason="encrypted", detail="Take the password off.", digest="d")
    made = published(tmp_path, [bad, *documents(2)])
    (made.path / name).write_bytes(data)
    (made.path / SUMS).unlink()
    write_sums(made.path)
    assert said in str(validate(made.path)[0])


class Later(FlatRecord):
    """The row of a later minor version of the schema."""

    month: int | None = Field(default=None, description="month of the act")


def in_later_columns(record: CooperationRecord) -> Later:
    return Later(**flatten(record).model_dump())


def test_a_release_of_an_earlier_minor_version_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = published(tmp_path, documents(3))
    month = replace(columns()[-1], name="month")
    monkeypatch.setattr("ledger.release.validate.flatten", in_later_columns)
    monkeypatch.setattr("ledger.release.validate.columns", partial(tuple, [*columns(), month]))
    assert not validate(made.path)


def test_a_problem_reads_as_a_line(tmp_path: Path) -> None:
    made = published(tmp_path, documents(1))
    (made.path / "diff.html").write_text("")
    assert [str(one) for one in validate(made.path)] == ["diff.html: missing, or not as published [checksum]"]
    assert validate(tmp_path / "nowhere")[0].code == "checksum"

"""CSV that spreadsheets open safely, Parquet with types, schemas written from the models."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from coopledger import open_release
from ledger.formats.flat import CsvRows, columns, escape_formula, read_csv, table_schema, unescape_formula
from ledger.release.jsonl import pretty
from ledger.release.seal import schema_file
from schemas import SCHEMA_VERSION, FlatRecord
from schemas.json_schema import PUBLISHED, json_schema
from tests.support.releases import LATER, documents, published
from tests.support.synthetic import extraction

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "schemas" / "published" / SCHEMA_VERSION
RUNS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''@x"]
SAFE = ["Kenya", "'tis", "a=b", " =1", "5", "", "—dash", "'"]


@pytest.mark.parametrize("cell", RUNS)
def test_a_formula_is_neutralised(cell: str) -> None:
    assert escape_formula(cell) == "'" + cell and unescape_formula(escape_formula(cell)) == cell


@pytest.mark.parametrize("cell", [*SAFE, 5, -5, 2.5, None])
def test_what_is_no_formula_stays(cell: object) -> None:
    assert escape_formula(cell) == cell


@given(st.text(alphabet="'=+-@\t\r\n,\"ab ＝🌱", max_size=8))
def test_guards_come_off_again(cell: str) -> None:
    assert unescape_formula(escape_formula(cell)) == cell
    assert escape_formula(cell).lstrip("'")[:1] not in tuple("=+-@") or escape_formula(cell).startswith("'")


@given(st.lists(st.text(alphabet="'=,\"\r\nab é🌱", min_size=1, max_size=8), min_size=2, max_size=2))
def test_rows_survive_a_csv_reader(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    CsvRows(file, ["a", "b"]).write(cells)
    rows = list(csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert rows[0] == ["a", "b"] and [unescape_formula(cell) for cell in rows[1]] == cells


def test_a_release_neutralises_what_its_documents_say(tmp_path: Path) -> None:
    one = extraction("=cmd|' /C calc'!A0.txt", [])
    named = documents(1)[0].records[0].model_copy(update={"document_id": one.document.id, "record_id": "@rec"})
    text = documents(1)[0].document.text
    document = one.document.model_copy(update={"text": text})
    made = published(tmp_path, [one.model_copy(update={"document": document, "records": (named,)})])
    first = (made.path / "records.csv").read_bytes().split(b"\r\n")[1]
    assert b",'=cmd|' /C calc'!A0.txt," in first and first.endswith(b",unreviewed")
    assert [row["document_id"] for row in read_csv(made.path / "records.csv")] == [one.document.id]


def test_parquet_has_types_nulls_and_descriptions(tmp_path: Path) -> None:
    made = published(tmp_path, documents(4))
    schema = pq.read_schema(made.path / "records.parquet")
    types = {field.name: str(field.type) for field in schema}
    assert (types["year"], types["amount"], types["rank"], types["actor"]) == ("int64", "double", "int64", "string")
    assert not schema.field("record_id").nullable and schema.field("amount").nullable
    assert all(field.metadata[b"description"] for field in schema)
    assert schema.metadata[b"coopledger.schema_version"] == SCHEMA_VERSION.encode()


def test_the_columns_are_the_models() -> None:
    assert [column.name for column in columns()] == list(FlatRecord.model_fields)
    nullable = {column.name for column in columns() if column.nullable}
    assert {"partner", "year", "amount"} <= nullable and "record_id" not in nullable


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_schemas_are_the_models(name: str) -> None:
    assert (COMMITTED / f"{name}.schema.json").read_text("utf-8") == pretty(json_schema(name))


def test_the_published_table_schema_is_the_models() -> None:
    assert (COMMITTED / "records.tableschema.json").read_text("utf-8") == pretty(table_schema())


LINES = {
    "record": "records.jsonl", "document": "documents.jsonl", "unclaimed": "unclaimed.jsonl", "change": "diff.jsonl",
}  # fmt: skip


def test_every_line_is_of_its_schema(tmp_path: Path) -> None:
    published(tmp_path, documents(6))
    published(tmp_path, documents(6, edits=0.9), now=LATER)
    folder = open_release(tmp_path).path
    for name, file in LINES.items():
        schema = json.loads((folder / schema_file(name)).read_bytes())
        validator = Draft202012Validator(schema)
        lines = [json.loads(line) for line in (folder / file).read_text("utf-8").splitlines()]
        assert lines and all(validator.is_valid(line) for line in lines)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert Draft202012Validator(json_schema("manifest")).is_valid(manifest)
    assert Draft202012Validator(json_schema("versions")).is_valid(json.loads((tmp_path / "versions.json").read_bytes()))

"""Reading releases: by version, by schema, through several; never a damaged one."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coopledger import open_release, read_changes
from ledger.errors import LedgerError
from ledger.formats.export import EXPORTS, export
from ledger.release.compare import compare
from ledger.release.jsonl import canonical, pretty
from ledger.release.layout import sha256_of, write_sums
from ledger.release.validate import validate
from schemas import CooperationRecord, FlatRecord
from tests.support.changes import apply
from tests.support.releases import LATER, NOW, documents, published


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("output")
    for step, edits in enumerate((0.0, 0.4, 0.8)):
        published(root, documents(20, edits=edits), now=NOW.replace(day=22 + step))
    return root


def test_the_latest_and_a_named_one(output: Path) -> None:
    assert open_release(output).version == "20261124T051500Z"
    assert open_release(output, "20261122T051500Z").manifest.parent is None
    assert open_release(output / "releases" / "20261123T051500Z").version == "20261123T051500Z"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"version": "20200101T000000Z"}, "no release 20200101T000000Z"),
        ({"schema": ">=2"}, "no release of schema >=2"),
        ({"version": "20261122T051500Z", "schema": ">=1.5"}, "has schema 1.0.0"),
        ({"schema": "one"}, "no range of versions"),
    ],
)
def test_what_there_is_not_is_refused(output: Path, arguments: dict[str, str], said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        open_release(output, **arguments)


def test_a_folder_without_releases(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="holds no releases"):
        open_release(tmp_path)


def test_models_frame_and_table_agree(output: Path) -> None:
    release = open_release(output)
    records = list(release.records())
    frame, table = release.frame(), release.table()
    assert all(isinstance(record, CooperationRecord) for record in records)
    assert list(frame.columns) == table.column_names == list(FlatRecord.model_fields)
    assert [record.record_id for record in records] == frame["record_id"].tolist() == table["record_id"].to_pylist()
    assert str(frame["year"].dtype) == "Int64" and str(frame["amount"].dtype) == "float64"
    assert frame["year"].isna().sum() == sum(record.year is None for record in records) > 0
    assert {one.document_id for one in release.unclaimed()} <= {one.id for one in release.documents()}


def test_changes_lead_through_several_releases(output: Path) -> None:
    first = open_release(output, "20261122T051500Z")
    latest = list(open_release(output).records())
    assert apply(read_changes(output, since=first.version), first.records()) == latest
    assert apply(read_changes(output), []) == latest
    assert list(read_changes(output, since=open_release(output).version)) == []
    with pytest.raises(LedgerError, match="no release 1999"):
        list(read_changes(output, since="1999"))


def test_any_two_releases_can_be_compared(output: Path) -> None:
    first, second, third = (open_release(output, f"2026112{day}T051500Z") for day in (2, 3, 4))
    for before, after in ((first, third), (third, first), (first, second), (third, third)):
        assert apply(compare(before, after), before.records()) == list(after.records())
    assert compare(third, third) == [] and {one.record_id for one in compare(first, second)} == {
        one.record_id for one in second.changes()
    }


NAMES = ["records.jsonl", "records.csv", "records.parquet", "documents.jsonl", "diff.html", "manifest.json",
         "datapackage.json", "SHA256SUMS", "schema/record.schema.json"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_release_is_refused(tmp_path: Path, name: str) -> None:
    made = published(tmp_path, documents(2))
    path = made.path / name
    data = path.read_bytes()
    path.write_bytes(data.replace(b"e", b"E", 1))
    with pytest.raises(LedgerError):
        open_release(tmp_path)
    path.write_bytes(data)
    assert open_release(tmp_path).version == made.version
    path.unlink()
    with pytest.raises(LedgerError):
        open_release(tmp_path)


def test_a_stranger_in_a_release_is_refused(tmp_path: Path) -> None:
    made = published(tmp_path, documents(2))
    (made.path / "notes.txt").write_text("hello")
    with pytest.raises(LedgerError, match=r"notes\.txt"):
        open_release(tmp_path)


def test_another_major_schema_is_neither_read_nor_built_on(tmp_path: Path) -> None:
    made = published(tmp_path, documents(2))
    path = made.path / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"schema_version": "2.0.0"}))
    with pytest.raises(LedgerError, match="no release of schema"):
        open_release(tmp_path)
    with pytest.raises(LedgerError, match=r"has schema 2\.0\.0; this program knows"):
        published(tmp_path, documents(3), now=LATER)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Two releases as a later minor version would write the second: one field more in every object, one column more."""
    root = tmp_path / "newer"
    published(root, documents(4))
    made = published(root, documents(5, edits=0.5), now=LATER)
    for path in made.path.glob("*.jsonl"):
        path.write_text("".join(f"{canonical(grown(json.loads(line)))}\n" for line in path.read_bytes().splitlines()))
    rows = (made.path / "records.csv").read_bytes().split(b"\r\n")
    (made.path / "records.csv").write_bytes(
        b"\r\n".join([rows[0] + b",zeal", *(row and row + b"," for row in rows[1:])])
    )
    table = pq.read_table(made.path / "records.parquet")
    column = pa.array([None] * len(table), pa.string())
    pq.write_table(table.append_column("zeal", column), made.path / "records.parquet")
    (made.path / "manifest.json").write_text(
        pretty(grown(made.manifest.model_dump(mode="json")) | {"schema_version": "1.1.0"})
    )
    package = json.loads((made.path / "datapackage.json").read_bytes())
    for one in package["resources"]:
        path = made.path / one["path"]
        one |= {"bytes": path.stat().st_size, "hash": f"sha256:{sha256_of(path)}"}
    (made.path / "datapackage.json").write_text(pretty(package))
    (made.path / "SHA256SUMS").unlink()
    write_sums(made.path)
    versions = json.loads((root / "versions.json").read_bytes())
    digests = {name: sha256_of(made.path / name) for name in ("manifest.json", "datapackage.json")}
    versions["releases"][-1]["digests"] |= digests
    (root / "versions.json").write_text(pretty(grown(versions)))
    return root


def grown(value: Any) -> Any:
    """Put one more field into a JSON object, and into those in it that are models (spans, parties, counts)."""
    models = ("counts", "actor", "partner", "evidence", "span", "before", "after", "releases")
    grows = (
        {key: grown(one) if key in models and one else one for key, one in value.items()}
        if isinstance(value, dict)
        else {}
    )
    return {**grows, "zeal": None} if isinstance(value, dict) else [grown(one) for one in value]


def test_a_later_minor_schema_is_read_without_what_it_adds(newer: Path) -> None:
    found = open_release(newer)
    assert found.manifest.schema_version == "1.1.0" and "zeal" in found.frame().columns
    assert len(list(found.records())) == len(found.table()) and list(found.documents())
    assert list(found.unclaimed()) and not list(found.quarantined()) and list(found.possible()) is not None
    changes = list(read_changes(newer, found.manifest.parent))
    before = open_release(newer, str(found.manifest.parent)).records()
    assert changes and apply(changes, before) == list(found.records())
    assert all("".join(export(found, kind)) for kind in EXPORTS)
    assert validate(found) == []


def test_a_later_minor_schema_is_not_built_on(newer: Path) -> None:
    with pytest.raises(
        LedgerError, match=r"has schema 1\.1\.0; this program knows .*: use the coopledger that made it"
    ):
        published(newer, documents(6), now=LATER + timedelta(days=1))
    assert open_release(newer).manifest.schema_version == "1.1.0"


def test_a_schema_version_that_is_none_is_said(newer: Path) -> None:
    path = open_release(newer).path / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"1.1.0"', b'"1.x.0"'))
    with pytest.raises(LedgerError, match="is no manifest"):
        open_release(newer)
    with pytest.raises(LedgerError):
        published(newer, documents(6), now=LATER + timedelta(days=1))
    assert validate(path.parent)


def test_reasons_are_those_of_the_releases_in_between(tmp_path: Path) -> None:
    output = tmp_path / "output"
    first = published(output, documents(6))
    gone = documents(6)[1:]
    published(output, gone, now=LATER)
    third = published(output, documents(7)[1:], now=LATER + timedelta(days=1))
    told = compare(open_release(first.path), open_release(third.path))
    removed = [one for one in told if one.change == "removed"]
    assert removed and {one.reason for one in removed} == {"source_gone"}
    assert apply(told, open_release(first.path).records()) == list(open_release(third.path).records())
    back = compare(open_release(third.path), open_release(first.path))  # no release says why
    assert {one.change for one in back} == {"added", "removed"}


def test_a_first_release_is_compared_with_nothing(tmp_path: Path) -> None:
    first = published(tmp_path / "output", documents(3))
    assert first.manifest.gates == ()
    second = published(tmp_path / "output", documents(4), now=LATER)
    assert [one["name"] for one in second.manifest.gates] == ["removals", "filled", "unclaimed", "scores"]


def test_no_licence_is_given_to_what_is_the_user_s(tmp_path: Path) -> None:
    first = published(tmp_path / "output", documents(3))
    assert "licenses" not in json.loads((first.path / "datapackage.json").read_text())

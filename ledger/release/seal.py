"""The files that describe a release's data files: schemas, pages, manifest, data package, checksums."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ledger.formats.flat import table_schema
from ledger.release import layout
from ledger.release.jsonl import pretty
from ledger.release.layout import sha256_of, write_sums, write_text
from ledger.report.pages import diff_page, report_page
from ledger.report.tally import Sample, Tally
from schemas import Manifest
from schemas.json_schema import PUBLISHED, json_schema

TABLE_SCHEMA = f"{layout.SCHEMA}/records.tableschema.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_DIALECT = "https://datapackage.org/profiles/2.0/tabledialect.json"
_SCHEMA = ".schema.json"
# frictionless would open files of the formats it knows as tables or Table Schemas, so some have other names here.
_FORMATS = {
    ".csv": ("csv", "text/csv"),
    ".parquet": ("apache-parquet", "application/vnd.apache.parquet"),
    ".jsonl": ("json-lines", "application/jsonl"),
    ".json": ("json", "application/json"),
    ".html": ("html", "text/html"),
    _SCHEMA: ("json-schema", "application/schema+json"),
}
_TABLE = {
    "type": "table",
    "dialect": {"$schema": _DIALECT, "header": True, "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"'},
    "schema": table_schema(),
}


def schema_file(name: str) -> str:
    """Return the path of a JSON Schema within a release."""
    return f"{layout.SCHEMA}/{name}{_SCHEMA}"


_FILES = {
    layout.RECORDS_CSV: "The records, one a row.",
    layout.RECORDS_PARQUET: "The same rows with types.",
    layout.RECORDS: "The records in full, one a line: every field with its quotation.",
    layout.DOCUMENTS: "The documents: the text that was read, and the list each ended in.",
    layout.UNCLAIMED: "Mentions of money, parties and years that ended in no record, and why.",
    layout.POSSIBLE: "Records less likely right than the threshold: no part of the ledger, offered to curators.",
    layout.MERGED: "What became of each field that a curator decided.",
    layout.QUARANTINE: "Documents that could not be read, and why.",
    layout.DIFF: "Changes since the parent release, each with its cause.",
    layout.DIFF_PAGE: "The changes for a person.",
    layout.REPORT_PAGE: "Counts, plots and coverage for a person.",
    **{schema_file(name): f"JSON Schema ({name})." for name in PUBLISHED},
    TABLE_SCHEMA: "Table Schema of the flat files.",
    layout.MANIFEST: "The manifest.",
}


def seal(folder: Path, manifest: Manifest, tally: Tally, sample: Sample, licences: Sequence[Mapping[str, str]]) -> None:
    """Write the files that describe the data files of a release, the checksums last.

    Args:
        folder: the staging folder, which holds the data files.
        manifest: the release's manifest.
        tally: the counts of the report.
        sample: the changes to show.
        licences: the licences of the records, each with ``name`` and ``path``; empty unless the publisher states
            them, as the documents are the user's.
    """
    (folder / layout.SCHEMA).mkdir()
    for path, text in _schemas().items():
        write_text(folder / path, text)
    write_text(folder / layout.DIFF_PAGE, diff_page(tally, sample, first=manifest.parent is None))
    write_text(folder / layout.REPORT_PAGE, report_page(tally, manifest))
    write_text(folder / layout.MANIFEST, pretty(manifest.model_dump(mode="json")))
    write_text(folder / layout.PACKAGE, pretty(_data_package(folder, manifest, licences)))
    write_sums(folder)


@cache
def _schemas() -> Mapping[str, str]:
    """Map the schema files to their text; cached, as making them takes most of the time of a small release."""
    schemas = {schema_file(name): pretty(json_schema(name)) for name in PUBLISHED}
    return schemas | {TABLE_SCHEMA: pretty(table_schema())}


def _data_package(folder: Path, manifest: Manifest, licences: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Describe the files of a release as a Frictionless Data Package, version 2."""
    package = {
        "$schema": _PROFILE,
        "name": "coopledger-release",
        "title": "Acts of cooperation, read from documents",
        "description": "Records of who does what with whom, each field quoted from its document. "
        "Quoted text stays under the licence of its source.",
        "version": manifest.version,
        "created": str(manifest.run["time"]),
        "resources": [_resource(folder, path, description) for path, description in _FILES.items()],
    }
    return package | ({"licenses": [dict(one) for one in licences]} if licences else {})


def _resource(folder: Path, path: str, description: str) -> dict[str, Any]:
    file = folder / path
    format_, media = _FORMATS[_SCHEMA if path.endswith(_SCHEMA) else file.suffix]
    common = {
        "name": path.replace("/", "-").replace(".", "-").lower(),
        "path": path,
        "description": description,
        "format": format_,
        "mediatype": media,
        "encoding": "utf-8",
        "bytes": file.stat().st_size,
        "hash": f"sha256:{sha256_of(file)}",
    }
    if file.suffix == ".parquet":
        del common["encoding"]
    return common | (_TABLE if file.suffix == ".csv" else {})

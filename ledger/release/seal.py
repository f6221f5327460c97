"""The files of a release that tell of the others: schemas, pages, manifest, data package, checksums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.formats.datapackage import data_package
from ledger.formats.flat import table_schema
from ledger.release.files import write_sums, write_text
from ledger.release.jsonl import pretty
from ledger.release.layout import (
    DIFF,
    DIFF_PAGE,
    DOCUMENTS,
    MANIFEST,
    MERGED,
    PACKAGE,
    POSSIBLE,
    QUARANTINE,
    RECORDS,
    RECORDS_CSV,
    RECORDS_PARQUET,
    REPORT_PAGE,
    SCHEMA,
    UNCLAIMED,
)
from ledger.report.pages import diff_page, report_page
from ledger.report.tally import Sample, Tally
from schemas import Manifest
from schemas.json_schema import PUBLISHED, json_schema

TABLE_SCHEMA = f"{SCHEMA}/records.tableschema.json"
_DATA = {
    RECORDS_CSV: "The records, one a row.",
    RECORDS_PARQUET: "The same rows with types.",
    RECORDS: "The records in full, one a line: every field with its quotation.",
    DOCUMENTS: "The documents: the text that was read, and the list each ended in.",
    UNCLAIMED: "Mentions of money, parties and years that ended in no record, and why.",
    POSSIBLE: "Records less likely right than the threshold: no part of the ledger, offered to curators.",
    MERGED: "What became of each field that a curator decided.",
    QUARANTINE: "Documents that could not be read, and why.",
    DIFF: "Changes since the parent release, each with its cause.",
}
_PAGES = {DIFF_PAGE: "The changes for a person.", REPORT_PAGE: "Counts, plots and coverage for a person."}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sealing files tell."""

    manifest: Manifest
    tally: Tally
    sample: Sample
    licences: Sequence[Mapping[str, str]]


def schema_file(name: str) -> str:
    """Return the path in a release of a published JSON Schema."""
    return f"{SCHEMA}/{name}.schema.json"


def seal(folder: Path, facts: Facts) -> None:
    """Write all that tells of the data files in a folder."""
    (folder / SCHEMA).mkdir()
    for name in PUBLISHED:
        write_text(folder / schema_file(name), pretty(json_schema(name)))
    write_text(folder / TABLE_SCHEMA, pretty(table_schema()))
    write_text(folder / DIFF_PAGE, diff_page(facts.tally, facts.sample, first=facts.manifest.parent is None))
    write_text(folder / REPORT_PAGE, report_page(facts.tally, facts.manifest))
    write_text(folder / MANIFEST, pretty(facts.manifest.model_dump(mode="json")))
    schemas = {schema_file(name): f"JSON Schema ({name})." for name in PUBLISHED}
    described = _DATA | _PAGES | schemas | {TABLE_SCHEMA: "Table Schema of the flat files.", MANIFEST: "The manifest."}
    package = data_package(
        folder,
        described,
        version=facts.manifest.version,
        created=str(facts.manifest.run["time"]),
        licences=facts.licences,
    )
    write_text(folder / PACKAGE, pretty(package))
    write_sums(folder)

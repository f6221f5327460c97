"""Validating a release: each file by itself, then that the files agree with each other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pydantic import ValidationError
from pydantic.config import ExtraValues

from ledger.errors import LedgerError
from ledger.formats.flat import columns, read_csv
from ledger.release.jsonl import LINE_KINDS, LineKind, canonical, first_error, pretty
from ledger.release.layout import DIFF, PACKAGE, RECORDS, RECORDS_CSV, RECORDS_PARQUET, damaged_files, sha256_of
from ledger.release.read import Release, is_newer, listed_entry, manifest_entry, output_of, read_manifest
from ledger.release.write import release_documents
from ledger.report.tally import Tally
from schemas import Change, Extraction, Span, digest_of, flatten

_MAX_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in a release: a code, the place, and a sentence for people."""

    code: str
    place: str
    detail: str

    def __str__(self) -> str:
        return f"{self.place}: {self.detail} [{self.code}]"


def validate(release: Release | Path) -> list[Problem]:
    """Check a release: schema, checksums, sorting, quotations, agreement of the files, counts.

    Args:
        release: a release, or its folder, which may be damaged.

    Returns:
        The first 200 problems; empty for a valid release. Files are compared with each other only if each is valid by
        itself.
    """
    folder = release.path if isinstance(release, Release) else Path(release)
    try:
        problems = list(islice(_check_files(folder), _MAX_PROBLEMS))
        return problems or list(islice(_check_agreement(Release(folder)), _MAX_PROBLEMS))
    except LedgerError as error:
        return [Problem("unreadable", str(folder), str(error))]


def _check_files(folder: Path) -> Iterator[Problem]:
    """Check each file by itself."""
    for name in damaged_files(folder, listed_entry(folder)):
        yield Problem("checksum", name, "missing, or not as published")
    extra = _extra_fields(folder)
    for name, kind in LINE_KINDS.items():
        if (folder / name).is_file():
            yield from _check_lines(folder / name, kind, extra)


def _extra_fields(folder: Path) -> ExtraValues:
    """Return how to treat unknown fields: ignore them if the schema is later than this program's, else forbid them."""
    try:
        return "ignore" if is_newer(read_manifest(folder)) else "forbid"
    except LedgerError:
        return "forbid"


def _check_lines(path: Path, kind: LineKind, extra: ExtraValues) -> Iterator[Problem]:
    last: tuple[Any, ...] | None = None
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            place = f"{path.name}, line {number}"
            try:
                key = kind.key(kind.model.model_validate_json(line, extra=extra))
            except ValidationError as error:
                yield Problem("schema", place, first_error(error))
                continue
            if f"{canonical(json.loads(line))}\n".encode() != line:
                yield Problem("form", place, "keys are not sorted, or blanks stand between them")
            if last is not None and (key < last or (kind.distinct and key == last)):
                yield Problem("order", place, "comes twice or out of order")
            last = key


def _check_agreement(release: Release) -> Iterator[Problem]:
    """Check that the files agree with each other and quote the documents."""
    tally, ids = Tally(), set[str]()
    for one in release_documents(release.path):
        if isinstance(one.content, Extraction):
            yield from _check_document(one.content, ids)
            tally.extraction(one.content.id, one.content.records, one.content.unclaimed, one.content.possible)
        else:
            tally.quarantined(one.content)
    yield from _check_flat_files(release)
    yield from _check_changes(release, tally)
    yield from _check_counts(release, tally)
    yield from _check_package(release)
    yield from _check_versions(release)


def _check_document(content: Extraction, ids: set[str]) -> Iterator[Problem]:
    document = content.document
    if document.sha256 != digest_of(document.text):
        yield Problem("digest", document.id, "sha256 is not that of the text")
    quotations: list[tuple[str, Span]] = []
    for record in content.records:
        if record.record_id in ids:
            yield Problem("twice", record.record_id, "two records have this id")
        ids.add(record.record_id)
        quotations += [(record.record_id, span) for span in record.spans()]
    quotations += [("unclaimed", one.span) for one in content.unclaimed]
    quotations += [("possible", span) for one in content.possible for span in one.spans()]
    for what, span in quotations:
        if not span.quotes(document.text):
            yield Problem("quote", what, f"{document.id} does not hold the quotation at {span.start}:{span.end}")


def _check_flat_files(release: Release) -> Iterator[Problem]:
    rows = (flatten(record).model_dump(mode="json") for record in release.records())
    newer = is_newer(release.manifest)
    for number, (row, cells, typed) in enumerate(
        zip_longest(rows, read_csv(release.path / RECORDS_CSV), _parquet_rows(release.path)), start=1
    ):
        text = row and {name: None if value is None else str(value) for name, value in row.items()}
        if cells and text:  # earlier minor versions lack the last columns, later ones have more
            cells = {name: cells.get(name) for name in text} | ({} if newer else cells)
        if cells != text:
            yield Problem("disagrees", f"{RECORDS_CSV}, row {number}", f"is not the record of {RECORDS}")
        if typed != row:
            yield Problem("disagrees", f"{RECORDS_PARQUET}, row {number}", f"is not the record of {RECORDS}")


def _parquet_rows(folder: Path) -> Iterator[dict[str, Any]]:
    names = [column.name for column in columns()]
    with pq.ParquetFile(folder / RECORDS_PARQUET) as file:
        for batch in file.iter_batches(batch_size=5_000):
            for row in batch.to_pylist():
                yield {name: row.get(name) for name in names}


def _check_changes(release: Release, tally: Tally) -> Iterator[Problem]:
    seen = set[str]()
    for change in release.changes():
        tally.change(change)
        if change.record_id in seen:
            yield Problem("twice", f"{DIFF}, {change.record_id}", "two changes of one record")
        seen.add(change.record_id)
        if not _is_complete(change):
            yield Problem("change", f"{DIFF}, {change.record_id}", f"{change.change} lacks a side or a reason")


def _is_complete(change: Change) -> bool:
    has = change.before is not None, change.after is not None
    needs = {"added": (False, True), "removed": (True, False)}.get(change.change, (True, True))
    return has == needs and (change.reason is not None) == (change.change == "removed")


def _check_counts(release: Release, tally: Tally) -> Iterator[Problem]:
    manifest = release.manifest
    for name, number in tally.counts().model_dump().items():
        if (stated := getattr(manifest.counts, name)) != number:
            yield Problem("counts", "manifest.json", f"{name} is {number}, not {stated}")
    if tally.lists() != manifest.documents:
        yield Problem("counts", "manifest.json", "the three lists of documents are not those of documents.jsonl")


def _check_package(release: Release) -> Iterator[Problem]:
    data = (release.path / PACKAGE).read_bytes()
    try:
        package = json.loads(data)
        resources = [(str(one["path"]), one["bytes"], one["hash"]) for one in package["resources"]]
    except (ValueError, KeyError, TypeError) as error:
        yield Problem("package", PACKAGE, f"it is no data package ({type(error).__name__}: {error})")
        return
    if pretty(package).encode() != data:
        yield Problem("form", PACKAGE, "keys are not sorted, or it is not indented as published")
    found, known = (package.get("version"), package.get("created")), (release.version, release.manifest.run.get("time"))
    if found != known:
        yield Problem("package", PACKAGE, f"it is of {found}, not of {known}")
    for name, size, digest in resources:
        path = release.path / name
        if not path.is_file() or path.stat().st_size != size or digest != f"sha256:{sha256_of(path)}":
            yield Problem("package", PACKAGE, f"{name} is not as it says")


def _check_versions(release: Release) -> Iterator[Problem]:
    """Compare a release with its entry in its output folder's versions.json; a copy elsewhere has no such file."""
    output, entry = output_of(release.path), listed_entry(release.path)
    if entry is not None and entry != manifest_entry(output, release.manifest):
        yield Problem(
            "listed", output.versions.name, f"what it says of {release.version} is not what the manifest says"
        )
    elif entry is None and output.versions.is_file():
        yield Problem("listed", output.versions.name, f"it does not list {release.version}")

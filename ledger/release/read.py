"""Reading releases, their manifests and the list of releases, which is repaired after a crash."""

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version
from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.errors import LedgerError, as_ledger_error
from ledger.release import layout
from ledger.release.jsonl import first_error, pretty, read_models
from ledger.release.layout import Output, damaged_files, replace_text, sha256_of
from schemas import (
    SCHEMA_VERSION,
    Cause,
    Change,
    CooperationRecord,
    FieldChange,
    Manifest,
    Merged,
    Model,
    PossibleRecord,
    Quarantined,
    ReleaseEntry,
    StoredDocument,
    Unclaimed,
    Versions,
)

M = TypeVar("M", bound=Model)
_STAMP = "%Y%m%dT%H%M%SZ"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises:
        LedgerError: there is none, or this program cannot read its schema.
    """
    path = folder / layout.MANIFEST
    with as_ledger_error(f"{folder} is not a release"):
        data = path.read_bytes()
    return _parse(data, Manifest, f"{path} is no manifest of schema {SCHEMA_VERSION}")


def is_newer(manifest: Manifest) -> bool:
    """Return whether a release has a later schema, which may have fields that this program does not know."""
    try:
        return Version(manifest.schema_version).release[:2] > Version(SCHEMA_VERSION).release[:2]
    except InvalidVersion:
        return True


def read_versions(output: Output) -> Versions:
    """Read the list of releases; it is empty if the folder has none.

    Raises:
        LedgerError: the list cannot be read.
    """
    if not output.versions.is_file():
        return Versions()
    with as_ledger_error(f"cannot read {output.versions}"):
        data = output.versions.read_bytes()
    return _parse(data, Versions, f"{output.versions} is no list of releases")


def _parse(data: bytes, model: type[M], wrong: str) -> M:
    try:
        return model.model_validate_json(data, extra="ignore")
    except ValidationError as error:
        raise LedgerError(f"{wrong}: {first_error(error)}") from error


def add_release(output: Output, versions: Versions, manifest: Manifest) -> Versions:
    """Append a release to the list, replace the list's file atomically, and return the list."""
    entry = manifest_entry(output, manifest)
    longer = Versions(releases=(*versions.releases, entry), latest=entry.version)
    replace_text(output.versions, pretty(longer.model_dump(mode="json")))
    return longer


def manifest_entry(output: Output, manifest: Manifest) -> ReleaseEntry:
    """Return the entry of a release for the list of releases."""
    folder = output.release(manifest.version)
    digests = manifest.digests.model_dump(mode="json", exclude={"documents"})
    return ReleaseEntry(
        version=manifest.version,
        path=folder.relative_to(output.root).as_posix(),
        time=str(manifest.run.get("time", "")),
        parent=manifest.parent,
        counts=manifest.counts,
        digests=digests | {name: sha256_of(folder / name) for name in layout.NOT_IN_SUMS},
    )


def output_of(folder: Path) -> Output:
    """Return the output folder that holds a release's folder (assuming that one does)."""
    return Output(folder.resolve().parent.parent)


def listed_entry(folder: Path) -> ReleaseEntry | None:
    """Return the entry of a release's folder in its output folder's list; None if it is not listed."""
    place = folder.resolve()
    versions = read_versions(output_of(place))
    return next((entry for entry in versions.releases if entry.version == place.name), None)


def next_version(now: datetime, latest: str | None) -> str:
    """Return a version made of the time (UTC); it sorts after ``latest`` even if the clock is behind.

    Raises:
        ValueError: ``now`` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("the time of a run needs a time zone")
    stamp = now.astimezone(UTC).strftime(_STAMP)
    if latest is None or stamp > latest:
        return stamp
    base, _, counter = latest.partition("-")
    return f"{base}-{int(counter or 0) + 1:03d}"


def recover(output: Output) -> Versions:
    """Delete what a killed run left, and list a complete release that it did not list. Needs the writers' lock."""
    for path in output.leftovers():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    versions = read_versions(output)
    for manifest in _unlisted_manifests(output, versions):
        if manifest.parent == versions.latest and not damaged_files(output.release(manifest.version)):
            versions = add_release(output, versions, manifest)
    return versions


def _unlisted_manifests(output: Output, versions: Versions) -> list[Manifest]:
    known = {entry.version for entry in versions.releases}
    manifests = sorted(output.releases.glob(f"*/{layout.MANIFEST}"))
    return [read_manifest(path.parent) for path in manifests if path.parent.name not in known]


if TYPE_CHECKING:
    import pandas as pd

LATEST = "latest"
SCHEMAS = ">=1,<2"
"""The schema versions that this program reads."""


@dataclass(frozen=True)
class Release:
    """A published release whose checksums were verified. Each method reads its file line by line, when called."""

    path: Path

    @property
    def version(self) -> str:
        """The version, which is the name of its folder."""
        return self.manifest.version

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest: what the release was made from, and what it holds."""
        return read_manifest(self.path)

    def records(self) -> Iterator[CooperationRecord]:
        """Read the records in full, sorted by document, rank and id."""
        return read_models(self.path / layout.RECORDS, CooperationRecord)

    def documents(self) -> Iterator[StoredDocument]:
        """Read the documents, sorted by id: their text, and whether they have records or were quarantined."""
        return read_models(self.path / layout.DOCUMENTS, StoredDocument)

    def unclaimed(self) -> Iterator[Unclaimed]:
        """Read the mentions that ended in no record, with the reasons."""
        return read_models(self.path / layout.UNCLAIMED, Unclaimed)

    def possible(self) -> Iterator[PossibleRecord]:
        """Read the records below the confidence threshold, which are not part of the ledger."""
        path = self.path / layout.POSSIBLE
        return read_models(path, PossibleRecord) if path.is_file() else iter(())

    def quarantined(self) -> Iterator[Quarantined]:
        """Read the documents that could not be read, with the reasons."""
        return read_models(self.path / layout.QUARANTINE, Quarantined)

    def changes(self) -> Iterator[Change]:
        """Read the changes since the parent release."""
        return read_models(self.path / layout.DIFF, Change)

    def merged(self) -> Iterator[Merged]:
        """Read the outcome of each decided field; a curator has to look at conflicts and orphans."""
        return read_models(self.path / layout.MERGED, Merged)

    def table(self) -> pa.Table:
        """Return the flat records as an Arrow table."""
        with as_ledger_error(f"cannot read {self.path / layout.RECORDS_PARQUET}"):
            return pq.read_table(self.path / layout.RECORDS_PARQUET)

    def frame(self) -> "pd.DataFrame":
        """Return the flat records as a DataFrame; whole numbers that may be missing are ``Int64``."""
        import pandas as pd  # takes half a second, and only frames need it

        return self.table().to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)


def open_release(output: Path | str, version: str = LATEST, schema: str = SCHEMAS) -> Release:
    """Open a release of an output folder.

    Args:
        output: the output folder, or the folder of one release.
        version: a version, or ``latest``: the newest whose schema is in the range.
        schema: a range of schema versions, such as ``>=1.2,<2``.

    Raises:
        LedgerError: there is no such release, its schema is outside the range, or its checksums fail.
    """
    wanted = _schema_range(schema)
    folder = Path(output)
    if (folder / layout.MANIFEST).is_file():
        return _open_checked(folder, wanted, listed_entry(folder))
    ledger = Output(folder)
    entries = _entries(ledger)
    if version == LATEST:
        fitting = (entry for entry in reversed(entries) if _schema_of(ledger.root / entry.path) in wanted)
        entry = next(fitting, None)
        if entry is None:
            raise LedgerError(f"{ledger.root} has no release of schema {schema}")
    else:
        entry = _find_entry(ledger, entries, version)
    return _open_checked(ledger.root / entry.path, wanted, entry)


def read_changes(output: Path | str, since: str | None = None, schema: str = SCHEMAS) -> Iterator[Change]:
    """Read all changes after a version, oldest first, through every release up to the latest.

    Args:
        output: the output folder.
        since: the version that the reader already has; None for all changes.
        schema: as for ``open_release``.

    Raises:
        LedgerError: there is no such version, or one of the releases cannot be opened.
    """
    ledger = Output(Path(output))
    entries = _entries(ledger)
    start = entries.index(_find_entry(ledger, entries, since)) + 1 if since else 0
    wanted = _schema_range(schema)
    for entry in entries[start:]:
        yield from _open_checked(ledger.root / entry.path, wanted, entry).changes()


def change_summaries(lines: Iterable[str | bytes]) -> Iterator[Change]:
    """Read the lines of a ``diff.jsonl`` as changes without values, which is several times faster.

    Raises:
        pydantic.ValidationError: a line is not a change.
    """
    for line in lines:
        seen = _ChangeSummary.model_validate_json(line)
        fields = tuple(FieldChange.model_construct(name=one.name, cause=one.cause) for one in seen.fields)
        yield Change.model_construct(record_id=seen.record_id, change=seen.change, cause=seen.cause, fields=fields)


class _FieldSummary(BaseModel):
    model_config = ConfigDict(extra="ignore")
    name: str
    cause: Cause


class _ChangeSummary(BaseModel):
    model_config = ConfigDict(extra="ignore")
    record_id: str
    change: str
    cause: Cause
    fields: tuple[_FieldSummary, ...] = ()


def _open_checked(folder: Path, wanted: SpecifierSet, entry: ReleaseEntry | None) -> Release:
    found = _schema_of(folder)
    if found not in wanted:
        raise LedgerError(f"{folder} has schema {found}, not {wanted}")
    if wrong := damaged_files(folder, entry):
        raise LedgerError(f"{folder} is damaged: {', '.join(wrong)} not as published")
    return Release(folder)


def _entries(ledger: Output) -> tuple[ReleaseEntry, ...]:
    if not ledger.versions.is_file():
        raise LedgerError(f"{ledger.root} holds no releases: it has no versions.json")
    return read_versions(ledger).releases


def _find_entry(ledger: Output, entries: tuple[ReleaseEntry, ...], version: str) -> ReleaseEntry:
    found = next((entry for entry in entries if entry.version == version), None)
    if found is None:
        raise LedgerError(f"{ledger.root} has no release {version}")
    return found


def _schema_of(folder: Path) -> str:
    with as_ledger_error(f"{folder} is not a release"):
        text = (folder / layout.MANIFEST).read_bytes()
    try:
        return str(Version(json.loads(text)["schema_version"]))
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{folder / layout.MANIFEST} is no manifest") from error


def _schema_range(schema: str) -> SpecifierSet:
    try:
        return SpecifierSet(schema)
    except InvalidSpecifier as error:
        raise LedgerError(f"{schema} is no range of versions, such as {SCHEMAS}") from error

"""``versions.json`` and each release's ``manifest.json``: read, written in one step, and mended after a crash."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from packaging.version import InvalidVersion, Version
from pydantic import ValidationError

from ledger.errors import LedgerError, one_line
from ledger.release.files import damaged_files, replace_text, sha256_of
from ledger.release.jsonl import first_error, pretty
from ledger.release.layout import MANIFEST, UNSUMMED, Output
from schemas import SCHEMA_VERSION, Manifest, Model, ReleaseEntry, Versions

M = TypeVar("M", bound=Model)
_STAMP = "%Y%m%dT%H%M%SZ"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises:
        LedgerError: there is none, or it is of a schema that this program does not know.
    """
    path = folder / MANIFEST
    with one_line(f"{folder} is not a release"):
        data = path.read_bytes()
    return _parsed(data, Manifest, f"{path} is no manifest of schema {SCHEMA_VERSION}")


def is_newer(manifest: Manifest) -> bool:
    """Tell whether a release has a schema whose fields this program need not all know."""
    try:
        return Version(manifest.schema_version).release[:2] > Version(SCHEMA_VERSION).release[:2]
    except InvalidVersion:
        return True


def read_versions(output: Output) -> Versions:
    """Read the list of releases; a folder without one holds none.

    Raises:
        LedgerError: the list cannot be read.
    """
    if not output.versions.is_file():
        return Versions()
    with one_line(f"cannot read {output.versions}"):
        data = output.versions.read_bytes()
    return _parsed(data, Versions, f"{output.versions} is no list of releases")


def _parsed(data: bytes, model: type[M], wrong: str) -> M:
    try:
        return model.model_validate_json(data, extra="ignore")
    except ValidationError as error:
        raise LedgerError(f"{wrong}: {first_error(error)}") from error


def add_release(output: Output, versions: Versions, manifest: Manifest) -> Versions:
    """Put one more release at the end of the list, which is replaced in one step, and return the list."""
    entry = entry_of(output, manifest)
    longer = Versions(releases=(*versions.releases, entry), latest=entry.version)
    replace_text(output.versions, pretty(longer.model_dump(mode="json")))
    return longer


def entry_of(output: Output, manifest: Manifest) -> ReleaseEntry:
    """Return what the list of releases says of a release."""
    folder = output.release(manifest.version)
    digests = manifest.digests.model_dump(mode="json", exclude={"documents"})
    return ReleaseEntry(
        version=manifest.version,
        path=folder.relative_to(output.root).as_posix(),
        time=str(manifest.run.get("time", "")),
        parent=manifest.parent,
        counts=manifest.counts,
        digests=digests | {name: sha256_of(folder / name) for name in UNSUMMED},
    )


def output_of(folder: Path) -> Output:
    """Return the output folder that a release lies in, if it lies in one."""
    return Output(folder.resolve().parent.parent)


def entry_beside(folder: Path) -> ReleaseEntry | None:
    """Find the folder of a release in the list of the output folder that it lies in."""
    place = folder.resolve()
    versions = read_versions(output_of(place))
    return next((entry for entry in versions.releases if entry.version == place.name), None)


def next_version(now: datetime, latest: str | None) -> str:
    """Name a release after its time (UTC), and later than the latest even where clocks disagree.

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
    """Sweep what a killed run left, and list a whole release that it had no time to list. Needs the writers' lock."""
    for path in output.leftovers():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    versions = read_versions(output)
    for manifest in _unlisted(output, versions):
        if manifest.parent == versions.latest and not damaged_files(output.release(manifest.version)):
            versions = add_release(output, versions, manifest)
    return versions


def _unlisted(output: Output, versions: Versions) -> list[Manifest]:
    known = {entry.version for entry in versions.releases}
    folders = sorted(output.releases.iterdir()) if output.releases.is_dir() else []
    return [read_manifest(folder) for folder in folders if folder.name not in known and (folder / MANIFEST).is_file()]

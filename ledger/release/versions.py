"""``versions.json`` and each release's ``manifest.json``: read, written in one step, and mended after a crash."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from ledger.errors import LedgerError, one_line
from ledger.release.files import damaged_files, replace_text, sha256_of
from ledger.release.jsonl import first_error, pretty
from ledger.release.layout import MANIFEST, UNSUMMED, Output
from schemas import SCHEMA_VERSION, Manifest, ReleaseEntry, Versions


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a release.

    Raises:
        LedgerError: there is none, or it is of a schema that this program does not know.
    """
    path = folder / MANIFEST
    with one_line(f"{folder} is not a release"):
        text = path.read_bytes()
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise LedgerError(f"{path} is no manifest of schema {SCHEMA_VERSION}: {first_error(error)}") from error


def check_schema(manifest: Manifest) -> None:
    """Refuse a release of another major schema version.

    Raises:
        LedgerError: this program cannot read it.
    """
    if _major(manifest.schema_version) != _major(SCHEMA_VERSION):
        said = f"release {manifest.version} has schema {manifest.schema_version}"
        raise LedgerError(f"{said}; this program knows {SCHEMA_VERSION}")


def _major(version: str) -> str:
    return version.partition(".")[0]


_STAMP = "%Y%m%dT%H%M%SZ"


def read_versions(output: Output) -> Versions:
    """Read the list of releases; a folder without one holds none.

    Raises:
        LedgerError: the list cannot be read.
    """
    if not output.versions.is_file():
        return Versions()
    with one_line(f"cannot read {output.versions}"):
        text = output.versions.read_bytes()
    try:
        return Versions.model_validate_json(text)
    except ValidationError as error:
        raise LedgerError(f"{output.versions} is no list of releases: {first_error(error)}") from error


def write_versions(output: Output, versions: Versions) -> None:
    """Replace the list of releases in one step."""
    replace_text(output.versions, pretty(versions.model_dump(mode="json")))


def listed(output: Output, versions: Versions, manifest: Manifest) -> Versions:
    """Return the list with one more release at its end."""
    entry = entry_of(output, manifest)
    return Versions(releases=(*versions.releases, entry), latest=entry.version)


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


def sealed_digests(entry: ReleaseEntry | None) -> dict[str, str]:
    """Return the digests of the files that SHA256SUMS leaves out, as the list of releases knows them."""
    digests = entry.digests if entry else {}
    return {name: digests[name] for name in UNSUMMED if name in digests}


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
            versions = listed(output, versions, manifest)
            write_versions(output, versions)
    return versions


def _unlisted(output: Output, versions: Versions) -> list[Manifest]:
    known = {entry.version for entry in versions.releases}
    folders = sorted(output.releases.iterdir()) if output.releases.is_dir() else []
    return [read_manifest(folder) for folder in folders if folder.name not in known and (folder / MANIFEST).is_file()]

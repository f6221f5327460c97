"""``manifest.json``: what a release was made from, and what it holds."""

from pathlib import Path

from pydantic import ValidationError

from ledger.errors import LedgerError, one_line
from ledger.release.layout import MANIFEST
from ledger.release.lines import first_error
from schemas import SCHEMA_VERSION, Manifest


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

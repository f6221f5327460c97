"""``datapackage.json``: a Frictionless Data Package, version 2."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ledger.formats.flat import table_schema
from ledger.release.files import sha256_of

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_DIALECT = "https://datapackage.org/profiles/2.0/tabledialect.json"
_SCHEMA = ".schema.json"
# Formats that frictionless would open as tables or take for Table Schemas have names of their own.
_FORMATS = {
    ".csv": ("csv", "text/csv"),
    ".parquet": ("apache-parquet", "application/vnd.apache.parquet"),
    ".jsonl": ("json-lines", "application/jsonl"),
    ".json": ("json", "application/json"),
    ".html": ("html", "text/html"),
    _SCHEMA: ("json-schema", "application/schema+json"),
}


def data_package(
    folder: Path,
    files: Mapping[str, str],
    *,
    version: str,
    created: str,
    licences: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Describe the files of a release.

    Args:
        folder: the release.
        files: path within the release to description, in the order of the package.
        version: the release's version.
        created: when it was made, ISO 8601 in UTC.
        licences: of the records, each with ``name`` and ``path``, where whoever publishes them gives any: what is read
            is the user's.
    """
    return {
        "$schema": _PROFILE,
        "name": "coopledger-release",
        "title": "Acts of cooperation, read from documents",
        "description": "Records of who does what with whom, each field quoted from its document. "
        "Quoted text stays under the licence of its source.",
        "version": version,
        "created": created,
        **({"licenses": [dict(one) for one in licences]} if licences else {}),
        "resources": [_resource(folder, path, description) for path, description in files.items()],
    }


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


_TABLE = {
    "type": "table",
    "dialect": {"$schema": _DIALECT, "header": True, "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"'},
    "schema": table_schema(),
}

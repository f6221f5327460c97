"""Digests of the code, the model and the tables on which an extraction depends."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import attrgetter

from extractors.reader import reader_folder

_CODE_SUFFIXES = (".py",)
_SKIPPED_FOLDERS = {"__pycache__", "training", "evaluate"}


def _walk(folder: Traversable, prefix: str = "") -> Iterable[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=attrgetter("name")):
        path = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name not in _SKIPPED_FOLDERS:
            yield from _walk(entry, path)
        elif entry.is_file():
            yield path, entry


def _digest_of(entries: Iterable[tuple[str, Traversable]]) -> str:
    total = hashlib.sha256()
    for path, entry in entries:
        total.update(path.encode() + b"\0" + hashlib.sha256(entry.read_bytes()).digest())
    return total.hexdigest()


def _digest_of_custom(model: str | None) -> str:
    folder = reader_folder(model)
    return _digest_of(_walk(folder)) if folder is not None else model or ""


@cache
def digests(model: str | None = None) -> dict[str, str]:
    """Return the SHA-256, in hex, of ``code``, ``model`` and ``tables``.

    ``model`` covers the shipped model files, and the files of another trained reader or the name of a spaCy pipeline.
    """
    entries = [*_walk(files("schemas"), "schemas"), *_walk(files("extractors"), "extractors")]
    shipped = [entry for entry in entries if entry[0].startswith("extractors/model/")]
    others = [entry for entry in entries if not entry[0].startswith(("extractors/model/", "schemas/published/"))]
    return {
        "code": _digest_of(entry for entry in others if entry[0].endswith(_CODE_SUFFIXES)),
        "model": hashlib.sha256(f"{_digest_of(shipped)}{_digest_of_custom(model)}".encode()).hexdigest(),
        "tables": _digest_of(entry for entry in others if not entry[0].endswith(_CODE_SUFFIXES)),
    }

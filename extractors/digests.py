"""Digests of what an extraction depends on: its code, its model, its tables."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import attrgetter

from extractors.reader import reader_folder

_CODE = (".py",)
_SKIPPED = {"__pycache__", "training", "evaluate"}


def _walk(folder: Traversable, prefix: str = "") -> Iterable[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=attrgetter("name")):
        path = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name not in _SKIPPED:
            yield from _walk(entry, path)
        elif entry.is_file():
            yield path, entry


def _digest(entries: Iterable[tuple[str, Traversable]]) -> str:
    total = hashlib.sha256()
    for path, entry in entries:
        total.update(path.encode() + b"\0" + hashlib.sha256(entry.read_bytes()).digest())
    return total.hexdigest()


def _other(model: str | None) -> str:
    folder = reader_folder(model)
    return _digest(_walk(folder)) if folder is not None else model or ""


@cache
def digests(model: str | None = None) -> dict[str, str]:
    """Return the SHA-256 of ``code``, ``model`` and ``tables``.

    That of the model covers the shipped files, and those of another trained reader or the name of a spaCy pipeline.
    """
    entries = [*_walk(files("schemas"), "schemas"), *_walk(files("extractors"), "extractors")]
    shipped = [entry for entry in entries if entry[0].startswith("extractors/model/")]
    rest = [entry for entry in entries if not entry[0].startswith(("extractors/model/", "schemas/published/"))]
    return {
        "code": _digest(entry for entry in rest if entry[0].endswith(_CODE)),
        "model": hashlib.sha256(f"{_digest(shipped)}{_other(model)}".encode()).hexdigest(),
        "tables": _digest(entry for entry in rest if not entry[0].endswith(_CODE)),
    }

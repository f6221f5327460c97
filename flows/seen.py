"""Programs known to read the same out of a release's documents as the release holds.

A new program that changes no record publishes nothing, so that the release keeps the digests of the old one. Without a
note of it every later run would read all documents again.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from flows.places import Place
from schemas import Manifest

PROGRAM = ("code", "config", "model", "tables")


def _note(home: Path) -> Place:
    return Place.of(str(home / "program.json"))


def remember(home: Path, version: str, program: Mapping[str, str]) -> None:
    """Note that ``program`` leaves the release ``version`` as it is; ``home`` is the output's working folder."""
    home.mkdir(parents=True, exist_ok=True)
    note = {"version": version, "program": {name: program[name] for name in PROGRAM}}
    _note(home).write_whole(json.dumps(note).encode())


def program_of_release(home: Path, last: Manifest) -> dict[str, str]:
    """Return the digests of the program that a release is up to date with: its own, or a later one's by the note."""
    own = {name: getattr(last.digests, name) for name in PROGRAM}
    path = home / "program.json"
    try:
        note = json.loads(path.read_bytes()) if path.is_file() else {}
    except ValueError:  # torn by a crash: the release's own digests are always right
        note = {}
    return note["program"] if note.get("version") == last.version else own

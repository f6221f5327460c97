"""Where each document of a ledger came from, so that adding cannot put one in the place of another by its name."""

import json
from collections.abc import Mapping
from pathlib import Path

from flows.errors import InputError
from flows.places import Place
from flows.plan import Plan, held_digests
from schemas import Manifest

_NAMED = 10


def known_origins(home: Path) -> dict[str, str]:
    """Read where each document of the last release was found; nothing is known where the note is gone."""
    path = home / "origins.json"
    try:
        return dict(json.loads(path.read_bytes())) if path.is_file() else {}
    except ValueError:  # torn by a crash
        return {}


def note_origins(home: Path, found: Mapping[str, str], *, add: bool) -> None:
    """Note where each document of a run was found; with ``add``, beside those that the ledger has."""
    if found:
        told = {**known_origins(home), **found} if add else dict(found)
        Place.of(str(home / "origins.json")).write_whole(json.dumps(told, sort_keys=True).encode())


def check_added(work: Plan, last: Manifest | None, home: Path) -> None:
    """Refuse documents that would take the place of others of the same id which came from elsewhere.

    Raises InputError, which names them.
    """
    if last is None:
        return
    held, origins = held_digests(last), known_origins(home)
    other = [
        name
        for name, digest in work.inputs.items()
        if held.get(name) not in (None, "", digest) and origins.get(name) != work.origins.get(name)
    ]
    if other:
        named = ", ".join(f"{name!r} ({work.origins.get(name)})" for name in other[:_NAMED])
        more = f" and {len(other) - _NAMED:,} more" if len(other) > _NAMED else ""
        raise InputError(
            f"the ledger holds other documents of the same ids: {named}{more}; "
            "give the new ones a --prefix, or mean it with --replace"
        )

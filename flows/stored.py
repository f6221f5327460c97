"""The documents of a release as an input: where each stands in ``documents.jsonl``."""

import json
from pathlib import Path

from flows.discover import Found, Listing
from ledger.release.layout import DOCUMENTS, QUARANTINE
from ledger.release.lines import read_models
from schemas import Quarantined


def stored(folder: Path) -> Listing:
    """List the documents of a release, without holding any text; those it could not read stay quarantined."""
    found: list[Found] = []
    address, offset = str(folder / DOCUMENTS), 0
    with (folder / DOCUMENTS).open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            if row["text"] is not None:
                found.append(Found(row["id"], row["digest"], address, offset, len(line), stored=True))
            offset += len(line)
    return Listing(tuple(found), tuple(read_models(folder / QUARANTINE, Quarantined)))

"""Measure the headline alone: ``python -m extractors.training.choices.measure DOCS MODEL RECORDS``.

Writes one record of rank 1 a document, with what ``score_projects.py`` reads and no more.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractors.headline.headline import Headline, headline_of
from extractors.headline.model import Model
from extractors.headline.sectors import SectorModel
from extractors.mentions import PartyMention
from extractors.training.choices.examples import scene_from


def record_of(document_id: str, found: Headline) -> dict[str, Any]:
    """Return the fields of a record by CONTRACT.md that the scorer of projects reads."""
    amount, year = found.amount, found.year
    return {
        "document_id": document_id, "rank": 1, "kind": found.kind.value, "status": found.status.value,
        "actor": _party(found.actor), "partner": found.partner and _party(found.partner),
        "year": year and {"start": year.first, "end": year.last},
        "amount": amount and {"kind": amount.kind, "value": amount.value, "unit": amount.unit},
        "sector": {"code": found.sector.value}, "confidence": dict(found.confidence),
    }  # fmt: skip


def _party(mention: PartyMention) -> Mapping[str, str | None]:
    return {"name": mention.name, "type": mention.type, "country": mention.country}


def measure(documents: str, folder: str, records: str) -> None:
    """Write the headline records of a corpus, a line each."""
    model, sectors = Model.load(Path(folder) / "choices.npz"), SectorModel.load(Path(folder) / "sector.npz")
    lines = []
    for line in Path(documents).read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        found = headline_of(scene_from(document.get("title") or "", document["text"]), model=model, sectors=sectors)
        if found is not None:
            lines.append(json.dumps(record_of(document["id"], found)))
    Path(records).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    measure(*sys.argv[1:4])

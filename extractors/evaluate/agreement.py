"""How far two coders of the same documents agree: ``python -m extractors.evaluate.agreement FIRST SECOND``.

Both files hold annotated documents (corpus/README.md). The second coder's acts are scored as if they were records,
against the first coder's acts as facts: found, precision and complete are then the best that a reader could reach.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractors.evaluate.facts import facts_of, score_facts
from extractors.evaluate.scores import Json, Scores


def agreement(first: Mapping[str, Mapping[str, Any]], second: Mapping[str, Mapping[str, Any]]) -> Scores:
    """Score the second coding against the first, on the documents that both have; both map ids to documents."""
    both = sorted(first.keys() & second.keys())
    texts = {name: f"{first[name]['title']}\n{first[name]['text']}" for name in both}
    facts = [fact for name in both for fact in facts_of(dict(first[name]))]
    records = [_record(name, act, texts[name]) for name in both for act in second[name]["acts"]]
    return score_facts(records, facts, texts)


def _record(document: str, act: Mapping[str, Any], text: str) -> Json:
    """Return an act of an annotated document in the form of a record, with the fields that scoring uses."""
    at = text.find(act["evidence"])
    parties = {role: act[role] and act[role] | {"span": {"text": act[role]["quote"]}} for role in ("actor", "partner")}
    return {
        **act,
        **parties,
        "document_id": document,
        "sector": {"code": act["sector"][0], "fields": act["fields"]},
        "evidence": {"start": at, "end": at + len(act["evidence"]), "text": act["evidence"]},
    }


def read(path: Path) -> dict[str, Json]:
    """Return the documents of a JSON Lines file, by id."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, filter(str.strip, lines))}


def main() -> None:
    """Print the figures for two files of coded documents."""
    first, second = map(Path, sys.argv[1:])
    for name, value in agreement(read(first), read(second)).figures.items():
        shown = f"{value:.3f}" if isinstance(value, float) else value
        sys.stdout.write(f"{name:16} {shown}\n")


if __name__ == "__main__":
    main()

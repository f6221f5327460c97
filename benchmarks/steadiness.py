"""Whether a sentence put in front of a document changes the records of the rest.

``python -m benchmarks.steadiness [--model FOLDER] [--show]``: a hundred fixed trials on the seeds and
``corpus/dev.jsonl``; each puts one of five sentences in front of a document, as a line of its own or on the title's
line, and compares every record that is not of that sentence. Prints in how many trials nothing changed.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from coopledger import load
from schemas import CooperationRecord

_ROOT = Path(__file__).parent.parent
TRIALS = 100
_COMPARED = (
    ("actor", "name"), ("partner", "name"), ("year", "start"), ("amount", "value"), ("amount", "unit"),
    ("sector", "code"),
)  # fmt: skip
SENTENCES = (
    "This page was last changed on 3 May 2019.",
    "The minister of fisheries of Iceland welcomed the guests in Reykjavik.",
    "Readers in Kenya and Portugal may order the printed edition from the Nordic Museum.",
    "Weather over the Baltic Sea stays cold, says the Finnish Meteorological Institute.",
    "More than 400 people came, and the hall of the University of Ghana was full.",
)


def documents() -> Iterator[str]:
    """Yield the texts of the seeds and of the annotated documents."""
    for path in sorted((_ROOT / "seeds").glob("*.txt")):
        yield path.read_text(encoding="utf-8")
    for line in (_ROOT / "corpus" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield f"{row['title']}\n{row['text']}"


def trials() -> Iterator[tuple[str, str]]:
    """Yield pairs of a text and what to put in front of it, the same in every call."""
    texts, random = list(documents()), Random(0)
    for number in range(TRIALS):
        gap = "\n" if number % 2 else " "
        yield texts[number % len(texts)], random.choice(SENTENCES) + gap


def facts(records: list[CooperationRecord], shift: int) -> set[Any]:
    """Return the compared fields of records whose evidence is not in the first ``shift`` characters, shifted back."""
    found: set[Any] = set()
    for one in records:
        if one.evidence.start >= shift or one.evidence.end > shift:
            fields = one.model_dump(mode="json", include={"kind", "actor", "partner", "year", "amount", "sector"})
            parts = [(fields[part] or {}).get(key) for part, key in _COMPARED]
            found.add((max(0, one.evidence.start - shift), fields["kind"], *parts))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=None)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    extract = load(options.model)
    known: dict[str, set[Any]] = {}
    steady = records = changed = 0
    for text, front in trials():
        before = known.get(text)
        if before is None:
            before = known[text] = facts(extract(text), 0)
        after = facts(extract(front + text), len(front))
        steady += before == after
        records += len(before)
        changed += len(before - after)
        if options.show:
            for name, some in (("gone", before - after), ("new", after - before)):
                for one in sorted(some, key=str):
                    print(f"{name} {one}")
    print(f"nothing changed in {steady} of {TRIALS} trials; {changed} of {records} records changed or went")


if __name__ == "__main__":
    main()

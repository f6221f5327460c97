"""How often the headline's values are right, by confidence: the table in the model card of the choices.

``python -m benchmarks.reliability RELEASE GOLD.jsonl``: RELEASE is a release of notes about one act each, GOLD the
coders' answers, as ``coopledger evaluate`` takes them. A cell is the share that is right, and the number of notes.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from coopledger import open_release
from extractors.evaluate.projects import FIELDS, judge
from extractors.training.reader.examples import Json, read_corpus

TENTHS = 10
Row = tuple[str, int, bool]


def rows(heads: dict[str, Json], answers: list[Json]) -> Iterator[Row]:
    """Yield field (or ``record`` for all five), tenth of the confidence (0 to 9), and whether the value is right."""
    for answer in answers:
        if head := heads.get(answer["id"]):
            verdict = judge(head, answer)
            for field in (*FIELDS, "record"):
                sure = head["confidence"][field]
                if sure is not None:
                    right = verdict["all" if field == "record" else field]
                    yield field, min(int(sure * TENTHS), TENTHS - 1), right


def main() -> None:
    release, gold = map(Path, sys.argv[1:])
    heads = {one.document_id: one.model_dump(mode="json") for one in open_release(release).records() if one.rank == 1}
    found = pd.DataFrame(rows(heads, list(read_corpus([gold]))), columns=["field", "tenth", "right"])
    tenths = [f"{tenth / TENTHS:.1f}–{(tenth + 1) / TENTHS:.1f}".replace("0.", ".") for tenth in range(TENTHS)]
    print(f"| field | {' | '.join(tenths)} |\n{'| --- ' * (TENTHS + 1)}|")
    for field in (*FIELDS, "record"):
        known = dict(list(found[found.field == field].groupby("tenth").right))
        cells = [f"{known[n].mean():.2f} ({len(known[n])})" if n in known else "" for n in range(TENTHS)]
        print(f"| {field} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()

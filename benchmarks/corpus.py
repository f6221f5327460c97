"""Describe the annotated documents in a table: ``python -m benchmarks.corpus corpus/train.jsonl corpus/dev.jsonl``."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from extractors.training.reader.examples import Json, read_corpus


def share(verdicts: Iterable[object]) -> str:
    answers = list(map(bool, verdicts))
    return f"{sum(answers) / len(answers):.0%}"


def figures(documents: Sequence[Json]) -> dict[str, str]:
    """Return the figures of a set of documents by name, as text."""
    acts = [act for one in documents for act in one["acts"]]
    parties = [[act[role] for act in one["acts"] for role in ("actor", "partner") if act[role]] for one in documents]
    countries = [{party["country"] for party in some if party["country"]} for some in parties]
    lengths = sorted(len(one["text"]) for one in documents)
    kinds = Counter(act["kind"] for act in acts)
    return {
        "documents": f"{len(documents):,}",
        "records": f"{len(acts):,}",
        "no act or one": share(len({act["act"] for act in one["acts"]}) < 2 for one in documents),
        "with a date": share(one["date"] for one in documents),
        "with a Chinese party": share("CHN" in some for some in countries),
        "characters: tenth, half, nine tenths": ", ".join(f"{lengths[len(lengths) * k // 10]:,}" for k in (1, 5, 9)),
        "genres named": str(len({one["genre"] for one in documents})),
        "countries": str(len(set().union(*countries))),
        "records without a partner": share(act["partner"] is None for act in acts),
        "with a year": share(act["year"] for act in acts),
        "with a sum": share(act["amount"] for act in acts),
        "kinds": ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()),
    }


def main() -> None:
    sets = {Path(path).name: figures(list(read_corpus([Path(path)]))) for path in sys.argv[1:]}
    print(f"| | {' | '.join(sets)} |\n| --- |{' --- |' * len(sets)}")
    for name, *values in zip(next(iter(sets.values())), *(one.values() for one in sets.values()), strict=True):
        print(f"| {name} | {' | '.join(values)} |")


if __name__ == "__main__":
    main()

"""What the annotated documents hold: ``python -m benchmarks.corpus corpus/train.jsonl corpus/dev.jsonl``."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from extractors.training.reader.examples import Json, read_corpus


def countries(document: Json) -> set[str]:
    """Return the countries of a document's parties."""
    parties = [act[role] for act in document["acts"] for role in ("actor", "partner") if act[role]]
    return {party["country"] for party in parties if party["country"]}


def share(acts: Sequence[Json], field: str) -> str:
    """Return how many acts have a field."""
    return f"{sum(bool(act[field]) for act in acts) / len(acts):.0%}"


def figures(documents: Sequence[Json]) -> dict[str, str]:
    """Return the figures of a set, ready to print."""
    acts = [act for one in documents for act in one["acts"]]
    few = sum(len({act["act"] for act in one["acts"]}) < 2 for one in documents)
    lengths = sorted(len(one["text"]) for one in documents)
    chinese = sum("CHN" in countries(one) for one in documents)
    kinds = Counter(act["kind"] for act in acts)
    return {
        "documents": f"{len(documents):,}",
        "records": f"{len(acts):,}",
        "no act or one": f"{few / len(documents):.0%}",
        "with a date": f"{sum(bool(one['date']) for one in documents) / len(documents):.0%}",
        "with a Chinese party": f"{chinese / len(documents):.0%}",
        "characters: tenth, half, nine tenths": ", ".join(f"{lengths[len(lengths) * k // 10]:,}" for k in (1, 5, 9)),
        "genres named": str(len({one["genre"] for one in documents})),
        "countries": str(len(set().union(*map(countries, documents)))),
        "records without a partner": f"{sum(a['partner'] is None for a in acts) / len(acts):.0%}",
        "with a year": share(acts, "year"),
        "with a sum": share(acts, "amount"),
        "kinds": ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()),
    }


def main() -> None:
    sets = {path: figures(list(read_corpus([Path(path)]))) for path in sys.argv[1:]}
    print("| | " + " | ".join(Path(path).name for path in sets) + " |")
    print("| --- |" + " --- |" * len(sets))
    for name in next(iter(sets.values())):
        print(f"| {name} | " + " | ".join(one[name] for one in sets.values()) + " |")


if __name__ == "__main__":
    main()

"""Count the reader's errors by step on annotated documents.

``python -m benchmarks.steps DOCUMENTS.jsonl [--model FOLDER] [--show N]``: for each coded act, whether its anchor (or
another word of its evidence) was found; if so, whether each party is ranked first for its role, second, further down,
or is no candidate, and whether sector, kind and status are right. ``--show`` prints N errors of each step.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.reader import docs
from extractors.evaluate.facts import facts_of, judge
from extractors.mentions import PartyMention
from extractors.pipeline import make_pipeline
from extractors.reader.acts import Act, Role
from extractors.records.build import party_of
from extractors.records.instances import instances
from extractors.text.sentences import sentences_of

Facts = Mapping[str, Any]
ROLES: tuple[Role, ...] = ("actor", "partner")


def nearest(acts: list[Act], fact: Facts, anchor: int, text: str) -> Act | None:
    """Return the act whose anchor is in the evidence of a fact, nearest to the coded anchor; None if there is none."""
    start = text.find(fact["evidence"])
    inside = [act for act in acts if start <= act.start < start + len(fact["evidence"])]
    return min(inside, key=lambda act: abs(act.start - anchor), default=None)


def rank_of(act: Act, fact: Facts, role: Role, text: str) -> str:
    """Return, in words, the rank of a role's coded party among the act's candidates."""
    if fact[role] is None:
        likely = act.fillers[role][0].likely if act.fillers[role] else 0.0
        return "none, and rightly" if likely < 0.5 else "none, but one taken"
    for rank, filler in enumerate(act.fillers[role]):
        assert isinstance(filler.mention, PartyMention)
        record = {"actor": None, "partner": None, role: party_of(filler.mention, text).model_dump(mode="json")}
        if judge(record, {**fact, **{other: None for other in ROLES if other != role}} | {role: fact[role]})[role]:
            return "first" if rank == 0 else "second" if rank == 1 else "further down"
    return "no candidate"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, nargs="+")
    parser.add_argument("--model", default=None)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    shown: dict[str, list[str]] = defaultdict(list)
    for document, text, doc in docs(make_pipeline(options.model), options.documents):
        acts = list(doc._.acts)
        for fact, row in zip(facts_of(document), document["acts"], strict=True):
            anchor = text.find(row["evidence"]) + row["evidence"].find(row["anchor"])
            act = nearest(acts, fact, anchor, text)
            counts["anchor"]["found" if act else "missed"] += 1
            where = f"{document['id']} | {row['evidence'][:160]!r}"
            if act is None:
                shown["anchor missed"].append(f"{where} | {row['anchor']}")
                continue
            for role in ROLES:
                rank = rank_of(act, fact, role, text)
                counts[role][rank] += 1
                if rank not in ("first", "none, and rightly"):
                    got = [f"{f.mention.text} {f.likely:.2f}" for f in act.fillers[role][:3] if f.mention]
                    shown[f"{role} {rank}"].append(f"{where} | wanted {row[role] and row[role]['name']} | got {got}")
            best = next(iter(instances([act], sentences_of(doc))), None)
            if best is not None:
                counts["kind"][str(act.kind in fact["kind"])] += 1
                counts["status"][str(act.status in fact["status"])] += 1
                sector = act.sector
                counts["sector"][str(sector in fact["sector"])] += 1
                if sector not in fact["sector"]:
                    shown["sector"].append(
                        f"{where} | wanted {fact['sector']} | got {sector} {act.sectors[sector]:.2f}"
                    )
    for step, count in counts.items():
        total = sum(count.values())
        print(step.ljust(8), ", ".join(f"{name} {n / total:.1%}" for name, n in count.most_common()), f"({total})")
    for step, lines in shown.items():
        for line in lines[:: max(1, len(lines) // max(1, options.show))][: options.show]:
            print(f"{step}: {line}")


if __name__ == "__main__":
    main()

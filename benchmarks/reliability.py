"""How often the headline's values are right at each confidence: the table and the drawing of the choices' model card.

    python -m benchmarks.reliability RELEASE GOLD.jsonl [--svg reliability.svg]

RELEASE is a release of notes about one act each, GOLD the coders' answers, as ``coopledger evaluate`` takes them.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractors.evaluate.projects import FIELDS, judge

TENTHS = 10
COLOURS = ("#1b6ca8", "#c2452d", "#2e8b57", "#8a5fb0", "#b8860b", "#444")
Tenths = dict[int, list[tuple[float, bool]]]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def tenths(release: Path, gold: Path) -> Mapping[str, Tenths]:
    """By field, and ``record`` for all five: confidence and whether right, by tenth of confidence."""
    heads = {one["document_id"]: one for one in lines(release / "records.jsonl") if one["rank"] == 1}
    found: dict[str, Tenths] = defaultdict(lambda: defaultdict(list))
    for answer in lines(gold):
        head = heads.get(answer["id"])
        verdict = judge(head, answer) if head else {}
        for field in (*FIELDS, "record") if head else ():
            sure = head["confidence"][field] if head else None
            if sure is not None:
                right = verdict["all" if field == "record" else field]
                found[field][min(int(sure * TENTHS), TENTHS - 1)].append((sure, right))
    return found


def _place(item: tuple[str, Tenths]) -> int:
    return (*FIELDS, "record").index(item[0])


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def table(found: Mapping[str, Tenths]) -> str:
    heads = " | ".join(f"{n / TENTHS:.1f}–{(n + 1) / TENTHS:.1f}".replace("0.", ".") for n in range(TENTHS))
    rows = [f"| field | {heads} |", "| --- " * (TENTHS + 1) + "|"]
    for field, inside in sorted(found.items(), key=_place):
        cells = [inside.get(n, []) for n in range(TENTHS)]
        shown = [f"{mean([float(right) for _, right in one]):.2f} ({len(one)})" if one else "" for one in cells]
        rows.append(f"| {field} | {' | '.join(shown)} |")
    return "\n".join(rows)


def drawing(found: Mapping[str, Tenths], least: int = 5) -> str:
    """An SVG of share right by mean confidence, of tenths with at least so many notes."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="420" height="420" viewBox="0 0 420 420" '
        'font-family="sans-serif" font-size="11">\n<title>Share right by confidence</title>\n'
        '<rect width="420" height="420" fill="white"/>'
        '<path d="M40 380H400M40 380V20" stroke="black"/>'
        '<path d="M40 380L400 20" stroke="#bbb" stroke-dasharray="4"/>\n'
        '<text x="170" y="412">confidence</text>'
        '<text x="12" y="210" transform="rotate(-90 12 210)">share right</text>'
    ]
    for step in range(0, TENTHS + 1, 2):
        at = 36 * step
        parts.append(
            f'<text x="{34 + at}" y="394">{step / TENTHS}</text><text x="18" y="{384 - at}">{step / TENTHS}</text>'
        )
    for number, (field, inside) in enumerate(sorted(found.items(), key=_place)):
        colour, shown = COLOURS[number], [one for _, one in sorted(inside.items()) if len(one) >= least]
        points = " ".join(
            f"{40 + 360 * mean([c for c, _ in one]):.0f},{380 - 360 * mean([float(r) for _, r in one]):.0f}"
            for one in shown
        )
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>'
            f'<text x="52" y="{34 + 15 * number}" fill="{colour}">{field}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--svg", type=Path)
    settings = parser.parse_args()
    found = tenths(settings.release, settings.gold)
    print(table(found))
    if settings.svg:
        settings.svg.write_text(drawing(found), encoding="utf-8")


if __name__ == "__main__":
    main()

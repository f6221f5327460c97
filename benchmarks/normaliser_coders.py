"""How often the coders' amount is among the amounts found: ``python benchmarks/normaliser_coders.py DATA``.

DATA is the stem of a pair of files, ``DATA.docs.jsonl`` and ``DATA.gold.jsonl`` (AidData's notes and coders' answers).
Prints the share of notes whose coded amount is found with the coded currency (a conversion in brackets counts), and
the share of amounts whose dollars agree with the coders' within two per cent, at the coders' currency and year.
``--misses FILE`` writes the notes that were missed as JSON Lines, for reading.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extractors.mentions import AmountMention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.amounts.rates import annual_rate

Row = dict[str, Any]


def read(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def text_of(document: Row) -> str:
    return f"{document['title']}\n{document['text']}" if document.get("title") else document["text"]


def sums(text: str) -> list[AmountMention]:
    return [one for found in find_amounts(text) if found.kind == "money" for one in (found, *found.stated)]


def is_found(answer: Row, found: list[AmountMention]) -> bool:
    near = 0.005 * answer["amount"]
    return any(
        one.value is not None and one.unit == answer["currency"] and abs(one.value - answer["amount"]) <= near
        for one in found
    )


def dollars_agree(answer: Row) -> bool:
    rate = annual_rate(answer["currency"], answer["year"])
    return rate is not None and abs(answer["amount"] / rate.value / answer["usd_current"] - 1) <= 0.02


def miss(answer: Row, text: str, found: list[AmountMention]) -> Row:
    surfaces = [one.text for one in found]
    return {
        "id": answer["id"],
        "amount": answer["amount"],
        "currency": answer["currency"],
        "found": surfaces,
        "text": text,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=str)
    parser.add_argument("--misses", type=Path)
    options = parser.parse_args()
    texts = {row["id"]: text_of(row) for row in read(Path(f"{options.data}.docs.jsonl"))}
    answers = [row for row in read(Path(f"{options.data}.gold.jsonl")) if row["amount"] and row["currency"]]
    found = {row["id"]: sums(texts[row["id"]]) for row in answers}
    misses = [row for row in answers if not is_found(row, found[row["id"]])]
    hits = len(answers) - len(misses)
    print(f"coders' amount with its currency among those found: {hits} of {len(answers)} ({hits / len(answers):.1%})")
    priced = [row for row in answers if row["usd_current"]]
    agreed = sum(map(dollars_agree, priced))
    share = f"{agreed} of {len(priced)} ({agreed / len(priced):.1%})"
    print(f"dollars within 2% of the coders', same currency and year: {share}")
    if options.misses:
        lines = (json.dumps(miss(row, texts[row["id"]], found[row["id"]]), ensure_ascii=False) for row in misses)
        options.misses.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()

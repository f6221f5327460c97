"""How many of the coded parties, years and amounts are found: ``python -m benchmarks.mentions ACTS``.

ACTS is annotated documents with their acts in JSON Lines, as the reader is trained on. A coded quote counts once for
each document. A party is *found* where a mention shares words with one of its places, *placed* where that mention has
the coded country too, *typed* where its type suits the coded one as well (a capital stands for its country). A year
or a sum is *found* where a mention overlaps it, *right* where its value is the coded one. ``--misses FILE`` writes
what was missed, for reading.

``--answers GOLD`` takes notes without quotes instead (AidData's: ACTS holds the texts, GOLD the coders' answers): how
often the coded amount with its currency is among those found, a conversion in brackets included, and how often its
dollars agree with the coders' within two per cent.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.amounts.rates import annual_rate
from extractors.mentions.parties import find_parties
from extractors.mentions.years import find_years

Row = dict[str, Any]
M = TypeVar("M", bound=Mention)
BODIES = {"organisation", "company", "university", "government", "person"}
SUITS = {
    "country": {"country", "place"},
    "group": {"group", "organisation"},
    "government": {"government", "organisation", "person", "place"},
    "organisation": BODIES - {"person"},
    "company": {"company", "organisation"},
    "university": {"university", "organisation"},
    "person": {"person"},
}


def text_of(document: Row) -> str:
    return f"{document['title']}\n{document['text']}" if document.get("title") else document["text"]


def places(text: str, quote: str) -> Iterator[tuple[int, int]]:
    start = text.find(quote)
    while start >= 0:
        yield start, start + len(quote)
        start = text.find(quote, start + 1)


def over(text: str, quote: str, mentions: Sequence[M]) -> list[M]:
    """The mentions that share characters with a place of the quote, the one that shares most first."""
    shared: list[tuple[int, M]] = []
    for start, end in places(text, quote):
        for one in mentions:
            both = min(end, one.end) - max(start, one.start)
            if both > 0:
                shared.append((abs(end - one.end) + abs(start - one.start), one))
    return [one for _, one in sorted(shared, key=_first)]


def _first(pair: tuple[int, Mention]) -> int:
    return pair[0]


def kind(mention: PartyMention) -> str:
    return "place" if mention.source == "capital" else mention.type


def party(text: str, coded: Row, mentions: Sequence[PartyMention]) -> Iterator[tuple[str, bool]]:
    found = over(text, coded["quote"], mentions)
    yield "parties found", bool(found)
    yield "parties found, exact", any(one.text == coded["quote"] for one in found)
    placed = [one for one in found if one.country == coded["country"]]
    yield "parties with the coded country", bool(placed)
    yield "parties with country and type", any(kind(one) in SUITS[coded["type"]] for one in placed)


def year(text: str, coded: Row, mentions: Sequence[YearMention]) -> Iterator[tuple[str, bool]]:
    found = over(text, coded["quote"], mentions)
    yield "years found", bool(found)
    yield "years right", any((one.first, one.last) == (coded["start"], coded["end"]) for one in found)


def amount(text: str, coded: Row, mentions: Sequence[AmountMention]) -> Iterator[tuple[str, bool]]:
    found = over(text, coded["quote"], mentions)
    yield f"{coded['kind']} found", bool(found)
    yield f"{coded['kind']} with the value", any(one.value == coded["value"] for one in found)
    same = [one for one in found if one.value == coded["value"] and one.unit == coded["unit"]]
    yield f"{coded['kind']} with value and unit", bool(same)


def _once(parts: Iterator[Row | None], *keys: str) -> list[Row]:
    kept = {tuple(map(str, map(part.get, keys))): part for part in parts if part and part.get("quote")}
    return list(kept.values())


def judge(document: Row, *, capitals: bool) -> Iterator[tuple[str, bool, Row, list[str]]]:
    text, acts = text_of(document), document["acts"]
    parties, years = find_parties(text, capitals=capitals), find_years(text, date=document["date"])
    amounts = find_amounts(text, date=document["date"])
    for coded in _once((act[side] for act in acts for side in ("actor", "partner")), "quote", "country", "type"):
        near = [f"{one.text} ({one.type}, {one.country})" for one in over(text, coded["quote"], parties)[:3]]
        yield from ((*judged, coded, near) for judged in party(text, coded, parties))
    for coded in _once((act["year"] for act in acts), "quote", "start", "end"):
        near = [f"{one.text} ({one.first}-{one.last})" for one in over(text, coded["quote"], years)[:3]]
        yield from ((*judged, coded, near) for judged in year(text, coded, years))
    for coded in _once((act["amount"] for act in acts), "quote", "value", "unit"):
        near = [f"{one.text} ({one.value} {one.unit})" for one in over(text, coded["quote"], amounts)[:3]]
        yield from ((*judged, coded, near) for judged in amount(text, coded, amounts))


def answers(texts: Mapping[str, str], coded: Iterable[Row]) -> Iterator[tuple[str, bool, Row, list[str]]]:
    """Judge answers that quote no words: a sum is looked for in the whole note."""
    for row in coded:
        if not row["amount"] or not row["currency"]:
            continue
        money = [one for one in find_amounts(texts[row["id"]]) if one.kind == "money"]
        sums = [one for found in money for one in (found, *found.stated)]
        near = 0.005 * row["amount"]
        same = [one.value for one in sums if one.value is not None and one.unit == row["currency"]]
        hit = any(abs(value - row["amount"]) <= near for value in same)
        yield "coders' amount with its currency", hit, row, [one.text for one in sums]
        if row["usd_current"]:
            rate = annual_rate(row["currency"], row["year"])
            agrees = rate is not None and abs(row["amount"] / rate.value / row["usd_current"] - 1) <= 0.02
            yield "dollars within 2% of the coders'", agrees, row, []


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("acts", type=Path)
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--capitals", action="store_true", help="names that only their capitals betray, too")
    parser.add_argument("--answers", type=Path, help="coders' answers to the notes, which quote no words")
    options = parser.parse_args()
    documents = rows_of(options.acts)
    if options.answers:
        judged = answers({one["id"]: text_of(one) for one in documents}, rows_of(options.answers))
    else:
        judged = (
            (label, hit, {"id": document["id"], **coded}, near)
            for document in documents
            for label, hit, coded, near in judge(document, capitals=options.capitals)
        )
    hits: Counter[str] = Counter()
    total: Counter[str] = Counter()
    misses: list[Row] = []
    for label, hit, coded, near in judged:
        total[label] += 1
        hits[label] += hit
        if not hit:
            misses.append({"missed": label, "coded": coded, "near": near})
    for label, count in total.items():
        print(f"{label:32} {hits[label]:>6,} of {count:>6,}  {hits[label] / count:.1%}")
    if options.misses:
        lines = (json.dumps(miss, ensure_ascii=False) for miss in misses)
        options.misses.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()

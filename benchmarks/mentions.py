"""How many of the coded parties, years and amounts are found: ``python -m benchmarks.mentions ACTS``.

ACTS has annotated documents with their acts in JSON Lines, as the reader is trained on. A coded quote counts once for
each document. A party is *found* if a mention overlaps one of its places; further counts are of mentions that also
have the coded country, and a type that suits the coded one (a capital stands for its country). A year or an amount is
*found* if a mention overlaps it, *right* if its value is the coded one. ``--misses FILE`` writes what was missed.

``--answers GOLD`` takes notes without quotes instead (AidData's: ACTS has the texts, GOLD the coders' answers): how
often the coded amount with its currency is among those found, a conversion in brackets included, and how often its
dollars agree with the coders' within two per cent.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.amounts.record import annual_rate
from extractors.mentions.parties import find_parties
from extractors.mentions.years import find_years
from extractors.training.reader.examples import Json as Row
from extractors.training.reader.examples import read_corpus, text_of_document

Judged = tuple[str, bool, Row, list[str]]
M = TypeVar("M", bound=Mention)
BODIES = {"organisation", "company", "university", "government", "person"}
SUITABLE = {
    "country": {"country", "place"},
    "group": {"group", "organisation"},
    "government": {"government", "organisation", "person", "place"},
    "organisation": BODIES - {"person"},
    "company": {"company", "organisation"},
    "university": {"university", "organisation"},
    "person": {"person"},
}


Check = Callable[[Any, Row], bool]


def has_exact_text(one: Mention, coded: Row) -> bool:
    return one.text == coded["quote"]


def has_country(one: PartyMention, coded: Row) -> bool:
    return one.country == coded["country"]


def has_country_and_type(one: PartyMention, coded: Row) -> bool:
    return has_country(one, coded) and ("place" if one.source == "capital" else one.type) in SUITABLE[coded["type"]]


def has_years(one: YearMention, coded: Row) -> bool:
    return (one.first, one.last) == (coded["start"], coded["end"])


def has_value(one: AmountMention, coded: Row) -> bool:
    return one.value == coded["value"]


def has_value_and_unit(one: AmountMention, coded: Row) -> bool:
    return has_value(one, coded) and one.unit == coded["unit"]


CHECKS: dict[tuple[str, ...], tuple[tuple[str, ...], dict[str, Check]]] = {
    ("actor", "partner"): (
        ("quote", "country", "type"),
        {
            "parties found, exact": has_exact_text,
            "parties with the coded country": has_country,
            "parties with country and type": has_country_and_type,
        },
    ),
    ("year",): (("quote", "start", "end"), {"years right": has_years}),
    ("amount",): (
        ("quote", "value", "unit"),
        {"{kind} with the value": has_value, "{kind} with value and unit": has_value_and_unit},
    ),
}
"""By fields of an act: the keys that identify a coded value, and the checks of the mentions that overlap its quote."""


def mentions_over(text: str, quote: str, mentions: Sequence[M]) -> list[M]:
    """Return the mentions that overlap an occurrence of the quote, those with the nearest bounds first."""
    shared: list[tuple[int, int, M]] = []
    for place in re.finditer(f"(?={re.escape(quote)})", text):
        start, end = place.start(), place.start() + len(quote)
        inside = [one for one in mentions if one.start < end and start < one.end]
        shared += [(abs(end - one.end) + abs(start - one.start), len(shared), one) for one in inside]
    return [one for _, _, one in sorted(shared, key=itemgetter(0))]


def judge(document: Row, *, capitals: bool) -> Iterator[Judged]:
    text, date = text_of_document(document), document["date"]
    found: list[Sequence[Any]] = [
        find_parties(text, capitals=capitals), find_years(text, date=date), find_amounts(text, date=date)
    ]  # fmt: skip
    for (fields, (keys, checks)), mentions in zip(CHECKS.items(), found, strict=True):
        values = [act[field] for act in document["acts"] for field in fields if act[field]]
        for coded in {tuple(map(str, map(one.get, keys))): one for one in values if one.get("quote")}.values():
            near = mentions_over(text, coded["quote"], mentions)
            whole, texts = {"id": document["id"], **coded}, [one.text for one in near[:3]]
            names = {"actor": "parties", "year": "years", "amount": coded.get("kind")}
            yield f"{names[fields[0]]} found", bool(near), whole, texts
            for label, check in checks.items():
                yield label.format_map(coded), any(check(one, coded) for one in near), whole, texts


def judge_answers(texts: Mapping[str, str], coded: Iterable[Row]) -> Iterator[Judged]:
    """Judge answers without quotes: the amount is looked for in the whole note."""
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("acts", type=Path)
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--capitals", action="store_true", help="names that only their capitals betray, too")
    parser.add_argument("--answers", type=Path, help="coders' answers to the notes, which quote no words")
    options = parser.parse_args()
    documents = list(read_corpus([options.acts]))
    judged = (one for document in documents for one in judge(document, capitals=options.capitals))
    if options.answers:
        texts = {one["id"]: text_of_document(one) for one in documents}
        judged = judge_answers(texts, read_corpus([options.answers]))
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

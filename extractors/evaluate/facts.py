"""Score records against a list of facts: what was found, what was missed, what was invented.

Records and facts of one document are paired one to one, those that agree in most fields first. A record and a fact
can be paired where their evidence overlaps or both parties are right.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from extractors.evaluate.scores import FIELDS, Json, Miss, Scores, is_near, misses, part, share_words
from schemas.packaged import packaged_rows

_JUDGED_FIELDS = (*FIELDS, "fields", "kind", "status", "bound")
_WEIGHTS = {"actor": 4, "partner": 4, "amount": 2, "year": 2, "sector": 1, "kind": 1}
_NEAR_WEIGHT = 3
_RUN = 5  # consecutive words in common that make two quotations the same place
_SHORTEST = 4  # characters of a name that may be found inside a longer one

_AGREEING_TYPES = {row["coded"]: row["agree"].split() for row in packaged_rows("extractors.evaluate", "types.csv")}
"""The types of a record's party that agree with a coded type: coders differ in what they call a body."""


def is_fact(row: Mapping[str, object]) -> bool:
    """Return whether a line of gold is a fact."""
    return "doc" in row and "required" in row


def facts_of(document: Mapping[str, Any]) -> list[Json]:
    """Return the facts of an annotated document, one for each pair of parties of each act."""
    return [_fact(document["id"], act) for act in document["acts"]]


def _fact(document: str, act: Mapping[str, Any]) -> Json:
    year, amount = act["year"], act["amount"]
    return {
        "doc": document,
        "required": act.get("required", True),
        "actor": _names_of(act["actor"]),
        "partner": _names_of(act["partner"]),
        "year": year and {"start": year["start"], "end": year.get("end")},
        "amount": amount and _sum_of(amount),
        "sector": act["sector"],
        "fields": [],
        "kind": _as_list(act["kind"]),
        "status": _as_list(act["status"]),
        "evidence": act["evidence"],
    }  # fmt: skip


def _sum_of(amount: Mapping[str, Any]) -> Json:
    known = {key: amount[key] for key in ("kind", "value", "unit")}
    return {**known, "bound": [amount["bound"]], "per": amount.get("per")}


def _names_of(party: Mapping[str, Any] | None) -> Json | None:
    if party is None:
        return None
    names = [name for name in (party["name"], party["quote"], *(party.get("also") or ())) if name]
    return {"names": list(dict.fromkeys(names)), "country": party["country"], "type": _AGREEING_TYPES[party["type"]]}


def _as_list(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _normalised(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", (text or "").lower().replace("'s ", " ").replace("’s ", " ")))


def _same_name(one: str, other: str) -> bool:
    if one == other:
        return True
    if len(min(one, other, key=len)) >= _SHORTEST and (f" {one} " in f" {other} " or f" {other} " in f" {one} "):
        return True
    return share_words(set(one.split()), set(other.split()))


def _is_party_right(got: Json, fact: Json | None) -> bool:
    if fact is None or not got.get("name"):
        return fact is None and not got.get("name")
    country, accepted = fact.get("country"), set(fact.get("type") or ())
    if country and got.get("country") not in (None, "", country):
        return False
    if got.get("type") == "country":
        if accepted and not accepted & {"country", "group"}:
            return False  # a country is not its body
        if country and (not accepted or "country" in accepted):
            return bool(got.get("country") == country)
    elif accepted == {"country"} and got.get("type") != "government":
        return False  # a body is not its country
    names = [_normalised(got["name"]), _normalised(part(got, "span").get("text"))]
    return any(_same_name(a, b) for a in names if a for b in map(_normalised, fact["names"]) if b)


def _is_year_right(got: Json, fact: Json | None) -> bool:
    if fact is None:
        return got.get("start") is None
    end = fact.get("end")
    return got.get("start") == fact.get("start") and end in (None, fact.get("start"), got.get("end"))


def _normalised_unit(unit: str | None) -> str:
    return _normalised(unit).rstrip("s")


def _is_amount_right(got: Json, fact: Json | None) -> bool:
    if fact is None or got.get("value") is None:
        return fact is None and not got
    ours, theirs = _normalised_unit(got.get("unit")), _normalised_unit(fact["unit"])
    same = ours == theirs or (fact["kind"] == "count" and ours.split()[-1:] == theirs.split()[-1:])
    near = is_near(got["value"], fact["value"])
    per = (got.get("per") or None) == (fact.get("per") or None)
    return got.get("kind") == fact["kind"] and same and near and per


def judge(record: Json, fact: Json) -> dict[str, bool]:
    """Return for each field whether the record agrees with the fact."""
    sector, bounds = part(record, "sector"), (fact.get("amount") or {}).get("bound")
    return {
        "actor": _is_party_right(part(record, "actor"), fact["actor"]),
        "partner": _is_party_right(part(record, "partner"), fact.get("partner")),
        "year": _is_year_right(part(record, "year"), fact.get("year")),
        "amount": _is_amount_right(part(record, "amount"), fact.get("amount")),
        "sector": not fact.get("sector") or sector.get("code") in fact["sector"],
        "fields": set(fact.get("fields") or ()) <= set(sector.get("fields") or ()),
        "kind": not fact.get("kind") or record.get("kind") in fact["kind"],
        "status": not fact.get("status") or record.get("status") in fact["status"],
        "bound": not bounds or part(record, "amount").get("bound") in bounds,
    }


def _share_run(one: str | None, other: str | None) -> bool:
    first, second = _normalised(one).split(), _normalised(other).split()
    size = min(_RUN, len(first), len(second))
    runs = {tuple(second[i : i + size]) for i in range(len(second) - size + 1)}
    return size > 0 and any(tuple(first[i : i + size]) in runs for i in range(len(first) - size + 1))


def _is_same_place(record: Json, fact: Json, text: str | None) -> bool:
    evidence, quote = part(record, "evidence"), fact["evidence"]
    if text is None or evidence.get("start") is None or quote not in text:
        return _share_run(evidence.get("text"), quote)
    places = [found.start() for found in re.finditer(f"(?={re.escape(quote)})", text)]
    return any(evidence["start"] < place + len(quote) and place < evidence["end"] for place in places)


@dataclass(frozen=True, slots=True)
class Pair:
    """A fact and a record of one document, by their indices, and for each field whether it is right."""

    fact: int
    record: int
    right: dict[str, bool]

    @property
    def parties_right(self) -> bool:
        """Whether both parties are right."""
        return self.right["actor"] and self.right["partner"]


def pairs(records: list[Json], facts: list[Json], text: str | None) -> list[Pair]:
    """Pair the records of a document with its facts, one to one, those that agree in most fields first."""
    candidates: list[tuple[tuple[int, bool, int, int], Pair]] = []
    for i, fact in enumerate(facts):
        for j, record in enumerate(records):
            pair, near = Pair(i, j, judge(record, fact)), _is_same_place(record, fact, text)
            if pair.parties_right or near:
                weight = sum(weight for name, weight in _WEIGHTS.items() if pair.right[name]) + _NEAR_WEIGHT * near
                candidates.append(((-weight, not fact["required"], i, j), pair))
    facts_left, records_left = set(range(len(facts))), set(range(len(records)))
    chosen = []
    for _, pair in sorted(candidates, key=itemgetter(0)):
        if pair.fact in facts_left and pair.record in records_left:
            facts_left.remove(pair.fact)
            records_left.remove(pair.record)
            chosen.append(pair)
    return chosen


def score_facts(records: Iterable[Json], facts: Iterable[Json], texts: Mapping[str, str] | None = None) -> Scores:
    """Score records against facts; ``texts`` maps a document's id to its text, so that evidence is compared by offsets.

    A record in a document without a fact counts as wrong, so give only the records of documents that gold covers.
    """
    of: dict[str, tuple[list[Json], list[Json]]] = defaultdict(lambda: ([], []))
    for fact in facts:
        of[fact["doc"]][1].append(fact)
    for record in records:
        of[record["document_id"]][0].append(record)
    count: Counter[str] = Counter()
    wrong: list[Miss] = []
    for document in sorted(of):
        wrong += _score_document(document, *of[document], (texts or {}).get(document), count)
    return Scores("facts", _figures(count, len([one for one in of.values() if one[1]])), wrong)


def _score_document(
    document: str, records: list[Json], facts: list[Json], text: str | None, count: Counter[str]
) -> Iterator[Miss]:
    """Add a document's figures to ``count``, and yield its misses."""
    count["records"] += len(records)
    count["required"] += sum(bool(fact["required"]) for fact in facts)
    found: set[int] = set()
    for pair in pairs(records, facts, text):
        fact, record = facts[pair.fact], records[pair.record]
        count["right"] += pair.parties_right
        if fact["required"]:
            count["paired"] += 1
            count.update(f"field_{name}" for name in _JUDGED_FIELDS if pair.right[name])
            count["found"] += pair.parties_right
            count["complete"] += pair.parties_right and all(pair.right[name] for name in FIELDS)
            found.add(pair.fact)
            yield from misses(document, record, pair.right, partial(_expected, fact), fact["evidence"])
    for number, fact in enumerate(facts):
        if fact["required"] and number not in found:
            yield Miss(document, "record", _expected(fact, "actor"), "nothing", 1.0, fact["evidence"])


def _expected(fact: Json, name: str) -> str:
    value = fact.get(name)
    if isinstance(value, dict):
        value = value.get("names") or [one for one in value.values() if isinstance(one, str | int | float)]
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "nothing")


def _figures(count: Counter[str], documents: int) -> dict[str, float | int | None]:
    recall = count["found"] / count["required"] if count["required"] else None
    precision = count["right"] / count["records"] if count["records"] else None
    fields = {f"field_{name}": count[f"field_{name}"] / count["paired"] for name in _JUDGED_FIELDS if count["paired"]}
    return {
        "documents": documents,
        "required": count["required"],
        "records": count["records"],
        "found": recall,
        "complete": count["complete"] / count["required"] if count["required"] else None,
        "precision": precision,
        "f1": 2 * recall * precision / (recall + precision) if recall and precision else 0.0,
        **fields,
    }

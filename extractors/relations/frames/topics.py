"""The CRS sector and the science and technology fields of an act, from the words of its clause and sentence."""

import csv
import re
from collections import Counter
from functools import cache
from importlib.resources import files

from schemas import UNSPECIFIED_SECTOR, Kind

_DEFAULT: dict[str, str] = {"joint_research": "430", "debt_relief": "600", "dialogue": UNSPECIFIED_SECTOR, "joint_facility": "430", "programme": "430", "membership": "430"}
_NEAR, _SENTENCE, _HEADING = 2.0, 1.0, 0.4


def _table(name: str, key: str) -> list[tuple[str, float, re.Pattern[str]]]:
    text = (files("extractors.relations.frames") / name).read_text(encoding="utf-8")
    rows = []
    for row in csv.DictReader(text.splitlines()):
        words = "|".join(re.escape(w) for w in sorted(row["words"].split("|"), key=len, reverse=True))
        rows.append((row[key], float(row.get("weight") or 1), re.compile(rf"(?<![\w-])(?:{words})(?![\w])", re.I)))
    return rows


@cache
def _sectors() -> list[tuple[str, float, re.Pattern[str]]]:
    return _table("sectors.csv", "code")


@cache
def _fields() -> list[tuple[str, float, re.Pattern[str]]]:
    return _table("fields.csv", "id")


def sector_of(clause: str, sentence: str, heading: str, kind: Kind) -> tuple[str, tuple[int, int] | None, float]:
    """Return the sector code, the offsets in ``clause`` of the word that decided (None if none did), and its share."""
    scores: Counter[str] = Counter()
    place: dict[str, tuple[int, int]] = {}
    for code, weight, pattern in _sectors():
        for part, text in ((_NEAR, clause), (_SENTENCE, sentence), (_HEADING, heading)):
            hits = {m.group().lower(): m for m in pattern.finditer(text)}
            scores[code] += weight * part * min(len(hits), 3)
            if part == _NEAR and hits:
                first = min(hits.values(), key=re.Match.start)
                place.setdefault(code, first.span())
    if kind == "debt_relief":
        scores["600"] += 20
    if kind in {"joint_research"} and scores["430"]:
        scores["430"] += 2
    best = [(score, code) for code, score in scores.items() if score > 0]
    if not best:
        return _DEFAULT.get(kind, UNSPECIFIED_SECTOR), None, 0.4
    total = sum(score for score, _ in best)
    score, code = max(best)
    return code, place.get(code), score / total


def fields_of(text: str) -> tuple[str, ...]:
    """Return the ids of the fields that ``text`` names, in the order of the table."""
    return tuple(code for code, _, pattern in _fields() if pattern.search(text))

"""The CRS sector and the science and technology fields of an act, from the words of its clause and sentence."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas import UNSPECIFIED_SECTOR, Kind

_DEFAULT: dict[str, str] = {
    "joint_research": "430",
    "debt_relief": "600",
    "dialogue": UNSPECIFIED_SECTOR,
    "joint_facility": "430",
    "programme": "430",
    "membership": "430",
}
_NEAR, _SENTENCE, _HEADING = 2.0, 1.0, 0.4
_ENOUGH = 3  # different words of a sector that count, in one text


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a table in one pattern, and what each of them signals with what weight."""

    pattern: re.Pattern[str]
    signals: dict[str, tuple[tuple[str, float], ...]]

    def find(self, text: str) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(text)


def _table(name: str, key: str) -> _Words:
    text = (files("extractors.relations.frames") / name).read_text(encoding="utf-8")
    signals: dict[str, list[tuple[str, float]]] = {}
    for row in csv.DictReader(text.splitlines()):
        for word in row["words"].split("|"):
            signals.setdefault(word.lower(), []).append((row[key], float(row.get("weight") or 1)))
    words = "|".join(re.escape(w) for w in sorted(signals, key=len, reverse=True))
    return _Words(re.compile(rf"(?<![\w-])(?:{words})(?![\w])", re.I), {w: tuple(s) for w, s in signals.items()})


@cache
def _sectors() -> _Words:
    return _table("sectors.csv", "code")


@cache
def _fields() -> _Words:
    return _table("fields.csv", "id")


def sector_of(clause: str, sentence: str, heading: str, kind: Kind) -> tuple[str, tuple[int, int] | None, float]:
    """Return the sector code, the offsets in ``clause`` of the word that decided (None if none did), and its share."""
    scores: dict[str, float] = defaultdict(float)
    place: dict[str, tuple[int, int]] = {}
    table = _sectors()
    for part, text in ((_NEAR, clause), (_SENTENCE, sentence), (_HEADING, heading)):
        seen: set[str] = set()
        times: Counter[str] = Counter()
        for match in table.find(text):
            word = match.group().lower()
            for code, weight in () if word in seen else table.signals[word]:
                times[code] += 1
                scores[code] += weight * part * (times[code] <= _ENOUGH)
                if part == _NEAR:
                    place.setdefault(code, match.span())
            seen.add(word)
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
    """Return the ids of the fields that ``text`` names, in the order of the text."""
    table = _fields()
    return tuple(dict.fromkeys(code for m in table.find(text) for code, _ in table.signals[m.group().lower()]))

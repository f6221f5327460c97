"""Reads cases of the form ``lent [RMB1.2bn|1200000000 CNY]``: the surface, then what it should be read as.

After value and unit may come a bound, ``low..high`` and ``year``; ``-`` is no value; ``~`` before the
value says that the sum is another's conversion.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from extractors.mentions import AmountMention

CASES = Path(__file__).parent / "cases"
_MARK = re.compile(r"\[((?:\[[^|\]]*\]|[^|\]\[])+)\|([^\]]+)\]")


@dataclass(frozen=True)
class Expected:
    start: int
    end: int
    value: float | None
    unit: str
    bound: str = "exact"
    low: float | None = None
    high: float | None = None
    per: str | None = None
    stated: bool = False

    @classmethod
    def of(cls, mention: AmountMention, *, stated: bool = False) -> "Expected":
        return cls(
            mention.start, mention.end, mention.value, mention.unit, mention.bound, mention.low, mention.high,
            mention.per, stated,
        )  # fmt: skip


def _expected(start: int, surface: str, note: str) -> Expected:
    value, unit, *rest = re.findall(r"\S+", note)
    stated, value = value.startswith("~"), value.lstrip("~")
    unit_words = [unit]
    while rest and not _is_qualifier(rest[0]):
        unit_words.append(rest.pop(0))
    more: dict[str, object] = {}
    for word in rest:
        more.update(_qualifier(word))
    number = None if value == "-" else float(value)
    return Expected(start, start + len(surface), number, " ".join(unit_words), stated=stated, **more)  # type: ignore[arg-type]


def _is_qualifier(word: str) -> bool:
    return word in {"exact", "about", "at_least", "at_most", "range", "year", "unknown"} or ".." in word


def _qualifier(word: str) -> dict[str, object]:
    if word == "year":
        return {"per": "year"}
    if ".." in word:
        low, high = word.split("..")
        return {"low": float(low), "high": float(high)}
    return {"bound": word}


def read(line: str) -> tuple[str, list[Expected]]:
    """Take the markup out of a case; give the plain text and what is to be found in it."""
    text, found, last = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[last : mark.start()]
        found.append(_expected(len(text), mark[1], mark[2]))
        text += mark[1]
        last = mark.end()
    return text + line[last:], found


def lines(folder: Path = CASES) -> list[tuple[str, str]]:
    """List the cases of a folder as (group, line)."""
    return [
        (path.stem, line)
        for path in sorted(folder.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]

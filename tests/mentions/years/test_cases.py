"""Every form of a year, one line a case."""

import re
from pathlib import Path

from extractors.mentions.years import find_years

CASES = [
    line
    for line in (Path(__file__).parent / "cases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
_MARK = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")
Found = tuple[int, int, int, int | None, str, int | None, int | None]


def _expected(start: int, surface: str, note: str) -> Found:
    years, kind, *rest = note.split()
    first, _, last = years.partition("-")
    end = int(last) if last else None if "-" in years else int(first)
    month, _, day = rest[0].partition("/") if rest else ("", "", "")
    return start, start + len(surface), int(first), end, kind, int(month) if month else None, int(day) if day else None


def _read(line: str) -> tuple[str, str | None, list[Found]]:
    date, line = line[1:].split(" ", 1) if line.startswith("@") else (None, line)
    text, found, last = "", [], 0
    line = line.replace(" \\ ", "\n\n")
    for mark in _MARK.finditer(line):
        text += line[last : mark.start()]
        found.append(_expected(len(text), mark[1], mark[2]))
        text += mark[1]
        last = mark.end()
    return text + line[last:], date, found


def test_reads() -> None:
    wrong = {}
    for text, date, expected in map(_read, CASES):
        found = [(y.start, y.end, y.first, y.last, y.kind, y.month, y.day) for y in find_years(text, date=date)]
        if found != expected:
            wrong[text] = (found, expected)
    assert len(CASES) > 150 and wrong == {}

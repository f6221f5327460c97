"""Expected mentions written into the sentence: ``[text|name|type|country|role]``, trailing parts optional."""

import re
from dataclasses import dataclass

MARK = re.compile(r"\[([^\]|]+)((?:\|[^\]|]*)*)\]")


@dataclass(frozen=True)
class Expected:
    text: str
    start: int
    parts: tuple[str, ...]  # name, type, country, role; "" where it does not matter


def parse(marked: str) -> tuple[str, list[Expected]]:
    """Return the plain sentence and the mentions that it marks."""
    plain, found, at = "", [], 0
    for match in MARK.finditer(marked):
        plain += marked[at : match.start()]
        found.append(Expected(match.group(1), len(plain), tuple(match.group(2).split("|")[1:])))
        plain += match.group(1)
        at = match.end()
    return plain + marked[at:], found

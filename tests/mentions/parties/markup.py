"""Expected mentions written into the sentence: ``[text|name|type|country|role]``, trailing parts optional."""

import re
from dataclasses import dataclass

from extractors.mentions.parties import find_parties

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


def check_marked(marked: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Check that what a sentence marks is found and nothing else; return the parts found and wanted of each mention."""
    text, expected = parse(marked)
    found = find_parties(text)
    places = [(m.start, m.text) for m in found], [(e.start, e.text) for e in expected]
    assert places[0] == places[1], places
    told = [
        ((m.name, m.type, m.country or "", m.role), wanted.parts) for m, wanted in zip(found, expected, strict=True)
    ]
    for got, wanted in told:
        assert all(want in ("", have) for have, want in zip(got, wanted, strict=False)), (got, wanted)
    return told

"""Embassies and consulates: who sends them."""

from .entries import adjectives
from .owners import nation_before
from .scan import Scan


def embassy(country: str) -> str:
    """Return the canonical name of a country's missions abroad."""
    return f"{adjectives()[country]} Embassy/Consulate"


def mission(scan: Scan, index: int) -> tuple[str | None, int, int]:
    """Return the country and extent of "Chinese embassy", "China embassy", "embassy of China", "its embassy in"."""
    tokens, before = scan.tokens, scan.before(index)
    if before is not None and before.source == "country" and tokens.joined(index):
        return before.entry.country, before.first, index + 1
    country, start = nation_before(scan, index)
    hit = scan.at(index + 2 + (tokens.word(index + 2) == "the"))
    if country is None and tokens.word(index + 1) == "of" and hit is not None and hit.source == "country":
        return hit.entry.country, index, hit.last
    if country is None and tokens.word(index + 1) == "in" and tokens.word(index - 1) == "its":
        return _sender(scan, index), index - 1, index + 1
    return country, start, index + 1


def _sender(scan: Scan, index: int) -> str | None:
    """Return the country that "its embassy" at ``index`` belongs to: the last one named in the sentence."""
    for i in range(index - 1, max(index - 20, -1), -1):
        if scan.tokens.words[i] == ".":
            return None
        hit = scan.owner.get(i)
        if hit is not None and hit.source == "country":
            return hit.entry.country
    return None


def nation(scan: Scan, index: int) -> int:
    """Return where the nation before the head at ``index`` begins; ``index`` itself where there is none."""
    before = scan.before(index)
    return (
        before.first
        if before is not None and before.source in ("demonym", "country", "capital") and scan.tokens.joined(index)
        else index
    )


def sends(scan: Scan, first: int, index: int) -> bool:
    """Tell whether the nation before an embassy sends it, and what follows is its host: "Chinese Embassy of Peru"."""
    owner = scan.owner.get(first) if first < index else None
    return owner is not None and owner.source in ("demonym", "country")

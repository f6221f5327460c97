"""Thousands of surfaces, sought at one place of a text: told apart by the letters they begin with."""

import re
from collections.abc import Iterable, Iterator

from extractors.mentions.patterns import trie_pattern

_LETTER = r"[^\W\d_\u2e80-\U0010ffff]"  # of a script that parts words by blanks
_RUN = re.compile(rf"{_LETTER}*")
_BEGINNING = re.compile(rf"(?<![^\W_])(?:({_LETTER}+)|[\u2e80-\U0010ffff]|[^\w\s.,;:()'\"\-])")


def beginnings(text: str) -> Iterator[tuple[str, int]]:
    """Give where surfaces may begin: words, and signs behind no letter or digit; each as its letters and its place."""
    return ((found[1] or "", found.start()) for found in _BEGINNING.finditer(text))


def _letters(text: str, place: int) -> str:
    """The letters that stand at a place, none where another character does."""
    return _RUN.match(text, place)[0]  # type: ignore[index] # matches nothing too


class Surfaces:
    """Surfaces to be matched at a given place, the longest first.

    The letters that a surface begins with are looked up as a whole, and only the pattern of those that begin like the
    text is compiled, when it is first needed: thousands of names cost no more than the few that texts hold.

    Args:
        kinds: Surfaces, and the pattern of what may follow them, which also keeps a surface from ending within a word.
    """

    def __init__(self, *kinds: tuple[Iterable[str], str]) -> None:
        self._groups: dict[str, list[tuple[list[str], str]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        for surfaces, after in kinds:
            alike: dict[str, list[str]] = {}
            for surface in surfaces:
                alike.setdefault(_letters(surface, 0), []).append(surface)
            for run, group in alike.items():
                self._groups.setdefault(run, []).append((group, after))

    def __contains__(self, run: str) -> bool:
        """Tell whether any surface begins with exactly these letters."""
        return run in self._groups

    def end_of(self, text: str, place: int) -> int | None:
        """Give the end of the surface that begins at a place of the text, None where none does."""
        run = _letters(text, place)
        if run not in self._groups:
            return None
        if run not in self._patterns:
            kinds = (trie_pattern(alike) + after for alike, after in self._groups[run])
            self._patterns[run] = re.compile("|".join(kinds))
        found = self._patterns[run].match(text, place)
        return found.end() if found else None

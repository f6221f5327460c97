"""Text folding and patterns: characters are folded without moving offsets, word lists become regular expressions."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from schemas.packaged import packaged_rows

Node = dict[str, Any]
_WORD_END = ""
_BLANK = r"[\s\-]{1,2}"
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u301c"
_FOLDED: dict[str, str] = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full width
    **{
        chr(code): str(unicodedata.digit(chr(code)))
        for start in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10)
        for code in range(start, start + 10)
    },
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("\u2019\u2018\u00b4", "'"),
    **{"\uffe5": "¥", "\uffe1": "£", "\uffe0": "¢"},
}
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_FOLDABLE = re.compile(f"[{''.join(map(re.escape, _FOLDED))}]")
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)\t(?=\d)")
_EDITORIAL = re.compile(r"\[([A-Z][a-z]+)\](?= [a-z])")
_REFERENCE = re.compile("<(:[a-z_]+|[A-Z_]+)>")
_INDENT = re.compile(r"(?:\A|\n)(?: {4}| {2})")
_LETTER = r"[^\W\d_\u2e80-\U0010ffff]"  # of a script that separates words by blanks
_LETTERS = re.compile(rf"{_LETTER}*")
_SURFACE_START = re.compile(rf"(?<![^\W_])(?:({_LETTER}+)|[\u2e80-\U0010ffff]|[^\w\s.,;:()'\"\-])")


def fold(text: str) -> str:
    """Fold a text for matching: full-width forms, digits, blanks and dashes become plain ones; offsets stay.

    Brackets around an editor's addition become blanks ("4m [Tunisian] dinars"). A tab between two digits is kept: as a
    blank it would look like a separator of thousands.
    """
    folded = text
    for char in "\t" if text.isascii() else set(_FOLDABLE.findall(text)):
        if char != "\t":
            folded = folded.replace(char, _FOLDED[char])
        elif char in folded:
            folded = "\t".join(cells.replace(char, " ") for cells in _BETWEEN_NUMBERS.split(folded))
    return _EDITORIAL.sub(r" \1 ", folded) if "[" in folded else folded


def lower(text: str) -> str:
    """Return a text in lower case; only its ASCII letters where ``str.lower`` would change the length."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_ASCII_LOWER)


def split_cell(text: str) -> list[str]:
    """Return the items of a table cell that holds a list separated by ``|``."""
    return [part for part in text.split("|") if part]


_CUES: dict[str, set[str]] = defaultdict(set)
for _row in packaged_rows(__package__, "cues.csv"):
    _CUES[_row["group"]].add(_row["word"])


def cue_words(group: str) -> set[str]:
    """Return the words of a group in ``cues.csv``; an unknown group is empty."""
    return _CUES[group]


def numerals(kind: str) -> dict[str, int]:
    """Return the value of each number word of a kind in ``numerals.csv``, in the order of the table."""
    rows = (row for row in packaged_rows(__package__, "numerals.csv") if row["kind"] == kind)
    return {word: int(row["value"]) for row in rows for word in split_cell(row["words"])}


@cache
def cue_pattern(group: str) -> str:
    """Return a pattern that matches any word of a group in ``cues.csv``."""
    return trie_pattern(cue_words(group))


@cache
def _escaped(char: str) -> str:
    return _BLANK if char == " " else re.escape(char)


def trie_pattern(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of the words; a blank in a word matches one or two blanks or hyphens.

    The pattern is a trie: words share their prefixes, so matching time does not grow with the list.
    """
    root: Node = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[_WORD_END] = {}
    return f"(?:{_pattern_below(root)})"


def _pattern_below(node: Node) -> str:
    branches = [_escaped(char) + _pattern_below(below) for char, below in sorted(node.items()) if char]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{body})?" if _WORD_END in node else body


def surface_starts(text: str) -> Iterator[tuple[str, int]]:
    """Yield (letters, offset) where a surface may begin: at a word or sign not preceded by a letter or digit.

    The letters are the run that begins there, "" for a sign.
    """
    return ((found[1] or "", found.start()) for found in _SURFACE_START.finditer(text))


def match_end(pattern: re.Pattern[str], text: str, start: int = 0) -> int:
    """Return the end of the match of a pattern at ``start``, or ``start`` where it does not match."""
    found = pattern.match(text, start)
    return found.end() if found else start


def search_before(pattern: re.Pattern[str], text: str, place: int, reach: int) -> re.Match[str] | None:
    """Search a pattern in the ``reach`` characters before the offset ``place``."""
    return pattern.search(text, max(0, place - reach), place)


def _letters_at(text: str, place: int) -> str:
    """Return the run of letters that starts at ``place``, "" where there is none."""
    return text[place : match_end(_LETTERS, text, place)]


def expressions(package: str, section: str, **parts: str) -> dict[str, str]:
    """Return the regular expressions of a section of a package's ``tables/patterns.toml``, by name, expanded.

    In an expression ``<:group>`` stands for any word of a group in ``cues.csv``. ``<NAME>`` stands for the argument of
    that name in ``parts``, else for the line of that name in the section or in the file's section ``parts``. Line
    breaks and indents are removed.
    """
    table = tomllib.loads(files(package).joinpath("tables/patterns.toml").read_text(encoding="utf-8"))
    texts: dict[str, str] = table.get("parts", {}) | table[section]

    def full(name: str) -> str:
        return parts.get(name) or _REFERENCE.sub(expanded, _INDENT.sub("", texts[name]))

    def expanded(found: re.Match[str]) -> str:
        return cue_pattern(found[1][1:]) if found[1].startswith(":") else full(found[1])

    return {name: full(name) for name in texts}


class Patterns:
    """The expressions of a section, compiled, as attributes; only those whose names are in lower case."""

    def __init__(self, package: str, section: str, **parts: str) -> None:
        """Compile the result of ``expressions``, which is kept in ``texts``."""
        self.texts = expressions(package, section, **parts)
        for name, text in self.texts.items():
            if name.islower():
                setattr(self, name, re.compile(text))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> re.Pattern[str]: ...


class Surfaces:
    """A set of surfaces that finds the longest one at a given offset.

    Surfaces are grouped by the letters that they begin with. The pattern of a group is compiled when a text first has
    these letters, so thousands of surfaces cost no more than the few that occur.

    Args:
        kinds: Surfaces, and the pattern of what may follow them, which also prevents a match that ends within a word.
    """

    def __init__(self, *kinds: tuple[Iterable[str], str]) -> None:
        self._groups: dict[str, list[tuple[list[str], str]]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}
        for surfaces, after in kinds:
            alike: dict[str, list[str]] = {}
            for surface in surfaces:
                alike.setdefault(_letters_at(surface, 0), []).append(surface)
            for run, group in alike.items():
                self._groups.setdefault(run, []).append((group, after))

    def __contains__(self, run: str) -> bool:
        """Return whether any surface begins with exactly this run of letters."""
        return run in self._groups

    def end_of(self, text: str, place: int) -> int | None:
        """Return the end of the longest surface that begins at the offset ``place``, None where none does."""
        run = _letters_at(text, place)
        if run not in self._groups:
            return None
        if run not in self._patterns:
            kinds = (trie_pattern(alike) + after for alike, after in self._groups[run])
            self._patterns[run] = re.compile("|".join(kinds))
        found = self._patterns[run].match(text, place)
        return found.end() if found else None

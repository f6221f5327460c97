"""A cleaned copy of a text that knows where each character came from.

The kept text is never changed: mojibake, stray blanks, soft hyphens, lines and words that a program broke, escaped
and emphasised Markdown are mended on a copy, and spans found there map back. What ``ftfy`` cannot mend, because bytes
were lost, stands in ``mojibake.csv``.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from heapq import merge

import ftfy

from extractors.text.wrapped import Edit, edits
from schemas.packaged import packaged_rows

_LOSSY = {row["found"]: row["mended"] for row in packaged_rows("extractors.text", "mojibake.csv")}
_MENDED = re.compile(
    rf"(?P<lossy>{'|'.join(map(re.escape, sorted(_LOSSY, key=len, reverse=True)))})"
    r"|(?P<dropped>[\u00ad\u200b-\u200f\u2060\ufeff])"
    r"|\\(?P<escaped>[$%&#_*\[\]()~])"
    r"|(?P<emphasis>(?<![\w*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w*]))"
    r"|(?P<foreign>[^\x00-\x7f\u00ad\u200b-\u200f\u2060\ufeff]+)"
)
_BLANKS = str.maketrans(
    dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
)


@dataclass(frozen=True, slots=True)
class Aligned:
    """A cleaned text; ``clean_at`` and ``kept_at`` are the bounds of its runs in the copy and in the kept text."""

    text: str
    kept: str
    clean_at: tuple[int, ...]
    kept_at: tuple[int, ...]

    def to_kept(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the copy (end exclusive, not empty) to the shortest span of the kept text that covers it."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, at: int) -> tuple[int, int]:
        after = min(bisect_right(self.clean_at, at), len(self.clean_at) - 1)
        start, end = self.kept_at[after - 1], self.kept_at[after]
        if end - start != self.clean_at[after] - self.clean_at[after - 1]:
            return start, end
        first = start + at - self.clean_at[after - 1]
        return first, first + 1


def _mend(match: re.Match[str]) -> str:
    if match["lossy"]:
        return _LOSSY[match["lossy"]]
    if match["foreign"]:
        return ftfy.fix_encoding(match["foreign"]).translate(_BLANKS)
    return match["escaped"] or ""


def clean(text: str, *, title: int = 0) -> Aligned:
    """Clean a text, keeping the way back. Its first ``title`` characters stay a line. Time is linear in its length."""
    parts: list[str] = []
    clean_at, kept_at = [0], [0]
    done = length = 0
    characters = (Edit(match.start(), match.end(), _mend(match)) for match in _MENDED.finditer(text))
    for start, end, mended in merge(edits(text, title), characters):
        if mended == text[start:end]:
            continue
        before = text[done:start]
        parts += [before, mended]
        done, at = end, length + len(before)
        length = at + len(mended)
        clean_at += [at, length]
        kept_at += [start, end]
    whole = "".join([*parts, text[done:]])
    return Aligned(whole, text, (*clean_at, len(whole)), (*kept_at, len(text)))

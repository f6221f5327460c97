"""A cleaned copy of a text, whose spans map back to the text as it is kept.

The kept text never changes. On the copy, mojibake, unusual blanks, soft hyphens, lines and words that a program broke,
and escaped or emphasised Markdown are mended. What ``ftfy`` cannot mend, because bytes were lost, is listed in
``mojibake.csv``.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from heapq import merge

import ftfy

from extractors.text.wrapped import Edit, edits
from schemas.packaged import packaged_rows

_LOSSY_MOJIBAKE = {row["found"]: row["mended"] for row in packaged_rows("extractors.text", "mojibake.csv")}
_TO_MEND = re.compile(
    rf"(?P<lossy>{'|'.join(map(re.escape, sorted(_LOSSY_MOJIBAKE, key=len, reverse=True)))})"
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
    """A cleaned ``text`` and the ``kept`` one, both in runs: ``clean_at`` and ``kept_at`` are the bounds of these.

    In runs of one length offsets map one to one; all of a mended run maps to all of the kept run.
    """

    text: str
    kept: str
    clean_at: tuple[int, ...]
    kept_at: tuple[int, ...]

    def to_kept(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the copy (end exclusive, not empty) to the shortest span of the kept text that covers it."""
        return self._kept_bounds(start)[0], self._kept_bounds(end - 1)[1]

    def _kept_bounds(self, offset: int) -> tuple[int, int]:
        after = min(bisect_right(self.clean_at, offset), len(self.clean_at) - 1)
        start, end = self.kept_at[after - 1], self.kept_at[after]
        if end - start != self.clean_at[after] - self.clean_at[after - 1]:
            return start, end
        first = start + offset - self.clean_at[after - 1]
        return first, first + 1


def _mended(match: re.Match[str]) -> str:
    if match["lossy"]:
        return _LOSSY_MOJIBAKE[match["lossy"]]
    if match["foreign"]:
        return ftfy.fix_encoding(match["foreign"]).translate(_BLANKS)
    return match["escaped"] or ""


def clean(text: str, *, title: int = 0) -> Aligned:
    """Return the cleaned copy of a text, in time linear in its length. Its first ``title`` characters stay a line."""
    parts: list[str] = []
    clean_at, kept_at = [0], [0]
    kept_end = clean_end = 0
    characters = (Edit(match.start(), match.end(), _mended(match)) for match in _TO_MEND.finditer(text))
    for start, end, mended in merge(edits(text, title), characters):
        if mended == text[start:end]:
            continue
        before = text[kept_end:start]
        parts += [before, mended]
        kept_end, clean_start = end, clean_end + len(before)
        clean_end = clean_start + len(mended)
        clean_at += [clean_start, clean_end]
        kept_at += [start, end]
    whole = "".join([*parts, text[kept_end:]])
    return Aligned(whole, text, (*clean_at, len(whole)), (*kept_at, len(text)))

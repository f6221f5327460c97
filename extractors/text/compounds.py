"""Whether a hyphen at the end of a line belongs to a compound ("state-owned") or to the line ("infra-structure")."""

import re
from functools import cache, cached_property

from schemas.packaged import packaged_rows

_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
_NEAR = 80  # characters before the hyphen that are looked at
_ADDRESS = re.compile(r"[/@]\S*$")
_WORD = re.compile(r"[^\W\d_]+")


class Hyphens:
    """Judges hyphens by the words of their own text, then by a table of the usual halves of compounds."""

    def __init__(self, text: str) -> None:
        """Take the text that the words are looked for in."""
        self._text = text

    def kept(self, before: str, after: str, *, else_kept: bool = False) -> bool:
        """Whether the hyphen that ends ``before`` is kept where ``after`` is put behind it.

        ``else_kept`` decides where neither the text nor the table knows the word.
        """
        near = before[-_NEAR:]
        left = [] if _ADDRESS.search(near) else _WORD.findall(near)
        right = _WORD.match(after)
        if not left or not right or not (left[-1].islower() and right[0].islower()):
            return True
        if f"{left[-1]}-{right[0]}" in self._compounds:
            return True
        if f"{left[-1]}{right[0]}" in self._words:
            return False
        return else_kept or left[-1] in _halves("left") or right[0] in _halves("right")

    @cached_property
    def _compounds(self) -> frozenset[str]:
        return frozenset(one.lower() for one in _COMPOUND.findall(self._text))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(one.lower() for one in _WORD.findall(self._text))


@cache
def _halves(side: str) -> frozenset[str]:
    return frozenset(
        row["form"] for row in packaged_rows("extractors.text", "tables/compounds.csv") if row["side"] == side
    )

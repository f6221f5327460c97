"""Mentions in order, to ask which of them touch a stretch of text without looking at all."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from extractors.mentions import Mention

M = TypeVar("M", bound=Mention)


class Windows(Generic[M]):
    """Mentions sorted by their start; iterates over all of them."""

    def __init__(self, mentions: Sequence[M]) -> None:
        """Take mentions in any order."""
        self.mentions = sorted(mentions, key=_place)
        self._starts = [m.start for m in self.mentions]
        self._longest = max((m.end - m.start for m in self.mentions), default=0)

    def __iter__(self) -> Iterator[M]:
        return iter(self.mentions)

    def touching(self, start: int, end: int) -> list[M]:
        """Return the mentions that share a character with ``start:end``, in order."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [m for m in self.mentions[first:last] if m.end > start]

    def within(self, start: int, end: int) -> list[M]:
        """Return the mentions that lie in ``start:end`` whole, in order."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [m for m in self.mentions[first:last] if m.end <= end]


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end

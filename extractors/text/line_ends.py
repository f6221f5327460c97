"""Newlines that end a sentence, and those inside a hard-wrapped paragraph that do not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BULLET = re.compile(
    r"\s*(?:[-–—*•·▪●○◦‣⁃✓✔➢►▶■□❑❖]\s*|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s|\d+(?:\.\d+)+\.?\s|#{1,6}\s|\||>\s)"
)
_OPEN_END = re.compile(
    r"(?:[,(\-–&/]|\b(?:the|a|an|of|and|or|in|on|at|by|for|from|to|with|its|their|between|that|which))$", re.I
)
_CLOSED = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_NARROW, _WIDE = 40, 130  # characters: between them lines may have been wrapped by hand or by a program


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def line_ends(text: str) -> Iterator[int]:
    """Yield the offsets of the newlines of ``text`` that end a sentence."""
    for block in _blocks(text):
        width = max(len(line.text) for line in block)
        for line, after in zip(block, block[1:], strict=False):
            if not _runs_on(line.text, after.text, width):
                yield line.end
        yield block[-1].end


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Runs of lines without a blank line between them."""
    block: list[_Line] = []
    for match in re.finditer(r"[^\r\n\v\f\x85\u2028\u2029]+|\r\n|[\r\n\v\f\x85\u2028\u2029]", text):
        line = match.group()
        if line.strip():
            block.append(_Line(match.start(), match.end(), line.strip()))
        elif block and (line.isspace() and text[block[-1].end : match.end()].count("\n") > 1):
            yield block
            block = []
    if block:
        yield block


def _runs_on(line: str, after: str, width: int) -> bool:
    """Whether a sentence goes on from ``line`` to the line ``after`` it, in a block ``width`` characters wide."""
    if _BULLET.match(after) or "\t" in line.strip() or "\t" in after.strip():
        return False
    first = after.lstrip("\"'“‘([*_")[:1]
    if first.islower():
        return True
    if _CLOSED.search(line):
        return False
    if _OPEN_END.search(line):
        return len(line) >= _NARROW // 2
    return _NARROW <= width <= _WIDE and len(line) + 1 + len(after.split(maxsplit=1)[0]) > width

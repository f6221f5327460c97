"""Lines as rows of a table: which sign parts their cells, and where the cells stand."""

import re
from collections.abc import Sequence

Bounds = tuple[int, int]

_GAP = re.compile(r"[ \t]{2,}")
_WIDE = re.compile(r"[ \t]{3,}")
_QUOTED = re.compile(r'"(?:[^"]|"")*"|[\s\S]')
_LONGEST = 80  # characters of a cell
_FEWEST = 3  # rows, where only their likeness shows the table


def row_signs(text: str, raw: Sequence[tuple[int, int, bool]]) -> list[str]:
    """Return for each line the sign that parts its cells, "" where the line is no row."""
    bodies = [text[a:b].strip() for a, b, _ in raw]
    signs = [_plain(body) for body in bodies]
    for sign in "\t|":
        for i, body in enumerate(bodies):
            if not signs[i] and body.count(sign) == 1 and _beside(bodies, i, sign):
                signs[i] = sign
    for sign in (";", ",", "  ", "   "):
        _alike(bodies, signs, sign)
    return signs


def _plain(body: str) -> str:
    if body.count("\t") >= 2:
        return "\t"
    return "|" if body.count("|") >= 2 else ""


def _beside(bodies: Sequence[str], i: int, sign: str) -> bool:
    return any(bodies[k].count(sign) == 1 for k in (i - 1, i + 1) if 0 <= k < len(bodies))


def _alike(bodies: Sequence[str], signs: list[str], sign: str) -> None:
    """Mark runs of lines that fall into the same number of short cells."""
    widths = [0 if signs[i] else _width(body, sign) for i, body in enumerate(bodies)]
    i = 0
    while i < len(widths):
        k = i
        while k < len(widths) and widths[k] and widths[k] == widths[i]:
            k += 1
        if k - i >= _FEWEST and any(char.isdigit() for body in bodies[i:k] for char in body):
            signs[i:k] = [sign] * (k - i)
        i = max(k, i + 1)


def _width(body: str, sign: str) -> int:
    """How many cells a line has with this sign; 0 where it reads as prose or as an item of a list."""
    if not sign.strip():
        if not body[:1].isalnum() or re.match(r"(?:\d{1,2}|[a-zA-Z])[.)]\s", body):
            return 0
        cells = (_WIDE if len(sign) == 3 else _GAP).split(body)
        fewest = 2 if len(sign) == 3 else 3
        return len(cells) if len(cells) >= fewest and max(map(len, cells)) <= _LONGEST and body[-1:] not in ".;:" else 0
    if (sign == "," and ", " in re.sub(r'"[^"]*"', "", body)) or body.endswith("."):
        return 0
    cells = [body[a:b] for a, b in _parted(body, sign)]
    return len(cells) if len(cells) >= 3 and max(map(len, cells)) <= _LONGEST else 0


def split_row(text: str, start: int, end: int, sign: str) -> list[Bounds]:
    """Return the bounds of the cells of the row ``text[start:end]``, blanks and quotes left out."""
    line = text[start:end]
    if sign.strip() or sign == "\t":
        parts = _parted(line, sign or "|")
        if sign == "|":
            parts = parts[1:] if line.startswith("|") else parts
            parts = parts[:-1] if line.endswith("|") and not line[parts[-1][0] : parts[-1][1]].strip() else parts
    else:
        parts = _blank_parted(line, _WIDE if len(sign) == 3 else _GAP)
    return [_trimmed(line, a, b, start) for a, b in parts]


def _parted(line: str, sign: str) -> list[Bounds]:
    bounds, at, begin = [], 0, 0
    pieces = _QUOTED.findall(line) if sign in ",;" else list(line)
    for piece in pieces:
        if piece == sign:
            bounds.append((begin, at))
            begin = at + 1
        at += len(piece)
    return [*bounds, (begin, len(line))]


def _blank_parted(line: str, gap: re.Pattern[str]) -> list[Bounds]:
    bounds, begin = [], 0
    for match in gap.finditer(line):
        bounds.append((begin, match.start()))
        begin = match.end()
    return [*bounds, (begin, len(line))]


def _trimmed(line: str, a: int, b: int, offset: int) -> Bounds:
    body = line[a:b]
    left = len(body) - len(body.lstrip())
    body = body.strip()
    quoted = len(body) > 1 and body[0] == body[-1] == '"'
    begin = offset + a + left + quoted
    return begin, begin + len(body) - 2 * quoted

"""PDF: the text layer, page by page, with the cells of tables apart.

A table is known by its shape: rows of short pieces with the same stretches of white between them (or ruled lines). Its
cells are put out with tabs between them, a line a row; all other text is as the layer has it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import Any, NamedTuple

from extractors.text.documents import DecodedDocument, UnreadableError

_GAP = 0.3  # of a line's height: white that is wider parts two pieces
_RIVER = 2.5  # points: white between two columns
_FEWEST = 3  # rows of a table without ruled lines
_LONGEST = 36  # characters of a usual cell: where they are longer, columns of prose stand side by side
_THIN = 2.5  # points: a line, and no area
_ITEM = re.compile(r"\W{0,2}$|\(?\w{1,3}[.)]$")
_NEAR = 0.8  # of a line's height: white above a line that goes on in a cell
_DEEP = 12  # of a line's height: from a cell's first line to the ruled line below it, at most
_FAR = 3.5  # of a line's height: white between two rows, at most


class _Box(NamedTuple):
    """A piece of text on the page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """How high a line of it is."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Where it stands on the page, from below."""
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class _Lines:
    """The ruled lines of a page: heights of those that lie, places of those that stand with bottom and top."""

    lying: tuple[float, ...]
    standing: tuple[tuple[float, float, float], ...]

    def between(self, low: float, high: float) -> bool:
        return any(low <= at <= high for at in self.lying)

    def parting(self, left: float, right: float, height: float) -> bool:
        """Whether a line stands between two pieces beside each other, ``left`` and ``right`` of it."""
        return any(left - 1 <= at <= right + 1 and low <= height <= high for at, low, high in self.standing)


class _Table(NamedTuple):
    """A table: where it begins and ends, and the pieces of text of each cell, by rows."""

    bottom: float
    top: float
    rows: list[list[list[_Box]]]


def read_pdf(data: bytes) -> DecodedDocument:
    """Read the text layer of a PDF, page by page, tables as rows of cells. Raises as ``pdf_pages``."""
    return DecodedDocument.of_pages(pdf_pages(data), "\f")


def pdf_pages(data: bytes) -> list[str]:
    """Return the text of each page. Raises UnreadableError: ``encrypted``, ``no_text`` (scans), ``unreadable``."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            pages = [_page_text(page) for page in pdf]
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError("encrypted", "the PDF asks for a password; save a copy without one") from error
        raise UnreadableError("unreadable", "the PDF is damaged or no PDF") from error
    if not any(page.strip() for page in pages):
        raise UnreadableError("no_text", "the PDF has no text layer (scanned pages?); run it through OCR first")
    return pages


def _page_text(page: Any) -> str:
    layer = page.get_textpage()
    try:
        parts: list[str] = []
        upper = None
        for table in _tables(_rows_of(layer), _lines_of(page)):
            rows = ["\t".join(_cell(layer, cell) for cell in row) for row in table.rows]
            parts += [_text(layer, bottom=table.top, top=upper), "\n".join(rows)]
            upper = table.bottom
        return "\n".join(part for part in [*parts, _text(layer, top=upper)] if part.strip() or not parts)
    finally:
        layer.close()
        page.close()


def _text(layer: Any, **bounds: float | None) -> str:
    return str(layer.get_text_bounded(**bounds)).replace("\r\n", "\n").replace("\ufffe", "-")


def _cell(layer: Any, boxes: Sequence[_Box]) -> str:
    if not boxes:
        return ""
    around = _around(boxes)
    return " ".join(_text(layer, left=around.left, bottom=around.bottom, right=around.right, top=around.top).split())


def _around(boxes: Sequence[_Box]) -> _Box:
    return _Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
        "".join(box.text for box in boxes),
    )


def _lines_of(page: Any) -> _Lines:
    import pypdfium2.raw

    lying, standing = [], []
    for drawn in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = drawn.get_bounds()
        if top - bottom <= _THIN:
            lying.append((bottom + top) / 2)
        elif right - left <= _THIN:
            standing.append(((left + right) / 2, bottom, top))
        else:
            lying += [bottom, top]
            standing += [(left, bottom, top), (right, bottom, top)]
    return _Lines(tuple(lying), tuple(standing))


def _rows_of(layer: Any) -> list[list[_Box]]:
    """The pieces of text by rows that the eye sees, from top to bottom, each from left to right."""
    boxes = []
    for i in range(layer.count_rects()):
        left, bottom, right, top = layer.get_rect(i)
        if text := _text(layer, left=left, bottom=bottom, right=right, top=top).strip():
            boxes.append(_Box(left, bottom, right, top, text))
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=attrgetter("middle"), reverse=True):
        if rows and _beside(rows[-1][0], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row) for row in rows]


def _beside(one: _Box, other: _Box) -> bool:
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    return overlap > 0.5 * min(one.height, other.height)


def _tables(rows: Sequence[list[_Box]], lines: _Lines) -> Iterator[_Table]:
    pieces = [_pieces(row, lines) for row in rows]
    at = 0
    while at < len(pieces):
        stop = at + 1
        if len(pieces[at]) > 1 or _begins_cell(pieces[at : at + 2], lines):
            while stop < len(pieces) and _belongs(pieces[stop], pieces[at:stop], lines):
                stop += 1
        if found := _table(pieces[at:stop], lines):
            yield found
            at = stop
        else:
            at += 1


def _begins_cell(rows: Sequence[Sequence[_Box]], lines: _Lines) -> bool:
    """Whether the first of two rows is the first line of a higher cell, beside the second and ruled off above."""
    if len(rows) < 2 or len(rows[1]) < 2:
        return False
    first, second = map(_around, rows)
    near = first.bottom - second.top < _NEAR * first.height and not lines.between(second.top, first.bottom)
    return near and lines.between(first.top, first.top + first.height)


def _belongs(row: Sequence[_Box], table: Sequence[Sequence[_Box]], lines: _Lines) -> bool:
    """Whether a row stands close below a table and leaves all its columns apart, adding none beside it."""
    boxes = [box for above in table for box in above]
    whole, own, height = _around(boxes), _around(row), max(box.height for box in row)
    many = sum(len(above) > 1 for above in table)
    if whole.bottom - own.top > _FAR * height or (many and max(box.left for box in row) > whole.right):
        return False
    below_head = many == 1 and len(row) > 1  # a line parts the head of a table from its rows
    ruled_below = lines.between(own.bottom - _DEEP * height, own.bottom)
    if lines.between(own.top, whole.bottom) and not below_head and not ruled_below:
        return False
    return len(_rivers([*boxes, *row], lines)) >= len(_rivers(boxes, lines))


def _pieces(row: Sequence[_Box], lines: _Lines) -> list[_Box]:
    """Put the pieces of a row together that no white and no ruled line parts."""
    found = [row[0]]
    for box in row[1:]:
        last = found[-1]
        if box.left - last.right > _GAP * last.height or lines.parting(last.right, box.left, box.middle):
            found.append(box)
        else:
            found[-1] = _around([last, box])
    return found


def _table(rows: Sequence[list[_Box]], lines: _Lines) -> _Table | None:
    boxes = [box for row in rows for box in row]
    rivers = _rivers(boxes, lines)
    if not rivers or median(len(box.text) for box in boxes) > _LONGEST:
        return None
    whole = _around(boxes)
    ruled = sum(whole.bottom < at < whole.top for at in set(map(round, lines.lying))) > 1
    firsts = [(above, row) for above, row in pairwise(rows) if row[0].left < rivers[0]]
    apart = min((_white(above, row) for above, row in firsts), default=0.0)
    found: list[list[list[_Box]]] = []
    for above, row in zip([None, *rows], rows, strict=False):
        cells: list[list[_Box]] = [[] for _ in range(len(rivers) + 1)]
        for box in row:
            cells[sum(box.left >= river for river in rivers)].append(box)
        if above is not None and _same_row(above, row, cells, lines if ruled else None, apart):
            found[-1] = [one + more for one, more in zip(found[-1], cells, strict=True)]
        else:
            found.append(cells)
    found = _folded(found)
    listed = len(found[0]) == 2 and all(_ITEM.match("".join(box.text for box in row[0])) for row in found)
    many = sum(sum(map(bool, row)) > 1 for row in found)
    if listed or len(found[0]) < 2 or many < (2 if ruled else _FEWEST) or 2 * many < len(found):
        return None
    return _Table(whole.bottom, whole.top, found)


def _folded(rows: list[list[list[_Box]]]) -> list[list[list[_Box]]]:
    """Take neighbouring columns as one where no row fills both: a head stands in the middle above its column."""
    at = 0
    while at + 1 < len(rows[0]):
        if any(row[at] and row[at + 1] for row in rows):
            at += 1
        else:
            rows = [[*row[:at], row[at] + row[at + 1], *row[at + 2 :]] for row in rows]
    return rows


def _rivers(boxes: Sequence[_Box], lines: _Lines) -> list[float]:
    """The middles of the stretches of white, or of white with a line in it, that run down between the pieces."""
    first, *rest = sorted(boxes)
    found, right = [], first.right
    for box in rest:
        if box.left - right >= _RIVER or (right <= box.left and lines.parting(right, box.left, box.middle)):
            found.append((right + box.left) / 2)
        right = max(right, box.right)
    return found


def _white(above: Sequence[_Box], row: Sequence[_Box]) -> float:
    """The height of the white between two rows."""
    return min(box.bottom for box in above) - max(box.top for box in row)


def _same_row(
    above: Sequence[_Box], row: Sequence[_Box], cells: Sequence[list[_Box]], ruled: _Lines | None, apart: float
) -> bool:
    """Whether a row is the next line of the cells above: no ruled line between, or only later cells go on.

    Several go on where the white above them is at most half of the least that rows have, ``apart``.
    """
    white = _white(above, row)
    if white < 0:
        return True
    if ruled:
        return not ruled.between(max(box.top for box in row), min(box.bottom for box in above))
    single = sum(map(bool, cells)) == 1
    return not cells[0] and (white < _NEAR * row[0].height if single else 2 * white < apart)

"""PDF: the text layer, page by page, with the cells of tables separated.

A table is recognised by its shape: rows of short pieces of text with gutters (vertical stretches of white) or ruled
lines between them. A row of it becomes a line, with tabs between cells; all other text is as the layer has it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import Any, NamedTuple

from extractors.text.documents import DecodedDocument, UnreadableError

_GAP = 0.3  # of a line's height: wider white separates two pieces
_GUTTER = 2.5  # points: least white between two columns
_FEWEST_ROWS = 3  # of a table without ruled lines
_LONGEST_CELL = 36  # characters of the median cell: where it is longer, the columns are of prose
_THIN = 2.5  # points: a thinner shape is a line, not an area
_ITEM = re.compile(r"\W{0,2}$|\(?\w{1,3}[.)]$")
_NEAR = 0.8  # of a line's height: most white above a further line of a cell
_DEEP = 12  # of a line's height: most height from a cell's first line to the ruled line below it
_FAR = 3.5  # of a line's height: most white between two rows


class _Box(NamedTuple):
    """A piece of text and its bounds, in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """The height of its middle on the page."""
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class _Lines:
    """The ruled lines of a page: the heights of horizontal ones; position, bottom and top of vertical ones."""

    horizontal: tuple[float, ...]
    vertical: tuple[tuple[float, float, float], ...]

    def has_horizontal(self, low: float, high: float) -> bool:
        return any(low <= at <= high for at in self.horizontal)

    def has_vertical(self, left: float, right: float, height: float) -> bool:
        """Whether a vertical line is between ``left`` and ``right``, the inner edges of two pieces, at ``height``."""
        return any(left - 1 <= at <= right + 1 and low <= height <= high for at, low, high in self.vertical)


class _Table(NamedTuple):
    """A table: its bottom and top, and the pieces of text of each cell of each row."""

    bottom: float
    top: float
    rows: list[list[list[_Box]]]


def read_pdf(data: bytes) -> DecodedDocument:
    """Read the text layer of a PDF, page by page, tables as rows of cells. Raises what ``pdf_pages`` raises."""
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
    bounds = _bounding_box(boxes)
    return " ".join(_text(layer, left=bounds.left, bottom=bounds.bottom, right=bounds.right, top=bounds.top).split())


def _bounding_box(boxes: Sequence[_Box]) -> _Box:
    return _Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
        "".join(box.text for box in boxes),
    )


def _lines_of(page: Any) -> _Lines:
    import pypdfium2.raw

    horizontal, vertical = [], []
    for drawn in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = drawn.get_bounds()
        if top - bottom <= _THIN:
            horizontal.append((bottom + top) / 2)
        elif right - left <= _THIN:
            vertical.append(((left + right) / 2, bottom, top))
        else:
            horizontal += [bottom, top]
            vertical += [(left, bottom, top), (right, bottom, top)]
    return _Lines(tuple(horizontal), tuple(vertical))


def _rows_of(layer: Any) -> list[list[_Box]]:
    """Return the pieces of text by visual rows, from top to bottom, each from left to right."""
    boxes = []
    for i in range(layer.count_rects()):
        left, bottom, right, top = layer.get_rect(i)
        if text := _text(layer, left=left, bottom=bottom, right=right, top=top).strip():
            boxes.append(_Box(left, bottom, right, top, text))
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=attrgetter("middle"), reverse=True):
        if rows and _in_one_row(rows[-1][0], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row) for row in rows]


def _in_one_row(one: _Box, other: _Box) -> bool:
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    return overlap > 0.5 * min(one.height, other.height)


def _tables(rows: Sequence[list[_Box]], lines: _Lines) -> Iterator[_Table]:
    pieces = [_joined_pieces(row, lines) for row in rows]
    at = 0
    while at < len(pieces):
        stop = at + 1
        if len(pieces[at]) > 1 or _begins_cell(pieces[at : at + 2], lines):
            while stop < len(pieces) and _continues(pieces[stop], pieces[at:stop], lines):
                stop += 1
        if found := _table(pieces[at:stop], lines):
            yield found
            at = stop
        else:
            at += 1


def _begins_cell(rows: Sequence[Sequence[_Box]], lines: _Lines) -> bool:
    """Whether the first of two rows begins a cell that is higher than those of the second, with a ruled line above."""
    if len(rows) < 2 or len(rows[1]) < 2:
        return False
    first, second = map(_bounding_box, rows)
    near = first.bottom - second.top < _NEAR * first.height and not lines.has_horizontal(second.top, first.bottom)
    return near and lines.has_horizontal(first.top, first.top + first.height)


def _continues(row: Sequence[_Box], table: Sequence[Sequence[_Box]], lines: _Lines) -> bool:
    """Whether a row continues a table: it is close below, keeps all gutters open, and adds no column on the right."""
    boxes = [box for above in table for box in above]
    whole, own, height = _bounding_box(boxes), _bounding_box(row), max(box.height for box in row)
    split_rows = sum(len(above) > 1 for above in table)
    if whole.bottom - own.top > _FAR * height or (split_rows and max(box.left for box in row) > whole.right):
        return False
    below_head = split_rows == 1 and len(row) > 1  # a line separates the head of a table from its rows
    ruled_below = lines.has_horizontal(own.bottom - _DEEP * height, own.bottom)
    if lines.has_horizontal(own.top, whole.bottom) and not below_head and not ruled_below:
        return False
    return len(_gutters([*boxes, *row], lines)) >= len(_gutters(boxes, lines))


def _joined_pieces(row: Sequence[_Box], lines: _Lines) -> list[_Box]:
    """Join the pieces of a row that neither white nor a ruled line separates."""
    found = [row[0]]
    for box in row[1:]:
        last = found[-1]
        if box.left - last.right > _GAP * last.height or lines.has_vertical(last.right, box.left, box.middle):
            found.append(box)
        else:
            found[-1] = _bounding_box([last, box])
    return found


def _table(rows: Sequence[list[_Box]], lines: _Lines) -> _Table | None:
    boxes = [box for row in rows for box in row]
    gutters = _gutters(boxes, lines)
    if not gutters or median(len(box.text) for box in boxes) > _LONGEST_CELL:
        return None
    whole = _bounding_box(boxes)
    ruled = sum(whole.bottom < at < whole.top for at in set(map(round, lines.horizontal))) > 1
    firsts = [(above, row) for above, row in pairwise(rows) if row[0].left < gutters[0]]
    apart = min((_white_between(above, row) for above, row in firsts), default=0.0)
    found: list[list[list[_Box]]] = []
    for above, row in zip([None, *rows], rows, strict=False):
        cells: list[list[_Box]] = [[] for _ in range(len(gutters) + 1)]
        for box in row:
            cells[sum(box.left >= gutter for gutter in gutters)].append(box)
        if above is not None and _same_row(above, row, cells, lines if ruled else None, apart):
            found[-1] = [one + more for one, more in zip(found[-1], cells, strict=True)]
        else:
            found.append(cells)
    found = _merged_columns(found)
    is_list = len(found[0]) == 2 and all(_ITEM.match("".join(box.text for box in row[0])) for row in found)
    split_rows = sum(sum(map(bool, row)) > 1 for row in found)
    if is_list or len(found[0]) < 2 or split_rows < (2 if ruled else _FEWEST_ROWS) or 2 * split_rows < len(found):
        return None
    return _Table(whole.bottom, whole.top, found)


def _merged_columns(rows: list[list[list[_Box]]]) -> list[list[list[_Box]]]:
    """Merge neighbouring columns where no row fills both: a heading may be centred above its column."""
    at = 0
    while at + 1 < len(rows[0]):
        if any(row[at] and row[at + 1] for row in rows):
            at += 1
        else:
            rows = [[*row[:at], row[at] + row[at + 1], *row[at + 2 :]] for row in rows]
    return rows


def _gutters(boxes: Sequence[_Box], lines: _Lines) -> list[float]:
    """Return the middles of the gutters: stretches of white, or with a ruled line in them, between all pieces."""
    first, *rest = sorted(boxes)
    found, right = [], first.right
    for box in rest:
        if box.left - right >= _GUTTER or (right <= box.left and lines.has_vertical(right, box.left, box.middle)):
            found.append((right + box.left) / 2)
        right = max(right, box.right)
    return found


def _white_between(above: Sequence[_Box], row: Sequence[_Box]) -> float:
    """Return the height of the white between two rows."""
    return min(box.bottom for box in above) - max(box.top for box in row)


def _same_row(
    above: Sequence[_Box], row: Sequence[_Box], cells: Sequence[list[_Box]], ruled: _Lines | None, apart: float
) -> bool:
    """Whether a row is a further line of the cells above, not a row of the table.

    In a ``ruled`` table it is one where no ruled line is between. In others, its first cell is empty and it has little
    white above: where several cells go on, less than half of ``apart``, the least white between rows.
    """
    white = _white_between(above, row)
    if white < 0:
        return True
    if ruled:
        return not ruled.has_horizontal(max(box.top for box in row), min(box.bottom for box in above))
    single = sum(map(bool, cells)) == 1
    return not cells[0] and (white < _NEAR * row[0].height if single else 2 * white < apart)

"""A document's text, cut into pieces with their offsets and the marks (of fields, of mentions) that cover them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from ledger.report.formatting import INVISIBLE, INVISIBLE_CHARACTER
from schemas import Span

AROUND = 20_000
"""How many characters on each side of the evidence are sent with the page; the rest is loaded on scrolling."""
CHUNK = WIDE = 60_000
"""How many characters are loaded on scrolling; and how many on each side are sent with a whole document's page."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked span of the text: its field or kind, its label, and the id of the record that a click opens."""

    field: str
    span: Span
    title: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text covered by the same marks; ``starting`` are the marks that begin here."""

    start: int
    text: str
    marks: tuple[Mark, ...] = ()
    starting: tuple[Mark, ...] = ()

    @property
    def html(self) -> Markup:
        """The escaped text."""
        return escaped(self.text)

    @property
    def label(self) -> str:
        """The labels of the marks that begin here, except of unclaimed mentions: there are many of those."""
        return " · ".join(mark.title for mark in self.starting if mark.title and mark.field != "left")

    @property
    def hint(self) -> str:
        """The tooltip of unclaimed mentions that begin here."""
        return "; ".join(f"{mark.title} in no record" for mark in self.starting if mark.field == "left")

    @property
    def records(self) -> str:
        """The ids of the records that a click opens, those of the shortest mark first."""
        return " ".join(dict.fromkeys(mark.record for mark in sorted(self.marks, key=_length) if mark.record))

    @property
    def classes(self) -> str:
        """The CSS classes: a colour for the shortest mark, an underline for each other field."""
        names = [mark.field for mark in sorted(self.marks, key=_length)]
        return " ".join([*(f"f-{name}" for name in names[:1]), *(f"u-{name}" for name in dict.fromkeys(names[1:]))])


def escaped(text: str) -> Markup:
    """Escape text so that the browser's text has the same code points: carriage returns stay, NUL becomes U+FFFD.

    The style labels invisible characters, and isolates them, so that they do not change the direction around them.
    """
    plain = str(escape(text)).replace("\r", "&#13;").replace("\0", "\ufffd")
    return Markup(INVISIBLE_CHARACTER.sub(_labelled, plain))


def _labelled(found: re.Match[str]) -> str:
    return f'<span class="odd" data-odd="{INVISIBLE[found[0]]}">{found[0]}</span>'


def pieces(text: str, marks: Iterable[Mark], start: int, end: int) -> list[Piece]:
    """Cut ``text[start:end]`` where marks begin and end."""
    inside = [mark for mark in marks if mark.span.start < end and mark.span.end > start]
    cuts = {start, end}
    for mark in inside:
        cuts |= {max(start, mark.span.start), min(end, mark.span.end)}
    found = []
    for low, high in pairwise(sorted(cuts)):
        here = tuple(mark for mark in inside if mark.span.start <= low and mark.span.end >= high)
        found.append(Piece(low, text[low:high], here, tuple(mark for mark in here if mark.span.start == low)))
    return found


def _length(mark: Mark) -> int:
    return mark.span.end - mark.span.start


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of a document around the evidence that is sent with the page; ``size`` is the whole text's length."""

    before: list[Piece]
    evidence: list[Piece]
    after: list[Piece]
    start: int
    end: int
    size: int


def excerpt(text: str, evidence: Span, marks: Sequence[Mark], *, width: int = AROUND) -> Excerpt:
    """Cut ``width`` characters on each side of the evidence; a text of up to three widths is kept whole."""
    last = min(evidence.end, evidence.start + width)  # evidence that is too long is cut
    start, end = max(0, evidence.start - width), min(len(text), last + width)
    if len(text) <= 3 * width:
        start, end, last = 0, len(text), evidence.end
    return Excerpt(
        pieces(text, marks, start, evidence.start),
        pieces(text, marks, evidence.start, last),
        pieces(text, marks, last, end),
        start,
        end,
        len(text),
    )

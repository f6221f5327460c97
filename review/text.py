"""A document's text cut into pieces, each with its place and the fields that quote it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from ledger.report.formatting import ODD, ODD_CHARACTER
from schemas import Span

AROUND = 20_000
"""How many characters on each side of the evidence are sent with the page; the rest comes when scrolled to."""
CHUNK = WIDE = 60_000
"""How much of it comes then, and how much is sent at once of a document that is looked at as a whole."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that a field quotes: the field, what to call it, and the record that it leads to."""

    field: str
    span: Span
    title: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that the same marks cover; ``first`` are those that begin here."""

    start: int
    text: str
    marks: tuple[Mark, ...] = ()
    first: tuple[Mark, ...] = ()

    @property
    def html(self) -> Markup:
        """The text, in which nothing can run."""
        return escaped(self.text)

    @property
    def label(self) -> str:
        """What the marks that begin here are called, but for mentions in no record: there are many of those."""
        return " · ".join(mark.title for mark in self.first if mark.title and mark.field != "left")

    @property
    def hint(self) -> str:
        """What is said of a mention in no record that begins here, to who points at it."""
        return "; ".join(f"{mark.title} in no record" for mark in self.first if mark.field == "left")

    @property
    def records(self) -> str:
        """The ids of the records that it leads to, those of the shortest quotation first."""
        return " ".join(dict.fromkeys(mark.record for mark in sorted(self.marks, key=_length) if mark.record))

    @property
    def classes(self) -> str:
        """The colour of the shortest mark, and a line under the text for each other one."""
        names = [mark.field for mark in sorted(self.marks, key=_length)]
        return " ".join([*(f"f-{name}" for name in names[:1]), *(f"u-{name}" for name in dict.fromkeys(names[1:]))])


def escaped(text: str) -> Markup:
    """Escape text so that the browser's text has the same code points: a carriage return stays, NUL has a stand-in.

    What cannot be seen is named beside it by the style, and turns nothing round outside of itself.
    """
    plain = str(escape(text)).replace("\r", "&#13;").replace("\0", "\ufffd")
    return Markup(ODD_CHARACTER.sub(_boxed, plain))


def _boxed(found: re.Match[str]) -> str:
    return f'<span class="odd" data-odd="{ODD[found[0]]}">{found[0]}</span>'


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
    """The part of a document that is sent at once, around its evidence."""

    before: list[Piece]
    evidence: list[Piece]
    after: list[Piece]
    start: int
    end: int
    size: int


def excerpt(text: str, evidence: Span, marks: Sequence[Mark], *, width: int = AROUND) -> Excerpt:
    """Cut the text around the evidence; a text that is not much longer is sent whole."""
    last = min(evidence.end, evidence.start + width)  # of a sentence without end the beginning is sent
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

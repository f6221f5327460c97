"""Sentence bounds by rule, from the text alone: marks, abbreviations, paragraphs, headings, bullets, wrapped lines.

A full stop, question or exclamation mark ends a sentence where what follows can begin one. A newline ends one at a
blank line, and before and after a bullet, a heading or a short line, but not between the lines of a wrapped paragraph.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from schemas.packaged import packaged_rows

_TEXT_KEY = "coopledger_text"
_MARK = re.compile(
    r"""(?P<mark>[.!?…]+|[。！？])(?P<close>["'”’»)\]]*)(?P<note>(?:\[\d{1,3}\])*)(?P<gap>\s+|(?=[A-Z“"])|$)"""
)
_LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
_WORD = re.compile(r"[^\s(\[{“\"‘']+$")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]$")
_OPENING = re.compile(r"[\"'“‘«(\[{*_¿¡#-]*")
_ENUMERATOR = re.compile(r"(?:^|\n)[ \t]*(?:\(?[0-9]{1,3}|\(?[a-zA-Z]|[ivxIVX]+)$")

_BULLET = re.compile(
    r"\s*(?:[-–—*•·▪●○◦‣⁃✓✔➢►▶■□❑❖]\s*|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s|\d+(?:\.\d+)+\.?\s|#{1,6}\s|\||>\s)"
)
_OPEN_END = re.compile(
    r"(?:[,(\-–&/]|\b(?:the|a|an|of|and|or|in|on|at|by|for|from|to|with|its|their|between|that|which))$", re.I
)
_CLOSED = re.compile(r"[.!?…:;][\"'”’)\]]*$")
_WRAPPED = 3  # full lines before a line in lower case: from so many on, a text counts as wrapped
_RAGGED = 4  # characters by which other wrapped lines may be shorter or longer than those
_NARROW, _WIDE = 40, 130  # characters: the widths to which a text may have been wrapped

_KINDS = {row["form"]: row["kind"] for row in packaged_rows("extractors.text", "tables/abbreviations.csv")}
"""Words before and after a full stop, by what they tell about the end of a sentence.

Abbreviations, in lower case without their last dot, ``never`` end a sentence, may ``either`` end one or not (they do
before a ``starter``), or end one unless a ``number`` follows. A ``starter`` begins a sentence but no name.
"""


@Language.factory("coopledger_sentences", assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component that sets sentence bounds by rule."""
    return set_sentences


def text_of(doc: Doc) -> str:
    """Return ``doc.text``, cached in ``doc.user_data``: spaCy joins the tokens anew each time."""
    known: str | None = doc.user_data.get(_TEXT_KEY)
    if known is None:
        known = doc.user_data[_TEXT_KEY] = doc.text
    return known


def set_sentences(doc: Doc) -> Doc:
    """Set the sentence bounds of ``doc`` from its text, and return it; the text may be of any length."""
    sentence_starts = [start for start, _ in split(text_of(doc))]
    token_offsets = doc.to_array(["IDX"]).reshape(-1).astype(np.int64)
    firsts = np.searchsorted(token_offsets, np.asarray(sentence_starts, dtype=np.int64), side="left")
    starts: Any = np.full(len(doc), -1, dtype=np.int64)
    starts[firsts[firsts < len(doc)]] = 1
    starts[:1] = 1
    return doc.from_array(["SENT_START"], starts.astype(np.uint64).reshape(-1, 1))


def sentences_of(doc: Doc) -> list[tuple[int, int]]:
    """Return the character bounds of the sentences of ``doc``: its own where it has them, else those of its text."""
    if doc.has_annotation("SENT_START"):
        return [trimmed(text_of(doc), one.start_char, one.end_char) for one in doc.sents if one.text.strip()]
    return split(text_of(doc))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of ``text[start:end]`` without the blanks around it."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def split(text: str) -> list[tuple[int, int]]:
    """Return the character bounds of the sentences of ``text``, in order, without the blanks around them."""
    cuts = sorted({0, *_mark_ends(text), *line_ends(text), len(text)})
    return [trimmed(text, start, end) for start, end in pairwise(cuts) if text[start:end].strip()]


def _mark_ends(text: str) -> Iterator[int]:
    for match in _MARK.finditer(text):
        if _mark_ends_sentence(text, match):
            yield match.end("note")


def _mark_ends_sentence(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() : match.end() + 60]
    following = after[_OPENING.match(after).end() :] if after else ""  # type: ignore[union-attr]
    if not following:
        return True
    if match["mark"] in {"。", "！", "？"}:
        return True
    if following[0].islower():
        return False
    before = text[max(0, match.start() - 40) : match.start()]
    if not match["gap"]:
        return _ends_without_blank(before, following, match)
    if match["mark"] != ".":
        return True
    return _full_stop_ends(before, following, closed=bool(match["close"]))


def _ends_without_blank(before: str, following: str, match: re.Match[str]) -> bool:
    """Whether a mark with no blank after it ends a sentence: a full stop after small letters ("each other.The")."""
    return match["mark"] == "." and before[-3:].isalpha() and before[-3:].islower() and following[:2].isalpha()


def _full_stop_ends(before: str, following: str, *, closed: bool) -> bool:
    found = _WORD.search(before)
    word = found.group() if found else ""
    if _ENUMERATOR.search(before) and not closed:
        return False
    kind = _KINDS.get(word.lower(), "") if len(word) > 1 or word.islower() else "either"
    if kind == "never":
        return False
    if kind == "number":
        return not following[0].isdigit()
    if kind == "either" or _INITIALS.fullmatch(word):
        return _KINDS.get(re.split(r"\W", following, maxsplit=1)[0]) == "starter"
    return True


class RawLine(NamedTuple):
    """A line that is not blank, and the text between it and the one before; for the first, that of a blank line."""

    start: int
    end: int
    text: str
    gap: str


def raw_lines(text: str) -> Iterator[RawLine]:
    """Yield the lines of ``text`` that are not blank, with the blanks around their words."""
    end = 0
    for match in _LINE.finditer(text):
        if match.group().strip():
            yield RawLine(match.start(), match.end(), match.group(), text[end : match.start()] if end else "\n\n")
            end = match.end()


def line_ends(text: str) -> Iterator[int]:
    """Yield the offsets of the newlines of ``text`` that end a sentence."""
    for end, line, after, width in _lines_with_next(text):
        if not (after and _runs_on(line, after, width)):
            yield end


def name_ends(text: str) -> Iterator[int]:
    """Yield the offsets of the newlines of ``text`` that end a name.

    These end sentences, or lines that are full only by chance, such as a title above a menu: no line of their length
    is followed by one in lower case.
    """
    lines = list(_lines_with_next(text))
    wrapped = [len(line) for _, line, after, width in lines if after and _is_wrapped(line, after, width)]
    known = len(wrapped) >= _WRAPPED
    least, most = (min(wrapped) - _RAGGED, max(wrapped) + _RAGGED) if known else (1, 0)
    for end, line, after, width in lines:
        goes_on = after[:1].islower() or _OPEN_END.search(line) or least <= len(line) <= most
        if not (after and goes_on and _runs_on(line, after, width)):
            yield end


def _lines_with_next(text: str) -> Iterator[tuple[int, str, str, int]]:
    """Yield each line: its end, its text, the text of the next line of its paragraph or "", the paragraph's width."""
    paragraphs: list[list[RawLine]] = []
    for one in raw_lines(text):
        if one.gap.count("\n") > 1:
            paragraphs.append([])
        paragraphs[-1].append(one)
    for paragraph in paragraphs:
        words = [one.text.strip() for one in paragraph]
        width = max(map(len, words))
        for one, line, after in zip(paragraph, words, [*words[1:], ""], strict=True):
            yield one.end, line, after, width


def _is_wrapped(line: str, after: str, width: int) -> bool:
    """Whether a line was wrapped: it is full, and the next begins in lower case."""
    return _NARROW <= width <= _WIDE and after[0].islower() and _is_full(line, after, width)


def _runs_on(line: str, after: str, width: int) -> bool:
    """Whether a sentence goes on from ``line`` to the line ``after`` it, in a paragraph ``width`` characters wide."""
    if _BULLET.match(after) or "\t" in line.strip() or "\t" in after.strip():
        return False
    first = after.lstrip("\"'“‘([*_")[:1]
    if first.islower():
        return True
    if _CLOSED.search(line):
        return False
    if _OPEN_END.search(line):
        return len(line) >= _NARROW // 2
    return _NARROW <= width <= _WIDE and _is_full(line, after, width)


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the first word of the line ``after`` would not have fitted at the end of ``line``."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width

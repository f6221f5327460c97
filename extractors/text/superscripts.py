"""Superscripts on one line: marks of notes are left out, exponents, ordinals and fractions stay.

Where a format tells what is raised, its reader marks it (``raised``, then ``write_raised`` on the whole text) or hands
the elements to ``write_raised_elements``.
"""

import re
from collections.abc import Collection
from typing import Any

from lxml import etree

RAISED_START, RAISED_END = "\ufdd0", "\ufdd1"
"""Marks around a superscript in a text for ``write_raised``: noncharacters, which no text holds."""
_RAISED = re.compile(f"{RAISED_START}([^{RAISED_START}{RAISED_END}]*){RAISED_END}")
_SEAM = RAISED_END + RAISED_START  # between two runs of one superscript
_STRAY = re.compile(f"[{RAISED_START}{RAISED_END}]")
_WRITTEN = "written-superscript"  # a tag of no format
_CONTEXT = 40  # characters before a superscript that decide on it
_BREAK = re.compile(r"[\n\t|\f]")

_NOTE = r"(?:\d{1,3}[a-z]?|[^\W\d_]|[ivx]{2,4}|[*†‡§¶#]+|\[[^\]]*\]|\(\w{1,3}\))"
_NOTES = re.compile(rf"[\s,;]*{_NOTE}(?:(?:[\s,;–-]+|(?=[\[(*†‡]))(?:{_NOTE})?)*")
_MONEY = re.compile(r"(?:[$€£¥₹₽₩₦₱]|\b[A-Z]{2,3}|\bRs\.?|\bkr\.?|\bR)\s?\d[\d.,]*\s?\w{0,2}$")
_TEN = re.compile(r"(?<![\w.,])10$")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmh]?m|ft|yd|mi|miles?|feet|foot|(?:kilo|centi|milli)?met(?:re|er)s?)$")
_NEGATIVE = re.compile(r"[-−–](\d{1,2})")
_POWERS = {"2": "²", "3": "³"}


def raised(text: str) -> str:
    """Return a superscript with the marks that ``write_raised`` looks for."""
    return f"{RAISED_START}{text}{RAISED_END}"


def write_raised(text: str) -> str:
    """Return a text in which each superscript that ``raised`` marked is left out, or written on the line."""
    if RAISED_START not in text:
        return text.replace(RAISED_END, "")
    parts: list[str] = []
    end, before = 0, ""
    text = text.replace(_SEAM, "")
    for match in _RAISED.finditer(text):
        between = text[end : match.start()]
        before = _BREAK.split(_STRAY.sub("", before + between)[-_CONTEXT:])[-1]
        written = on_the_line(before, match[1], text[match.end() : match.end() + 1])
        parts += [between, written]
        end, before = match.end(), before + written
    return _STRAY.sub("", "".join([*parts, text[end:]]))


def write_raised_elements(tree: Any, elements: Collection[Any], blocks: Collection[str]) -> None:
    """Replace the superscripts in a tree by their text on the line, or by nothing where they are marks of notes.

    ``blocks`` are the names of elements at whose bounds a line or cell ends.
    """
    if not elements:
        return
    before = ""
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if etree.QName(element).localname in blocks:
            before = ""
        if event == "start" and element in elements:
            walk.skip_subtree()
        elif event == "start":
            before = (before + (element.text or ""))[-_CONTEXT:]
        else:
            if element in elements:
                text = on_the_line(before, "".join(element.itertext()), (element.tail or "")[:1])
                del element[:]
                element.tag, element.text = _WRITTEN, text
                before += text
            before = (before + (element.tail or ""))[-_CONTEXT:]
    etree.strip_tags(tree, _WRITTEN)


def on_the_line(before: str, mark: str, after: str) -> str:
    """Return how a superscript is written on the line after ``before``; "" for the mark of a note.

    A power of ten has a caret (``10^6``), squares and cubes of lengths their sign (``m²``). No digit is written beside
    a digit, and nothing but an ordinal's letters directly after money.
    """
    mark = " ".join(mark.split())
    money = _MONEY.search(before)
    if not money and after not in ("/", "⁄"):
        if negative := _NEGATIVE.fullmatch(mark):
            return f"^-{negative[1]}"
        if _TEN.search(before) and re.fullmatch(r"\d{1,2}", mark):
            return f"^{mark}"
        if _UNIT.search(before) and mark in _POWERS:
            return _POWERS[mark]
    if _NOTES.fullmatch(mark) and after not in ("/", "⁄"):
        return ""
    return f" {mark}" if before[-1:].isdigit() and mark[:1].isdigit() else mark

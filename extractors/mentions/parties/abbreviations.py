"""Abbreviations that a text defines: "Centre for Dryland Pests (CDP)", "CDP (Centre for Dryland Pests)".

The long form is found as in Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
biomedical text": the letters of the short form are looked for in the words beside it, from the last to the first.
"""

import re

_MOST, _LEAST = 10, 2  # letters of a short form
_MORE_WORDS = 5  # words that a long form may have more than its short form letters
_WORD = re.compile(r"\w+(?:[-–'’.&/]\w+)*")


def is_short(word: str) -> bool:
    """Whether a word may stand for a longer name: "KSTU", "CzDA", "R&D"."""
    letters = [char for char in word if char.isalnum()]
    return _LEAST <= len(letters) <= _MOST and sum(map(str.isupper, letters)) >= _LEAST and letters[0].isalpha()


def long_form(short: str, before: str) -> int | None:
    """Return where the long form of ``short`` begins that ends ``before``; None where that holds none."""
    letters = [char.lower() for char in short if char.isalnum()]
    words = list(_WORD.finditer(before))[-min(len(letters) + _MORE_WORDS, 2 * len(letters)) :]
    if not words or not letters:
        return None
    at, first = len(before), words[0].start()
    for number in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= first and not _matches(before, at, letters[number], initial=number == 0):
            at -= 1
        if at < first:
            return None
    return at


def _matches(text: str, at: int, letter: str, *, initial: bool) -> bool:
    return text[at].lower() == letter and not (initial and at > 0 and text[at - 1].isalnum())

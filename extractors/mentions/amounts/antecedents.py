"""Counts whose noun does not follow: "technicians (64)", "places: 16", "engineers, nine at a time", "a team of ten"."""

import re

from extractors.mentions.amounts.cues import any_of
from extractors.mentions.amounts.nouns import WORD, ends_phrase, head_of, is_counted, unit_of
from extractors.mentions.amounts.numbers import Number
from extractors.mentions.amounts.tables import bounds
from extractors.mentions.amounts.trie import trie_pattern

_NEAR = 70  # characters in which a noun stands that a bracket, colon or comma parts from its number
_FAR = 140  # characters between an implied noun and its number
_WORDS = r"(?P<noun>(?:[A-Za-z&][\w&'\-]* ){0,4}[A-Za-z][\w&'\-]*)"
_BOUND = rf"(?:{trie_pattern(bounds('before'))} ?)?"
_YEARLY = r"(?:a|an|each|every|per) (?:year|annum|month|week)|annually|yearly"
_BOUNDED = re.compile(_BOUND)
_MARK = 22  # characters between the mark and its number: a bound
_PHRASE = re.compile(rf"{_WORDS} ?\Z")
_DONE = re.compile(r" (?:signed|made|sent|trained|built|given|held|awarded|granted)\Z")
_AFTER = {
    "(": re.compile(rf" ?(?:\)|[,;] |{_YEARLY})"),
    ":": re.compile(r" ?(?:[,.](?!\d)|[;(\n]|\Z)| (?:in|of|for|from|to|since|per|a|an|each|on|at|by|until|and)\b"),
    ",": re.compile(r" (?:of (?:them|whom|these)|in all|in number|altogether)\b(?! [a-z]+ed\b)"),
}
_MORE = r"more(?= (?:are|were|will|have|had|in|from|by|for|to)\b|[.,;)])"
_IMPLIED = re.compile(rf" (?:at a time|in number|{_YEARLY}|{_MORE})(?![^\W_])(?! ago)")
_NUMBER_OF = re.compile(rf"\bnumber of {_WORDS}[^.;:]*?\bto \Z")
_TEAM = re.compile(rf"\b{any_of('team')} of {_BOUND}\Z")
_OPENING = re.compile(r"(?:\A|[\n|;:>*•▪–\-\t] ?)\Z")
_ENDS = re.compile(r"[.!?]\s|\n\s*\n")


def unit_before(text: str, low: str, number: Number) -> str | None:
    """Give the unit of a number whose noun was said before it, None where none was."""
    start = number.start
    mark = max(text.rfind(sign, max(0, start - _MARK), start) for sign in "(:,")
    if mark > 0 and _AFTER[text[mark]].match(low, number.end) and _bounded(low, mark + 1, start):
        return _labelled(text, mark)
    if " of " not in low[max(0, start - _FAR) : start]:
        return _implied(text, start) if _IMPLIED.match(low, number.end) else None
    if _TEAM.search(text, max(0, start - _NEAR), start):
        return "person"
    told = _NUMBER_OF.search(low, max(0, start - _FAR), start)
    words = list(WORD.finditer(text, *told.span("noun"))) if told is not None else []
    head = head_of(words)
    if head is not None and is_counted(words[head][0]):
        return unit_of(words[: head + 1])
    return _implied(text, start) if _IMPLIED.match(low, number.end) else None


def _bounded(low: str, start: int, end: int) -> bool:
    """Whether no more than a bound stands between a mark and its number: "(about 70"."""
    return _BOUNDED.fullmatch(low[start:end].lstrip(" ")) is not None


def _labelled(text: str, mark: int) -> str | None:
    """Read the noun before a bracket, colon or comma (or before "there,"), with the words that belong to it."""
    phrase = _PHRASE.search(text, max(0, mark - _NEAR), mark)
    words = list(WORD.finditer(_DONE.sub("", phrase["noun"]))) if phrase is not None else []
    if len(words) > 1 and text[mark] == "," and not is_counted(words[-1][0]):
        words.pop()
    if phrase is None or not words or not is_counted(words[-1][0]):
        return None
    stops = [place for place, word in enumerate(words[:-1]) if ends_phrase(word[0]) or is_counted(word[0])]
    words = words[stops[-1] + 1 if stops else 0 :]
    first = phrase.start() + words[0].start()
    named = words[-1][0][0].isupper() and not _OPENING.search(text, max(0, first - 3), first)  # "the Maldives (210)"
    return None if named else unit_of(words)


def _implied(text: str, start: int) -> str | None:
    """Read the last noun before a number in its sentence that things can be counted by."""
    reach = max(0, start - _FAR)
    sentence = _ENDS.split(text[reach:start])[-1]
    nouns = [word for word in WORD.finditer(sentence) if is_counted(word[0])]
    return unit_of(nouns[-1:]) if nouns else None

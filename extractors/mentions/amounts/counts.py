"""Percentages and counts of things: a number with the noun after or before it, and which noun is counted."""

import re

from extractors.mentions.amounts.drafts import Draft
from extractors.mentions.amounts.number_words import SMALL
from extractors.mentions.amounts.numbers import Number
from extractors.mentions.amounts.tables import BOUNDS, NAMES, rows
from extractors.mentions.parties.entries import people_words
from extractors.mentions.patterns import Patterns, cue_words, search_before, split_cell, trie_pattern

_WORD_ROLES = {row["word"]: row["role"] for row in rows("nouns.csv")}  # role of a word in a noun phrase
_IRREGULAR = {row["plural"]: row["singular"] for row in rows("plurals.csv")}
_PERSONS = people_words() | {form for row in rows("persons.csv") for form in (row["plural"], row["singular"])}
_UNITS = {
    surface: (row["unit"], row["kind"]) for row in rows("measures.csv") for surface in split_cell(row["surfaces"])
}
_RE = Patterns(
    "extractors.mentions.amounts", "counts", UNITS=trie_pattern(_UNITS), BOUNDS=trie_pattern(BOUNDS["before"])
)
_AFTER_MARKED = {"(": _RE.after_bracket, ":": _RE.after_colon, ",": _RE.after_comma}  # what follows, by the mark before
_Words = list[re.Match[str]]

_NEAR = 70  # most characters between a number and a noun that a bracket, colon or comma separates from it
_FAR = 140  # most characters between an implied noun and its number
_LEAST_UNNAMED = 10_000  # from which on no number is part of a name
_LEAST_OF_MAKER = 100  # of the models of a maker of aircraft: fewer may be a count
_LEAST_OF_PART = 10  # things counted in "the zone", which is else "Zone 4"
_MARK = 22  # most characters between the mark and its number; they may hold a bound


def share_of(low: str, number: Number) -> Draft | None:
    """Read a number with "%" or "per cent" after it as a percentage, None where neither follows."""
    found = _RE.percent.match(low, number.end)
    return Draft.of(number, found.end(), "share", "percent") if found else None


def count_of(text: str, low: str, number: Number) -> Draft | None:
    """Read a count of things: a number followed by a noun phrase or a unit of measure; None where it is no count.

    The unit is the phrase in the singular and lower case; people of any occupation are counted as ``person``.
    """
    if not _is_number_of_things(text, low, number):
        return None
    if measure := _RE.unit.match(text, number.end):
        return _with_measure(text, low, number, measure)
    if _RE.dashed_unit.match(text, number.end):
        return None
    return _with_noun_after(text, low, number) or _with_scale_letter(text, low, number)


def count_before(text: str, low: str, draft: Draft) -> None:
    """Turn a draft without a kind into a count, if its noun precedes it: "engineers, ten of them"."""
    number = draft.number
    plain = number.letter is None and not number.is_yearlike and number.dot_grouped.value.is_integer()
    unit = _unit_before(text, low, number) if plain and _is_number_of_things(text, low, number) else None
    if unit and (number.scale is None or unit == "person" or f"{unit}s" in cue_words("in_millions")):
        draft.kind, draft.unit, draft.value = "count", unit, number.dot_grouped.value


def share_nouns(text: str, low: str, drafts: list[Draft]) -> None:
    """Give the noun of a count to later numbers of its sentence that omit it: "ten buses in 2010, 12 in 2011"."""
    count: Draft | None = None
    for draft in drafts:
        number = draft.number
        if draft.kind == "count":
            count = draft
        elif draft.kind is None and count and not number.is_yearlike:
            if _shares_noun(text, count, draft) and _is_number_of_things(text, low, number):
                draft.kind, draft.unit, draft.value = "count", count.unit, number.dot_grouped.value
            else:
                count = None


def _shares_noun(text: str, count: Draft, draft: Draft) -> bool:
    """Return whether a number shares the noun of the count before it: close by, similar in size, in the same clause."""
    gap, value, counted = text[count.end : draft.start], draft.number.value, count.value or 0
    if not (counted <= 10 * value <= 100 * counted and value.is_integer()) or len(gap) >= _NEAR:
        return False
    continues = _RE.left_out.search(gap) and not _RE.apart.search(gap)
    return bool(continues and _RE.left_out_ends.match(text, draft.number.end))


def _is_number_of_things(text: str, low: str, number: Number) -> bool:
    start, value = number.start, number.value
    if value <= 1 or number.notation == "part" or _RE.code.match(number.surface):
        return False
    if number.is_yearlike and ((value % 10 and value < 2040) or search_before(_RE.before_year, low, start, 10)):
        return False
    if _RE.glued.match(text[start - 1 : start]) and not search_before(_RE.span, text, start, 3):
        return False
    numbered = search_before(_RE.numbered, low, start, 16)
    if (numbered and not (value >= 10 and _RE.first.fullmatch(numbered[0]))) or _RE.age.match(low, number.end):
        return False
    if _is_designation(low, number):
        return False
    if number.notation == "words" and value <= 20 and search_before(_RE.definite, low, start, 8):
        return False
    return not search_before(_RE.capacity, low, start, 36)


def _is_designation(low: str, number: Number) -> bool:
    """Return whether a number is part of a name: "Boeing 737 aircraft", "4 x 4 vehicles", "Zone 4 schools"."""
    if number.notation != "plain" or number.value >= _LEAST_UNNAMED:
        return False
    found = search_before(_RE.named, low, number.start, 20)
    if found is None or found["maker"]:
        return found is not None and number.value >= _LEAST_OF_MAKER
    return found["one"] is None or (found["one"] == "the" and number.value < _LEAST_OF_PART)


def _with_noun_after(text: str, low: str, number: Number) -> Draft | None:
    """Read a count whose noun follows, perhaps after "of our": "50 schools", "six of our fellows", "31 strong"."""
    if strong := _RE.strong.match(low, number.end):
        return Draft.of(number.dot_grouped, strong.end(), "count", "person")
    phrase = _RE.phrase.match(text, number.end)
    if not phrase or (phrase["owned"] and search_before(_RE.ratio, low, number.start, 10)):
        return None
    words = list(_RE.word.finditer(text, *phrase.span("noun")))
    head = _head_of(words)
    if head is None or words[head][0].lower() in NAMES or words[0][0].lower() in SMALL:
        return None
    noun = words[head]
    if number.notation == "words" and text[number.start].isupper() and noun[0][0].isupper():
        return None  # "Five Islands", "Three Major Shifts": a name or a heading
    if staff := _RE.staff.match(text, noun.end()):
        return Draft.of(number.dot_grouped, staff.end(), "count", "person")
    if _RE.seats.match(text, number.end):
        return None
    quoted = text[phrase.start("noun") - 1] in '"“' and text[noun.end() :][:1] in '"”'
    return Draft.of(number.dot_grouped, noun.end() + quoted, "count", _unit_of(words[: head + 1]))


def _with_scale_letter(text: str, low: str, number: Number) -> Draft | None:
    """Read a count with a scale letter ("1.9m doses"); not where the letter may be a unit, as m for metres."""
    if number.letter not in ("m", "k", "b") or number.letter_end != number.end + 1:
        return None
    draft = _with_noun_after(text, low, number.scaled) if _RE.lower.match(text, number.letter_end) else None
    if draft is None or draft.unit == "person" or number.letter == "k":
        return draft
    return draft if text[: draft.end].rsplit(maxsplit=1)[-1] in cue_words("in_millions") else None


def _with_measure(text: str, low: str, number: Number, found: re.Match[str]) -> Draft | None:
    """Read a number with the unit of measure ``found``; None where it states a size: "a 17 MW plant"."""
    unit, kind = _UNITS[re.sub(r"[\s\-]+", " ", found[1])]
    if _RE.rate.match(low, found.end()) or search_before(_RE.of, low, number.start, 40):
        return None
    if kind == "length" and not _RE.long.match(low, found.end()):
        return None
    size_before, size_after = (
        search_before(_RE.size_before, low, number.start, 40),
        _RE.size_behind.match(text, found.end()),
    )
    if (size_before and size_after) or (kind == "size" and (size_before or size_after)):
        return None
    return Draft.of(number.dot_grouped, found.end(), "count", unit)


def _unit_before(text: str, low: str, number: Number) -> str | None:
    """Return the unit of a number whose noun precedes it, None where no noun does."""
    start = number.start
    mark = max(text.rfind(sign, max(0, start - _MARK), start) for sign in "(:,")
    if mark > 0 and _AFTER_MARKED[text[mark]].match(low, number.end) and _RE.bounded.fullmatch(low, mark + 1, start):
        return _noun_before_mark(text, mark)
    if " of " in low[max(0, start - _FAR) : start] or "employ" in low[max(0, start - _NEAR) : start]:
        if search_before(_RE.team, text, start, _NEAR):
            return "person"
        number_of = search_before(_RE.number_of, low, start, _FAR)
        words = list(_RE.word.finditer(text, *number_of.span("noun"))) if number_of else []
        head = _head_of(words)
        if head is not None and _is_counted(words[head][0]):
            return _unit_of(words[: head + 1])
    part = search_before(_RE.of_which, text, start, _FAR) if _RE.are.match(low, number.end) else None
    if part:
        nouns = (word for word in _RE.word.finditer(part["noun"]) if _is_counted(word[0]))
        return next((_unit_of([word]) for word in nouns), None)
    return _last_noun(text, start) if _RE.implied.match(low, number.end) else None


def _noun_before_mark(text: str, mark: int) -> str | None:
    """Return the unit from the noun phrase before a bracket, colon or comma at ``mark``, None without one."""
    phrase = search_before(_RE.before_mark, text, mark, _NEAR)
    words = list(_RE.word.finditer(_RE.done.sub("", phrase["noun"]))) if phrase else []
    if len(words) > 1 and text[mark] == "," and not _is_counted(words[-1][0]):
        words.pop()
    if phrase is None or not words or not _is_counted(words[-1][0]):
        return None
    stops = [place for place, word in enumerate(words[:-1]) if _ends_phrase(word[0]) or _is_counted(word[0])]
    words = words[stops[-1] + 1 if stops else 0 :]
    first = phrase.start() + words[0].start()
    named = words[-1][0][0].isupper() and not search_before(_RE.opening, text, first, 3)  # "the Maldives (210)"
    begins = text[mark] == ":" and text.endswith(". ", 0, first)
    return None if named and not begins else _unit_of(words)


def _last_noun(text: str, start: int) -> str | None:
    """Return the unit from the last countable noun before a number in its sentence, None without one."""
    sentence = _RE.ends.split(text[max(0, start - _FAR) : start])[-1]
    nouns = [word for word in _RE.word.finditer(sentence) if _is_counted(word[0])]
    named = [noun for noun in nouns if not search_before(_RE.verb, sentence, noun.start(), 8)]
    return _unit_of(named[-1:]) if named else None


def _singular(noun: str) -> str:
    """Return the singular of an English plural noun in lower case."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "shes", "ches", "xes", "tzes", "zzes", "oes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def _is_people(word: str) -> bool:
    """Return whether a lower-case word is a plural for people, by occupation or nationality."""
    return word in _PERSONS or (_RE.trade.fullmatch(word) is not None and word not in cue_words("no_trade"))


def _is_plural(word: str) -> bool:
    """Return whether a lower-case word is the plural of a noun."""
    if _RE.of_size.fullmatch(word):
        return False
    word = word.rpartition("-")[2]
    if _RE.designation.match(word) or word.endswith("'s"):
        return not word.endswith("'s")
    role = _WORD_ROLES.get(word)
    if role in ("plural", "noun", "set", "measure", "label") or word in _IRREGULAR or _is_people(word):
        return True
    return role is None and len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ous"))


def _head_of(words: _Words) -> int | None:
    """Return the index of the counted noun, the head of the phrase after a number; None where there is none.

    It is the first plural, unless that is a name or adjective that describes a later plural.
    """
    for place, word in enumerate(words):
        low = word[0].lower()
        role = _WORD_ROLES.get(low.removesuffix("'s").rstrip("'"))
        descriptive = word[0].islower() or word[0] in ("Master's", "Bachelor's")  # "children's hospitals": no owner
        if role in ("stop", "measure", "set") or (place and low in SMALL) or (low.endswith("'s") and not descriptive):
            return None
        if _is_plural(low):
            more = words[place + 1 :]
            named = word[0].isupper() and any(_is_plural(one[0].lower()) for one in more)  # "six CBERS satellites"
            describes = word[0].endswith("ese") and not all(_ends_phrase(one[0]) for one in more[:1])  # "Chinese firms"
            if not named and not describes:
                return place
    return None


def _is_counted(word: str) -> bool:
    """Return whether a word is a plural noun that can be counted: not a measure, currency or other kind of word."""
    low = word.lower()
    return _WORD_ROLES.get(low) in (None, "plural", "noun") and low not in NAMES and _is_plural(low)


def _ends_phrase(word: str) -> bool:
    """Return whether a noun phrase ends at a word, on either side: "the", "of", "three"."""
    low = word.lower()
    return _WORD_ROLES.get(low) in ("stop", "measure", "set") or low in SMALL or low in NAMES


def _unit_of(words: _Words) -> str:
    """Return the unit of a phrase that ends with its noun: singular, lower case, ``person`` for people."""
    head = words[-1][0].lower()
    if _RE.designation.match(head):
        return " ".join(word[0] for word in words)[:-1]
    if _is_people(head):
        return "person"
    modifiers = [word[0] if word[0].isupper() else word[0].lower() for word in words[:-1]]
    return " ".join([*modifiers, _singular(head)])

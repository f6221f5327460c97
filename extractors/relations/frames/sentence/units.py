"""A sentence as units: mentions of parties, amounts and years, triggers, and the words between."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.relations.frames.sentence.lexicon import (
    AUXILIARIES,
    BE,
    COORDINATORS,
    DETERMINERS,
    MODALS,
    PREPOSITIONS,
    PRONOUNS,
    Form,
    forms,
    longest_form,
    other_verbs,
)

UnitKind = Literal["word", "punct", "party", "amount", "year", "verb", "noun", "other_verb"]

WORD = re.compile(r"['’]s\b|['’](?=\s)|\d[\d,.]*\d|[^\W_]+(?:['’&-][^\W_]+)*|[^\w\s]")
ADVERB = re.compile(
    r"\w+ly$|^(?:also|now|then|since|already|recently|jointly|not|never|still|later|first|"
    r"meanwhile|further|soon|both|each|all|again|once|just|even)$"
)

_OTHER_HEAD = re.compile(
    r"(?:agency|agencies|bank|banks|minister|ministry|ministries|rate|rates|price|prices|"
    r"officer|officers|director|law|market|markets|industry|policy|sector|system|company|"
    r"companies|firm|firms|president|"
    r"secretary|volume|growth|output|papers|paper|publications|leader|leaders|spending|budget|"
    r"terms|department|office|division|agenda|partner|partners|personnel|author|authors|"
    r"co-authors|needs|costs|manager|house|committee|team|staff)$"
)

BANDS = re.compile(
    r"(?:consorti(?:um|a)|groups?|alliances?|syndicates?|coalitions?|donors|investors|lenders|banks|partners|"
    r"networks?|programmes?|programs?|projects?|missions?|initiatives?)$"
)
HEADED = frozenset({"led", "headed", "fronted"})

_QUOTES = frozenset('“”"„«»*_')


@dataclass(slots=True)
class Unit:
    """A word or mention at its place; ``forms`` are the readings of a trigger."""

    kind: UnitKind
    start: int
    end: int
    text: str
    party: PartyMention | None = None
    amount: AmountMention | None = None
    year: YearMention | None = None
    form: Form | None = None
    tag: str = ""

    @property
    def lower(self) -> str:
        """The unit's text in lower case."""
        return self.text.lower()


def units(
    text: str,
    start: int,
    end: int,
    parties: Sequence[PartyMention],
    amounts: Sequence[AmountMention],
    years: Sequence[YearMention],
) -> list[Unit]:
    """Cut ``text[start:end]`` into units.

    Of mentions that overlap, a sum of money wins, then the party, then the rest.
    """
    mentions = _chosen(start, end, parties, [a for a in amounts if a.kind != "count"], years)
    found: list[Unit] = []
    at = start
    for mention in mentions:
        found += _words(text, at, mention.start)
        found.append(_mention_unit(mention))
        at = mention.end
    found += _words(text, at, end)
    return _triggers(found)


def _chosen(start: int, end: int, *groups: Sequence[Mention]) -> list[Mention]:
    ranked: list[tuple[int, int, Mention]] = []
    for group in groups:
        for m in group:
            if start <= m.start and m.end <= end:
                ranked.append((_rank(m), -(m.end - m.start), m))
    ranked.sort(key=_first_two)
    taken: list[Mention] = []
    for _, _, m in ranked:
        if all(m.end <= t.start or t.end <= m.start for t in taken):
            taken.append(m)
    return sorted(taken, key=_start_of)


def _first_two(item: tuple[int, int, Mention]) -> tuple[int, int, int]:
    return item[0], item[1], item[2].start


def _start_of(mention: Mention) -> int:
    return mention.start


def _rank(mention: Mention) -> int:
    if isinstance(mention, AmountMention):
        return 0 if mention.kind == "money" else 2
    return 1 if isinstance(mention, PartyMention) else 2


def _mention_unit(mention: Mention) -> Unit:
    if isinstance(mention, PartyMention):
        return Unit("party", mention.start, mention.end, mention.text, party=mention)
    if isinstance(mention, AmountMention):
        return Unit("amount", mention.start, mention.end, mention.text, amount=mention)
    if isinstance(mention, YearMention):
        return Unit("year", mention.start, mention.end, mention.text, year=mention)
    raise TypeError(f"no unit for {type(mention).__name__}")


def _words(text: str, start: int, end: int) -> Iterator[Unit]:
    for match in WORD.finditer(text, start, end):
        if match.group() in _QUOTES:
            continue
        kind: UnitKind = "word" if match.group()[0].isalnum() or match.group()[:1] in "'’" else "punct"
        yield Unit(kind, match.start(), match.end(), match.group())


def _triggers(found: list[Unit]) -> list[Unit]:
    out: list[Unit] = []
    i = 0
    while i < len(found):
        size = _longest(found, i)
        if size:
            unit = _trigger(found, i, size, out)
            if unit is not None:
                out.append(unit)
                i += size
                continue
        unit = found[i]
        if unit.lower in _TAKING and i + 1 < len(found) and _is_share(found[i + 1]):
            form = forms()[f"{unit.lower} a stake"][0]
            unit.kind, unit.form, unit.tag = "verb", form, form.tag
        elif unit.kind == "word" and unit.lower in AUXILIARIES:
            unit.kind, unit.tag = "other_verb", other_verbs().get(unit.lower, "base")
        elif unit.kind == "word" and unit.lower in other_verbs() and _verbal(out, found, i, other_verbs()[unit.lower]):
            unit.kind, unit.tag = "other_verb", other_verbs()[unit.lower]
        out.append(unit)
        i += 1
    return out


_TAKING = frozenset({"take", "takes", "took", "taken", "taking"})


def _is_share(unit: Unit) -> bool:
    return unit.amount is not None and unit.amount.kind == "share"


def _longest(found: list[Unit], i: int) -> int:
    if found[i].kind != "word":
        return 0
    words: list[str] = []
    best = 0
    for k in range(i, min(i + longest_form(), len(found))):
        if found[k].kind != "word":
            break
        words.append(found[k].lower.replace("’", "'"))
        if " ".join(words) in forms():
            best = k - i + 1
    return best


def _trigger(found: list[Unit], i: int, size: int, before: list[Unit]) -> Unit | None:
    first, last = found[i], found[i + size - 1]
    phrase = " ".join(u.lower.replace("’", "'") for u in found[i : i + size])
    readings = forms()[phrase]
    verbs = [f for f in readings if f.tag != "noun"]
    names = [f for f in readings if f.tag == "noun"]
    text = phrase
    after = found[i + size].lower if i + size < len(found) else ""
    relative = bool(verbs) and verbs[0].tag == "s" and _relative(before)
    if names and verbs and verbs[0].tag == "s" and after in PREPOSITIONS and not relative:
        verbs = []
    if phrase in HEADED and _is_band(before, found, i):
        return Unit("word", first.start, last.end, text)
    if verbs and (not names or _verbal(before, found, i, verbs[0].tag)):
        form = verbs[0]
        if phrase == form.trigger.words and form.tag == "past" and before and before[-1].lower in MODALS | {"to"}:
            form = Form(form.trigger, "base")
        if form.tag in {"base", "s", "ing"} and not _verbal(before, found, i, form.tag):
            return (
                Unit("word", first.start, last.end, text)
                if not names
                else Unit("noun", first.start, last.end, text, form=names[0])
            )
        return Unit("verb", first.start, last.end, text, form=form, tag=form.tag)
    if names and not verbs and phrase in other_verbs() and _verbal(before, found, i, other_verbs()[phrase]):
        return None
    if names and phrase in _APPOSED and i + size < len(found) and found[i + size].kind == "party":
        return None
    if names and before and phrase.startswith("partner") and _RIVAL.match(before[-1].lower):
        return None
    if names and not (i + size < len(found) and _OTHER_HEAD.match(found[i + size].lower)):
        return Unit("noun", first.start, last.end, text, form=names[0])
    return None


_REACH = 4  # units of a subject


def _relative(before: list[Unit]) -> bool:
    """Whether a clause with "which" as its object has its subject right here: "schools, which India supports with"."""
    if not before or before[-1].party is None or before[-1].party.role == "demonym":
        return False
    words = [u.lower for u in before[-_REACH:-1]]
    subject = words[words.index("which") + 1 :] if "which" in words else ["which"]
    return set(subject) <= {"the", "which"} and "which" not in subject


_APPOSED = frozenset({"council", "committee", "commission", "forum", "fund", "network"})  # "the council PCAARRD"
_RIVAL = re.compile(r"(?:trading|trade|commercial|export|import|business|sparring|dialogue)$")


def _is_band(before: list[Unit], found: list[Unit], i: int) -> bool:
    """Whether a participle tells who leads a group: "a consortium led by"."""
    by = i + 1 < len(found) and found[i + 1].lower == "by"
    return by and bool(before) and before[-1].kind in {"word", "noun"} and BANDS.search(before[-1].lower) is not None


def _verbal(before: list[Unit], found: list[Unit], i: int, tag: str) -> bool:
    """Whether a form that may be a verb is one here, by the words around it."""
    k = len(before) - 1
    while k >= 0 and before[k].kind == "word" and ADVERB.match(before[k].lower):
        k -= 1
    prev = before[k] if k >= 0 else None
    after = found[i + 1] if i + 1 < len(found) else None
    if tag == "part":
        return True
    if tag == "s" and after is not None and after.lower in MODALS:
        return False
    if tag == "s" and found[i].text.istitle() and prev is not None:
        return False
    if tag == "past":
        return found[i].lower + _of(after) != "cost of" and not (
            prev is not None and prev.lower in DETERMINERS and prev.lower not in {"that", "this", "both", "each", "all"}
        )
    if tag == "ing" and prev is not None and prev.lower in {"side", "party", "country", "company", "partner"}:
        return True
    if tag == "ing":
        return prev is not None and (
            prev.lower in BE
            or (
                prev.lower in PREPOSITIONS
                and after is not None
                and (after.kind in {"party", "amount"} or after.lower in DETERMINERS)
            )
        )
    if prev is None:
        return tag == "base" and after is not None and (after.lower in DETERMINERS or after.kind in {"amount", "party"})
    if (
        tag == "base"
        and prev.kind == "word"
        and prev.lower.endswith("s")
        and prev.lower not in DETERMINERS
        and after is not None
        and after.lower in {"together", "with", "on", "hands", "forces", "up"}
    ):
        return True
    if tag == "base" and prev.kind == "other_verb" and prev.lower in {"did", "do", "does"}:
        return True
    if (
        tag == "base"
        and prev.lower in {",", "and", "or"}
        and any(a.lower == "to" and b.kind in {"verb", "other_verb"} for a, b in zip(before, before[1:], strict=False))
    ):
        return _object_follows(after)
    if tag == "base":
        return prev.lower in MODALS | {"to", "not", "n't", "they", "we", "did", "do", "does"} or (
            prev.kind == "party" and _object_follows(after) and any(u.lower in {"and", "&"} for u in before[-6:])
        )
    if after is not None and after.lower in other_verbs():
        return False
    if prev.kind == "party" or prev.lower in PRONOUNS | {"which", "that", "who", ")", ","}:
        return _object_follows(after) or prev.lower in PRONOUNS | {"which", "who"}
    if prev.lower in COORDINATORS:
        return _object_follows(after)
    return (
        prev.kind == "word"
        and prev.lower not in PREPOSITIONS | DETERMINERS
        and after is not None
        and (after.kind in {"party", "amount"} or after.lower in DETERMINERS)
    )


def _of(after: Unit | None) -> str:
    return " of" if after is not None and after.lower == "of" else ""


def _object_follows(after: Unit | None) -> bool:
    return (
        after is None
        or after.kind in {"party", "amount"}
        or after.lower in DETERMINERS
        or after.lower in PREPOSITIONS
        or (after.kind == "word" and after.lower.replace(",", "").isalnum() and after.lower not in {"and"})
    )

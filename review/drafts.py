"""Selected words made into values, and a field while it is edited.

The page imports no extractor: whoever starts it hands in what reads the words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas import Amount, Party, Sector, Span, Year, crs_sectors
from schemas.errors import CoopledgerError

FIELDS = ("evidence", "actor", "partner", "year", "amount", "sector", "kind", "status")
"""The fields of a new record, in the order in which its form shows them."""
_FOUR_DIGITS = re.compile(r"\b(1[0-9]{3}|2[0-9]{3})\b(?:\s*(?:-|–|to|until)\s*(1[0-9]{3}|2[0-9]{3})\b)?")
_LONGEST_NAME, _FILLER = 8, 2
"""Of how many words a name is at most, and how many beside a mention make it no sentence."""
_ENDS = ("\n", ". ", "! ", "? ", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mention that may fill a field of a record: where it is, and which field."""

    field: str
    span: Span


class Normaliser:
    """Makes the value of a field of the words that a curator selected; this one knows names as they stand, and years.

    Each method takes the document's whole text and the selection (code points, end exclusive, not empty, without blanks
    at its ends), and returns a value whose span is that selection, or None where the words give none.
    """

    def party(self, text: str, start: int, end: int) -> Party | None:
        """Make a party: canonical name, type, country."""
        span = Span.of(text, start, end)
        return Party(name=" ".join(span.text.split()), type="organisation", span=span)

    def year(self, text: str, start: int, end: int) -> Year | None:
        """Make a year or a range of years, here of four digits each."""
        found = _FOUR_DIGITS.search(text, start, end)
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        return Year(start=first, end=max(first, last), span=Span.of(text, start, end))

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        """Make an amount, with dollars at the rate of the act's ``year``; here the number is left to the curator."""
        return None

    def sector(self, text: str, start: int, end: int) -> Sector | None:
        """Make a sector with its fields, here by its code alone."""
        words = text[start:end].split()
        code = next((word for word in words if word in crs_sectors()), None)
        return Sector(code=code, name=crs_sectors()[code], span=Span.of(text, start, end)) if code else None

    def suggest(self, text: str, start: int, end: int) -> Sequence[Suggestion]:
        """List the mentions of parties (as ``party``), years and amounts in a stretch of text, in order."""
        found = _FOUR_DIGITS.finditer(text, start, end)
        return [Suggestion("year", Span.of(text, one.start(), one.end())) for one in found]


class EditError(CoopledgerError, ValueError):
    """What was typed makes no value; the message is for the curator, ``part`` names the input that it is about."""

    def __init__(self, message: str, part: str = "") -> None:
        self.part = part
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Draft:
    """A field while it is edited: its quotation, its JSON value so far, and what to tell the curator.

    ``typed`` holds what stands in the inputs where it made no value, ``wrong`` why, ``part`` in which input.
    """

    field: str
    span: Span | None
    value: Mapping[str, Any] | str | None
    hint: str = ""
    typed: Mapping[str, str] | None = None
    wrong: str = ""
    part: str = ""
    several: tuple[str, ...] = ()


def drafted(field: str, text: str, start: int, end: int, normalise: Normaliser, *, year: int | None = None) -> Draft:
    """Read selected words as the value of a field. Raises EditError: nothing is selected."""
    span = trimmed(text, start, end)
    if span is None:
        raise EditError("select the words that say it")
    if field == "evidence":
        return Draft(field, span, None)
    value = _read(field, text, span, normalise, year)
    if value is None:
        return Draft(field, span, None, f"These words give no {field} by themselves: fill it in.")
    return Draft(field, span, value.model_dump(mode="json"))


def _read(
    field: str, text: str, span: Span, normalise: Normaliser, year: int | None
) -> Party | Year | Amount | Sector | None:
    if field == "amount":
        return read_amount(text, span, normalise, year)
    read: Callable[[str, int, int], Party | Year | Sector | None] = (
        normalise.year if field == "year" else normalise.sector if field == "sector" else normalise.party
    )
    return read(text, span.start, span.end)


def read_amount(text: str, span: Span, normalise: Normaliser, year: int | None) -> Amount | None:
    """Read an amount, without a second sum whose quotation the text does not hold, whatever read it."""
    amount = normalise.amount(text, span.start, span.end, year=year)
    stated = tuple(one for one in amount.stated if one.span.quotes(text)) if amount else ()
    return amount.model_copy(update={"stated": stated}) if amount else None


def suggested(text: str, start: int, end: int, normalise: Normaliser, *, mention: str = "") -> dict[str, Draft]:
    """Draft each field around a mention: its sentence, and what is mentioned there.

    Args:
        text: the document's text.
        start: where the mention begins.
        end: where it ends, exclusive.
        normalise: reads the mentions.
        mention: what it is of: ``party``, ``year`` or ``amount``; empty: what the words themselves say. Words that
            are more than one mention are the sentence.
    """
    own = trimmed(text, start, end)
    field = {"party": "actor"}.get(mention, mention) or _said_by(text, own, normalise)
    evidence = own if own is not None and not field else sentence_at(text, start, end)
    drafts = {"evidence": Draft("evidence", evidence, None), "kind": Draft("kind", None, "other")}
    drafts["status"] = Draft("status", None, "committed")
    spans: dict[str, Span] = {field: own} if own is not None and field in FIELDS else {}
    for one in normalise.suggest(text, evidence.start, evidence.end):
        names = ("actor", "partner") if one.field == "party" else (one.field,)
        free = next((name for name in names if name not in spans), None)
        if free is not None and one.span not in spans.values():
            spans[free] = one.span
    year = _draft("year", text, spans, normalise, None)
    drafts["year"] = year
    first = year.value.get("start") if isinstance(year.value, dict) else None
    for name in ("actor", "partner", "amount", "sector"):
        drafts[name] = _draft(name, text, spans, normalise, first)
    return drafts


def _said_by(text: str, own: Span | None, normalise: Normaliser) -> str:
    """Name the field that selected words give by themselves; empty where they state an act, or part of one.

    Words in which nothing is read are a name, unless they are many.
    """
    if own is None:
        return ""
    found = normalise.suggest(text, own.start, own.end)
    if not found and normalise.amount(text, own.start, own.end) is not None:
        return "amount"
    if not found:
        return "actor" if len(own.text.split()) <= _LONGEST_NAME and not own.text.endswith((".", "。")) else ""
    one = found[0]
    whole = len(found) == 1 and len(own.text.split()) - len(one.span.text.split()) <= _FILLER
    return {"party": "actor"}.get(one.field, one.field) if whole else ""


def _draft(name: str, text: str, spans: dict[str, Span], normalise: Normaliser, year: int | None) -> Draft:
    span = spans.get(name)
    return drafted(name, text, span.start, span.end, normalise, year=year) if span else Draft(name, None, None)


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return a selection without blanks at its ends; None if nothing is left of it or it is outside of the text."""
    if not 0 <= start < end <= len(text):
        return None
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return Span.of(text, start, end) if start < end else None


def sentence_at(text: str, start: int, end: int, *, longest: int = 600) -> Span:
    """Return the sentence around a mention, roughly: what lies between ends of sentences or lines."""
    low = max(0, start - longest)
    ends_before = [place + len(one) for one in _ENDS if (place := text.rfind(one, low, start)) >= 0]
    ends_after = [place + len(one) for one in _ENDS if (place := text.find(one, end, end + longest)) >= 0]
    first = max(ends_before, default=low)
    last = min(ends_after, default=min(len(text), end + longest))
    return trimmed(text, first, max(last, end)) or Span.of(text, start, end)

"""Which sum or count belongs to an act."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import AmountMention, Mention
from extractors.relations.frames.sentence.event import Event
from extractors.relations.frames.what.wording import words_of
from schemas import Kind

_PER_YEAR = re.compile(
    r"(?:\s*\([^)]{2,30}\))?(?:,? or [^,;.]{3,25},?)?\s*(?:annually|a year|per year|each year|"
    r"every year|yearly|per annum)\b(?! (?:earlier|later|ago|before|after|on)\b)"
)
_TOLD_OF = re.compile(
    r"(?:\d[\d,.]*(?:\s?%| percent| per cent)? of (?:which |whom |it )?"
    r"|(?:the |some )?(?:[A-Z]{0,3}[$€£¥]\s?)?\d[\d,.]*(?: [\w-]+){1,4},? (?:that |which )?)$"
)
_WHOM = re.compile(r"\s(?:that |which )?(?:it|they|he|she|we) (?:has |have |had )?")
_TELLS_MORE = re.compile(r"\s(?:that |which )?(?:it|they|he|she|we)\s|\s\w+(?:ed|nt) by\b")
_APIECE = re.compile(r"\s(?:each\b(?! year)|apiece|a piece|per (?!year|annum|cent)\w+)")
_PRICED = re.compile(r"\b(?:cost of|price of|costing|worth|at|for) (?:about |some |around |nearly |over |only )?\Z")
_ON = re.compile(r"\b(?:on|for) (?:a |another )?$")
_OF_OTHERS = re.compile(
    r"(?:gdp|population|exports? (?:of|worth)|revenue|turnover|out of|of the|than the|grew|rose|fell"
    r"|trade(?: [\w-]+){0,6}? (?:of|worth|reached|totalled|at|to)) \Z"
)
_OF_OTHERS_AFTER = re.compile(r" (?:of (?:the |its )?(?:gdp|population|output|households)|a tonne|per cent of gdp)")


def amount_for(
    event: Event,
    kind: Kind,
    amounts: Sequence[AmountMention],
    taken: set[int],
    text: str,
    *,
    gives_nothing: bool = False,
) -> AmountMention | None:
    """Return the act's amount: money in its bounds, nearest first, else a count that its kind gives, else a share."""
    start = _reach(event, text)
    inside = [
        a for a in amounts if start <= a.start and a.end <= event.end and a.value is not None and id(a) not in taken
    ]
    inside = [a for a in inside if not foreign(a, text)]
    if gives_nothing:
        inside = [
            a for a in inside if a.kind != "money" or text[a.end : a.end + 6] != " from " or is_price(a.start, text)
        ]
    anchor = event.at
    money = sorted((a for a in inside if a.kind == "money"), key=_Distance(anchor))
    money.sort(key=_Before(anchor))
    if event.triggers[0].shape == "thank":
        inside = [a for a in inside if a.kind != "count" or not _TELLS_MORE.match(text, a.end)]
    counts = [a for a in inside if a.kind == "count" and _counts(a, kind, event, text)]
    if money:
        return yearly(money[0], text)
    if counts:
        return counts[0]
    shares = [a for a in inside if a.kind == "share" and kind in words_of("share_kind")]
    return shares[0] if shares else None


def is_price(start: int, text: str) -> bool:
    """Whether a sum that begins at ``start`` is told as a price: "batteries worth", "bought for", "at a cost of"."""
    return _PRICED.search(text[max(0, start - 40) : start].lower()) is not None


def _reach(event: Event, text: str) -> int:
    """Where the act's amounts may begin: before a relative clause or participle that tells about the counted things."""
    before = text[max(0, event.start - 60) : event.start]
    match = _TOLD_OF.search(before)
    return event.start - len(before) + match.start() if match else event.start


def yearly(amount: AmountMention, text: str) -> AmountMention:
    """Return an amount with what words beside it tell of its rate: "or €2 million, a year"."""
    if amount.per is None and _PER_YEAR.match(text, amount.end):
        return replace(amount, per="year")
    return amount


def foreign(amount: AmountMention, text: str) -> bool:
    """Whether words beside the sum make it a price, a total or something else than what is given."""
    before = text[max(0, amount.start - 60) : amount.start].lower()
    if _APIECE.match(text, amount.end) and _PRICED.search(before):
        return True
    return bool(_OF_OTHERS.search(before) or _OF_OTHERS_AFTER.match(text.lower(), amount.end, amount.end + 30))


def _counts(amount: AmountMention, kind: Kind, event: Event, text: str) -> bool:
    if _uncounted(amount.unit) or kind not in words_of("thing_kind"):
        return False
    if amount.unit == "person":
        return kind in words_of("people_kind")
    if kind == "agreement":
        told = _ON.search(text[max(0, amount.start - 16) : amount.start]) is not None and not amount.unit.endswith(
            ("page", "article")
        )
        return told or bool(re.search(r"agreement|accord|contract|project|memorand", amount.unit))
    anchor = event.at
    relative = amount.end <= event.start or _WHOM.fullmatch(text, amount.end, anchor) is not None
    return amount.start >= anchor or relative or event.passive or event.verb is None


def _uncounted(unit: str) -> bool:
    """Whether a unit is of measure or of those who take part: its last words, or one of two words, say so."""
    words = unit.split(" ")
    return any(" ".join(words[-n:]) in words_of("never_counted") for n in (1, 2))


class _Before:
    def __init__(self, anchor: int) -> None:
        self.anchor = anchor

    def __call__(self, mention: Mention) -> bool:
        return mention.start < self.anchor


class _Distance:
    def __init__(self, anchor: int) -> None:
        self.anchor = anchor

    def __call__(self, mention: Mention) -> int:
        return abs(mention.start - self.anchor)

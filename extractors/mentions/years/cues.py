"""Words around a number that make it a year, or something else."""

import re

from extractors.mentions.patterns import any_of

_PART = r"(?:the\s(?:end|start|beginning|year)\s(?:of\s)?|early\s|late\s|mid-?\s?)"
_STRONG = re.compile(rf"(?:\b{any_of('year')}\s|[(\[,;:/]\s?|-)\Z")
_MODEL = re.compile(r"(?<![a-z])(?!(?:mid|early|late|end|pre|post|year|since|in|of)-)[a-z]{2,}-\Z")
_QUANTITY_CUE = re.compile(rf"\b{any_of('quantity')}\s\Z")
_OTHER = re.compile(rf"(?:[$€£¥₦₹#№@]\s?|\b{any_of('other')}\.?\s?|\b{any_of('named')} )\Z")
_LINK = r"(?:to|for|and|or|a|an|the|by|with|on|at|from|in|is|was|of|as)\s"
_MEASURE = re.compile(
    rf"[\s\-]?(?:%|°|x\b|(?:(?!{_LINK})[a-z]+\s)?{any_of('measure')}\b(?!\s(?:plan|later|after|up|aside)))"
)
_PLURAL = re.compile(
    rf"\s(?!(?:on|to|after|for|down|up)wards?\b)(?:(?!{_LINK}|under\s|between\s)[a-z]+(?:-[a-z]+)?\s){{0,2}}?"
    rf"(?:[a-z]{{2,}}[^su\W\d]s|{any_of('counted')})\b"
)
_GOAL_BEFORE = re.compile(rf"\b(?:{any_of('aim')}|to (?!the\b|a\b)[a-z]+)\b[^.;\n]*\Z")
_PAST = re.compile(rf"\b{any_of('past')}\b[^.;\n]*\Z")
_BY = re.compile(rf"\b(?:by|before|until|till|up to|no later than|horizon|towards?)\s{_PART}{{0,3}}\Z")
_NAMED_GOAL = re.compile(rf"\b{any_of('goal_name')}\s(?:for\s|to\s|of\s)?\Z")
_GOAL_AFTER = re.compile(rf"\s{any_of('goal_name')}\b")
_SINCE = re.compile(rf"\b(?:since|ever since|starting (?:in|from)|from)\s{_PART}?\Z")
_ONWARD = re.compile(r"\s(?:onwards?|and later|till now|until now|to the present|on\b)")
_PLAN = re.compile(rf"\b{any_of('plan_name')}[\"”'’]?\s?[(\[,]?\s?(?:for\s|of\s|from\s)?\Z")


def is_year(low: str, start: int, end: int) -> bool:
    """Tell whether a bare four-digit number is a year, by the words on both sides."""
    before = low[max(0, start - 24) : start]
    if _OTHER.search(before) or _MODEL.search(before) or _MEASURE.match(low, end):
        return False
    quantity = _QUANTITY_CUE.search(before) or not _STRONG.search(before)
    return not (quantity and before.strip() and _PLURAL.match(low, end))


def is_goal(low: str, start: int, end: int, year: int, *, now: int | None) -> bool:
    """Tell whether a year is one to be reached ("by 2049"), not one in which something was done."""
    before = low[max(0, start - 120) : start]
    if _NAMED_GOAL.search(before) or _GOAL_AFTER.match(low, end):
        return True
    if not _BY.search(before):
        return False
    if now is not None:
        return year > now
    return year >= 2030 or bool(_GOAL_BEFORE.search(before) and not _PAST.search(before))


def is_since(low: str, start: int, end: int) -> bool:
    """Tell whether a year opens a stretch without an end ("since 2014")."""
    cue = _SINCE.search(low, max(0, start - 40), start)
    return bool(cue and (cue[0].lstrip().startswith(("since", "ever")) or _ONWARD.match(low, end)))


def is_plan(low: str, start: int) -> bool:
    """Tell whether years are those of a named plan."""
    return bool(_PLAN.search(low, max(0, start - 30), start))

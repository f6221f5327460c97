"""Words around a number that make it a year, or something else."""

import re

_STRONG = re.compile(
    r"(?:\b(?:in|since|during|until|till|year|years|early|late|mid|fall|autumn|spring|summer|winter|circa|dated|anno|the|ad|ce"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|end of|start of|beginning of"
    r"|as of|by|before|after|and|or|through|throughout|mid-|fiscal|of|from|to|for|ended|ending|signed|established|founded)\s"
    r"|[(\[,;:/]\s?|-)\Z"
)
_QUANTITY_CUE = re.compile(
    r"\b(?:of|from|to|for|by|and|or|than|over|about|around|approximately|nearly|almost|some|least|exceeding|another|with|has"
    r"|employ|employs|employed|train|trained|built|donated|provided|up to)\s\Z"
)
_OTHER = re.compile(
    r"(?:[$€£¥₦₹#№@]\s?|\b(?:usd|rmb|cny|eur|no|nos|number|id|room|model|windows|boeing|airbus|peugeot|iso|version|v|type|series"
    r"|office|resolution|route|highway|tel|box|section|page|pp?|ref|project|flight|gb/t|code|rs|ksh|k|over|than|about|around"
    r"|approximately|nearly|almost|some|exceeding)\.?\s?)\Z"
)
_MEASURE = re.compile(
    r"[\s\-]?(?:%|°|x\b|(?:[a-z]+\s)?(?:tons?|tonnes?|km|kms|kilomet(?:re|er)s?|m|mw|kw|kv|gw|mwh|kwh|kg|kilograms?|g|ha|hectares?|acres?"
    r"|met(?:re|er)s?|miles?|feet|mm|cm|hours?|minutes?|seconds?|days?|weeks?|months?|years?|percent|per cent|dollars?|yuan"
    r"|rmb|usd|euros?|pounds?|million|billion|thousand|sq|square|cubic|litres?|liters?|barrels?"
    r"|volts?|watts?|beds?|seats?|pupils?|copies|sets?|points?|bps|mb|gb|tb|hz|mhz|ghz|rpm|cc|hp|calories|metric)"
    r"\b(?!\s(?:plan|later|after)))"
)
_PLURAL = re.compile(
    r"\s(?!(?:on|to|after|for|down|up)wards?\b)(?:[a-z]+(?:-[a-z]+)?\s){0,2}?(?:[a-z]{2,}[^su\W\d]s|people|persons?|men|women|children|staff|aircraft)\b"
)
_GOAL_BEFORE = re.compile(
    r"\b(?:will|shall|aim(?:s|ed|ing)?|goals?|targets?|plans?|planned|expects?|expected|desires?|vision|should|scheduled|seeks?|hopes?"
    r"|intends?|become|set to|due|pledge[sd]?|commit(?:s|ted)? to|to (?!the\b|a\b)[a-z]+|ambition)\b[^.;\n]*\Z"
)
_PAST = re.compile(r"\b(?:had|was|were|has been|have been)\b[^.;\n]*\Z")
_BY = re.compile(
    r"\b(?:by|before|until|till|up to|no later than|horizon|towards?)\s(?:the\s(?:end|year|start|beginning)\s(?:of\s)?|early\s|late\s|mid-?\s?)*\Z"
)
_NAMED_GOAL = re.compile(r"\b(?:vision|agenda|horizon|strategy|roadmap|targets?|goals?)\s(?:for\s|to\s|of\s)?\Z")
_GOAL_AFTER = re.compile(r"\s(?:agenda|vision|goals?|targets?|strategy|roadmap)\b")
_SINCE = re.compile(
    r"\b(?:since|ever since|starting (?:in|from)|from)\s(?:the\s(?:end|start|beginning|year)\sof\s|early\s|late\s|mid-?\s?)?\Z"
)
_ONWARD = re.compile(r"\s(?:onwards?|and later|till now|until now|to the present|on\b)")
_PLAN = re.compile(r"\b(?:plan|programme|program|fyp|strategy|framework)[\"”'’]?\s?[(\[,]?\s?(?:for\s|of\s|from\s)?\Z")


def is_year(low: str, start: int, end: int) -> bool:
    """Tell whether a bare four-digit number is a year, by the words on both sides."""
    before = low[max(0, start - 24) : start]
    if _OTHER.search(before) or _MEASURE.match(low, end):
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

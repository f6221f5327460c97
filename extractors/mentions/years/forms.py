"""The forms in which texts write years, as one regular expression with named branches."""

import re
from functools import cache
from typing import NamedTuple

from extractors.mentions.amounts.number_words import ONES, TEENS, TENS
from extractors.mentions.patterns import trie_pattern
from schemas.packaged import packaged_rows

Span = tuple[int, int]


class Calendar(NamedTuple):
    """A calendar: the years that it may count, and how they become ours."""

    least: int
    most: int
    ratio: float  # its years, in years of the sun
    add: float
    span: int  # 1 where its year begins in the midst of ours


@cache
def calendars() -> dict[str, Calendar]:
    """Return the calendars by their marks, capitals kept: "AH", "Heisei"."""
    return {
        mark: Calendar(int(row["least"]), int(row["most"]), float(row["ratio"]), float(row["add"]), int(row["span"]))
        for row in packaged_rows(__package__, "tables/calendars.csv")
        for mark in row["marks"].split("|")
    }


def in_calendar(mark: str, number: int) -> Span | None:
    """Give the years that a year of the calendar with this mark lies in, None where it counts no such year."""
    found = calendars().get(mark) or calendars().get(mark.capitalize())
    if found is None or not found.least <= number <= found.most:
        return None
    first = int(number * found.ratio + found.add)
    return first, first + found.span


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan jan.", "february feb feb. febuary", "march mar mar.", "april apr apr.", "may", "june jun jun.",
            "july jul jul.", "august aug aug.", "september sept sep sept. sep. septemeber", "october oct oct.",
            "november nov nov.", "december dec dec.",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
WORDS = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
         "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "couple of": 2}  # fmt: skip

_TO_NINTH = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
ORDINALS = {word: number for number, word in enumerate(
    [*_TO_NINTH, "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
     "eighteenth", "nineteenth", "twentieth", *(f"twenty-{one}" for one in _TO_NINTH), "thirtieth", "thirty-first"], 1
)}  # fmt: skip

ROMAN = {numeral: number for number, numeral in enumerate(
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"], 1
)}  # fmt: skip
DECADES = {word: 10 * number for number, word in enumerate(
    ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"], 2
)}  # fmt: skip

YEAR = r"(?:1[5-9]\d\d|20\d\d|21\d\d)"
MONTH = "(?:" + "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True)) + r")(?![a-z])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_SEP = r"[\s,]{1,2}"
_ALONE = r"(?![.,]\d)(?=\s?(?:[.,;:)|\]\n]|\Z))"  # what follows a year of two digits that no mark shows
_SHORT = rf"(?<=['-])\d\d|(?<=[a-z.]\s)\d\d{_ALONE}"
_ROMAN = "|".join(sorted(ROMAN, key=len, reverse=True))
_TO = (
    r"(?: ?-\s?|\s(?:to|until|till|through(?: to)?|up to)\s(?:the\s(?:end|beginning|start)\sof\s|early\s|late\s|mid-)?)"
)
_PLAN = (
    r"(?:five[\s\-]year\s(?:national\s|development\s){0,2}plan|fyp|malaysia\splan|growth\sand\stransformation\splan"
    r"|(?:national\s)?(?:socio-?economic\s|economic\sand\ssocial\s)?development\splan|medium[\s\-]term\splan)"
)
_TENS = "|".join(TENS)
_TEENS = "|".join(TEENS)
_DIGITS = "|".join(list(ONES)[1:])
_ERAS = trie_pattern(mark.lower() for mark, one in calendars().items() if one.most < 200)  # counted from 1
_MARKS = trie_pattern(mark.lower() for mark, one in calendars().items() if one.most >= 200)
_EARLY = r"(?:early\s|late\s|mid-)?"
_BETWEEN = "(?:" + "|".join(rf"(?<=between\s{part})" for part in ("", r"early\s", r"late\s", "mid-")) + ")"
_MM = "(?:0[1-9]|1[0-2])"
_NUMBER = "|".join(WORDS)
_FULL = "january|february|march|april|may|june|july|august|september|october|november|december"
_NO_YEAR = rf"\b(?!,?\s(?:of\s)?(?:{YEAR}|that|the\ssame|each|every)\b|[\s-]\d)"

# Branches are tried in this order at each place; every repeat is bounded. Groups of one form that end alike hold alike.
FORMS: dict[str, str] = {
    "calendar": rf"(?P<ca_mark>{_ERAS})\s(?:year\s)?(?P<ca_n>\d{{1,3}})(?!\d|[,.]\d|\s?%)"
    rf"|(?P<ca2_mark>{_MARKS})\s(?P<ca2_n>\d{{4}})(?!\d|[,.]\d|\s?%)"
    rf"|(?P<ca3_n>\d{{4}})\s?\(?(?P<ca3_mark>{_MARKS})(?![^\W_])",
    "iso": rf"(?P<iso_y>{YEAR})[-/.](?P<iso_m>0?[1-9]|1[0-2])[-/.](?P<iso_d>0[1-9]|[12]\d|3[01]|[1-9])(?!\d|[-/.]\d)",
    "numeric_range": rf"{_DAY}(?P<nr_s>[./])[01]?\d(?P=nr_s)(?P<nr_a>{YEAR})\s?-\s?"
    rf"{_DAY}(?P=nr_s)[01]?\d(?P=nr_s)(?!(?P=nr_a))(?P<nr_b>{YEAR})(?!\d|[-/.]\d)",
    "numeric": rf"(?P<nu_a>0?[1-9]|[12]\d|3[01])(?P<nu_s>[/.-])(?P<nu_b>0?[1-9]|[12]\d|3[01])(?P=nu_s)"
    rf"(?P<nu_y>{YEAR}|\d\d)(?![\d]|[-/.]\d)",
    "marked": rf"{_DAY}(?P<ma_s>[/.-])(?P<ma_m>{MONTH}|(?:{_ROMAN})(?=[/.-]))(?P=ma_s)(?P<ma_y>{YEAR})(?![\d]|[-/.]\d)"
    rf"|(?P<ma2_m>{MONTH})-{_DAY}-(?P<ma2_y>{YEAR})(?![\d]|[-/.]\d)"
    rf"|[0-3]\d(?P<ma3_m>{MONTH})(?P<ma3_y>{YEAR})(?![\w])",
    "month_number": rf"(?<![/.-])(?P<mn_m>{_MM})[/.](?P<mn_y>{YEAR})"
    rf"(?:{_TO}{_MM}[/.](?!(?P=mn_y))(?P<mn_z>{YEAR}))?(?![\d%]|[,./-]\d)",
    "fiscal": r"(?:(?:fiscal|financial|budget)\s(?:year\s)?|(?:academic|school)\syear\s|[afs]y\s?'?)"
    rf"(?P<fy_a>{YEAR}|\d\d)(?:(?:\s?[-/]\s?|\sto\s)(?:fy\s?)?(?P<fy_b>{YEAR}|\d\d))?(?!\d)"
    rf"|(?P<fy2_a>{YEAR})(?:[-/](?P<fy2_b>\d\d|{YEAR}))?\s(?:fiscal|financial|budget|academic|school)\syear",
    "month_range": rf"(?P<mr_i>(?<=between\s))?(?:(?:{_DAY}(?:\sof)?\s)?{MONTH}{_SEP}(?:{_DAY},?\s)?)?(?P<mr_a>{YEAR})"
    rf"(?(mr_i)\sand\s{_EARLY}|{_TO})(?:{_DAY}\s)?{MONTH}{_SEP}(?:{_DAY},?\s)?(?!(?P=mr_a))(?P<mr_b>{YEAR})(?!\d)"
    rf"|(?P<mr2_i>(?<=between\s))?(?:{_DAY}(?:\sof)?\s)?{MONTH}{_SEP}(?:{_DAY},?\s)?(?P<mr2_a>{YEAR})"
    rf"(?(mr2_i)\sand\s{_EARLY}|{_TO})(?P<mr2_b>{YEAR})(?![\d%]|[,.]\d)",
    "year_first": rf"(?P<yf_y>{YEAR}),?\s(?P<yf_m>{MONTH})\s(?P<yf_d>{_DAY})(?!\d|[,.]\d|,?\s{YEAR})",
    "day_month": rf"(?:(?:{_DAY}\s(?P<dm_n>{MONTH})(?:\s?-\s?|\sto\s))?{_DAY}(?:\s?(?:-|to|and|&)\s?{_DAY})?"
    rf"(?:\sof)?[\s\-]|(?:the\s)?(?:{_DAY}|(?P<dm_o>{'|'.join(ORDINALS)}))\sday\sof\s)"
    rf"(?P<dm_m>{MONTH})(?:{_SEP}(?:(?:in|of)\s)?|\s?'|-)(?P<dm_y>{YEAR}|{_SHORT})(?!\d|[,.]\d)",
    "month_day": rf"(?P<md_m>{MONTH})\s?{_DAY}(?:\s?(?:-|to|and|&)\s?(?:{MONTH}\s)?{_DAY})?"
    rf"(?:\s?,\s?|\s|,?\sof\s)'?(?P<md_y>{YEAR}|(?<=')\d\d)(?!\d|[,.]\d)",
    "month_month": rf"(?P<mm_m>{MONTH})\s?(?P<mm_l>-|to|and|/|or)\s?{_EARLY}(?P<mm_n>{MONTH})"
    rf"(?:{_SEP}|\sof\s)(?P<mm_y>{YEAR})"
    r"(?!\d|[,.]\d)",
    "month_year": rf"(?P<my_m>{MONTH})(?:[\s,]{{1,2}}(?:of\s)?|-|/|\s?')(?P<my_y>{YEAR}|(?<=['-])\d\d(?!-))"
    r"(?!\d|[,.]\d)",
    "quarter": r"(?:q[1-4]|[1-4]q|h[12]|[12]h|(?:first|second|third|fourth|last|1st|2nd|3rd|4th)[\s\-](?:quarter|half))"
    rf"[\s,]{{0,2}}(?:of\s)?(?:(?:fy|fiscal)\s?)?'?(?P<q_y>{YEAR}|(?<=['yqh])\d\d)(?!\d)|(?P<q2_y>{YEAR})\s?(?:q[1-4]|h[12])(?!\d)",
    "decade": r"(?:(?:early|late|mid)[\s\-])?(?:the\s)?(?P<de_y>1[5-9]\d0|20\d0)'?s(?![a-z])"
    rf"|(?<=0s\sand\s)(?P<de2_s>[2-9]0)'?s(?![a-z])|'(?P<de3_s>[2-9]0)'?s(?![a-z])"
    rf"|(?:the\s)?(?P<de5_c>nineteen|eighteen)[\s\-](?P<de5_w>{'|'.join(DECADES)})(?![a-z])"
    rf"|(?:early|late|mid|the)[\s\-](?:'?(?P<de_s>[2-9]0)'?s|(?P<de_w>{'|'.join(DECADES)}))(?![a-z])",
    "short_range": rf"(?P<sr2_a>{YEAR})/\d\d{_TO}(?P<sr2_b>{YEAR})/(?P<sr2_e>\d\d)(?![\d%]|[-/.,]\d)"
    rf"|(?P<sr_a>{YEAR})(?:/| ?-\s?'?)(?P<sr_b>\d\d)"
    r"(?![\d%]|[-/.,]\d|\s?(?:percent|per\scent|million|billion))",
    "range": rf"(?P<ra_a>{YEAR})(?:{_TO}|/)(?P<ra_b>{YEAR})(?![\d%]|[,.]\d)",
    "between": rf"{_BETWEEN}(?P<be_a>{YEAR})\sand\s{_EARLY}(?P<be_b>{YEAR})(?!\d|[,.]\d)",
    "open": rf"(?P<op_a>{YEAR})(?:(?:\s?-\s?|\s(?:to|until)\s(?:the\s)?)(?:present|today|now|ongoing|date)\b"
    r"|-(?=\s?(?:[)|;\n]|\Z)))",
    "cjk": rf"(?P<cj_y>{YEAR})\s?年(?:\s?(?P<cj_m>1[0-2]|[1-9])\s?月(?:\s?(?P<cj_d>[12]\d|3[01]|[1-9])\s?日)?)?",
    "year": rf"(?P<ye_y>{YEAR})(?![\d%]|[,.]\d|:\d{{4}}|-[\da-z]|\s\d{{4}})|'(?P<ye_s>[0-9]\d)(?!\d|[a-z])",
    "relative": rf"(?P<re_n>{_NUMBER}|\d{{1,2}})\s(?P<re_u>years?|decades?)'?\s"
    r"(?P<re_d>later|after(?:wards)?|earlier|before|ago|hence|time|on(?=,\s))\b"
    r"|(?P<re_k>(?:the|that)\ssame\syear|the\s(?:following|next|previous|preceding)\syear"
    r"|the\syear\s(?:after|before|earlier)"
    r"|(?:this|last|next)\syear)\b",
    "bare_day": rf"(?:(?<=on\s)|(?<=\())(?:(?:the\s)?{_DAY}\s(?:of\s)?(?P<bd_m>{_FULL})|"
    rf"(?P<bd2_m>{_FULL})\s{_DAY}){_NO_YEAR}"
    rf"|(?<=,\s)(?:(?P<bd3_m>{MONTH})\s{_DAY}|{_DAY}\s(?P<bd4_m>{MONTH}))(?=\s?(?:\(|-{{1,2}}\s))",
    "bare_month": rf"(?:(?<=\bin\s)|(?<=\blast\s)|(?<=\bthis\s)|(?<=\bsince\s)|(?<=\bearly\s)|(?<=\blate\s)|(?<=mid-))"
    rf"(?P<bm_m>{_FULL}){_NO_YEAR}",
    "weekday": r"(?<=\bon\s)(?P<wd_d>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    rf"(?!s|,?\s\(?(?:the\s)?(?:\d|{_FULL}))"
    r"|(?P<wd_n>(?:last|this)\s(?:week|month|spring|summer|autumn|fall|winter)|yesterday"
    r"|(?<=ed\s)today|(?<=ha[sd]\s)today|today(?=\s[a-z]+ed\b))\b",
    "spoken": r"(?:(?<=\bin\s|\bby\s|\bof\s)|(?<=\byear\s)|(?<=[yhelr],\s)(?=one\s))"
    r"(?P<sp_c>(?:nineteen|eighteen)(?:\shundred)?|twenty|two\sthousand|one\sthousand,?\s(?:seven|eight|nine)\shundred)"
    rf"(?:[\s-]|\sand\s|[\s-]oh[\s-])(?:(?P<sp_t>{_TENS})(?:[\s-](?P<sp_o>{_DIGITS}))?|(?P<sp_e>{_TEENS})"
    rf"|(?<=d\s|h\s|h-)(?P<sp2_o>{_DIGITS}))(?=\s?(?:[.,;:)]|\Z)"
    r"|\s(?:the|and|to|when|it|they|we|he|she|there|a|an|this|our|its)\s)",
    "numbered_plan": rf"(?P<pl_n>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)})[\s\-]{_PLAN}\b"
    rf"|(?:growth\sand\stransformation\splan|national\sdevelopment\splan|repelita)\s(?P<pl3_n>\d|{_ROMAN})\b"
    rf"|(?:fyp|ndp|gtp)[\s-]?(?P<pl2_n>\d{{1,2}}|{_ROMAN})\b",
}  # fmt: skip

_BEGINNINGS = [
    *MONTHS, *ORDINALS, *(f"{mark.lower()} " for mark in calendars()),
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday",
    "early ", "late ", "mid ", "last", "this ", "next year", "that same", "fiscal", "financial", "budget",
    "academic year", "school year", "fy", "ay", "sy", "q", "h1", "h2", "fyp", "ndp", "gtp",
    "nineteen", "eighteen", "twenty", "two thousand",
    *(f"one thousand{comma} {one} hundred" for comma in ("", ",") for one in ("seven", "eight", "nine")),
    "growth and transformation plan ", "national development plan ", "repelita ",
    *(f"the {word}" for word in (*"0123456789", "early", "late", "mid", "same", "following", "next", "previous",
                                 "preceding", "year", "nineteen", "eighteen", *DECADES)),
    *(f"{number} {unit}" for number in WORDS for unit in ("year", "decade")),
]  # fmt: skip
"""How a form begins that does not begin with a digit: told by one trie, most words are passed over at once."""

PATTERN = re.compile(
    rf"(?<![a-z0-9_à-ÿ])(?<!\d[.,:])(?=\d|'\d|{trie_pattern(_BEGINNINGS)})"
    rf"(?:{'|'.join(f'(?P<{name}>{form})' for name, form in FORMS.items())})"
)


def _parts() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    form = ""
    for name in PATTERN.groupindex:
        if name in FORMS:
            form = name
        found.setdefault(form, []).append((name.rpartition("_")[2], name))
    return {form: groups[1:] for form, groups in found.items()}


PARTS = _parts()
"""The groups of each form with what they hold, which is the last part of a group's name: ``y`` the year, ``m`` …"""

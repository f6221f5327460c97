"""What a text says of the years in it: what the words around make them, its own date, and the plans of countries."""

import re
from functools import cache

from extractors.mentions.patterns import any_of, trie_pattern
from extractors.mentions.years.forms import MONTH, MONTHS, YEAR, Span
from schemas.packaged import packaged_rows

_PART = r"(?:the\s(?:end|start|beginning|year)\s(?:of\s)?|early\s|late\s|mid-?\s?)"
_STRONG = re.compile(rf"(?:\b{any_of('year')}\s|[(\[,;:/]\s?|-)\Z")
_MODEL = re.compile(r"(?<![a-z.])[b-z]-\Z|(?<![a-z])(?!(?:mid|early|late|end|pre|post|year|since|in|of)-)[a-z]{2,}-\Z")
_QUANTITY_CUE = re.compile(rf"\b{any_of('quantity')}\s\Z")
_DOCUMENT = re.compile(rf"\b(?:{any_of('other')}|{any_of('named')})\.?\s(?:no\.?\s)?\d{{1,5}}/\Z")  # "Law No. 1/2012"
_CODED = re.compile(r"/(?:\d{1,4}/[a-z]|0\d\d(?!\d))")  # "2012/642/CFSP"
_PORTION = re.compile(r"\sof\s(?:them|these|those|our|their|its)\b")
_STREET = re.compile(r"\s(?:[a-z][\w'.]*\s){1,2}(?:street|road|avenue|ave|boulevard|blvd|drive|lane)\b")
_OTHER = re.compile(rf"(?:[$€£¥₦₹#№@©]\s?|\b{any_of('other')}\.?\s?|\b{any_of('named')} )\Z")
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
_SINCE = re.compile(rf"\b(?:since|ever since|starting (?:in|from)|from)\s(?:at least\s|about\s|around\s)?{_PART}?\Z")
_ONWARD = re.compile(r"\s(?:onwards?|and later|till now|until now|to the present|on\b)")
_PLAN = re.compile(rf"\b{any_of('plan_name')}[\"”'’]?\s?[(\[,]?\s?(?:for\s|of\s|from\s)?\Z")

_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?:{_DAY}\s)?(?P<a_m>{MONTH})[\s,]{{1,2}}(?P<a_y>{YEAR})|(?P<b_m>{MONTH})\s{_DAY},?\s(?P<b_y>{YEAR})|"
    rf"(?P<c_y>{YEAR})-(?P<c_m>[01]\d)-[0-3]\d|{_DAY}[./](?P<d_m>[01]?\d)[./](?P<d_y>{YEAR}))"
)
_SEASON = re.compile(rf"\b(?:spring|summer|autumn|fall|winter)\s(?P<year>{YEAR})\W*(?:$|\()")
_REPORT = re.compile(
    rf"\b(?:(?:annual|activity|activities|yearly) (?:report|review)|relatório \w+ \w+|year in review)\W{{1,3}}(?:for )?"
    rf"(?P<after>{YEAR})(?!\s?[-/]\s?\d)|\b(?P<before>{YEAR}) (?:annual |activity )(?:report|review)\b"
)
_NEWS = re.compile(rf"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?\(?{_DATE}")
_LEAD = 600  # characters in which the news is told
_BULLET = re.compile(r"[-–•·▪●>+*]\s")
_TOLD = r"(?<!\bsigned\s)(?<!\bopened\s)(?<!\blaunched\s)(?<!\bfounded\s)(?<!\bsince\s)(?<!\bfrom\s)(?<!\buntil\s)"
_LINE = re.compile(rf"[^;\n]{{0,100}}?(?<![^\W_]){_TOLD}{_DATE}\W*(?:$|\s{{2,}}\S|\|)")
_LABEL = re.compile(rf"\W*(?:date|dated|published|posted|issued|released)\W{{1,4}}{_DATE}")
_OPENING = re.compile(rf"[^.;\n]{{2,60}}?[\s,(]{_DATE}(?:\s?\([^)]*\))?\)?,?\s?(?:-{{1,2}}|:)\s")
_PLACE = re.compile(rf"(?:[^\s\d.;:]+\s?){{1,3}},\s{_DATE}\.\s")
_HEAD = 8  # lines in which a document is dated
_BRIEF = 140  # characters of such a line
_REACH = 900  # characters in which they must stand
_BEGINS = re.compile(rf"\W*{_DATE}")
_PLAN_REACH = 3000  # characters in which the country of a plan is named


_DATED = re.compile(rf"\b{any_of('dated_thing')} of\s\Z")  # "the Act of 1933 allows"
_OLD = re.compile(
    r"(?:\b(?:in|since|until|till|before|after|from|about|around|year|anno|dated|circa|ca\.|c\.|early|late"
    r"|(?:and|or) of|1[5-9]\d\d,? (?:and|or))\s|\()\Z"
)
_OLD_ENDS = re.compile(
    r"\s?(?:[,;:)\]]|\.(?!\d)|\Z)|\s(?:and|or|to|the|by|when|as|it|he|she|was|were|are|has|had|is|with|for|at|on)\s"
)
_LISTED = re.compile(r"\b(?:19|20)\d\d,?\s(?:and|or|&)\s\Z")
_ROUNDED = re.compile(rf"(?<!later )(?<!earlier )(?<!sooner )(?<!rather )\b{any_of('rounded')}\s\Z")


def is_year(low: str, start: int, end: int) -> bool:
    """Tell whether a bare four-digit number is a year, by the words on both sides."""
    before = low[max(0, start - 24) : start]
    if _OTHER.search(before) or _MODEL.search(before) or _MEASURE.match(low, end):
        return False
    if _NAMED_GOAL.search(before) or _DATED.search(before):
        return True
    if _DOCUMENT.search(before) or _CODED.match(low, end) or (before.endswith(" at ") and _STREET.match(low, end)):
        return False
    if (
        _PORTION.match(low, end)
        and (before.endswith(", ") or not _STRONG.search(before))
        and not before.endswith(" to ")
    ):
        return False
    if low.endswith("0", 0, end) and _ROUNDED.search(before):
        return False
    if _LISTED.search(before) and not low.endswith("00", 0, end):
        return True
    quantity = _QUANTITY_CUE.search(before) or not _STRONG.search(before)
    return not (quantity and before.strip() and _PLURAL.match(low, end))


def is_old(low: str, start: int, end: int) -> bool:
    """Tell whether a number below 1800 is plainly said to be a year: "in 1742", "the treaty of 1648"."""
    before = low[max(0, start - 24) : start]
    return bool(_DATED.search(before) or (_OLD.search(before) and _OLD_ENDS.match(low, end)))


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


@cache
def _plans() -> dict[str, dict[int, Span]]:
    plans: dict[str, dict[int, Span]] = {}
    for row in packaged_rows(__package__, "tables/plans.csv"):
        spans = {
            number: (int(span[:4]), int(span[5:]))
            for number, span in enumerate(row["spans"].split(), int(row["first"]))
        }
        plans.update(dict.fromkeys(row["words"].split("|"), spans))
    return plans


@cache
def _country() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){trie_pattern(_plans())}(?![^\W_])")


def plan_years(low: str, start: int, end: int, number: int) -> Span | None:
    """Give the years of the plan of this number; its country is told behind it, else last up to its end, else after."""
    behind = _country().match(low, end + 4) if low.startswith((" of ", " in "), end) else None
    before = list(_country().finditer(low, max(0, start - _PLAN_REACH), end))
    named = behind or (before[-1] if before else _country().search(low, end, end + _PLAN_REACH))
    return _plans()[named[0]].get(number) if named else None


def dateline(low: str) -> tuple[int, int | None] | None:
    """Return year and month of the dateline of a folded text in lower case; None where it has none, or several.

    A dateline is a line of the head that ends with a date, is labelled as one, or opens a paragraph before a dash; the
    title of an annual report, or a season, gives the year alone.
    """
    heads = [line.strip() for line in low[:_REACH].split("\n") if line.strip()][:_HEAD]
    found = [date for line in heads if not _BULLET.match(line) and (date := _of(line.strip("*_# "))) is not None]
    if found:
        return found[0] if len(set(found)) <= 2 and not _listed(heads) else None
    news = _NEWS.search(low[:_LEAD])
    return _read(news) if news is not None else None


def _of(line: str) -> tuple[int, int | None] | None:
    whole = _REPORT.search(line) if len(line) < _BRIEF else None
    if whole is not None:
        return int(whole["after"] or whole["before"]), None
    season = _SEASON.search(line) if len(line) < _BRIEF else None
    if season is not None:
        return int(season["year"]), None
    match = (
        _LABEL.match(line)
        or (_LINE.match(line) if len(line) < _BRIEF else None)
        or _OPENING.match(line)
        or _PLACE.match(line)
    )
    return None if match is None else _read(match)


def _read(match: re.Match[str]) -> tuple[int, int | None] | None:
    month = next(match[name] for name in ("a_m", "b_m", "c_m", "d_m") if match[name])
    year = next(match[name] for name in ("a_y", "b_y", "c_y", "d_y") if match[name])
    number = MONTHS[month] if month in MONTHS else int(month)
    return (int(year), number) if 1 <= number <= 12 else None


def _listed(heads: list[str]) -> bool:
    """Whether several lines begin with a date: a chronology, not a dateline."""
    return sum(_BEGINS.match(line) is not None for line in heads) > 1

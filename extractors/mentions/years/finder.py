"""Text in, years out."""

import re
from collections.abc import Callable

from extractors.mentions.patterns import fold, lower
from extractors.mentions.types import YearKind, YearMention
from extractors.mentions.years.context import dateline, is_goal, is_plan, is_since, is_year, plan_years
from extractors.mentions.years.forms import DECADES, MONTHS, ORDINALS, PATTERN, ROMAN, WORDS, in_calendar

_FAR = 2050  # from here on years are goals
_ANY = re.compile(r"\d|[Pp]lan\b|ties\b")  # a "Five-Year Plan" and "the nineties" have their years unwritten
_DAYS = re.compile(r"\d{1,2}")
_SHORT_CUE = re.compile(r"\b(?:in|since|of|summer|class|may|fall)\s\Z")
_ENDS = re.compile(r"\s?(?:[.,;:)]|\Z)")
_ADJECTIVE = re.compile(r"\b(?:early|late|mid)[\s\-]\Z")
_AHEAD = re.compile(r"\b(?:will|would|is to|are to|due|planned|scheduled|expected|next|shall)\b[^.;\n]*\Z")
_PLAN_YEARS = re.compile(r"[\"”'’]?\s?[(\[]\s?\d{4}")
_DEICTIC = frozenset({"bare_day", "bare_month", "weekday"})
_PARTS = {"earl": (0, 3), "mid ": (4, 6), "mid-": (4, 6), "late": (7, 9)}  # of a decade
_SEASONS = {"winter": 2, "spring": 6, "summer": 8, "autumn": 11, "fall": 11}  # the month in which each is over


def find_years(text: str, *, date: str | None = None) -> list[YearMention]:
    """Find years and dates, and what they are: a day, a range, a plan, a goal, a start without end.

    Args:
        text: Any text.
        date: ISO 8601 date of the text, where known; "last year" is read only with it.

    Returns:
        Mentions in order of place, none overlapping. ``last`` is None where a stretch is still open.
    """
    if date is None and not _ANY.search(text):
        return []
    folded = fold(text)
    low = lower(folded)
    reader = Reader(text, low, date)
    found = (reader.read(match) for match in PATTERN.finditer(low))
    return [mention for mention in found if mention is not None]


class Reader:
    """Reads the years of one text; relative ones lean on those read before."""

    def __init__(self, text: str, low: str, date: str | None) -> None:
        self.text = text
        self.low = low
        self.now, self.month = _dated(low, date)
        self.previous: YearMention | None = None

    @property
    def base(self) -> int | None:
        """The year that "two years later" counts from."""
        return (self.previous.last or self.previous.first) if self.previous else None

    def read(self, match: re.Match[str]) -> YearMention | None:
        """Make a mention of a match, or None where it is no year after all."""
        form = match.lastgroup or ""
        mention = FORM_READERS[form](self, match)
        if mention is not None and mention.kind not in ("goal", "plan") and form not in _DEICTIC:
            self.previous = mention
        return mention

    def make(
        self, start: int, end: int, first: int, last: int | None, kind: YearKind, **more: int | None
    ) -> YearMention:
        """Make a mention of a stretch of the text, with its ``month`` and ``day`` where they are told."""
        return YearMention(start, end, self.text[start:end], first, last, kind, **more)

    def whole(
        self, match: re.Match[str], first: int, last: int | None, kind: YearKind, **more: int | None
    ) -> YearMention:
        """Make a mention of all of a match."""
        return self.make(match.start(), match.end(), first, last, kind, **more)

    def dated(self, match: re.Match[str], year: int, month: int | None, day: int | None = None) -> YearMention:
        """Make a mention of a day or a month, or of all that came since it."""
        if is_since(self.low, match.start(), match.end()):
            return self.whole(match, year, None, "since", month=month, day=day)
        return self.whole(match, year, year, "date", month=month, day=day)


def _dated(low: str, date: str | None) -> tuple[int | None, int | None]:
    """Give the year and month of the text: those of ``date``, else of its dateline."""
    if date and date[:4].isdigit():
        return int(date[:4]), int(date[5:7]) if date[5:7].isdigit() else None
    return dateline(low) or (None, None)


def full_year(short: str) -> int:
    """Complete a year of two digits: 00 to 49 are of this century."""
    year = int(short)
    return year if len(short) == 4 else year + (2000 if year < 50 else 1900)


def _iso(reader: Reader, match: re.Match[str]) -> YearMention:
    return reader.dated(match, int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"]))


def _numeric(reader: Reader, match: re.Match[str]) -> YearMention | None:
    first, second, year = int(match["num_a"]), int(match["num_b"]), full_year(match["num_y"])
    if min(first, second) > 12 or (match["num_s"] == "." and len(match["num_y"]) == 2):
        return None
    if first > 12 or match["num_s"] == ".":
        return reader.dated(match, year, second, first) if second <= 12 else None
    return reader.dated(match, year, first, second) if second > 12 else reader.dated(match, year, None)


def _marked(reader: Reader, match: re.Match[str]) -> YearMention | None:
    month, year = match["ma_m"] or match["ma_n"], int(match["ma_y"] or match["ma_z"])
    number = MONTHS.get(month) or ROMAN[month]
    day = _DAYS.search(match[0])
    return reader.dated(match, year, number, int(day[0]) if day else None) if number <= 12 else None


def _month_number(reader: Reader, match: re.Match[str]) -> YearMention | None:
    if not is_year(reader.low, match.start(), match.end()):
        return None
    first, last = int(match["mn_y"]), int(match["mn_z"] or 0)
    return reader.whole(match, first, last, "range") if last > first else reader.dated(match, first, int(match["mn_m"]))


def _month_month(reader: Reader, match: re.Match[str]) -> YearMention:
    first, last, year = MONTHS[match["mm_m"]], MONTHS[match["mm_n"]], int(match["mm_y"])
    if first > last and match["mm_l"] in ("-", "to"):  # "from December to February 2014"
        return reader.whole(match, year - 1, year, "range")
    return reader.dated(match, year, first)


def _calendar(reader: Reader, match: re.Match[str]) -> YearMention | None:
    mark = next(name for name in ("ca_a", "ca_c", "ca_f") if match[name])
    number = next(int(match[name]) for name in ("ca_b", "ca_d", "ca_e") if match[name])
    told = in_calendar(reader.text[slice(*match.span(mark))], number)
    if told is None:
        return _plain_of(reader, match, "ca_e") if match["ca_e"] else None
    return reader.whole(match, *told, "year")


def _worded(month: str, year: str, *, day: bool) -> Callable[[Reader, re.Match[str]], YearMention]:
    def read(reader: Reader, match: re.Match[str]) -> YearMention:
        number = _DAYS.search(match[0].replace(match[year], "")) if day else None
        return reader.dated(match, full_year(match[year]), MONTHS[match[month]], int(number[0]) if number else None)

    return read


def _year_first(reader: Reader, match: re.Match[str]) -> YearMention:
    return reader.dated(match, int(match["yf_y"]), MONTHS[match["yf_m"]], int(re.sub(r"\D", "", match["yf_d"])))


def _pair(first: str, last: str, *others: str) -> Callable[[Reader, re.Match[str]], YearMention | None]:
    """Make the reader of a range from the names of its two groups, or of two others where those are empty."""

    def read(reader: Reader, match: re.Match[str]) -> YearMention | None:
        begin_in, end_in = (first, last) if match[first] else others
        begin, short = int(match[begin_in]), match[end_in]
        end = _completed(begin, short)
        if end <= begin or end - begin > 200:
            month = end_in == "sr_b" and "-" in match[0] and 1 <= int(short) <= 12  # "2012-03"
            return reader.dated(match, begin, int(short)) if month else _plain_of(reader, match, begin_in)
        slash = "/" in match[0] and end == begin + 1
        kind: YearKind = "plan" if is_plan(reader.low, match.start()) else "fiscal" if slash else "range"
        return reader.whole(match, begin, end, kind)

    return read


def _completed(begin: int, short: str) -> int:
    """Complete the second year of "2012-13" and "1999-00"."""
    if len(short) == 4:
        return int(short)
    end = begin // 100 * 100 + int(short)
    return end + 100 if end < begin and begin % 100 > 90 else end


def _plain_of(reader: Reader, match: re.Match[str], group: str) -> YearMention | None:
    """Fall back on a number of a match that is no more than a year."""
    (start, end), year = match.span(group), int(match[group])
    return _plain(reader, start, end, year) if 1800 <= year <= 2100 and is_year(reader.low, start, end) else None


def _fiscal(reader: Reader, match: re.Match[str]) -> YearMention:
    first, second = full_year(match["fy_a"] or match["fy_c"]), match["fy_b"] or match["fy_d"]
    last = first
    if second:
        last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    return reader.whole(match, first, max(first, last), "fiscal")


def _quarter(reader: Reader, match: re.Match[str]) -> YearMention:
    year = full_year(match["q_y"] or match["q_y2"])
    return reader.whole(match, year, year, "date")


def _decade(reader: Reader, match: re.Match[str]) -> YearMention | None:
    first = int(match["de_y"] or 1900 + (DECADES.get(match["de_w"]) or int(match["de_s"])))
    low, high = _PARTS.get(match[0][:4], (0, 9))
    if is_since(reader.low, match.start(), match.end()):
        return reader.whole(match, first + low, None, "since")
    return reader.whole(match, first + low, first + high, "decade")


def _open(reader: Reader, match: re.Match[str]) -> YearMention:
    return reader.whole(match, int(match["op_a"]), None, "since")


def _cjk(reader: Reader, match: re.Match[str]) -> YearMention:
    year, month, day = int(match["cj_y"]), match["cj_m"], match["cj_d"]
    return reader.whole(
        match,
        year,
        year,
        "date" if month else "year",
        month=int(month) if month else None,
        day=int(day) if day else None,
    )


def _plain(reader: Reader, start: int, end: int, year: int) -> YearMention:
    if year >= _FAR or is_goal(reader.low, start, end, year, now=reader.now):
        return reader.make(start, end, year, year, "goal")
    if is_since(reader.low, start, end):
        return reader.make(start, end, year, None, "since")
    return reader.make(start, end, year, year, "year")


def _year(reader: Reader, match: re.Match[str]) -> YearMention | None:
    if match["ye_s"]:
        cued = _SHORT_CUE.search(reader.low, max(0, match.start() - 8), match.start())
        return _plain(reader, match.start(), match.end(), full_year(match["ye_s"])) if cued else None
    mention = _plain_of(reader, match, "ye_y")
    early = _ADJECTIVE.search(reader.low, max(0, match.start() - 6), match.start())
    if mention and early:
        return reader.make(early.start(), mention.end, mention.first, mention.last, mention.kind)
    return mention


def _relative(reader: Reader, match: re.Match[str]) -> YearMention | None:
    shift, deictic = _shift(match)
    base = reader.now if deictic else reader.base
    if base is None or (match["re_d"] in ("after", "before") and not _ENDS.match(reader.low, match.end())):
        return None
    return reader.whole(match, base + shift, base + shift, "relative")


def _shift(match: re.Match[str]) -> tuple[int, bool]:
    """Give the shift in years, and whether it counts from the text's own date."""
    if key := match["re_k"]:
        if key.startswith(("this", "last", "next")):
            return {"t": 0, "l": -1, "n": 1}[key[0]], True
        back = any(word in key for word in ("previous", "preceding", "before", "earlier"))
        return (0 if "same" in key else -1 if back else 1), False
    count = WORDS.get(match["re_n"]) or int(match["re_n"])
    count *= 10 if match["re_u"].startswith("decade") else 1
    direction = match["re_d"]
    return (-count if direction in ("earlier", "before", "ago") else count), direction in ("ago", "hence")


def _bare(month: str, *others: str) -> Callable[[Reader, re.Match[str]], YearMention | None]:
    """Make the reader of a month without a year: the latest such month before the text's own date."""

    def read(reader: Reader, match: re.Match[str]) -> YearMention | None:
        number = MONTHS[next(match[name] for name in (month, *others) if match[name])]
        year = _recent(reader, match.start(), number)
        if year is None:
            return None
        if reader.low.endswith("since ", 0, match.start()):
            return reader.whole(match, year, None, "since", month=number)
        return reader.whole(match, year, year, "relative", month=number)

    return read


def _recent(reader: Reader, start: int, month: int) -> int | None:
    """The year of a month that stands alone: that of the date told before in its paragraph, else the latest one."""
    told = reader.previous
    if reader.now is None:
        return None
    if told is not None and told.month and told.first == told.last and told.kind == "date":
        between = reader.low[told.end : start]
        if len(between) < 300 and "\n" not in between and month >= told.month and told.first != reader.now:
            return told.first
    ahead = (
        reader.month is not None and month > reader.month and not _AHEAD.search(reader.low, max(0, start - 90), start)
    )
    return reader.now - 1 if ahead else reader.now


def _weekday(reader: Reader, match: re.Match[str]) -> YearMention | None:
    if reader.now is None:
        return None
    year = reader.now - _back(match["wd_n"] or "", reader.month or 12)
    return reader.whole(match, year, year, "relative")


def _back(words: str, month: int) -> int:
    """How many years back "last month", "last autumn" lie for who writes in this month; "last summer" until autumn."""
    if words == "last month":
        return int(month == 1)
    part = _SEASONS.get(words.removeprefix("last ")) if words.startswith("last ") else None
    return int(part is not None and month <= part)


def _numbered_plan(reader: Reader, match: re.Match[str]) -> YearMention | None:
    if _PLAN_YEARS.match(reader.low, match.end(), match.end() + 8):
        return None
    word = match["pl_a"] or match["pl_b"]
    number = ORDINALS.get(word) or ROMAN.get(word) or int(re.sub(r"\D", "", word))
    years = plan_years(reader.low, match.start(), match.end(), number)
    return reader.whole(match, *years, "plan") if years else None


FORM_READERS: dict[str, Callable[[Reader, re.Match[str]], YearMention | None]] = {
    "calendar": _calendar,
    "iso": _iso,
    "numeric": _numeric,
    "marked": _marked,
    "month_number": _month_number,
    "fiscal": _fiscal,
    "month_range": _pair("mr_y1", "mr_y2", "mr_y3", "mr_y4"),
    "year_first": _year_first,
    "day_month": _worded("dm_m", "dm_y", day=True),
    "month_day": _worded("md_m", "md_y", day=True),
    "month_month": _month_month,
    "month_year": _worded("my_m", "my_y", day=False),
    "quarter": _quarter,
    "decade": _decade,
    "short_range": _pair("sr_a", "sr_b"),
    "range": _pair("ra_a", "ra_b"),
    "between": _pair("be_a", "be_b"),
    "open": _open,
    "cjk": _cjk,
    "year": _year,
    "relative": _relative,
    "bare_day": _bare("bd_a", "bd_b", "bd_c", "bd_d"),
    "bare_month": _bare("bm_m"),
    "weekday": _weekday,
    "numbered_plan": _numbered_plan,
}

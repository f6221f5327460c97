"""Years, dates and ranges of years in a text."""

import re
from dataclasses import replace

from extractors.mentions import YearKind, YearMention
from extractors.mentions.amounts.number_words import SMALL
from extractors.mentions.amounts.tables import PRICING_MARKS
from extractors.mentions.patterns import Patterns, fold, lower, search_before, trie_pattern
from extractors.mentions.years.forms import (
    COUNT_WORDS,
    DECADES,
    MONTHS,
    ORDINALS,
    PARTS,
    PATTERN,
    ROMAN,
    calendar_years,
    dateline,
    is_early_year,
    is_goal,
    is_measured,
    is_since,
    is_year,
    plan_years,
)

_RE = Patterns("extractors.mentions.years", "finder", CODES=trie_pattern(PRICING_MARKS))
_FIRST_GOAL_YEAR = 2050  # years from here on are goals
_CENTURIES = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000, "two": 2000}  # by the first word
_DEICTIC = frozenset({"bare_day", "bare_month", "weekday"})
_DECADE_PARTS = {"earl": (0, 3), "mid ": (4, 6), "mid-": (4, 6), "late": (7, 9)}  # of a decade
_SEASONS = {"winter": 2, "spring": 6, "summer": 8, "autumn": 11, "fall": 11}  # the last month of each


def find_years(text: str, *, date: str | None = None) -> list[YearMention]:
    """Find years and dates, and their kind: a date, range, plan, goal, open range and so on.

    Args:
        text: Any text.
        date: ISO 8601 date of the text, where known; "last year" is read only with it.

    Returns:
        Mentions in text order, none overlapping. ``last`` is None for an open range.
    """
    if date is None and not _RE.any.search(text):
        return []
    low = lower(fold(text))
    reader = YearReader(text, low, date)
    found = (reader.read(match) for match in PATTERN.finditer(low))
    return [mention for mention in found if mention is not None]


def _text_date(low: str, date: str | None) -> tuple[int | None, int | None]:
    """Return year and month of the text, from ``date``, else from its dateline; None where unknown."""
    if date and date[:4].isdigit():
        return int(date[:4]), int(date[5:7]) if date[5:7].isdigit() else None
    return dateline(low) or (None, None)


def _full_year(short: str) -> int:
    """Return the year for two digits (00 to 49 are 2000 to 2049) or four."""
    year = int(short)
    return year if len(short) == 4 else year + (2000 if year < 50 else 1900)


def _range_end(begin: int, short: str) -> int:
    """Return the second year in full: of "2012-13" 2013, of "1999-00" 2000."""
    if len(short) == 4:
        return int(short)
    end = begin // 100 * 100 + int(short)
    return end + 100 if end < begin and begin % 100 > 90 else end


class YearReader:
    """Reads the years of one text in order; relative years are resolved against those before them.

    A match of the form ``x`` is read by the method ``_read_x``. ``parts`` holds the text of each part of the match:
    ``y`` the year, ``m`` the month, ``a`` and ``b`` the years of a range. ``groups`` holds the parts' group names.
    """

    match: re.Match[str]
    groups: dict[str, str]
    parts: dict[str, str]

    def __init__(self, text: str, low: str, date: str | None) -> None:
        self.text = text
        self.low = low
        self.now, self.now_month = _text_date(low, date)
        self.previous: YearMention | None = None

    def read(self, match: re.Match[str]) -> YearMention | None:
        """Return the mention for a match, or None where it is not a year."""
        form = match.lastgroup or ""
        self.match = match
        self.groups = {part: name for part, name in PARTS[form] if match[name] is not None}
        self.parts = {part: match[name] for part, name in self.groups.items()}
        mention: YearMention | None = getattr(self, f"_read_{form}")()
        if mention is None:
            return None
        early = search_before(_RE.adjective, self.low, mention.start, 6)
        if early and mention.day is None:
            mention = replace(mention, start=early.start(), text=self.text[early.start() : mention.end])
        if mention.kind not in ("goal", "plan") and form not in _DEICTIC:
            self.previous = mention
        return mention

    def _mention_of_match(self, first: int, last: int | None, kind: YearKind, **more: int | None) -> YearMention:
        """Return a mention that spans the whole match; ``more`` may hold its ``month`` and ``day``."""
        start, end = self.match.span()
        return YearMention(start, end, self.text[start:end], first, last, kind, **more)

    def _date(self, year: int, month: int | None, day: int | None = None) -> YearMention:
        """Return a mention of a day or month, or of the open range since then."""
        if is_since(self.low, *self.match.span()):
            return self._mention_of_match(year, None, "since", month=month, day=day)
        return self._mention_of_match(year, year, "date", month=month, day=day)

    def _bare_year(self, start: int, end: int, year: int) -> YearMention:
        """Return a mention of a bare year, as a goal, an open range or a year."""
        goal = year >= _FIRST_GOAL_YEAR or is_goal(self.low, start, end, year, now=self.now)
        since = not goal and is_since(self.low, start, end)
        kind: YearKind = "goal" if goal else "since" if since else "year"
        return YearMention(start, end, self.text[start:end], year, None if since else year, kind)

    def _bare_year_in(self, part: str) -> YearMention | None:
        """Return a mention of one part of the match as a bare year, None where it is not a year."""
        (start, end), year = self.match.span(self.groups[part]), int(self.parts[part])
        possible = 1800 <= year <= 2100 or (year < 1800 and is_early_year(self.low, start, end))
        if not possible or not is_year(self.low, start, end) or search_before(_RE.priced, self.text, start, 12):
            return None  # "KES 2000" is priced
        return self._bare_year(start, end, year)

    def _day_of_match(self) -> int | None:
        """Return the day: from the part for it, else the first number outside the year, else an ordinal."""
        start, end = self.match.span(self.groups["y"])
        around = f"{self.low[self.match.start() : start]} {self.low[end : self.match.end()]}"
        day = _RE.day.search(self.parts.get("d", around))
        return int(day[0]) if day else ORDINALS.get(self.parts.get("o", ""))

    def _read_calendar(self) -> YearMention | None:
        mark = self.text[slice(*self.match.span(self.groups["mark"]))]
        years = calendar_years(mark, int(self.parts["n"]))
        if years is None:
            return self._bare_year_in("n") if self.groups["n"] == "ca3_n" else None
        return self._mention_of_match(*years, "year")

    def _read_date(self) -> YearMention | None:
        """Read a day or month, by name or number; of two months the first."""
        name = self.parts.get("n") or self.parts["m"]
        month = MONTHS.get(name) or ROMAN.get(name) or int(name)
        return self._date(_full_year(self.parts["y"]), month, self._day_of_match()) if month <= 12 else None

    _read_iso = _read_marked = _read_year_first = _read_date
    _read_day_month = _read_month_day = _read_month_year = _read_date

    def _read_numeric(self) -> YearMention | None:
        first, second, year = int(self.parts["a"]), int(self.parts["b"]), _full_year(self.parts["y"])
        dotted = self.parts["s"] == "."
        if min(first, second) > 12 or (dotted and len(self.parts["y"]) == 2):
            return None
        if first > 12 or dotted:
            return self._date(year, second, first) if second <= 12 else None
        return self._date(year, first, second) if second > 12 else self._date(year, None)

    def _read_month_number(self) -> YearMention | None:
        if not is_year(self.low, *self.match.span()):
            return None
        first, last = int(self.parts["y"]), int(self.parts.get("z", 0))
        return self._mention_of_match(first, last, "range") if last > first else self._date(first, int(self.parts["m"]))

    def _read_fiscal(self) -> YearMention:
        first = _full_year(self.parts["a"])
        return self._mention_of_match(first, max(first, _range_end(first, self.parts.get("b", str(first)))), "fiscal")

    def _read_range(self) -> YearMention | None:
        first, short = int(self.parts["a"]), self.parts["b"]
        start, end = self.match.span()
        if search_before(_RE.numbers, self.low, start, 7) or is_measured(self.low, end):
            return None
        if "/" in self.match[0] and (self.low.endswith("/", 0, start) or not is_year(self.low, start, end)):
            return None  # of an act: "Law 2003/12", "A/RES/2005/12"
        last = _range_end(first, short)
        if "e" in self.parts:  # "2009/10 to 2012/13"
            last = _range_end(last, self.parts["e"])
        if last <= first or last - first > 200:
            month = self.groups["b"] == "sr_b" and "-" in self.match[0] and 1 <= int(short) <= 12  # "2012-03"
            month = month and is_year(self.low, start, end)
            return self._date(first, int(short)) if month else self._bare_year_in("a")
        kind: YearKind = "fiscal" if "/" in self.match[0] and last == first + 1 else "range"
        planned = search_before(_RE.plan, self.low, start, 30)
        return self._mention_of_match(first, last, "plan" if planned else kind)

    _read_month_range = _read_short_range = _read_between = _read_numeric_range = _read_range

    def _read_month_month(self) -> YearMention:
        first, last, year = MONTHS[self.parts["m"]], MONTHS[self.parts["n"]], int(self.parts["y"])
        if first > last and self.parts["l"] in ("-", "to"):  # "from December to February 2014"
            return self._mention_of_match(year - 1, year, "range")
        return self._date(year, first)

    def _read_quarter(self) -> YearMention:
        year = _full_year(self.parts["y"])
        return self._mention_of_match(year, year, "date")

    def _read_decade(self) -> YearMention | None:
        century = _CENTURIES[self.parts.get("c", "nineteen")]
        first = int(self.parts.get("y") or century + (DECADES.get(self.parts.get("w", "")) or int(self.parts["s"])))
        low, high = _DECADE_PARTS.get(self.match[0][:4], (0, 9))
        start, end = self.match.span()
        if is_since(self.low, start - 4 * self.low.endswith("the ", 0, start), end):
            return self._mention_of_match(first + low, None, "since")
        return self._mention_of_match(first + low, first + high, "decade")

    def _read_open(self) -> YearMention:
        return self._mention_of_match(int(self.parts["a"]), None, "since")

    def _read_cjk(self) -> YearMention:
        year, month, day = (int(self.parts.get(part, 0)) for part in "ymd")
        return self._mention_of_match(year, year, "date" if month else "year", month=month or None, day=day or None)

    def _read_year(self) -> YearMention | None:
        start, end = self.match.span()
        if "s" in self.parts:
            cued = search_before(_RE.short_cue, self.low, start, 36) or _RE.short_noun.match(self.low, end)
            return self._bare_year(start, end, _full_year(self.parts["s"])) if cued else None
        return self._bare_year_in("y")

    def _read_relative(self) -> YearMention | None:
        shift, base, direction = 0, self.now, self.parts.get("d")
        if key := self.parts.get("k"):
            if key.startswith(("this", "last", "next")):
                shift = {"t": 0, "l": -1, "n": 1}[key[0]]
            else:
                back = any(word in key for word in ("previous", "preceding", "before", "earlier"))
                shift, base = 0 if "same" in key else -1 if back else 1, self._year_before()
        else:
            shift = COUNT_WORDS.get(self.parts["n"]) or int(self.parts["n"])
            shift *= 10 if self.parts["u"].startswith("decade") else 1
            shift = -shift if direction in ("earlier", "before", "ago") else shift
            base = self.now if direction in ("ago", "hence", "time") else self._year_before()
        if base is None or (direction in ("after", "before") and not _RE.ends.match(self.low, self.match.end())):
            return None
        return self._mention_of_match(base + shift, base + shift, "relative")

    def _year_before(self) -> int | None:
        """Return the year that "two years later" counts from: that of the mention before; None without one."""
        return (self.previous.last or self.previous.first) if self.previous else None

    def _read_bare_month(self) -> YearMention | None:
        """Read a month without a year: the latest such month before the text's own date."""
        month = MONTHS[self.parts["m"]]
        year = self._year_of_month(month)
        if year is None:
            return None
        if self.low.endswith("since ", 0, self.match.start()):
            return self._mention_of_match(year, None, "since", month=month)
        return self._mention_of_match(year, year, "relative", month=month)

    _read_bare_day = _read_bare_month

    def _year_of_month(self, month: int) -> int | None:
        """Return the year of a bare month: that of the date before it in its paragraph, else the latest possible."""
        start, date = self.match.start(), self.previous
        if self.now is None:
            return None
        if date is not None and date.month and date.first == date.last and date.kind == "date":
            between = self.low[date.end : start]
            if len(between) < 300 and "\n" not in between and month >= date.month and date.first != self.now:
                return date.first
        later = self.now_month is not None and month > self.now_month
        return self.now - 1 if later and not search_before(_RE.ahead, self.low, start, 90) else self.now

    def _read_weekday(self) -> YearMention | None:
        """Read a weekday, "last month" or "last autumn"; a season not yet over by the text's month is last year's."""
        if self.now is None:
            return None
        words, month = self.parts.get("n", ""), self.now_month or 12
        over = _SEASONS.get(words.removeprefix("last ")) if words.startswith("last ") else None
        back = month == 1 if words == "last month" else over is not None and month <= over
        return self._mention_of_match(self.now - back, self.now - back, "relative")

    def _read_spoken(self) -> YearMention | None:
        """Read "nineteen ninety-six", "two thousand and nine", "one thousand seven hundred and twelve"."""
        first, *more = re.split(r",?\s", self.parts["c"])
        begin = _CENTURIES.get(first) or 1000 + 100 * SMALL[more[1]]  # "one thousand nine hundred"
        year = begin + sum(SMALL.get(self.parts.get(part, ""), 0) for part in "teo")
        return self._bare_year(*self.match.span(), year)

    def _read_numbered_plan(self) -> YearMention | None:
        start, end = self.match.span()
        if _RE.plan_years.match(self.low, end, end + 8):
            return None
        word = self.parts["n"]
        number = ORDINALS.get(word) or ROMAN.get(word) or int(re.sub(r"\D", "", word))
        years = plan_years(self.low, start, end, number)
        return self._mention_of_match(*years, "plan") if years else None

"""The year and further sums of an act: from its sentence, its list, the head, or the occasion it is told under."""

import re
from dataclasses import replace

from extractors.entities.years.patterns import WORDS
from extractors.mentions import AmountMention, YearMention
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.sentence.event import Event, Sentence
from extractors.relations.frames.timing.news import in_passing, news_year, told_as_new
from extractors.relations.frames.timing.stages import earlier_stage
from extractors.relations.frames.timing.when import is_end, year_for
from extractors.relations.frames.what.attach import foreign
from extractors.relations.outline import YEAR_ALONE, Place


def give_again(reading: Reading, s: Sentence, event: Event, made: int, amount: AmountMention) -> None:
    """The same given again: "$30 million in 2008 and a further $50 million in 2014" are two acts.

    Each with its own money.
    """
    models = reading.frames[-made:]
    for more in reading.amounts.within(amount.end, s.end):
        if (
            more.kind != amount.kind
            or not amount.end < more.start < s.end
            or more.unit != amount.unit
            or more.value is None
        ):
            continue
        between = reading.text[amount.end : more.start]
        if not _FURTHER.search(between):
            continue
        year = next((y for y in reading.years.within(more.end, s.end) if y.start <= more.end + 12), None)
        if year is None:
            continue
        reading.acts += 1
        reading.used.add(id(more))
        for model in models:
            reading.frames.append(
                replace(
                    model,
                    amount=more,
                    year=year,
                    status="pledged" if _PLEDGED.search(between) else model.status,
                    act=reading.acts,
                    start=more.start,
                    end=year.end,
                    features=dict(model.features),
                )
            )


_PLEDGED = re.compile(r"\b(?:pledged|promised|offered)\b")
_FURTHER = re.compile(r"\b(?:and|then|with|plus)\b[^;.]{0,20}$|, (?:a |an )?(?:further|another|additional)\s*$")


def year_of_act(reading: Reading, place: Place, s: Sentence, event: Event) -> YearMention | None:
    """The act's year: from its sentence, its list item, the first line of its list, or the event it is told under."""
    others = [e for e in s.events if e is not event and (e.verb is None or e.verb is not event.verb)]
    line = place.line
    years = reading.years.within(s.start, min(s.end, line.end) if line.date is not None else s.end)
    year = year_for(event, years, (s.start, s.end), others, reading.text)
    if year is not None and _is_ahead(reading, event, year):
        year = None
    dated = dated_by(reading, place)
    if dated is not None:
        aside = year is not None and reading.text.rfind("(", line.start, year.start) > reading.text.rfind(
            ")", line.start, year.start
        )
        counted = year is not None and year.kind == "relative" and year.month is not None  # from another date
        year = dated if year is None or aside or counted else year
    year = earlier_stage(reading, place, s, event, year)
    if line.kind == "bullet":
        shared = _of_item(reading, place, s, event)
        if year is None and shared is None and not reading.formal:
            return None
        year = year or shared
    if year is None and told_as_new(reading, s):
        year = news_year(reading, place, s, event)
    if year is not None or in_passing(reading.text, event):
        return year
    return _told_before(reading, s) or news_year(reading, place, s, event)


def _is_ahead(reading: Reading, event: Event, year: YearMention) -> bool:
    """Whether a year is that of what was agreed, not of the accord: after the text's own date."""
    now = reading.head_year
    return (
        now is not None
        and now.day is not None
        and year.kind in {"date", "year"}
        and year.first > now.first
        and event.triggers[0].status == "committed"
    )


def _of_item(reading: Reading, place: Place, s: Sentence, event: Event) -> YearMention | None:
    """The one year of the item, else that of the first item of its list."""
    line = place.line
    inside = reading.years.within(line.start, line.end)
    dates = (
        inside
        and inside[0].start - line.start < 22
        and line.end - inside[0].end > 15
        and place.list_id not in reading.list_year
        and not reading.list_seen.get(place.list_id)
    )
    if dates:
        reading.list_year[place.list_id] = inside[0]
    reading.list_seen[place.list_id] = True
    weighed = event.verb is not None and any(s.start <= y.start < s.end for y in inside)  # and found another's
    if len(inside) == 1 and not weighed and not is_end(reading.text, inside[0]):
        return inside[0]
    return reading.list_year.get(place.list_id) or _of_parent(reading, place)


def _of_parent(reading: Reading, place: Place) -> YearMention | None:
    """The one year of the item that the item stands under."""
    parent = next(iter(reading.outline.above(place)), None)
    if parent is None or parent.kind != "bullet":
        return None
    years = reading.years.within(parent.start, parent.end)
    return years[0] if len(years) == 1 and not is_end(reading.text, years[0]) else None


def _told_before(reading: Reading, s: Sentence) -> YearMention | None:
    """The year of what was told before, where the sentence leans on it: "that year", "a month later", "it"."""
    text = reading.text
    told = [y for y in reading.years.within(max(0, s.start - 400), s.start) if y.kind in {"date", "year", "since"}]
    if told and _SAME.search(text, s.start, s.end):
        return told[-1] if told[-1].kind != "since" else replace(told[-1], kind="year", last=told[-1].first)
    if (
        told
        and (later := _LATER.search(text, s.start, s.end)) is not None
        and "\n\n\n" not in text[told[-1].end : s.start]
    ):
        return _later(told[-1], later)
    opening = text[s.start : s.start + 40]
    carried = _CARRIES.match(opening) and not _SINCE_THEN.search(text, s.start, s.end)
    if carried and reading.last_year is not None and s.start - reading.last_year.end < 400:
        return reading.last_year
    if reading.occasion is not None and _between_lines(reading, reading.occasion.start, s.start):
        return reading.occasion
    return None


def _later(told: YearMention, later: re.Match[str]) -> YearMention:
    """The year so many days, weeks or months after another one, which keeps its place."""
    count = WORDS.get((later["count"] or "a").lower()) or int(later["count"] if later["count"].isdigit() else 1)
    months = count if later["unit"] == "month" else 0
    ahead = ((told.month or 1) - 1 + (months if later["way"] != "earlier" else -months)) // 12
    year = told.first + ahead
    return told if ahead == 0 else replace(told, first=year, last=year)


def dated_by(reading: Reading, place: Place) -> YearMention | None:
    """The year that a line of a chronology begins with, else that of a heading that is but a year."""
    if place.line.date is not None:
        return _year_at(reading, *place.line.date)
    for head in reading.outline.above(place)[:2]:
        if head.kind == "heading" and YEAR_ALONE.match(reading.text[head.start : head.end]):
            return _year_at(reading, head.start, head.end)
    return None


def begins_line(year: YearMention | None, place: Place) -> bool:
    """Whether a line opens with its year, as the lines of chronologies do."""
    return year is not None and 0 <= year.start - place.line.start <= _OPENS


def year_of_line(reading: Reading, place: Place) -> YearMention | None:
    """The year of an item that no verb tells: its own, but no goal and no end, else that of its chronology."""
    inside = reading.years.within(place.line.start, place.line.end)
    own = [y for y in inside if y.kind != "goal" and not is_end(reading.text, y)]
    dated = dated_by(reading, place)
    counted = bool(own) and own[0].kind == "relative" and own[0].month is not None  # from another date
    return dated if not own or (counted and dated is not None) else own[0]


def _year_at(reading: Reading, start: int, end: int) -> YearMention | None:
    known = next(iter(reading.years.within(start, end)), None)
    bare = re.search(r"(?:19|20)\d\d", reading.text[start:end])
    if known is not None or bare is None:
        return known
    year = int(bare[0])
    return YearMention(start + bare.start(), start + bare.end(), bare[0], year, year)


def _between_lines(reading: Reading, start: int, end: int) -> bool:
    return start < end and "\n" not in reading.text[start:end]


def only_money(reading: Reading, s: Sentence, event: Event) -> AmountMention | None:
    """The one sum of a sentence that tells one act, if it follows it: "a deal thought to be worth $5bn"."""
    sums = [
        a
        for a in reading.amounts.within(s.start, s.end)
        if s.start <= a.start and a.end <= s.end and a.kind == "money" and a.value is not None
    ]
    if (
        len(s.events) == 1
        and len(sums) == 1
        and _WORTH.search(reading.text[max(s.start, sums[0].start - 30) : sums[0].start])
        and id(sums[0]) not in reading.used
        and not foreign(sums[0], reading.text)
    ):
        return sums[0]
    return None


_OPENS = 3  # characters before it: "In "
_CARRIES = re.compile(
    r"(?:It|They|This|These|The (?:deal|agreement|contract|loan|grant|fund|plan|programme|"
    r"project|accord|pact|package))\b"
)


_SINCE_THEN = re.compile(r"\b(?:(?:has|have|had) (?:since|later|now)|subsequently|since then)\b")
_SAME = re.compile(
    r"\b(?:that|(?:the )?same|at the same) (?:year|month|week|day|time|ceremony|meeting|occasion)\b", re.I
)
_LATER = re.compile(
    r"\b(?:(?P<count>a|one|two|three|four|five|six|seven|eight|nine|ten|several|some|a few|\d{1,2})\s)?"
    r"(?P<unit>day|week|month)s?\s(?P<way>later|afterwards|earlier|after that)\b|"
    r"\bthe following (?:day|week|month)\b",
    re.I,
)
_WORTH = re.compile(r"\b(?:worth|valued at|costing|deal|contract|cost of|totalling|estimated at)\b[^.;]*$")


OCCASION = re.compile(r"\b(?:forum|summit|conference|meeting|visit|session|expo|congress|fair|airshow)\b", re.I)

"""The date that a document bears, and which of its acts are its news: told as done on that occasion, not as history."""

import re

from extractors.mentions import YearMention
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.sentence.event import Event, Sentence
from extractors.relations.frames.timing.when import TODAY, WEEKDAY
from extractors.relations.outline import Place

_SHORT = 160  # characters of a line of the head
_HEADS = 6  # lines in which a document is dated
_PARAGRAPH = 200  # characters that make a paragraph of a line
_NEWS = 700  # characters in which news names its day
_DATED = frozenset({"date", "year"})


def date_head(reading: Reading) -> None:
    """Find the year of the document's head, and whether it reports one occasion.

    Communiqués, minutes and press releases do, and texts under a line of but a place and a date.
    """
    heads = [p.line for p in reading.outline.places if p.line.kind != "noise"][:_HEADS]
    if not heads:
        return
    short = [reading.text[line.start : line.end] for line in heads if line.end - line.start < _SHORT]
    reading.formal = any(_FORMAL.search(line) for line in short)
    for line in heads:
        brief = line.end - line.start < _SHORT
        found = [
            y for y in reading.years.within(line.start, line.end if brief else line.start + 60) if y.kind in _DATED
        ]
        plain = brief and not reading.text[line.start : line.end].endswith(".")  # no sentence
        if found and not plain and _DATELINE.match(reading.text, found[0].end) is None:
            continue
        if found and (reading.formal and plain or found[0].kind == "date"):
            reading.head_year = found[0]
            break
    else:
        reading.head_year = next((y for y in reading.years.within(0, _NEWS) if _is_day(y)), None)
        return
    alone = (
        _PLACE.fullmatch(reading.text[line.start : reading.head_year.start]) and line.end <= reading.head_year.end + 3
    )
    told = not any(_OTHERWISE.search(head) for head in short)
    reading.formal = reading.formal or bool(alone and told and _in_paragraphs(reading))


def _is_day(year: YearMention) -> bool:
    """Whether a mention is a day near that of the text: a weekday, or a date without a year in a dateline."""
    return year.kind == "relative" and (_DAY.match(year.text) is not None or (bool(year.month) and year.start < _SHORT))


def _in_paragraphs(reading: Reading) -> bool:
    places = [p.line for p in reading.outline.places if p.line.kind in {"text", "bullet"}][:12]
    return sum(line.end - line.start > _PARAGRAPH for line in places) >= 2


def told_as_new(reading: Reading, s: Sentence) -> bool:
    """Whether a sentence counts its time from the day of the text: "today", "this week", "in the current year"."""
    return _RELATIVE.search(reading.text, s.start, s.end) is not None


def news_year(reading: Reading, place: Place, s: Sentence, event: Event) -> YearMention | None:
    """The document's year for an act that is its news, None for one told as history or as lasting."""
    if reading.head_year is None or _is_history(reading, place, s, event):
        return None
    if reading.formal or told_as_new(reading, s):
        return reading.head_year
    if event.verb is None or (reading.head_year.day is None and reading.head_year.kind != "relative"):
        return None
    title = reading.outline.title()
    if title is not None and place.line.start == title.start:
        return reading.head_year
    before = reading.text[max(s.start, event.verb.start - 40) : event.verb.start]
    if _COMING.search(before) or (event.verb.tag == "ing" and _BEING.search(before)):
        return reading.head_year
    recent = event.verb.tag == "past" and not _earlier(reading, place, s)
    return reading.head_year if recent and event.triggers[0].shape in _DONE else None


def _is_history(reading: Reading, place: Place, s: Sentence, event: Event) -> bool:
    """Whether an act is told as past before the document's day: under such a heading, or in such a tense."""
    if any(_BACKGROUND.match(reading.text, line.start, line.end) for line in reading.outline.above(place)[:2]):
        return True
    if told_as_new(reading, s):
        return False
    verb = event.at
    if _is_lasting(reading, place, s, event):
        return True
    if _LASTING.search(reading.text, max(s.start, event.start - 40), event.end):
        return True
    before = reading.text[max(s.start, verb - 30) : verb]
    if _HAD.search(before) and not _SAID.search(reading.text, s.start, verb):
        return True
    return _relative_clause(s, event)


def _is_lasting(reading: Reading, place: Place, s: Sentence, event: Event) -> bool:
    """Whether an act is told in the plain present, as what goes on: "Norway runs a school in Lomé"."""
    title = reading.outline.title()
    if event.verb is None or event.triggers[0].status == "committed" or event.passive:
        return False
    if title is not None and place.line.start == title.start:
        return False
    before = reading.text[max(s.start, event.verb.start - 40) : event.verb.start]
    if "which" in before or "that" in before:
        return False  # what is new there is told by the clause that governs it
    return event.verb.tag == "s" or (event.verb.tag == "base" and _INFINITE.search(before) is None)


def in_passing(text: str, event: Event) -> bool:
    """Whether an act is told by a participle alone: "a field hospital given by Denmark"."""
    if event.verb is None or not event.passive or event.triggers[0].shape in _DONE:
        return False
    return _IS.search(text, max(0, event.verb.start - 40), event.verb.start) is None and bool(event.clause)


def _relative_clause(s: Sentence, event: Event) -> bool:
    """Whether an act is told in passing of a party: "China, which built the centre"."""
    if event.clause is None or event.verb is None or event.verb.tag != "past":
        return False
    opener = s.units[event.clause.left].lower if event.clause.left < len(s.units) else ""
    before = s.units[event.clause.left - 1].lower if event.clause.left > 0 else ""
    return "which" in (opener, before) or bool(event.clause.antecedent) or "who" in (opener, before)


def _earlier(reading: Reading, place: Place, s: Sentence) -> bool:
    """Whether its paragraph has come to another year before the sentence."""
    now = reading.head_year.first if reading.head_year is not None else None
    return any(
        y.first != now and y.kind in {"date", "year", "range"} for y in reading.years.within(place.line.start, s.start)
    )


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_RELATIVE = re.compile(
    rf"\b(?:{TODAY}|yesterday|(?:earlier |later )?this year|(?:the )?current (?:\w+ )?year|"
    r"(?:two|three|four|a few|several) (?:days|weeks) ago|"
    rf"last month|in (?:{_MONTHS})(?! \d|,? \d{{4}})|on {WEEKDAY}|this week|"
    r"last week|this month|at the weekend|during the (?:visit|session|meeting|talks|summit))\b"
)
_DATELINE = re.compile(r"\s?(?:\([^)\n]{2,25}\))?\)?,?\s?(?:[-–—:]|\.\s)")
_DAY = re.compile(WEEKDAY)
_COMING = re.compile(r"\b(?:will|would|is to|are to)(?: (?:also|now|jointly))? $|\b(?:has|have) just $")
_BEING = re.compile(r"\b(?:is|are)(?: \w+)? $")
_DONE = frozenset({"sym", "approve"})
_INFINITE = re.compile(r"\b(?:to|will|would|shall|can|may|might|could|should|must|and|or)(?: \w+)? $")
_IS = re.compile(r"\b(?:was|were|is|are|been|be|being|got)\b[^,;.]*$")
_HAD = re.compile(r"\bhad(?: \w+){0,2} $")
_SAID = re.compile(r"\b(?:said|says|announced|reported|confirmed|told|informed|noted)\b")
_LASTING = re.compile(
    r"\b(?:since|to date|so far|until now|over the (?:years|past|last)|for (?:many |several )?(?:years|decades)|"
    r"in the past|"
    r"previously|formerly|traditionally|already|originally|once|goes back|dates? (?:back|from))\b",
    re.I,
)
_BACKGROUND = re.compile(
    r"\W*(?:background|context|history|about\b|notes? (?:to|for) editors|further information|for more information|"
    r"editor'?s'? notes?|who we are|facts and figures)",
    re.I,
)
_FORMAL = re.compile(
    r"communiqu|joint (?:statement|declaration)|\bminutes\b|(?:session|meeting) of the|on the outcome|"
    r"press statement on|\b(?:press|news|media) release\b|for immediate release",
    re.I,
)
_PLACE = re.compile(r"[^\W\d][^\d,:;.]{2,40}(?:, ?[^\d,:;.]{2,30})?,? ?(?:on )?")
_OTHERWISE = re.compile(
    r"\b(?:speech|address|remarks|interview|brief(?:ing)?|survey|seminar|talk|workshop|lecture|analysis|committee|"
    r"opinion|commentary|essay|report|policy unit|outline|working paper|notes?)\b",
    re.I,
)

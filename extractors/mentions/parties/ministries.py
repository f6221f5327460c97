"""Ministries and embassies written in lower case: "Ghana's ministry of food and agriculture", "the Chinese embassy"."""

from .entries import Entry, country_names, word_lists
from .lexicon import Hit
from .missions import embassy, mission
from .owners import nation_before
from .scan import Scan
from .surfaces import known
from .tokens import Tokens

MINISTRY_OF = {"Foreign Ministry": "Ministry of Foreign Affairs", "Interior Ministry": "Ministry of the Interior"}


def find_lower(scan: Scan, index: int) -> None:
    """A lower-case head after a nation: "the Chinese embassy", "Zambia's foreign ministry"."""
    if index in scan.owner:
        return
    if scan.tokens.words[index].startswith(("embass", "consul")):
        country, start, end = mission(scan, index)
        name = embassy(country) if country else ""
    else:
        first, end = _topics_before(scan, index), lower_field(scan.tokens, index + 1)
        country, start = nation_before(scan, first)
        if end > index + 1:
            topic, (country, end) = titled(scan.tokens.slice(index + 2, end)), _of_nation(scan, country, end)
        else:
            topic = titled(scan.tokens.slice(first, index)) if first < index else ""
        name = f"{country_names()[country]} {ministry_of(topic + ' Ministry')}" if country and topic else ""
    if name:
        entry = known(name, country) or Entry(name, "government", country, "name", "pattern")
        scan.add(Hit(start, end, entry))


def _of_nation(scan: Scan, country: str | None, end: int) -> tuple[str | None, int]:
    """Return the country of a ministry and where its name ends: "ministry of defence of Kenya"."""
    after = scan.at(end + 1)
    if country is None and scan.tokens.word(end) == "of" and after is not None and after.source == "country":
        return after.entry.country, after.last
    return country, end


def lower_field(tokens: Tokens, at: int) -> int:
    """Return the end of a ministry's field in lower case at ``at``, "of food and agriculture"; ``at`` without it."""
    topics, end = word_lists()["topic"], at + 1
    if tokens.word(at) not in ("of", "for"):
        return at
    while tokens.joined(end) and tokens.word(end).islower():
        joins = tokens.word(end) in ("and", ",") and tokens.word(end + 1).capitalize() in topics
        if not joins and tokens.word(end).capitalize() not in topics:
            break
        end += 1
    return end if end > at + 1 else at


def titled(name: str) -> str:
    """Return a name with its topics as names write them: "Ministry of food" as "Ministry of Food"."""
    topics = word_lists()["topic"]
    return " ".join(word.capitalize() if word.capitalize() in topics else word for word in name.split())


def _topics_before(scan: Scan, index: int) -> int:
    """Return the first of the topic words before ``index``, in any case: "foreign affairs" ministry."""
    first, topics = index, word_lists()["topic"]
    while scan.tokens.word(first - 1).capitalize() in topics and scan.tokens.joined(first) and index - first < 3:
        first -= 1
    return first


def ministry_of(core: str) -> str:
    """Return "Education Ministry" as "Ministry of Education"."""
    return MINISTRY_OF.get(core) or f"Ministry of {core.removesuffix(' Ministry')}"

"""IATI activities (XML), the standard in which donors publish what they fund, as a corpus of documents."""

from collections.abc import Iterator
from typing import IO

from lxml import etree

from extractors.text.documents import UnreadableError
from extractors.text.plain import iso_day

HEADER = ("id", "title", "text", "date", "source")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DATES = {"1": "Planned start", "2": "Actual start", "3": "Planned end", "4": "Actual end"}
_DATES |= {"start-planned": _DATES["1"], "start-actual": _DATES["2"], "end-planned": _DATES["3"]}  # version 1
_DATES["end-actual"] = _DATES["4"]


def activities(stream: IO[bytes]) -> Iterator[dict[str, str]]:
    """Yield each activity as a row: identifier, title, description with its dates as lines, the day of its last update.

    No entity is expanded and nothing is fetched. Raises UnreadableError where the file holds other XML, or none.
    """
    found = False
    try:
        for _, one in etree.iterparse(stream, tag="iati-activity", resolve_entities=False, no_network=True):
            found = True
            yield _row(one)
            one.clear()
            while one.getprevious() is not None:  # what was read is let go, so that a large file takes little memory
                del one.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise UnreadableError("unreadable", f"the XML is damaged in line {error.lineno}") from error
    if not found:
        raise UnreadableError("unsupported", "XML is read where it holds IATI activities; this file holds none")


def _row(one: "etree._Element") -> dict[str, str]:
    parts = [text for name in ("description", "participating-org") for text in _texts(one, name)]
    dates = [f"{_DATES[kind]}: {day}" for kind, day in _days(one)]
    updated = one.get("last-updated-datetime", "")
    return {
        "id": next(iter(_texts(one, "iati-identifier")), ""),
        "title": next(iter(_texts(one, "title")), ""),
        "text": "\n".join([*parts, *dates]),
        "date": updated[:10],
        "source": next((link.get("url", "") for link in one.iterfind("document-link")), ""),
    }


def _texts(one: "etree._Element", name: str) -> list[str]:
    """List the texts of an element: in English where its narratives say so, else in the language that comes first.

    In version 1 there are no narratives, and an element for each language.
    """
    found = []
    elements = one.findall(name)
    other = [part for part in elements if _language(part) and not _language(part).startswith("en")]
    if any(_language(part).startswith("en") for part in elements):
        elements = [part for part in elements if part not in other]
    for element in elements:
        narratives = element.findall("narrative")
        english = [part for part in narratives if _language(part).startswith("en")]
        chosen = (english or narratives[:1]) if narratives else [element]
        found += [text for part in chosen if (text := " ".join("".join(part.itertext()).split()))]
    return found


def _language(part: "etree._Element") -> str:
    return str(part.get(_LANGUAGE, "")).lower()


def _days(one: "etree._Element") -> Iterator[tuple[str, str]]:
    for element in one.iterfind("activity-date"):
        kind, day = element.get("type", ""), element.get("iso-date") or iso_day(element.text or "")
        if kind in _DATES and day:
            yield kind, day

"""The date that a document states of itself, in metadata made for it; never one that merely stands in its text."""

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

# Names of <meta> elements (property, name or itemprop), in the order in which they are believed.
_META = (
    "article:published_time", "datepublished", "citation_publication_date", "citation_date", "dcterms.issued",
    "dc.date.issued", "dcterms.date", "dc.date", "dcterms.created", "dc.date.created", "pubdate", "publishdate",
    "publication_date", "parsely-pub-date", "date",
)  # fmt: skip
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.{0,10000}?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_FRONT_DATE = re.compile(r"^date[ \t]*:[ \t]*[\"']?(\d{4}-\d\d-\d\d)", re.IGNORECASE | re.MULTILINE)
_DAY = re.compile(r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DEEPEST = 20


def in_front_matter(text: str) -> str | None:
    """Return the date of a front matter (``---`` lines at the beginning), ISO 8601."""
    front = _FRONT.match(text)
    found = _FRONT_DATE.search(front[1]) if front else None
    return iso_day(found[1]) if found else None


def in_page(page: str) -> str | None:
    """Return the day on which a web page says that it was published: by <meta>, JSON-LD or a marked <time>."""
    try:
        tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return None
    return next((day for stated in _stated(tree) if (day := iso_day(stated))), None)


def _stated(tree: Any) -> Iterator[str]:
    metas = [(_name(meta), meta.get("content") or "") for meta in tree.iter("meta")]
    for wanted in _META:
        yield from (content for name, content in metas if name == wanted)
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            yield from _published(script.text or "")
    for time in tree.iter("time"):
        if time.get("pubdate") is not None or (time.get("itemprop") or "").lower() == "datepublished":
            yield time.get("datetime") or ""


def _name(meta: Any) -> str:
    return str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()


def _published(script: str) -> Iterator[str]:
    try:
        yield from _walk(json.loads(script), _DEEPEST)
    except (ValueError, RecursionError):
        return


def _walk(value: Any, deep: int) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("datePublished"), str):
        yield value["datePublished"]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if deep:
        for part in parts:
            yield from _walk(part, deep - 1)


def iso_day(stated: str) -> str | None:
    """Return the day that a stated date begins with, ISO 8601; None where it is none."""
    found = _DAY.match(stated)
    try:
        return datetime.date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None

"""Web pages and other marked-up trees: a line a block, headings with ``#``, items with ``-``, cells with tabs between.

The date of a page is what metadata made for it state, never one that merely stands in its text.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lxml import etree, html

from extractors.text.documents import DecodedDocument
from extractors.text.plain import decode, iso_day

_BLANKS = re.compile(r"\s+")
_SIGN = re.compile(r"(?:-|#{1,6})$")
_CELLS = frozenset(("td", "th", "table-cell", "covered-table-cell"))
_BLOCKS = (
    "address article aside blockquote body caption center dd details div dl dt figcaption figure footer form header hr "
    "legend main nav ol p pre section summary table tr ul"
)
_HTML = {
    **dict.fromkeys(_BLOCKS.split(), "\n"),
    **{f"h{level}": f"\n{'#' * level} " for level in range(1, 7)},
    "li": "\n- ",
    "br": "\n",
}
_SILENT = ("head", "script", "style", "template", "noscript", "svg", "math")
_OPEN_DOCUMENT = {"h": "\n# ", "list-item": "\n- ", "s": " ", "tab": " "}
_OPEN_DOCUMENT |= dict.fromkeys(("p", "table-row", "line-break"), "\n")
_ASIDE = ("annotation", "tracked-changes", "note-citation", "sequence-decls", "forms")

# Names of <meta> elements (property, name or itemprop), in the order in which they are believed.
_META = (
    "article:published_time", "datepublished", "citation_publication_date", "citation_date", "dcterms.issued",
    "dc.date.issued", "dcterms.date", "dc.date", "dcterms.created", "dc.date.created", "pubdate", "publishdate",
    "publication_date", "parsely-pub-date", "date",
)  # fmt: skip
_DEEPEST = 20  # objects in objects of JSON-LD


def read_html(data: bytes) -> DecodedDocument:
    """Read the main text of a web page, with its title, date and address where the page gives them."""
    import trafilatura

    page = decode(data)
    found = trafilatura.extract_metadata(page)
    text = trafilatura.extract(page, include_comments=False, favor_recall=True, output_format="markdown")
    return DecodedDocument(text or "", found.title, date_of_page(page), found.url)


def date_of_page(page: str) -> str | None:
    """Return the day on which a web page says that it was published: by <meta>, JSON-LD or a marked <time>."""
    try:
        tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return None
    return next((day for stated in _stated_dates(tree) if (day := iso_day(stated))), None)


def _stated_dates(tree: Any) -> Iterator[str]:
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
        yield from _dates_in(json.loads(script), _DEEPEST)
    except (ValueError, RecursionError):
        return


def _dates_in(value: Any, deep: int) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("datePublished"), str):
        yield value["datePublished"]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if deep:
        for part in parts:
            yield from _dates_in(part, deep - 1)


def flat(text: str) -> str:
    """Put a text on one line, with single blanks."""
    return _BLANKS.sub(" ", text).strip()


def html_text(page: bytes | str) -> str:
    """Return all text of a web page or a part of one; an empty one gives an empty text."""
    data = page.encode() if isinstance(page, str) else page
    try:
        tree = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", remove_comments=True))
    except etree.ParserError:
        return ""
    return _text(tree, _HTML, _SILENT)


def open_document_text(data: bytes) -> str:
    """Return the text of an OpenDocument body (``content.xml``). Raises lxml's XMLSyntaxError."""
    return _text(xml(data), _OPEN_DOCUMENT, _ASIDE)


def xml(data: bytes) -> Any:
    """Parse XML: no entity is expanded, nothing is fetched. Raises lxml's XMLSyntaxError."""
    return etree.fromstring(
        data, parser=etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )


def _text(tree: Any, before: Mapping[str, str], silent: Collection[str]) -> str:
    whole = "".join(_parts(tree, before, silent))
    lines: list[str] = []
    sign = ""
    for line in whole.split("\n"):
        cells = "\t".join(map(flat, line.split("\t"))).removesuffix("\t")
        if _SIGN.match(cells):
            sign = f"{cells} "
        elif cells.strip():
            lines.append(sign + cells)
            sign = ""
    return "\n".join(lines)


def _parts(tree: Any, before: Mapping[str, str], silent: Collection[str]) -> Iterator[str]:
    """The text piece by piece, with a line break at both ends of a block and a tab at the end of a cell."""
    walk = etree.iterwalk(tree, events=("start", "end"))
    inside = 0  # cells that hold this place: no line breaks in them
    for event, element in walk:
        tag = etree.QName(element).localname
        sign = before.get(tag, "")
        if event == "start" and tag in silent:
            walk.skip_subtree()
        elif event == "start":
            inside += tag in _CELLS
            yield " " if inside and sign else sign
            yield _BLANKS.sub(" ", element.text or "")
        else:
            if tag in _CELLS:
                inside -= 1
                yield " " if inside else "\t"
            elif "\n" in sign:
                yield " " if inside else "\n"
            yield _BLANKS.sub(" ", element.tail or "")

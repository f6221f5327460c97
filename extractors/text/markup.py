"""Text of web pages and OpenDocument: a line a block, ``#`` before headings, ``-`` before items, tabs between cells.

The date of a page is read from its metadata, never from its text.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lxml import etree, html

from extractors.text.documents import DecodedDocument, UnreadableError
from extractors.text.plain import decode_page, iso_day
from extractors.text.superscripts import write_raised_elements

_BLANKS = re.compile(r"\s+")
_MARKER = re.compile(r"(?:-|#{1,6})$")
_CELLS = frozenset(("td", "th", "table-cell", "covered-table-cell"))
_BLOCKS = (
    "address article aside blockquote body caption center dd details div dl dt figcaption figure footer form header hr "
    "legend main nav ol p pre section summary table tr ul"
)
_HTML_PREFIXES = {
    **dict.fromkeys(_BLOCKS.split(), "\n"),
    **{f"h{level}": f"\n{'#' * level} " for level in range(1, 7)},
    "li": "\n- ",
    "br": "\n",
}
_HTML_SKIPPED = ("head", "script", "style", "template", "noscript", "svg", "math")
_HTML_BLOCKS = _CELLS | _HTML_PREFIXES.keys()
_HTML_RAISED = etree.XPath("//sup | //span[contains(translate(@style, ' ', ''), 'vertical-align:super')]")
_INLINE = ("a", "b", "em", "font", "i", "span", "strong", "u")
_XML_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*>")
_BEGINNING = 50  # characters in which trafilatura looks for "html"; without, it refuses what has a single block
_ODF_PREFIXES = {"h": "\n# ", "list-item": "\n- ", "s": " ", "tab": " "}
_ODF_PREFIXES |= dict.fromkeys(("p", "table-row", "line-break"), "\n")
_ODF_BLOCKS = _CELLS | _ODF_PREFIXES.keys() - {"s", "tab"}
_ODF_SKIPPED = ("annotation", "tracked-changes", "note-citation", "sequence-decls", "forms")

# Names of <meta> elements (property, name or itemprop) with a date, the most trusted first.
_DATE_METAS = (
    "article:published_time", "datepublished", "citation_publication_date", "citation_date", "dcterms.issued",
    "dc.date.issued", "dcterms.date", "dc.date", "dcterms.created", "dc.date.created", "pubdate", "publishdate",
    "publication_date", "parsely-pub-date", "date",
)  # fmt: skip
_DEEPEST = 20  # levels of nested objects of JSON-LD


def read_html(data: bytes) -> DecodedDocument:
    """Read the main text of a web page or fragment of one, with title, date and address where the page gives them.

    Where no main text is found, all text is read.
    """
    import trafilatura

    page = _XML_DECLARATION.sub("", decode_page(data), count=1).lstrip()
    tree = trafilatura.load_html(page if "html" in page[:_BEGINNING].lower() else f"<html>{page}")
    if tree is None:
        return DecodedDocument("")
    write_raised_elements(tree, _raised_elements(tree), _HTML_BLOCKS)
    etree.strip_tags(tree, "sub")  # trafilatura would keep the tags
    text = trafilatura.extract(tree, include_comments=False, favor_recall=True, output_format="markdown")
    found = trafilatura.extract_metadata(tree)
    return DecodedDocument(text or html_text(page), found.title, date_of_page(page), found.url)


def _raised_elements(tree: Any) -> set[Any]:
    """Return the superscripts of a page, each with the link or the like that holds nothing else."""
    found = set()
    for element in _HTML_RAISED(tree):
        while (outer := element.getparent()) is not None and outer.tag in _INLINE and len(outer) == 1:
            if f"{outer.text or ''}{element.tail or ''}".strip():
                break
            element = outer
        found.add(element)
    return found


def date_of_page(page: str) -> str | None:
    """Return the day of publication that a web page states in <meta>, JSON-LD or a marked <time>; None where none."""
    try:
        tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return None
    return next((day for stated in _stated_dates(tree) if (day := iso_day(stated))), None)


def _stated_dates(tree: Any) -> Iterator[str]:
    metas = [(_meta_name(meta), meta.get("content") or "") for meta in tree.iter("meta")]
    for wanted in _DATE_METAS:
        yield from (content for name, content in metas if name == wanted)
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            yield from _dates_in_script(script.text or "")
    for time in tree.iter("time"):
        if time.get("pubdate") is not None or (time.get("itemprop") or "").lower() == "datepublished":
            yield time.get("datetime") or ""


def _meta_name(meta: Any) -> str:
    return str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()


def _dates_in_script(script: str) -> Iterator[str]:
    try:
        yield from _dates_in(json.loads(script), _DEEPEST)
    except (ValueError, RecursionError):
        return


def _dates_in(value: Any, levels: int) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("datePublished"), str):
        yield value["datePublished"]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if levels:
        for part in parts:
            yield from _dates_in(part, levels - 1)


def one_line(text: str) -> str:
    """Return a text on one line, with single blanks."""
    return _BLANKS.sub(" ", text).strip()


def html_text(page: bytes | str) -> str:
    """Return all text of a web page or of a fragment of HTML; "" where it is empty or no text."""
    try:
        data = (decode_page(page) if isinstance(page, bytes) else page).encode()
        tree = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", remove_comments=True))
    except (etree.ParserError, UnreadableError):
        return ""
    write_raised_elements(tree, _raised_elements(tree), _HTML_BLOCKS)
    return _text(tree, _HTML_PREFIXES, _HTML_SKIPPED)


def open_document_text(data: bytes) -> str:
    """Return the text of an OpenDocument body (``content.xml``). Raises lxml's XMLSyntaxError."""
    tree = parse_xml(data)
    properties = tree.xpath(
        "//*[local-name() = 'text-properties'][starts-with(@*[local-name() = 'text-position'], 'super')]"
    )
    styles = {_style_name(one.getparent(), "name") for one in properties}
    spans = tree.iter("{*}span") if styles else ()
    write_raised_elements(tree, {span for span in spans if _style_name(span, "style-name") in styles}, _ODF_BLOCKS)
    return _text(tree, _ODF_PREFIXES, _ODF_SKIPPED)


def _style_name(element: Any, attribute: str) -> str | None:
    return next((value for name, value in element.items() if etree.QName(name).localname == attribute), None)


def parse_xml(data: bytes) -> Any:
    """Parse XML without expanding entities or fetching anything. Raises lxml's XMLSyntaxError."""
    return etree.fromstring(
        data, parser=etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    )


def _text(tree: Any, prefixes: Mapping[str, str], skipped: Collection[str]) -> str:
    whole = "".join(_parts(tree, prefixes, skipped))
    lines: list[str] = []
    marker = ""
    for line in whole.split("\n"):
        cells = "\t".join(map(one_line, line.split("\t"))).removesuffix("\t")
        if _MARKER.match(cells):
            marker = f"{cells} "
        elif cells.strip():
            lines.append(marker + cells)
            marker = ""
    return "\n".join(lines)


def _parts(tree: Any, prefixes: Mapping[str, str], skipped: Collection[str]) -> Iterator[str]:
    """Yield the text in pieces, with a line break at both ends of a block and a tab at the end of a cell."""
    walk = etree.iterwalk(tree, events=("start", "end"))
    open_cells = 0  # in which a line break becomes a blank
    for event, element in walk:
        tag = etree.QName(element).localname
        prefix = prefixes.get(tag, "")
        if event == "start" and tag in skipped:
            walk.skip_subtree()
        elif event == "start":
            open_cells += tag in _CELLS
            yield " " if open_cells and prefix else prefix
            yield _BLANKS.sub(" ", element.text or "")
        else:
            if tag in _CELLS:
                open_cells -= 1
                yield " " if open_cells else "\t"
            elif "\n" in prefix:
                yield " " if open_cells else "\n"
            yield _BLANKS.sub(" ", element.tail or "")

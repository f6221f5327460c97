"""Text out of marked-up trees: a line a block, headings with ``#``, list items with ``-``, cells with tabs between."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from lxml import etree, html

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
_OPEN_DOCUMENT = {
    "h": "\n# ",
    "p": "\n",
    "list-item": "\n- ",
    "table-row": "\n",
    "line-break": "\n",
    "s": " ",
    "tab": " ",
}
_ASIDE = ("annotation", "tracked-changes", "note-citation", "sequence-decls", "forms")


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
            if tag not in silent:
                inside -= tag in _CELLS
                yield (
                    ("\t" if not inside else " ")
                    if tag in _CELLS
                    else (" " if inside else "\n")
                    if "\n" in sign
                    else ""
                )
            yield _BLANKS.sub(" ", element.tail or "")

"""Hostile documents of every kind and format: ``make(kind, seed)`` gives a file's suffix and bytes, always the same."""

import json
import random
from collections.abc import Callable
from functools import partial

from tests.hostile import archives, papers
from tests.hostile.shapes import SHAPES

Chance = random.Random
Make = Callable[[Chance], bytes]
_ACT = "In 2014 China lent Peru $5 million for a road. "


def _shaped(chance: Chance) -> bytes:
    shape = SHAPES[chance.choice(list(SHAPES))]
    return (_ACT + shape(chance.choice([100, 1_000, 5_000, 20_000]))).encode()


def _encoded(chance: Chance) -> bytes:
    text = "Im Jahr 2014 lieh China Peru 5 Mio. € für Straßen – “höher” 中国 Привет."
    codec = chance.choice(
        [
            "utf-16",
            "utf-32",
            "utf-16-le",
            "utf-16-be",
            "gb18030",
            "utf-7",
            "utf-8-sig",
            "latin-1",
            "shift_jis",
            "koi8-r",
        ]
    )
    return text.encode(codec, "replace")


def _wrong_mark(chance: Chance) -> bytes:
    return (
        chance.choice([b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xef\xbb\xbf\xef\xbb\xbf"]) + _ACT.encode()[1:]
    )


def _bad_utf8(chance: Chance) -> bytes:
    data = bytearray((_ACT * 5).encode())
    for _ in range(chance.randrange(1, 60)):
        data[chance.randrange(len(data))] = chance.randrange(128, 256)
    return bytes(data)


def _surrogates(_: Chance) -> bytes:
    return (_ACT + "\ud800 and \udfff").encode("utf-8", "surrogatepass")


def _nulls(chance: Chance) -> bytes:
    return b"\x00".join([_ACT.encode()] * chance.randrange(2, 9))


def _controls(chance: Chance) -> bytes:
    return (_ACT + "".join(chr(chance.randrange(32)) for _ in range(chance.choice([5, 500])))).encode()


def _bidirectional(chance: Chance) -> bytes:
    marks = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f"
    return "".join(letter + chance.choice(marks) for letter in _ACT).encode()


def _combining(chance: Chance) -> bytes:
    return (_ACT.replace("Peru", "Peru" + "\u0301" * chance.choice([10, 50_000]))).encode()


def _one_word(chance: Chance) -> bytes:
    return (_ACT + chance.choice("aA7$(中") * chance.choice([10_000, 300_000])).encode()


def _noise(chance: Chance) -> bytes:
    return chance.randbytes(chance.choice([1, 10, 5_000]))


def _nothing(chance: Chance) -> bytes:
    return chance.choice([b"", b" ", b"\n" * 1_000, b"\xef\xbb\xbf", "\u200b\u00a0".encode(), b"\x0c"])


def _huge_sums(chance: Chance) -> bytes:
    number = chance.choice(["9" * 400, "18,400,000,000 billion", "1" + ",000" * 100, "1e400", "0." + "0" * 400 + "1"])
    return (
        f"In 2014 China lent Peru ${number} trillion. It gave {number} schools, {number}% of {number} euros.".encode()
    )


def _odd_years(chance: Chance) -> bytes:
    year = chance.choice(
        ["0000", "99999", "2999-3999", "-2014", "2014-1014", "Februar 30, 2014", "31/02/2014", "FY0000/99"]
    )
    return f"In {year} China lent Peru $5 million, from {year} to {year}; last year, two years before {year}.".encode()


def _long_names(chance: Chance) -> bytes:
    name = " ".join(["Grand"] * chance.choice([40, 400])) + " Bank"
    joined = "-".join(["China", "Peru", "Chile", "Kenya", "Ghana", "Bolivia"] * chance.choice([10, 300]))
    return f"In 2014 the {name} of Peru lent {joined} $5 million. The {joined} Bank gave {name} Ltd a loan.".encode()


def _formulas(_: Chance) -> bytes:
    return b"In 2014 =cmd|' /C calc'!A0 Bank lent @SUM(1+1) University +$5 million. <script>x()</script> {{7*7}}"


def _acts(chance: Chance) -> bytes:
    return "".join(f"In 2014 China lent Peru ${n} million. " for n in range(chance.choice([10, 300]))).encode()


def _page(body: str) -> bytes:
    return f"<html><head><title>Loan</title></head><body><p>{_ACT}</p>{body}</body></html>".encode()


def _deep_page(chance: Chance) -> bytes:
    deep = chance.choice([300, 1_000, 50_000])
    return _page("<div>" * deep + _ACT + "</div>" * chance.choice([0, deep]))


def _unclosed_page(chance: Chance) -> bytes:
    ends = [
        "<p><b><i>" * 500,
        "<!-- " + "x" * 5_000,
        "<a href='",
        "<script>" + "var x;" * 900,
        "<table><tr><td>" * 300,
        "<",
    ]
    return _page(_ACT + chance.choice(ends))[: -chance.randrange(1, 14)]


def _scripts(_: Chance) -> bytes:
    return _page("<script>document.write('Peru')</script><style>p{}</style><noscript>x</noscript>" * 300)


def _attributes(chance: Chance) -> bytes:
    return _page(f'<p data-x="{"x" * chance.choice([1_000, 3_000_000])}" {"a=1 " * 5_000}>{_ACT}</p>')


def _entities_page(_: Chance) -> bytes:
    return _page("&nbsp;&bogus;&#0;&#xD800;&#99999999;" * 3_000)


def _cells_page(chance: Chance) -> bytes:
    rows = chance.choice([50, 3_000])
    return _page("<table>" + "<tr><td>China</td><td>5</td><td>2014</td></tr>" * rows + "</table>")


def _dated_page(chance: Chance) -> bytes:
    deep = chance.choice([30, 100_000])
    script = '{"datePublished":' * deep + '"2014-01-01"' + "}" * deep
    meta = f"<meta name=date content='{chance.choice(['9999-99-99', '2014-02-31', '0000-00-00', 'x' * 9_999])}'>"
    return _page(meta + f'<script type="application/ld+json">{script}</script><time pubdate datetime="-1">x</time>')


def _wrong_charset(_: Chance) -> bytes:
    return b"<?xml version='1.0' encoding='utf-32'?><html><meta charset=utf-16><p>" + _ACT.encode() + b"\xff\xfe</html>"


def _front(chance: Chance) -> bytes:
    return (
        "---\n" + chance.choice(["date: 2014-99-99\n---\n", "a: b\n" * 5_000, "date: 2014-01-01\n" * 99]) + _ACT
    ).encode()


def _lines(*lines: str) -> bytes:
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _id(chance: Chance) -> str:
    """Return an id that no other document has: one that comes twice is an error of the whole input."""
    return f"{chance.getrandbits(64):x}"


def _row(chance: Chance, **cells: object) -> str:
    return json.dumps({"id": _id(chance), "text": _ACT} | cells)


def _json_numbers(chance: Chance) -> bytes:
    number = chance.choice(["1e400", "-0", "1" * 5_000, "NaN", "Infinity", "1.5", "true", "null"])
    text = f'"id": "{_id(chance)}", "text": {number}'
    return _lines(f'{{"id": {number}{chance.getrandbits(60)}, "text": "{_ACT}"}}', f"{{{text}}}", _row(chance))


def _json_deep(chance: Chance) -> bytes:
    deep = chance.choice([100, 100_000])
    nest = f'{{"id": "{_id(chance)}", "text": {"[" * deep}{"]" * deep}}}'
    return _lines(nest, _row(chance, text={"a": [1]}), _row(chance, id=[_id(chance)]))


def _json_twice(chance: Chance) -> bytes:
    twice = f'{{"id": "a", "id": "{_id(chance)}", "text": "x", "text": "{_ACT}"}}'
    return _lines(twice, _row(chance, text=""), "[]", "3", '""')


def _json_surrogates(chance: Chance) -> bytes:
    bad = "\ud800"
    ids = _row(chance, id=f"{_id(chance)}{bad}"), _row(chance, id=f"{_id(chance)}{bad}", text="")
    return _lines(*ids, _row(chance, text=_ACT + bad), _row(chance, title=bad), _row(chance, source=bad))


def _json_fields(chance: Chance) -> bytes:
    odd = chance.choice(
        ["", " ", "\x00", "x" * 5_000, "a\nb", "0000-0-0", "2014-02-31", "２０１４-01-01", "2014-01-01T99"]
    )
    cells = ({"date": odd}, {"title": odd}, {"source": odd}, {"id": odd + _id(chance)}, {"id": ""})
    return _lines(*(_row(chance, **one) for one in cells))


def _json_cut(chance: Chance) -> bytes:
    data = _lines(*(_row(chance) for _ in range(20)))
    return data[: chance.randrange(1, len(data))] + chance.choice([b"", b"\x00", b"\xff\xfe"])


def _csv_quotes(chance: Chance) -> bytes:
    a, b, c = _id(chance), _id(chance), _id(chance)
    return _lines("id,text", f'{a},"{_ACT}', f'{b},"{_ACT}"x"', f'{c},"{_ACT * chance.choice([1, 20_000])}')


def _csv_wide(chance: Chance) -> bytes:
    wide = chance.choice([100, 50_000])
    return _lines("id,text" + ",x" * wide, f"{_id(chance)},{_ACT}" + ",1" * wide, _id(chance))


def _csv_mixed(chance: Chance) -> bytes:
    a, b, c = (_id(chance).encode() for _ in range(3))
    latin, utf = "für Peru".encode("latin-1"), "für Chile".encode()
    return b"id;text\r\n%b;%b\r\n%b;%b\r\x00%b;x\n" % (a, latin, b, utf, c)


def _csv_names(chance: Chance) -> bytes:
    header = chance.choice(["id,id,text,text", ",,,", "text,id", "\ufeffID , TEXT", "idx,body", "id\ttext", "id"])
    return _lines(header, f"{_id(chance)},{_ACT}{_id(chance)},{_id(chance)},y", f"=1+{_id(chance)},x{_id(chance)}")


def _csv_long(chance: Chance) -> bytes:
    return _lines("id\ttext", f"{_id(chance)}\t" + "word " * chance.choice([10, 1_200_000]))


def _activities(chance: Chance, body: str, doctype: str = "") -> bytes:
    name = f"<iati-identifier>{_id(chance)}</iati-identifier>"
    one = f"{name}<title>x</title><description>{_ACT}{body}</description>"
    head = f"<?xml version='1.0'?>{doctype}<iati-activities>"
    return f"{head}<iati-activity>{one}</iati-activity></iati-activities>".encode()


def _xml_deep(chance: Chance) -> bytes:
    deep = chance.choice([100, 100_000])
    return _activities(chance, "<a>" * deep + "</a>" * deep)


def _xml_cut(chance: Chance) -> bytes:
    data = _activities(chance, "")
    return data[: chance.randrange(1, len(data))]


def _xml_large(chance: Chance) -> bytes:
    return _activities(chance, f"<a b='{'x' * chance.choice([100, 20_000_000])}'/>")


def _renamed(chance: Chance) -> bytes:
    return chance.choice(
        [
            archives.sound("docx", chance),
            papers.sound(),
            _page(""),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900),
            b"MZ",
        ]
    )


def _open_rtf(chance: Chance) -> bytes:
    return b"{\\rtf1 " + _ACT.encode() + b"{\\b " * chance.randrange(10, 5_000)


def _endless_mail(chance: Chance) -> bytes:
    head = b"Subject: " + b"=?utf-8?q?=ff?= " * chance.randrange(1, 500)
    return head + b"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * chance.randrange(10, 5_000)


def _office(kind: str) -> dict[str, tuple[str, Make]]:
    makes: dict[str, Make] = {
        "cut": partial(archives.truncated, kind),
        "scratched": partial(archives.scratched, kind),
        "that lies of sizes": partial(archives.lying, kind),
        "with parts outside": partial(archives.climbing, kind),
        "without a part": partial(archives.missing, kind),
        "with an odd part": partial(archives.emptied, kind),
        "that is a bomb": lambda chance: archives.bomb(kind),
        "with entities that swell": lambda chance: archives.with_doctype(kind, chance, archives.LAUGHS, "h"),
        "with an entity from outside": lambda chance: archives.with_doctype(kind, chance, archives.OUTSIDE, "i"),
    }
    return {f"{kind} {name}": (f".{kind}", make) for name, make in makes.items()}


KINDS: dict[str, tuple[str, Make]] = {
    "text in a shape": (".txt", _shaped),
    "text in an encoding": (".txt", _encoded),
    "text with a wrong mark": (".txt", _wrong_mark),
    "text of bad UTF-8": (".txt", _bad_utf8),
    "text with surrogates": (".txt", _surrogates),
    "text with nulls": (".txt", _nulls),
    "text with controls": (".txt", _controls),
    "text that turns": (".txt", _bidirectional),
    "text with marks without end": (".txt", _combining),
    "text of one word": (".txt", _one_word),
    "text of noise": (".txt", _noise),
    "text of nothing": (".md", _nothing),
    "text of huge sums": (".txt", _huge_sums),
    "text of odd years": (".txt", _odd_years),
    "text of long names": (".txt", _long_names),
    "text of formulas": (".txt", _formulas),
    "text of many acts": (".txt", _acts),
    "text with a front matter": (".md", _front),
    "markdown in a shape": (".md", _shaped),
    "page that is deep": (".html", _deep_page),
    "page that is open": (".html", _unclosed_page),
    "page of scripts": (".html", _scripts),
    "page of attributes": (".html", _attributes),
    "page of entities": (".html", _entities_page),
    "page of cells": (".html", _cells_page),
    "page of dates": (".html", _dated_page),
    "page of another charset": (".html", _wrong_charset),
    "page in a shape": (".htm", _shaped),
    "lines of numbers": (".jsonl", _json_numbers),
    "lines that are deep": (".jsonl", _json_deep),
    "lines with keys twice": (".jsonl", _json_twice),
    "lines with surrogates": (".jsonl", _json_surrogates),
    "lines of odd fields": (".jsonl", _json_fields),
    "lines that are cut": (".jsonl", _json_cut),
    "rows with open quotes": (".csv", _csv_quotes),
    "rows that are wide": (".csv", _csv_wide),
    "rows of two encodings": (".csv", _csv_mixed),
    "rows under odd names": (".csv", _csv_names),
    "rows that are long": (".tsv", _csv_long),
    "activities with entities": (".xml", lambda chance: _activities(chance, "&h;", archives.LAUGHS)),
    "activities from outside": (".xml", lambda chance: _activities(chance, "&i;", archives.OUTSIDE)),
    "activities that are deep": (".xml", _xml_deep),
    "activities that are cut": (".xml", _xml_cut),
    "activities with a large attribute": (".xml", _xml_large),
    "noise of another name": (".pdf", _noise),
    "format of another name": (".docx", _renamed),
    "format of the name of a page": (".html", _renamed),
    **_office("docx"),
    "docx with wide cells": (".docx", archives.wide_cells),
    "docx with tables in tables": (".docx", archives.deep_tables),
    "docx of empty paragraphs": (".docx", archives.many_paragraphs),
    "docx with odd headings": (".docx", archives.headings_without_level),
    "docx of many parts": (".docx", archives.many_parts),
    **_office("pptx"),
    "pptx with groups in groups": (".pptx", archives.deep_groups),
    **_office("xlsx"),
    "xlsx with far rows": (".xlsx", archives.far_rows),
    "xlsx with odd cells": (".xlsx", archives.odd_cells),
    "pdf cut": (".pdf", papers.truncated),
    "pdf scratched": (".pdf", papers.scratched),
    "pdf of noise": (".pdf", papers.noise),
    "pdf that is locked": (".pdf", papers.locked),
    "pdf with loops": (".pdf", papers.looping),
    "pdf of counted pages": (".pdf", papers.counted),
    "pdf of empty pages": (".pdf", papers.empty_pages),
    "pdf that swells": (".pdf", papers.swollen),
    "pdf with short streams": (".pdf", papers.short_streams),
    "pdf nested": (".pdf", papers.nested),
    "pdf that is crowded": (".pdf", papers.crowded),
    "pdf of odd text": (".pdf", papers.odd_text),
    "epub that is cut": (".epub", partial(archives.truncated, "docx")),
    "odt that is a workbook": (".odt", partial(archives.sound, "xlsx")),
    "rtf that is open": (".rtf", _open_rtf),
    "mail without end": (".eml", _endless_mail),
}
"""The kinds: a file's suffix, and what makes its bytes by chance."""


def make(kind: str, seed: int) -> tuple[str, bytes]:
    """Return the suffix and the bytes of a document of a kind; the same for the same seed."""
    suffix, of = KINDS[kind]
    return suffix, of(Chance(f"{kind} {seed}"))

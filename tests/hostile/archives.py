"""Hostile Office files: zips that lie, bomb or climb, XML with entities, parts that are missing or never end."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from functools import lru_cache

Change = Callable[[str, bytes], bytes | None]

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha ha ha ha ">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
_MAIN = {"docx": "word/document.xml", "pptx": "ppt/slides/slide1.xml", "xlsx": "xl/sharedStrings.xml"}
_SHEET = "xl/worksheets/sheet1.xml"


def sound(kind: str, chance: random.Random) -> bytes:
    """Return a small file as Word, PowerPoint or Excel would write it; the id in a sheet is one by chance."""
    return _saved(kind, f"{chance.getrandbits(64):x}" if kind == "xlsx" else "")


@lru_cache(maxsize=8)
def _saved(kind: str, name: str) -> bytes:
    stream = io.BytesIO()
    if kind == "docx":
        import docx

        document = docx.Document()
        document.add_heading("Roads", 1)
        document.add_paragraph("In 2014 Peru lent Chile $5 million for a road.")
        table = document.add_table(2, 2)
        table.cell(0, 0).text, table.cell(1, 1).text = "Country", "Chile"
        document.save(stream)
    elif kind == "pptx":
        import pptx

        deck = pptx.Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = "Roads"
        slide.placeholders[1].text_frame.text = "In 2014 Peru lent Chile $5 million."
        deck.save(stream)
    else:
        import openpyxl

        book = openpyxl.Workbook()
        book.active.append(["id", "text"])
        book.active.append([name, "In 2014 Peru lent Chile $5 million."])
        book.save(stream)
    return stream.getvalue()


def changed(kind: str, chance: random.Random, change: Change, *, more: dict[str, bytes] | None = None) -> bytes:
    """Return a sound file with its parts changed (None drops one) and ``more`` parts beside them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sound(kind, chance))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def main_part(kind: str, chance: random.Random, change: Callable[[bytes], bytes], part: str = "") -> bytes:
    """Return a sound file with one part changed, by default the one that holds its text."""

    def one(name: str, data: bytes) -> bytes:
        return change(data) if name == (part or _MAIN[kind]) else data

    return changed(kind, chance, one)


def with_doctype(kind: str, chance: random.Random, doctype: str, entity: str) -> bytes:
    """Put entities into the main part, and one into its text."""

    def declared(data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        body = rest if mark else head
        return b'<?xml version="1.0"?>' + doctype.encode() + body.replace(b"Peru", f"&{entity};Peru".encode())

    return main_part(kind, chance, declared)


@lru_cache(maxsize=4)
def bomb(kind: str, megabytes: int = 300) -> bytes:
    """Return a file whose main part is that large and compresses to a thousandth."""
    return main_part(kind, random.Random(0), lambda data: data.replace(b"Peru", b" " * (megabytes << 20) + b"Peru", 1))


def truncated(kind: str, chance: random.Random) -> bytes:
    data = sound(kind, chance)
    return data[: chance.randrange(1, len(data))]


def scratched(kind: str, chance: random.Random) -> bytes:
    """Return a sound file with a few bytes of it changed."""
    data = bytearray(sound(kind, chance))
    for _ in range(chance.randrange(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def lying(kind: str, chance: random.Random) -> bytes:
    """Return a zip whose list of parts tells other sizes than they have."""
    data = bytearray(sound(kind, chance))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<I", data, at + chance.choice([20, 24]), chance.choice([0, 1, 10, 2**31, 2**32 - 1]))
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def climbing(kind: str, chance: random.Random) -> bytes:
    """Return a zip with parts that would lie outside of it."""
    names = ["../../../../tmp/out.xml", "/etc/passwd", "word/../../x", "C:\\x", "a/" * 300 + "x", "x\x00y"]
    return changed(kind, chance, lambda name, data: data, more=dict.fromkeys(chance.sample(names, 3), b"<x/>"))


def missing(kind: str, chance: random.Random) -> bytes:
    """Return a file without one of its parts."""
    with zipfile.ZipFile(io.BytesIO(sound(kind, chance))) as parts:
        gone = chance.choice(parts.namelist())
    return changed(kind, chance, lambda name, data: None if name == gone else data)


def emptied(kind: str, chance: random.Random) -> bytes:
    """Return a file one of whose parts is empty, cut short, or other XML."""
    with zipfile.ZipFile(io.BytesIO(sound(kind, chance))) as parts:
        bad = chance.choice(parts.namelist())
    put = chance.choice([b"", b"<", b"<x/>", b"\x00" * 50, b"not xml at all"])
    return changed(kind, chance, lambda name, data: put if name == bad else data)


def wide_cells(chance: random.Random) -> bytes:
    """Return a table whose cell says that it spans a hundred million columns."""
    span = b'<w:tcPr><w:gridSpan w:val="100000000"/>'
    return main_part("docx", chance, lambda data: data.replace(b"<w:tcPr>", span, 1))


def deep_tables(chance: random.Random) -> bytes:
    """Return tables within tables."""
    deep = chance.choice([50, 2_000])
    cell = b"<w:tbl><w:tr><w:tc>", b"<w:p/></w:tc></w:tr></w:tbl>"
    nest = cell[0] * deep + b"<w:p><w:r><w:t>Chile</w:t></w:r></w:p>" + cell[1] * deep
    return main_part("docx", chance, lambda data: data.replace(b"<w:sectPr", nest + b"<w:sectPr", 1))


def many_paragraphs(chance: random.Random) -> bytes:
    """Return a hundred thousand empty paragraphs."""
    return main_part("docx", chance, lambda data: data.replace(b"<w:sectPr", b"<w:p/>" * 100_000 + b"<w:sectPr", 1))


def headings_without_level(chance: random.Random) -> bytes:
    """Return a heading of a style that no Word has."""
    level = chance.choice([b"99999999", b"-1", "٣".encode(), b"x"])

    def change(name: str, data: bytes) -> bytes:
        return data.replace(b'w:val="heading 1"', b'w:val="heading ' + level + b'"') if "styles" in name else data

    return changed("docx", chance, change)


def deep_groups(chance: random.Random) -> bytes:
    """Return groups of shapes within groups."""
    deep = chance.choice([20, 3_000])
    head = b'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="g"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
    nest = head * deep + b"</p:grpSp>" * deep
    return main_part("pptx", chance, lambda data: data.replace(b"</p:spTree>", nest + b"</p:spTree>", 1))


def far_rows(chance: random.Random) -> bytes:
    """Return a sheet whose rows and size are those of the largest sheet there can be."""

    def change(data: bytes) -> bytes:
        return data.replace(b'r="2"', b'r="1048576"').replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')

    return main_part("xlsx", chance, change, _SHEET)


def odd_cells(chance: random.Random) -> bytes:
    """Return a sheet with cells of types and values that cannot be."""
    value = chance.choice([b"1e999", b"NaN", b"-99999999999", b"2958466", b"", b"x" * 100_000])
    kind = chance.choice([b"n", b"d", b"b", b"e", b"s", b"zz"])
    cell = b'<c r="A3" t="' + kind + b'"><v>' + value + b"</v></c>"
    row = b'<row r="3">' + cell + b'<c r="ZZZZ3"><v>1</v></c></row></sheetData>'
    return main_part("xlsx", chance, lambda data: data.replace(b"</sheetData>", row, 1), _SHEET)


def many_parts(chance: random.Random) -> bytes:
    """Return a zip of very many parts."""
    count = chance.choice([2_000, 20_000])
    return changed("docx", chance, lambda name, data: data, more={f"x/{number}": b"" for number in range(count)})

"""Hostile PDFs, each written by hand: cut, looping, locked, lying, and with streams that swell."""

import random
import zlib
from collections.abc import Sequence
from functools import lru_cache

_LOCK = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"


def paper(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(out) + b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, start)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(data), extra, data)


def pages(content: bytes, *, kids: bytes = b"3 0 R", count: int = 1) -> bytes:
    """Return a PDF of one page with this content (an object)."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    tree = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count)
    return paper([b"<</Type/Catalog/Pages 2 0 R>>", tree, page, content, font])


def said(text: bytes) -> bytes:
    return b"BT /F 12 Tf 50 700 Td (%b) Tj ET" % text


def sound() -> bytes:
    return pages(stream(said(b"In 2014 Peru lent Chile $5 million.")))


def truncated(chance: random.Random) -> bytes:
    return sound()[: chance.randrange(1, len(sound()))]


def scratched(chance: random.Random) -> bytes:
    data = bytearray(sound())
    for _ in range(chance.randrange(1, 30)):
        data[chance.randrange(9, len(data))] = chance.randrange(256)
    return bytes(data)


def noise(chance: random.Random) -> bytes:
    return b"%PDF-1.7\n" + chance.randbytes(5_000)


def locked(_: random.Random) -> bytes:
    data = pages(stream(said(b"secret")))
    return data.replace(b"trailer<<", b"trailer<</ID[<00><00>]/Encrypt " + _LOCK, 1)


def looping(chance: random.Random) -> bytes:
    """Return pages that are their own parents or children."""
    return pages(stream(said(b"x")), kids=chance.choice([b"2 0 R", b"2 0 R 3 0 R 2 0 R", b"1 0 R", b"9 0 R"]), count=9)


def counted(chance: random.Random) -> bytes:
    """Return a tree that claims more pages than it has."""
    return pages(stream(said(b"Peru")), count=chance.choice([10_000_000, -1, 2**31]))


@lru_cache(maxsize=1)
def _empty() -> bytes:
    count = 10_000
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    tree = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return paper([b"<</Type/Catalog/Pages 2 0 R>>", tree, *[page] * count])


def empty_pages(_: random.Random) -> bytes:
    return _empty()


@lru_cache(maxsize=1)
def _swollen() -> bytes:
    packed = zlib.compress(b" " * (200 << 20), 9)
    return pages(stream(packed, b"/Filter/FlateDecode"))


def swollen(_: random.Random) -> bytes:
    """Return a page whose content unpacks to two hundred megabytes of nothing."""
    return _swollen()


def short_streams(chance: random.Random) -> bytes:
    """Return a stream that is not as long as it says."""
    data = said(b"Peru lent Chile $5 million")
    length = chance.choice([0, 1, 10**9, -5])
    return pages(b"<</Length %d>>stream\n%b\nendstream" % (length, data))


def nested(chance: random.Random) -> bytes:
    """Return arrays within arrays where the content should be."""
    deep = chance.choice([100, 50_000])
    return pages(b"[" * deep + b"]" * deep)


def crowded(_: random.Random) -> bytes:
    """Return a page with twenty thousand words in one place."""
    return pages(stream(said(b"Peru lent Chile $5 million") * 5_000))


def odd_text(chance: random.Random) -> bytes:
    """Return a page of characters that no font has."""
    return pages(stream(said(chance.randbytes(400).replace(b"(", b"").replace(b")", b"").replace(b"\\", b""))))

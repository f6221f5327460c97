"""Books and documents that are ZIP archives of markup: ``.epub`` and ``.odt``."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from extractors.text.errors import UnreadableError
from extractors.text.markup import flat, html_text, open_document_text, xml

_LARGEST = 100 * 2**20  # bytes of a part, unpacked
_DC = "{http://purl.org/dc/elements/1.1/}"
_LOCKED = "encrypted with a key that the file does not hold; save a copy without one"


def book(data: bytes) -> tuple[str, str | None, str | None]:
    """Read an ``.epub``: the chapters in the order of its spine. Return text, title, date. Raises UnreadableError."""
    with _archive(data) as parts:
        if "META-INF/rights.xml" in parts.namelist():
            raise UnreadableError("encrypted", f"the book is {_LOCKED}")
        root = xml(_part(parts, "META-INF/container.xml")).find(".//{*}rootfile")
        address = root.get("full-path")
        package = xml(_part(parts, address))
        chapters = [html_text(_part(parts, name)) for name in _spine(package, posixpath.dirname(address))]
        text = "\n\n".join(chapter for chapter in chapters if chapter)
        return text, _stated(package, "title"), _stated(package, "date")


def open_document(data: bytes) -> tuple[str, str | None, str | None]:
    """Read an ``.odt``. Return text and title; the day of its last saving is no date. Raises UnreadableError."""
    with _archive(data) as parts:
        if b"encryption-data" in _part(parts, "META-INF/manifest.xml"):
            raise UnreadableError("encrypted", "the document asks for a password; save a copy without one")
        title = _stated(xml(_part(parts, "meta.xml")), "title") if "meta.xml" in parts.namelist() else None
        return open_document_text(_part(parts, "content.xml")), title, None


def _spine(package: Any, folder: str) -> Iterator[str]:
    files = {item.get("id"): item.get("href", "") for item in package.iterfind(".//{*}manifest/{*}item")}
    for item in package.iterfind(".//{*}spine/{*}itemref"):
        yield posixpath.normpath(posixpath.join(folder, unquote(files[item.get("idref")])))


def _stated(tree: Any, name: str) -> str | None:
    return next((text for found in tree.iter(_DC + name) if (text := flat(found.text or ""))), None)


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    if parts.getinfo(name).file_size > _LARGEST:
        raise UnreadableError("oversized", f"{name} in it is larger than {_LARGEST // 2**20} MiB")
    return parts.read(name)


class _archive:  # noqa: N801 - reads as a statement
    """Opens an archive, and turns what a broken one raises into one clear error."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __enter__(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(io.BytesIO(self._data))
        except zipfile.BadZipFile as error:
            raise _damaged() from error

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, RuntimeError):  # zipfile's word for a part with a password
            raise UnreadableError("encrypted", "the file asks for a password; save a copy without one") from error
        if isinstance(error, zipfile.BadZipFile | KeyError | AttributeError | etree.XMLSyntaxError):
            raise _damaged() from error


def _damaged() -> UnreadableError:
    return UnreadableError("unreadable", "the file is damaged or not of its format")

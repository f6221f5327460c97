"""Releases: what each holds and changed, any two side by side, and their own pages."""

import os
import stat
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.errors import LedgerError
from ledger.release.layout import DIFF_PAGE, REPORT_PAGE
from review.compare import Comparison, compare
from review.guard import FILE_POLICY
from review.store import Shelf, Store
from review.summary import Summary, crossed
from review.web import Refused, Someone, page

router = APIRouter()
PAGES = (REPORT_PAGE, DIFF_PAGE)


@router.get("/releases")
def releases(who: Someone) -> Response:
    """List the releases, newest first."""
    versions = who.desk.store.view().versions
    return page("releases.html", who, releases=versions.releases[::-1])


@router.get("/releases/{version}")
def release(who: Someone, version: str) -> Response:
    """Show what a release holds and what it changed."""
    shelf = _shelf(who.desk.store, version)
    names = [entry.version for entry in who.desk.store.view().versions.releases]
    return page("release.html", who, shelf=shelf, manifest=shelf.manifest, summary=_summary(shelf), versions=names)


@lru_cache(maxsize=8)
def _summary(shelf: Shelf) -> Summary:
    return Summary(shelf)


def _shelf(store: Store, version: str) -> Shelf:
    try:
        return store.shelf(version)
    except LedgerError as error:
        raise Refused(404, str(error)) from error


@router.get("/releases/{version}/{name}")
def file(who: Someone, version: str, name: str) -> Response:
    """Return a release's own page, which opens from a file as well."""
    if name not in PAGES:
        raise Refused(404, "there is no such page")
    path = _shelf(who.desk.store, version).release.path / name
    return Response(_own(path), media_type="text/html", headers={"content-security-policy": FILE_POLICY})


def _own(path: Path) -> bytes:
    """Read a file that is no link of any kind: what lies elsewhere is not the ledger's. Raises Refused."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(404, "there is no such page") from error
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise Refused(404, "the page is a link")
        return file.read()


@router.get("/compare")
def side_by_side(who: Someone, a: str = "", b: str = "") -> Response:
    """Compare any two releases."""
    versions = [entry.version for entry in who.desk.store.view().versions.releases]
    if not versions or (a and a not in versions) or (b and b not in versions):
        raise Refused(404, "there is no such release")
    after = b or versions[-1]
    before = a or versions[max(0, versions.index(after) - 1)]
    found = _compared(who.desk.store, before, after)
    return page(
        "compare.html", who, found=found, causes=crossed(found.causes), versions=versions, a=before, b=after,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _compared(store: Store, before: str, after: str) -> Comparison:
    return compare(store, before, after)

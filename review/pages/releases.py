"""Releases: the content and changes of each, comparison of any two, and their HTML reports."""

import os
import stat
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ledger.causes import cause_summaries
from ledger.diff import QUIET_FIELDS, is_quiet
from ledger.errors import LedgerError
from ledger.release.compare import iter_changes
from ledger.release.layout import DIFF_PAGE, REPORT_PAGE
from ledger.report.formatting import country_name, money
from ledger.report.pages import cross_table
from ledger.report.plots import Bar, bars, years_plot
from review.release import ReleaseIndex
from review.rendering import render
from review.security import FILE_POLICY
from review.store import Store
from review.web import CurrentUser
from schemas import Change

router = APIRouter()
PAGES = (REPORT_PAGE, DIFF_PAGE)
SHOWN = 300
"""How many changes of each sort are shown."""
_FILLED_COLUMNS = {"partner": "partner", "year": "year", "amount": "amount", "sector": "sector_code"}


@lru_cache(maxsize=8)
def summary_of(release: ReleaseIndex) -> dict[str, Any]:
    """Summarise what a release holds and what it changed, in bars and tables. Dollars are summed once per act, even if
    it has several partners; a record counts for the countries of both parties."""
    frame, changes = release.frame, release.changed or ()
    fields: Counter[str] = Counter()
    for one in changes:
        fields.update({field.name.partition(".")[0] for field in one.fields} - {*QUIET_FIELDS, "review"})
    dollars = frame.drop_duplicates("act_id").groupby("sector")["amount_usd"].sum().astype(float)
    other = frame["partner_country"].where(frame["partner_country"] != frame["actor_country"])
    countries = pd.concat([frame["actor_country"], other]).value_counts()
    filled = {name: frame[column].notna().sum() for name, column in _FILLED_COLUMNS.items()}
    filled["sector"] = (frame["sector_code"] != "998").sum()
    shares = {name: float(count) / (len(frame) or 1) for name, count in filled.items()}
    return {
        "causes": cross_table(Counter((one.cause, one.change) for one in changes)),
        "sentences": cause_summaries(changes),
        "quiet": sum(is_quiet(one) for one in changes),
        "fields": bars(fields),
        "years": years_plot(frame["year"].dropna().astype(int).value_counts().to_dict()),
        "sectors": bars(dollars.to_dict(), show=money, most=10),
        "countries": bars({country_name(code): count for code, count in countries.items()}, most=10),
        "reviews": frame["review"].value_counts().to_dict(),
        "filled": [Bar(name, share, share, f"{share:.0%}") for name, share in shares.items()],
    }


@dataclass(slots=True)
class Comparison:
    """What differs from one release to another: counts of all changes, and the first changes of each sort."""

    counts: Counter[str] = field(default_factory=Counter)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    quiet: int = 0
    shown: dict[str, list[Change]] = field(default_factory=dict)


@lru_cache(maxsize=8)
def compare(store: Store, before: str, after: str) -> Comparison:
    """Compare two releases: by the published diff if one follows the other, otherwise by a new diff.

    Raises:
        LedgerError: one of them is missing or damaged.
    """
    old, new = store.release(before), store.release(after)
    found = Comparison()
    for change in iter_changes(old.files, new.files):
        found.counts[change.change] += 1
        found.causes[change.cause, change.change] += 1
        if is_quiet(change):
            found.quiet += 1
        elif len(kept := found.shown.setdefault(change.change, [])) < SHOWN:
            kept.append(change)
    return found


@router.get("/releases")
def releases(user: CurrentUser) -> Response:
    """List the releases, newest first."""
    versions = user.services.store.view().versions
    return render("releases.html", user, releases=versions.releases[::-1])


@router.get("/releases/{version}")
def release(user: CurrentUser, version: str) -> Response:
    """Show what a release holds and what it changed."""
    release = _open_or_404(user.services.store, version)
    names = [entry.version for entry in user.services.store.view().versions.releases]
    return render(
        "release.html", user, release=release, manifest=release.manifest, summary=summary_of(release), versions=names
    )


def _open_or_404(store: Store, version: str) -> ReleaseIndex:
    try:
        return store.release(version)
    except LedgerError as error:
        raise HTTPException(404, str(error)) from error


@router.get("/releases/{version}/{name}")
def report_page(user: CurrentUser, version: str, name: str) -> Response:
    """Return an HTML report of a release, which can also be opened from its file."""
    if name not in PAGES:
        raise HTTPException(404, "there is no such page")
    path = _open_or_404(user.services.store, version).files.path / name
    return Response(_read_regular_file(path), media_type="text/html", headers={"content-security-policy": FILE_POLICY})


def _read_regular_file(path: Path) -> bytes:
    """Read a regular file; symbolic and hard links may lead out of the ledger. Raises HTTPException: it is none."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise HTTPException(404, "there is no such page") from error
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
            raise HTTPException(404, "the page is a link")
        return file.read()


@router.get("/compare")
def side_by_side(user: CurrentUser, a: str = "", b: str = "") -> Response:
    """Compare any two releases."""
    versions = [entry.version for entry in user.services.store.view().versions.releases]
    if not versions or (a and a not in versions) or (b and b not in versions):
        raise HTTPException(404, "there is no such release")
    after = b or versions[-1]
    before = a or versions[max(0, versions.index(after) - 1)]
    found = compare(user.services.store, before, after)
    return render(
        "compare.html", user, found=found, causes=cross_table(found.causes), versions=versions, a=before, b=after,
    )  # fmt: skip

"""Releases: what each holds and changed, any two side by side, and their own pages."""

import os
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ledger.causes import summaries
from ledger.diff import QUIET_FIELDS, quiet
from ledger.errors import LedgerError
from ledger.release.compare import iter_changes
from ledger.release.layout import DIFF_PAGE, REPORT_PAGE
from ledger.report.formatting import country_name, money
from ledger.report.pages import crossed
from ledger.report.plots import Bar, Years, bars, years_plot
from review.release import ReleaseIndex
from review.rendering import render
from review.security import FILE_POLICY
from review.store import Store
from review.web import CurrentUser
from schemas import Change

router = APIRouter()
PAGES = (REPORT_PAGE, DIFF_PAGE)
SHOWN = 300
"""How many changes of each sort are kept to be shown."""
_FILLED = {"partner": "partner", "year": "year", "amount": "amount", "sector": "sector_code"}


@dataclass(frozen=True)
class Summary:
    """One release in figures. What it costs to count is paid when it is asked for, once."""

    release: ReleaseIndex

    @property
    def _changes(self) -> Sequence[Change]:
        return self.release.changed or ()

    @property
    def first(self) -> bool:
        """Whether there is no release before it."""
        return self.release.manifest.parent is None

    @cached_property
    def causes(self) -> dict[str, Any]:
        """Changes by cause and by what they are."""
        return crossed(Counter((one.cause, one.change) for one in self._changes))

    @cached_property
    def sentences(self) -> list[str]:
        """The same in words."""
        return summaries(self._changes)

    @cached_property
    def quiet(self) -> int:
        """How many changes leave all that a record states as it was."""
        return sum(quiet(one) for one in self._changes)

    @cached_property
    def fields(self) -> list[Bar]:
        """Fields by how many records changed in them."""
        names: Counter[str] = Counter()
        for one in self._changes:
            names.update({field.name.partition(".")[0] for field in one.fields} - {*QUIET_FIELDS, "review"})
        return bars(names)

    @cached_property
    def years(self) -> Years | None:
        """Records by year."""
        known = self.release.frame["year"].dropna().astype(int)
        return years_plot({int(year): int(count) for year, count in known.value_counts().items()})

    @cached_property
    def sectors(self) -> list[Bar]:
        """Dollars by sector; an act with several partners counts once."""
        acts = self.release.frame.drop_duplicates("act_id")
        sums = acts.groupby("sector")["amount_usd"].sum()
        return bars({str(name): float(dollars) for name, dollars in sums.items()}, show=money, most=10)

    @cached_property
    def countries(self) -> list[Bar]:
        """Records by the country of either party."""
        frame = self.release.frame
        other = frame["partner_country"].where(frame["partner_country"] != frame["actor_country"])
        counts = Counter([*frame["actor_country"].dropna(), *other.dropna()])
        return bars({country_name(code): count for code, count in counts.items()}, most=10)

    @cached_property
    def reviews(self) -> dict[str, int]:
        """Records by what curators said."""
        return {str(name): int(count) for name, count in self.release.frame["review"].value_counts().items()}

    @cached_property
    def filled(self) -> list[Bar]:
        """Share of records that have a field."""
        frame = self.release.frame
        size = len(frame) or 1
        found = {name: float(frame[column].notna().sum()) / size for name, column in _FILLED.items()}
        found["sector"] = float((frame["sector_code"] != "998").sum()) / size
        return [Bar(name, share, share, f"{share:.0%}") for name, share in found.items()]


_summary = lru_cache(maxsize=8)(Summary)


@dataclass(slots=True)
class Comparison:
    """What differs from one release to another; counts are whole, changes are the first of each sort."""

    before: str
    after: str
    counts: Counter[str] = field(default_factory=Counter)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    quiet: int = 0
    shown: dict[str, list[Change]] = field(default_factory=dict)


@lru_cache(maxsize=8)
def compare(store: Store, before: str, after: str) -> Comparison:
    """Compare two releases: as published where one follows the other, worked out afresh elsewhere.

    Raises:
        LedgerError: one of them is not there.
    """
    old, new = store.release(before), store.release(after)
    found = Comparison(before, after)
    for change in iter_changes(old.files, new.files):
        found.counts[change.change] += 1
        found.causes[change.cause, change.change] += 1
        if quiet(change):
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
    release = _release(user.services.store, version)
    names = [entry.version for entry in user.services.store.view().versions.releases]
    return render(
        "release.html", user, release=release, manifest=release.manifest, summary=_summary(release), versions=names
    )


def _release(store: Store, version: str) -> ReleaseIndex:
    try:
        return store.release(version)
    except LedgerError as error:
        raise HTTPException(404, str(error)) from error


@router.get("/releases/{version}/{name}")
def file(user: CurrentUser, version: str, name: str) -> Response:
    """Return a release's own page, which opens from a file as well."""
    if name not in PAGES:
        raise HTTPException(404, "there is no such page")
    path = _release(user.services.store, version).files.path / name
    return Response(_own(path), media_type="text/html", headers={"content-security-policy": FILE_POLICY})


def _own(path: Path) -> bytes:
    """Read a file that is no link of any kind: what lies elsewhere is not the ledger's. Raises HTTPException."""
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
        "compare.html", user, found=found, causes=crossed(found.causes), versions=versions, a=before, b=after,
    )  # fmt: skip

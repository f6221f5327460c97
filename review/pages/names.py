"""Names that look like one body: clustered, shown together, and merged into one name by one step over many records.

Names are clustered if they have the same key (OpenRefine's fingerprint) or similar keys. A key is the name without
case, accents, punctuation, little words and legal forms, its words sorted. Keys are compared only if a word of each
begins alike; numbers in them must be equal, and so must countries if both are known.
"""

import re
import secrets
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from rapidfuzz import fuzz, process
from starlette.exceptions import HTTPException

from ledger.release.jsonl import pretty
from ledger.release.layout import replace_text
from review.drafts import first_error_message
from review.release import ReleaseIndex
from review.rendering import PARTIES, paged, render
from review.store import SeenRecord, Store
from review.view import LedgerView, read_settings
from review.web import CurrentUser, PostedForm, User, redirect
from schemas import FieldDecision, Model, Party, Span, country_code
from schemas.packaged import packaged_rows

router = APIRouter()
PER_PAGE = 25
MAX_AT_ONCE = 2_000
MIN_SIMILARITY = 88
"""How similar two keys must be, from 0 to 100, for their names to be shown together."""
_MAX_SHOWN = 40
_PREFIX, _LARGEST_BLOCK = 4, 400
_WORD = re.compile(r"\w+")
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_IGNORED_WORDS = frozenset(row["word"] for row in packaged_rows("review", "tables/name_words.csv"))
"""Little words and legal forms, which do not distinguish bodies."""
APART = "apart.json"
_WRITE_LOCK = Lock()
Place = tuple[str, str]
"""A record id, and the field of that record that names a party."""


@dataclass(frozen=True, slots=True)
class NameVariant:
    """A name of a party with type and country (empty if unknown), and the (record id, field) pairs that hold it."""

    name: str
    type: str
    country: str
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        """How many fields of records hold it."""
        return len(self.places)

    @property
    def id(self) -> str:
        """What a form calls it by."""
        return f"{self.country}|{self.name}"


@dataclass(frozen=True, slots=True)
class NameCluster:
    """Names that look like one body, the most frequent first; ``how`` they were found: ``same key``, ``near``, …"""

    variants: tuple[NameVariant, ...]
    how: str

    @property
    def count(self) -> int:
        """How many fields of records hold one of them."""
        return sum(one.count for one in self.variants)

    @property
    def id(self) -> str:
        """What a form calls it by."""
        return "\n".join(sorted(one.id for one in self.variants))


def name_variants(view: LedgerView) -> dict[str, NameVariant]:
    """Return the party names of the latest release by variant id, as decided so far, without those of rejected
    records and those of countries."""
    types: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    places: dict[tuple[str, str], list[Place]] = defaultdict(list)
    given = _decided_parties(view)
    for field in PARTIES:
        names = ("record_id", field, f"{field}_type", f"{field}_country")
        columns = [view.release.frame[name].fillna("").tolist() for name in names]
        for record_id, *published in zip(*columns, strict=True):
            name, kind, country = given.get((record_id, field), published)
            if name and kind != "country":
                types[name, country][kind] += 1
                places[name, country].append((record_id, field))
    found = [
        NameVariant(name, max((count, kind) for kind, count in types[name, country].items())[1], country, tuple(at))
        for (name, country), at in places.items()
    ]
    return {one.id: one for one in found}


def _decided_parties(view: LedgerView) -> dict[Place, tuple[str, str, str]]:
    """Return the name, type and country of each party field that curators decided; empty strings if they gave no party
    or rejected the record."""
    given: dict[Place, tuple[str, str, str]] = {}
    for record_id in view.history.records():
        state = view.standing(record_id)
        if state is None:
            continue
        for field in PARTIES:
            pin = state.pins.get(field)
            if pin is not None and pin.given is not None:
                given[record_id, field] = pin.given["name"], pin.given["type"], pin.given.get("country") or ""
            elif pin is not None or state.verdict == "reject":
                given[record_id, field] = "", "", ""
    return given


def key_of(name: str) -> str:
    """Return the key by which names of one body are found; a name of little words alone keeps them."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = set(_WORD.findall(_DOTS.sub("", bare).casefold()))
    return " ".join(sorted((words - _IGNORED_WORDS) or words))


def clusters(variants: Iterable[NameVariant]) -> list[NameCluster]:
    """Cluster names that look like one body, the most frequent clusters first."""
    from scipy.cluster.hierarchy import DisjointSet  # imported here: it is slow, and most pages do not need it

    by_key: dict[str, list[NameVariant]] = defaultdict(list)
    for variant in variants:
        by_key[key_of(variant.name)].append(variant)
    joined = DisjointSet(by_key)
    for one, other in _similar_keys(by_key):
        joined.merge(one, other)
    apart = [part for keys in joined.subsets() for part in _by_country([one for key in keys for one in by_key[key]])]
    return sorted((one for one in apart if len(one.variants) > 1), key=_largest_first)


def _by_country(variants: Iterable[NameVariant]) -> Iterator[NameCluster]:
    """Split a cluster by country; names without a country go with the most frequent country."""
    ordered = sorted(variants, key=most_frequent_first)
    countries = list(dict.fromkeys(one.country for one in ordered if one.country))
    for place, country in enumerate(countries or [""]):
        group = [one for one in ordered if one.country == country or (not one.country and place == 0)]
        yield NameCluster(tuple(group), "near" if len({key_of(one.name) for one in group}) > 1 else "same key")


def _similar_keys(keys: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of similar keys that have a word with the same beginning; beginnings of too many keys are skipped."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        for beginning in {word[:_PREFIX] for word in key.split()}:
            blocks[beginning].append(key)
    for block in blocks.values():
        if 1 < len(block) <= _LARGEST_BLOCK:
            alike = process.cdist(block, block, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, dtype=np.uint8)
            for one, other in np.argwhere(np.triu(alike, 1)):
                if _numbers_in(block[one]) == _numbers_in(block[other]):
                    yield block[one], block[other]


def _numbers_in(key: str) -> set[str]:
    return {word for word in key.split() if any(sign.isdigit() for sign in word)}


def _largest_first(cluster: NameCluster) -> tuple[int, str]:
    return -cluster.count, cluster.id


def most_frequent_first(one: NameVariant) -> tuple[int, str]:
    """Sort by frequency, then by name."""
    return -one.count, one.name


def variants_with(variants: Mapping[str, NameVariant], words: str) -> list[NameVariant]:
    """List the variants whose names contain all of some words, the most frequent first."""
    wanted = words.casefold().split()
    held = [one for one in variants.values() if all(word in one.name.casefold() for word in wanted)]
    return sorted(held, key=most_frequent_first)


def _names_and_clusters(user: User, view: LedgerView) -> tuple[dict[str, NameVariant], list[NameCluster]]:
    hidden = view.hidden_records()
    return _cached_clusters(
        user.services.store, view.release, len(view.history.all), hidden, user.name if hidden else None
    )


@lru_cache(maxsize=4)
def _cached_clusters(
    store: Store, release: ReleaseIndex, decisions: int, hidden: frozenset[str], name: str | None
) -> tuple[dict[str, NameVariant], list[NameCluster]]:
    """Find variants and clusters; cached by the number of ``decisions``, and by ``name`` for who may not see all."""
    view = store.view()
    variants = name_variants(view if name is None else view.seen_by(name))
    return variants, clusters(variants.values())


@router.get("/bodies")
def names(user: CurrentUser, q: str = "", page_: int = 1) -> Response:
    """Show the names that look like one body, or those that contain the words of ``q``."""
    return _render_names(user, user.view(), q, page_)


def _render_names(user: User, view: LedgerView, q: str, number: int, wrong: str = "", at: str = "") -> Response:
    variants, found = _names_and_clusters(user, view)
    apart = read_apart(user.services.store.output.root)
    left = [one for one in found if not apart.covers(one)]
    listed = left
    if q.strip():
        held = variants_with(variants, q)[:_MAX_SHOWN]
        listed = [NameCluster(tuple(held), "by your search")] if held else []
    return render(
        "names.html", user, 422 if wrong else 200, view=view, groups=len(left), q=q,
        **paged(listed, number, PER_PAGE), wrong=wrong, at=at,
        apart=apart.apart,
    )  # fmt: skip


@router.post("/bodies")
def merge(user: CurrentUser, form: PostedForm) -> Response:
    """Merge the ticked names: give them one name, type and country in every record that has one of them."""
    view = user.view_to_decide(form)
    variants, _ = _names_and_clusters(user, view)
    ticked = [variants[one] for one in form.all("variant") if one in variants]
    given = {"name": form["name"], "type": form["type"], "country": country_code(form["country"]) or None}
    wrong = _party_error(given) or ("" if ticked else "tick the names that are one body")
    if wrong:
        return _render_names(user, view, form["q"], 1, wrong, form["cluster"])
    batch = secrets.token_hex(8)
    places = [place for one in ticked if not _is_named(one, given) for place in one.places]
    fields_of: dict[str, list[str]] = defaultdict(list)
    for record_id, field in places[:MAX_AT_ONCE]:
        fields_of[record_id].append(field)
    seen = [one for record_id, fields in fields_of.items() for one in _renamed(view, record_id, fields, given)]
    note = form["note"] or f"one body: {given['name']}"
    made = user.services.store.decide_all(seen, verdict="edit", reviewer=user.name, batch=batch, note=note)
    done = sum(len(one.fields) for one in made)
    if not done:
        return _render_names(user, view, form["q"], 1, "these names are so already: nothing was saved", form["cluster"])
    user.show_saved(f"{done} {'names' if done != 1 else 'name'} merged", *made)
    left = f"&left={len(places) - done}" if done < len(places) else ""
    return redirect(f"/batch?id={batch}{left}")


def _party_error(given: Mapping[str, Any]) -> str:
    try:
        Party.model_validate({**given, "span": Span(start=0, end=1, text="-").model_dump()})
    except ValidationError as error:
        return first_error_message(error)
    return ""


def _is_named(one: NameVariant, given: Mapping[str, Any]) -> bool:
    return (one.name, one.type, one.country or None) == (given["name"], given["type"], given["country"])


def _renamed(view: LedgerView, record_id: str, fields: Iterable[str], given: Mapping[str, Any]) -> Iterator[SeenRecord]:
    """Yield the record and its edits that rename parties; nothing if the record is gone or has no such party."""
    record = view.shown(record_id)
    plain = record.model_dump(mode="json", include=set(fields)) if record else {}
    changes = [
        FieldDecision(name=one, seen=plain[one], given={**plain[one], **given}) for one in fields if plain.get(one)
    ]
    if record and changes:
        yield SeenRecord(record, view.last_decision_id(record_id), tuple(changes))


@router.post("/bodies/apart")
def keep_apart(user: CurrentUser, form: PostedForm) -> Response:
    """Keep names apart, or (``again``) show them again. They stay hidden until another name joins their cluster."""
    if not form["cluster"]:
        raise HTTPException(400, "no names were given")
    user.require_name()
    names = tuple(dict.fromkeys(form.fields["cluster"][0].replace("\r\n", "\n").split("\n")))
    folder = user.services.store.output.root
    if not form["again"] and not set(names) <= _names_and_clusters(user, user.view())[0].keys():
        raise HTTPException(400, "there are no such names")
    with _WRITE_LOCK:
        left = tuple(one for one in read_apart(folder).apart if one.names != names)
        if not form["again"]:
            left = (*left, ApartNames(names=names, by=user.name, at=user.services.store.now()))
        replace_text(folder / APART, pretty(AllApartNames(apart=left).model_dump(mode="json")))
    return redirect("/bodies")


class ApartNames(Model):
    """Names (ids of variants) that a curator declared not to be one body."""

    names: tuple[str, ...]
    by: str
    at: str


class AllApartNames(Model):
    """All names that are kept apart: the content of ``apart.json`` in the output folder."""

    apart: tuple[ApartNames, ...] = ()

    def covers(self, cluster: NameCluster) -> bool:
        """Return whether all names of a cluster are kept apart from each other."""
        ids = {one.id for one in cluster.variants}
        return any(ids.issubset(one.names) for one in self.apart)


def read_apart(folder: Path) -> AllApartNames:
    """Read which names are kept apart. Raises LedgerError: the file is invalid."""
    return read_settings(folder / APART, AllApartNames, "which names are apart")

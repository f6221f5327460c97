"""Of what two code, no view lets the second infer what the first decided: her pages are the same, whatever it was."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from httpx import Client, Limits, Response

from review.app import ROUTERS
from review.store import Store
from tests.review.browsing import served
from tests.review.curator import fields, ticking
from tests.review.test_names import notes
from tests.support.editions import FIRST, SECOND, in_order, released, roads, with_possible

RANDOM = re.compile(r'name="csrf" value="[^"]*"|id=[0-9a-f]{16}|https?://[^/"]*')


class Visitor:
    """A curator at a real socket."""

    def __init__(self, site: str, name: str = "") -> None:
        limits = Limits(max_keepalive_connections=0)
        self.site, self.client = site, Client(base_url=site, headers={"origin": site}, timeout=60, limits=limits)
        if name:
            self.post("/name", name=name, there="/")

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        return RANDOM.sub("", f"{answer.status_code} {answer.headers.get('location', '')}\n{answer.text}")

    def form(self, path: str) -> dict[str, str]:
        text = self.client.get(path).text
        return fields(text[text.find('id="decide"') :])

    def post(self, path: str, /, **given: object) -> Response:
        csrf = fields(self.client.get("/decisions").text)["csrf"]
        return self.client.post(path, data={"csrf": csrf, **given})

    def decide(self, record: str, verdict: str, **given: str) -> None:
        assert (
            self.post("/decide", **{**self.form(f"/record/{record}"), "verdict": verdict, **given}).status_code == 303
        )

    def edit(self, record: str, field: str, **given: str) -> None:
        assert self.post("/edit", **{**self.form(f"/record/{record}"), "field": field, **given}).status_code == 303


def party(name: str, span: dict[str, int]) -> dict[str, str]:
    given = {"name": name, "type": "organisation", "country": "NOR", **span}
    return {f"actor.{key}": str(value) for key, value in given.items()}


def as_bea(bea: Visitor, ledger: Path, *, says: bool) -> str:
    """Decide about the same records, one way or the other; return an id of one of the decisions."""
    release = Store(ledger).view().release
    loan, ghana = (one.record_id for one in release.records_of("news/water.txt"))
    (offered,) = release.possible_records("news/water.txt")
    (road,) = release.records_of("news/roads.txt")
    maple = release.records_of("notes/005.txt")[0].record_id
    bank = [release.records_of(f"notes/{number}.txt")[0].record_id for number in (0, 2)]
    bea.decide(loan, "accept" if says else "reject", note="a secret" if says else "a mystery")
    bea.edit(ghana, "kind", **{"kind.value": "training" if says else "loan"})
    start, end = road.actor.span.start, road.actor.span.end
    bea.edit(road.record_id, "status", **{"status.value": "pledged" if says else "implementing"})
    bea.edit(road.record_id, "actor", **party(road.actor.name if says else "Secret Fund", {"start": start, "end": end}))
    bea.decide(road.record_id, "accept")
    bea.decide(maple, "accept" if says else "reject")
    bea.post("/undo", decision=Store(ledger).view().last_decision_id(maple))
    common = {"release": release.version, "document": "news/water.txt", "record": offered.record_id}
    assert bea.post("/possible", **common, verdict="accept" if says else "reject").status_code == 303
    verdict = {"verdict": "accept" if says else "reject", "release": release.version}
    assert bea.post("/bulk", record=[f"{one} " for one in bank], **verdict).status_code == 303
    new = {"release": release.version, "kind.value": "grant" if says else "loan"}
    new |= {"status.value": "pledged", "amount.value": "90m"}
    new |= {**party("Critics" if says else "Sceptics", {"start": 80, "end": 87}), "amount.unit": "USD"}
    new |= {"evidence.start": "80", "evidence.end": "116", "amount.start": "105", "amount.end": "116"}
    new |= {"sector.code": "210", "partner.none": "yes", "amount.kind": "money", "document": "news/roads.txt"}
    assert bea.post("/add", **new).status_code == 303
    return Store(ledger).view().last_decision_id(loan)


def addresses(ledger: Path) -> list[str]:
    """Every view that there is, in the ways that could tell."""
    release = Store(ledger).view().release
    (offered,) = release.possible_records("news/water.txt")
    records = [str(one) for one in release.frame["record_id"]]
    words = ("by one of two", "in part", "two differ", "rejected", "accepted", "edited")
    lists = ["", "curator=Bea", "assigned=Ada", "assigned=Bea", "sort=lately", "q=secret", "party=Secret Fund"]
    lists += [f"verdict={one}" for one in words]
    found = ["/", "/?state=decided", *(f"/?state=all&{one}" for one in lists)]
    found += [f"/record/{one}" for one in [*records, offered.record_id]]
    for name in ("news/water.txt", "news/roads.txt"):
        found += [f"/document?id={name}", f"/text?document={name}&start=0&end=90&place=document"]
        found += [f"/add?document={name}&start=5&end=20", f"/add/here?document={name}&start=5&end=20"]
        found += [f"/draft?document={name}&field=year&start=5&end=20"]
    found += [f"/document?id=news/water.txt&record={one}" for one in (*records[:3], offered.record_id)]
    found += [f"/editor?record={one}&field=actor" for one in records]
    found += [f"/news?record={one}&seen=" for one in records]
    found += [
        "/bulk?q=a",
        "/bodies",
        "/bodies?q=nile",
        "/bodies?q=fund",
        "/progress",
        "/decisions",
        "/decisions?q=secret",
    ]
    found += [
        "/decisions.csv",
        "/decisions.jsonl",
        "/effect",
        "/effect?outcome=kept",
        "/names?q=s",
        "/releases",
        "/compare",
    ]
    return [
        *found,
        f"/releases/{release.version}",
        f"/releases/{release.version}/report.html",
        "/batch?id=0",
        "/look.css",
    ]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[list[tuple[str, Path]]]:
    """Two ledgers that differ in nothing yet, of which all documents go to Ada and Bea."""
    with ExitStack() as stack:
        made = []
        for name in ("one", "other"):
            ledger = tmp_path / name
            released(ledger, in_order([*with_possible(), *notes()]), FIRST)
            site = stack.enter_context(served(ledger, clock=ticking()))
            assert Visitor(site, "Ada").post("/shares", curators="Ada, Bea", double="100").status_code == 303
            made.append((site, ledger))
        yield made


def test_every_view_is_the_same_whatever_the_other_coder_said(worlds: list[tuple[str, Path]]) -> None:
    seen, strangers, inside = [], [], []
    for (site, ledger), says in zip(worlds, (True, False), strict=True):
        ada, bea = Visitor(site, "Ada"), Visitor(site, "Bea")
        (road,) = Store(ledger).view().release.records_of("news/roads.txt")
        ada.edit(road.record_id, "status", **{"status.value": "completed"})
        hidden = as_bea(bea, ledger, says=says)
        paths = addresses(ledger)
        seen.append([ada.page(path) for path in paths])
        stranger = Visitor(site)
        strangers.append([stranger.page(path) for path in paths])
        inside.append([bea.page(path) for path in paths])
        assert ada.post("/undo", decision=hidden).status_code == 404
    for told in (seen, strangers):
        assert [path for path, one, other in zip(paths, *told, strict=True) if one != other] == []
    assert len([path for path, one, other in zip(paths, *inside, strict=True) if one != other]) > 20  # Bea sees it all


def test_the_addresses_are_of_every_view_that_there_is(worlds: list[tuple[str, Path]]) -> None:
    paths = {path.partition("?")[0] for path in addresses(worlds[0][1])}
    views = {route.path for router in ROUTERS for route in router.routes if "GET" in route.methods}  # type: ignore[attr-defined]
    assert views == {re.sub(r"/rec-.*", "/{record_id:path}", _version(path)) for path in paths}


def _version(path: str) -> str:
    found = re.fullmatch(r"/releases/[^/]+(/[^/]+)?", path)
    return path if found is None else "/releases/{version}" + ("/{name}" if found[1] else "")


def test_what_the_other_added_shows_once_the_document_is_decided(worlds: list[tuple[str, Path]]) -> None:
    site, ledger = worlds[0]
    as_bea(Visitor(site, "Bea"), ledger, says=True)
    ada, (road,) = Visitor(site, "Ada"), Store(ledger).view().release.records_of("news/roads.txt")
    assert "<bdi>Critics</bdi>" not in ada.page("/document?id=news/roads.txt")
    ada.decide(road.record_id, "accept")
    page = ada.page("/document?id=news/roads.txt")
    assert "<bdi>Critics</bdi>" in page
    added = page.split('data-item="')
    for one in added[1:]:
        assert ada.client.get(f"/document?id=news/roads.txt&record={one.split(chr(34))[0]}").status_code == 200


def test_a_suggestion_that_the_other_dismissed_is_still_asked_about(worlds: list[tuple[str, Path]]) -> None:
    site, ledger = worlds[1]
    as_bea(Visitor(site, "Bea"), ledger, says=False)
    ada, view = Visitor(site, "Ada"), Store(ledger).view()
    (offered,) = view.release.possible_records("news/water.txt")
    common = {"release": view.release.version, "document": "news/water.txt", "record": offered.record_id}
    ada.post("/possible", **common, verdict="accept")
    assert [one.verdict for one in Store(ledger).view().decisions_about(offered.record_id)] == ["reject", "accept"]
    assert "Two differ." in ada.page(f"/document?id=news/water.txt&record={offered.record_id}")


def test_a_record_that_a_new_release_asks_about_again_is_coded_by_both_again(worlds: list[tuple[str, Path]]) -> None:
    site, ledger = worlds[0]
    ada, bea = Visitor(site, "Ada"), Visitor(site, "Bea")
    (road,) = Store(ledger).view().release.records_of("news/roads.txt")
    for one in (ada, bea):
        one.decide(road.record_id, "accept")
    rest = [one for one in with_possible() if one.document.id != "news/roads.txt"]
    released(ledger, in_order([*rest, roads(pledged="€54 million", value=54e6), *notes()]), SECOND)
    assert road.record_id in ada.page("/?assigned=Ada") and road.record_id in ada.page("/?assigned=Bea")
    bea.decide(road.record_id, "reject", note="a secret")
    assert "a secret" not in ada.page(f"/record/{road.record_id}")
    assert road.record_id in ada.page("/?assigned=Ada") and road.record_id not in ada.page("/?assigned=Bea")

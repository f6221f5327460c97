"""Made-up documents with made-up acts, any number of them, the same for the same seed."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas import (
    Amount,
    Confidence,
    CooperationRecord,
    Derivation,
    Digests,
    Document,
    Extraction,
    Extractor,
    Party,
    Sector,
    Span,
    Unclaimed,
    Year,
    act_id_of,
    crs_sectors,
    digest_of,
    record_id_of,
)

FUNDERS = [
    ("Harbour Development Bank", "DEU"), ("Northern Lights Fund", "NOR"), ("Maple Export Agency", "CAN"),
    ("Sakura Cooperation Agency", "JPN"), ("Meridian Bank", "CHN"), ("Tulip Trust", "NLD"), ("Andes Facility", "PER"),
]  # fmt: skip
PLACES = [
    ("Kenya", "KEN"), ("Nepal", "NPL"), ("Bolivia", "BOL"), ("Ghana", "GHA"), ("Fiji", "FJI"), ("Laos", "LAO"),
    ("Malawi", "MWI"), ("Georgia", "GEO"), ("Peru", "PER"), ("Samoa", "WSM"), ("Zambia", "ZMB"),
]  # fmt: skip
WORKS = [
    ("a water plant", "140"), ("a district hospital", "120"), ("a ring road", "210"), ("a solar park", "230"),
    ("a teachers' college", "110"), ("a seed laboratory 🌱", "310"), ("a cable station", "220"),
]  # fmt: skip
VERBS = [("lent", "loan"), ("gave", "grant"), ("invested in", "investment")]
EXTRACTOR = Extractor(name="synthetic", version="1", model="none")


@dataclass(frozen=True, slots=True)
class Act:
    """One made-up act, before it is told."""

    number: int
    funder: tuple[str, str]
    place: tuple[str, str]
    work: tuple[str, str]
    verb: tuple[str, str]
    year: int
    millions: int


def acts_of(rng: random.Random, count: int) -> list[Act]:
    """Draw some acts."""
    return [
        Act(
            rng.randrange(10**6), rng.choice(FUNDERS), rng.choice(PLACES), rng.choice(WORKS), rng.choice(VERBS),
            int(rng.triangular(1995, 2024, 2014)), rng.randrange(1, 900),
        )
        for _ in range(count)
    ]  # fmt: skip


def extraction(name: str, acts: list[Act], *, preface: str = "") -> Extraction:
    """Return a document that states acts, with their records."""
    text, records, leftovers = preface, [], []
    for rank, act in enumerate(acts, start=1):
        start = len(text)
        text += _sentence(act)
        records.append(_record(name, text, start, act, rank))
        if act.number % 5 == 0:
            text += " Costs of $3 million were mentioned elsewhere."
            place = text.index("$3 million", start)
            span = Span.of(text, place, place + len("$3 million"))
            leftovers.append(Unclaimed(document_id=name, mention="amount", span=span, reason="no_party"))
        text += "\n"
    document = Document(id=name, text=text, sha256=digest_of(text), digest=digest_of("input", text))
    return Extraction(document=document, records=tuple(records), unclaimed=tuple(leftovers))


def _sentence(act: Act) -> str:
    return (
        f"In {act.year}, the {act.funder[0]} {act.verb[0]} {act.place[0]} "
        f"${act.millions} million for {act.work[0]} (file {act.number})."
    )


def _record(name: str, text: str, start: int, act: Act, rank: int) -> CooperationRecord:
    evidence = Span.of(text, start, len(text))
    amount = _find(text, f"${act.millions} million", start)
    funder = _find(text, act.funder[0], start)
    value = act.millions * 1e6
    draft = CooperationRecord(
        record_id="-",
        document_id=name,
        rank=rank,
        act_id=act_id_of(name, evidence.text, act.funder[0], act.verb[1]),
        kind=act.verb[1],
        status="committed",
        actor=Party(name=act.funder[0], type="organisation", country=act.funder[1], span=funder),
        partner=Party(name=act.place[0], type="country", country=act.place[1], span=_find(text, act.place[0], start)),
        year=Year(start=act.year, end=act.year, span=_find(text, str(act.year), start)) if act.number % 7 else None,
        amount=Amount(
            kind="money",
            value=value,
            unit="USD",
            usd=value,
            usd_rate=1,
            usd_rate_basis="as stated",
            derivation=Derivation(surface=amount.text, number=str(act.millions), scale="million", currency="$"),
            span=amount,
        ),
        sector=Sector(code=act.work[1], name=crs_sectors()[act.work[1]], span=_find(text, act.work[0], start)),
        evidence=evidence,
        confidence=Confidence(record=act.number % 100 / 100, actor=0.9, partner=0.9, amount=0.8, sector=0.7),
        extractor=EXTRACTOR,
    )
    return draft.model_copy(update={"record_id": record_id_of(draft)})


def _find(text: str, words: str, start: int) -> Span:
    place = text.index(words, start)
    return Span.of(text, place, place + len(words))


def corpus(documents: int, *, each: int = 2, seed: int = 7, edits: float = 0.0) -> Iterator[Extraction]:
    """Make a corpus sorted by id; ``edits`` is the share of documents that differ from those of an unedited one."""
    for number in range(documents):
        rng = random.Random(f"{seed}-{number}")
        acts, name, preface = acts_of(rng, each), f"news/{number:07d}.txt", ""
        if rng.random() < edits:
            acts, preface = _edited(rng, acts)
        yield extraction(name, acts, preface=preface)


def _edited(rng: random.Random, acts: list[Act]) -> tuple[list[Act], str]:
    what = rng.choice(["insert", "delete", "retouch", "preface"])
    if what == "insert":
        return [*acts_of(rng, 1), *acts], ""
    if what == "delete":
        return acts[1:], ""
    if what == "retouch":
        first = acts[0]
        return [Act(first.number, first.funder, first.place, first.work, first.verb, first.year, 901), *acts[1:]], ""
    return acts, "A paragraph that was put in later.\n"


def digests(documents: dict[str, str], **parts: str) -> Digests:
    """Make the digests of a run; each part of the program has its name as a digest by default."""
    names = ("code", "config", "model", "tables")
    return Digests(decisions="", documents=documents, **{name: parts.get(name, name) for name in names})


def inputs(extractions: Iterable[Extraction]) -> dict[str, str]:
    """Map each document to its input's digest."""
    return {one.document.id: one.document.digest for one in extractions}

"""A few documents written for the page's tests: two currencies, several partners, emoji, markup, a second edition."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.release.publish import Published, RunInfo, publish
from schemas import (
    Amount,
    Check,
    Confidence,
    CooperationRecord,
    Derivation,
    Document,
    Extraction,
    Extractor,
    Party,
    PossibleRecord,
    Provenance,
    Sector,
    Span,
    Stated,
    Unclaimed,
    Year,
    act_id_of,
    crs_sectors,
    digest_of,
    record_id_of,
)
from tests.support.synthetic import digests, inputs

FIRST = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
SECOND = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
THIRD = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

WATER = (
    "Water for the coast 🌊\n"
    "In March 2016, the Harbour Development Bank lent Ghana 200 million renminbi (US$29 million) for a water plant in "
    "Takoradi. The plant will serve 400,000 people.\r\n"
    "A year later, the bank gave Ghana and Togo $12 million for training 150 engineers 👩‍🔧 in Lomé.\n"
)
ROADS = (
    "In 2019 the Northern Lights Fund pledged €45 million to Nepal for a ring road. "
    "Critics put the cost at $90 million.\n"
    "The Tulip Trust has run a seed laboratory in Kathmandu since 2014.\n"
)
MARKUP = (
    '<script>window.hacked = 1</script> In 2020 <img src=x onerror="window.hacked=2"> Evil & Sons\' "Fund" gave Peru '
    "$7 million. </span></div></body>{{ 7*7 }} javascript:alert(1)\n"
)


def span(text: str, words: str, after: int = 0) -> Span:
    place = text.index(words, after)
    return Span.of(text, place, place + len(words))


def money(text: str, words: str, value: float, unit: str, *, after: int = 0, rate: float = 1, **rest: Any) -> Amount:
    number, _, scale = words.strip("US$€").partition(" ")
    return Amount(
        kind="money",
        value=value,
        unit=unit,
        usd=round(value / rate),
        usd_rate=rate,
        usd_rate_basis="average of the year",
        derivation=Derivation(surface=words, number=number, scale=scale.split()[0], currency=unit),
        span=span(text, words, after),
        **rest,
    )


def record(name: str, text: str, rank: int, evidence: str, **parts: Any) -> CooperationRecord:
    quoted = span(text, evidence)
    sector, words = parts.pop("sector")
    confidence = Confidence(**({"record": 0.8, "actor": 0.9, "partner": 0.95} | parts.pop("confidence", {})))
    actor: Party = parts["actor"]
    draft = CooperationRecord(
        record_id="-",
        document_id=name,
        rank=rank,
        act_id=act_id_of(name, evidence, actor.name, parts["kind"]),
        status=parts.pop("status", "committed"),
        sector=Sector(code=sector, name=crs_sectors()[sector], span=span(text, words)),
        evidence=quoted,
        confidence=confidence,
        extractor=Extractor(name="by hand", version="1", model="none"),
        **parts,
    )
    return draft.model_copy(update={"record_id": record_id_of(draft)})


def party(text: str, words: str, kind: str, country: str | None, *, name: str | None = None, after: int = 0) -> Party:
    return Party(name=name or words, type=kind, country=country, span=span(text, words, after))  # type: ignore[arg-type]


def extraction(name: str, text: str, records: Iterable[CooperationRecord], leftovers: Mapping[str, str]) -> Extraction:
    document = Document(id=name, text=text, sha256=digest_of(text), digest=digest_of("input", text), date="2020-01-02")
    unclaimed = [
        Unclaimed(document_id=name, mention="amount", span=span(text, words), reason=reason)  # type: ignore[arg-type]
        for words, reason in leftovers.items()
    ]
    return Extraction(document=document, records=tuple(records), unclaimed=tuple(unclaimed))


def water(
    *, preface: str = "", lent: str = "200 million renminbi", value: float = 200e6, last: bool = True
) -> Extraction:
    text = preface + WATER.replace("200 million renminbi", lent)
    name, loan = "news/water.txt", text[text.index("In March") : text.index(" The plant")]
    bank = party(text, "Harbour Development Bank", "organisation", "DEU")
    ghana = party(text, "Ghana", "country", "GHA")
    check = Check(
        code="stated_disagrees", detail="US$29 million is 0.96 times the sum at the rates of 2016", ratio=0.96
    )
    sum_ = money(
        text,
        lent,
        value,
        "CNY",
        rate=6.6445,
        checks=(check,),
        stated=(Stated(value=29e6, unit="USD", span=span(text, "US$29 million")),),
    )
    lender = Provenance(field="actor", source="rule", name="subject of a verb of lending", cue=span(text, "lent"))
    records = [
        record(
            name,
            text,
            1,
            loan,
            kind="loan",
            actor=bank,
            partner=ghana,
            amount=sum_,
            provenance=(lender,),
            year=Year(start=2016, end=2016, span=span(text, "March 2016")),
            sector=("140", "a water plant"),
            confidence={"record": 0.62, "amount": 0.71, "year": 0.93, "sector": 0.88},
        )
    ]
    grant = text[text.index("A year later") :].rstrip("\n")
    after = text.index("A year later")
    for rank, (country, code) in enumerate([("Ghana", "GHA"), ("Togo", "TGO")], start=2):
        records.append(
            record(
                name,
                text,
                rank,
                grant,
                kind="training",
                actor=bank,
                sector=("110", "training"),
                partner=party(text, country, "country", code, after=after),
                amount=money(text, "$12 million", 12e6, "USD"),
                confidence={"record": 0.45 + rank / 100, "amount": 0.6, "sector": 0.3},
            )
        )
    return extraction(name, text, records if last else records[:-1], {"400,000 people": "statistic"})


def roads(*, pledged: str = "€45 million", value: float = 45e6) -> Extraction:
    text = ROADS.replace("€45 million", pledged)
    name = "news/roads.txt"
    record_ = record(
        name,
        text,
        1,
        text[: text.index(" Critics")],
        kind="grant",
        status="pledged",
        actor=party(text, "Northern Lights Fund", "organisation", "NOR"),
        partner=party(text, "Nepal", "country", "NPL"),
        year=Year(start=2019, end=2019, span=span(text, "2019")),
        amount=money(text, pledged, value, "EUR", rate=0.893),
        sector=("210", "a ring road"),
        confidence={"record": 0.7, "amount": 0.8, "year": 0.97, "sector": 0.9},
    )
    return extraction(name, text, [record_], {"$90 million": "other_act"})


def markup() -> Extraction:
    name = "news/<img src=x onerror=window.hacked=3>.txt"
    record_ = record(
        name,
        MARKUP,
        1,
        MARKUP[: MARKUP.index(" </span>")],
        kind="grant",
        actor=party(
            MARKUP, 'Evil & Sons\' "Fund"', "company", None, name="</title><script>window.hacked=4</script>Evil"
        ),
        partner=party(MARKUP, "Peru", "country", "PER"),
        amount=money(MARKUP, "$7 million", 7e6, "USD"),
        sector=("998", "gave"),
        confidence={"record": 0.2},
    )
    return extraction(name, MARKUP, [record_], {})


def bulk(count: int = 6) -> list[Extraction]:
    made = []
    for number in range(count):
        text, name = (
            f"In 20{number + 10}, the Maple Export Agency gave Fiji ${number + 1} million for a solar park.",
            "",
        )
        name = f"notes/{number:03d}.txt"
        one = record(
            name,
            text,
            1,
            text,
            kind="grant",
            actor=party(text, "Maple Export Agency", "organisation", "CAN"),
            partner=party(text, "Fiji", "country", "FJI"),
            sector=("230", "a solar park"),
            year=Year(start=2010 + number, end=2010 + number, span=span(text, f"20{number + 10}")),
            amount=money(text, f"${number + 1} million", (number + 1) * 1e6, "USD"),
            confidence={"record": 0.97},
        )
        made.append(extraction(name, text, [one], {}))
    return made


def with_possible() -> list[Extraction]:
    """The first edition, but the last record of the water document is only offered."""
    first, *rest = first_edition_of("news/water.txt")
    last = PossibleRecord(**{name: getattr(first.records[-1], name) for name in PossibleRecord.model_fields})
    return in_order([first.model_copy(update={"records": first.records[:-1], "possible": (last,)}), *rest])


def first_edition_of(document: str) -> list[Extraction]:
    """One document of the first edition, and then the others."""
    return sorted(first_edition(), key=lambda one: one.document.id != document)


def first_edition() -> list[Extraction]:
    return in_order([water(), roads(), markup(), *bulk()])


def second_edition() -> list[Extraction]:
    changed = water(preface="Put in later. ", lent="250 million renminbi", value=250e6, last=False)
    return in_order([changed, roads(pledged="€54 million", value=54e6), markup(), *bulk()])


def in_order(extractions: Iterable[Extraction]) -> list[Extraction]:
    return sorted(extractions, key=_id)


def _id(one: Extraction) -> str:
    return one.document.id


def released(output: Path, extractions: list[Extraction], now: datetime) -> Published:
    found = publish(
        output,
        extractions,
        digests=digests(inputs(extractions)),
        run=RunInfo(now, "here"),
        accept_gates=("removals", "filled", "unclaimed"),
    )
    assert isinstance(found, Published)
    return found

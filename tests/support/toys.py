"""A toy extractor for texts of its own making: one sentence an act, read back by a pattern."""

import re
from collections import Counter

from schemas import (
    Amount,
    Confidence,
    CooperationRecord,
    Derivation,
    Document,
    Extraction,
    Extractor,
    Party,
    Sector,
    Span,
    Year,
    act_id_of,
    digest_of,
    record_id_of,
)

COUNTRIES = {
    "Ruritania": "ROU", "Borduria": "BGR", "Syldavia": "SVN", "Freedonia": "FRA", "Genovia": "MCO", "Elbonia": "ALB",
    "Latveria": "LVA", "Wakanda": "KEN", "Zubrowka": "CZE", "Arstotzka": "RUS", "Sokovia": "SVK", "Molvania": "MDA",
}  # fmt: skip
VERBS = {"lent": "loan", "granted": "grant", "trained": "training", "invested in": "investment"}
TOPICS = ["a dam on the upper river", "forty village wells", "a port", "the night railway", "a school of midwifery"]
EXTRAS = ["", " under the plan of the spring", " after two years of talks", ", the ministry said", " at last"]
SENTENCE = re.compile(
    r"In (?P<year>\d{4}) (?P<actor>\w+) (?P<verb>lent|granted|trained|invested in) (?P<partners>\w+(?: and \w+)*)"
    r"(?: (?P<amount>(?P<number>\d+) (?P<scale>million|thousand) (?P<unit>dollars|people)))? for (?P<topic>[^.]*)\."
)


def sentence(actor, verb, partner, number, year, topic, extra=""):
    amount = f" {number} million dollars" if number else ""
    return f"In {year} {actor} {verb} {partner}{amount} for {topic}{extra}."


def document(name, text):
    return Document(id=name, text=text, sha256=digest_of(text), digest=digest_of("raw", text))


def read(name, text, *, code="1", model="m1", skip=(), amounts=1, confidence=0.8):
    """Extract; ``skip`` names verbs not understood, ``amounts`` is what a changed program multiplies sums by."""
    records, equals = [], Counter()
    for found in SENTENCE.finditer(text):
        if found["verb"] not in skip:
            records += _records(name, text, found, equals, code, model, amounts, confidence)
    ranked = tuple(one.model_copy(update={"rank": rank}) for rank, one in enumerate(records, start=1))
    return Extraction(document=document(name, text), records=ranked)


def _records(name, text, found, equals, code, model, amounts, confidence):
    evidence = Span.of(text, *found.span())
    kind = VERBS[found["verb"]]
    act = (found[0], found["actor"], kind)
    equals[act] += 1
    act_id = act_id_of(name, *act, equals[act] - 1)
    start = found.start("partners")
    for partner in re.finditer(r"(?!and\b)\b\w+", found["partners"]):
        record = CooperationRecord(
            record_id="-",
            document_id=name,
            rank=1,
            act_id=act_id,
            kind=kind,
            status="committed",
            actor=_party(text, *found.span("actor")),
            partner=_party(text, start + partner.start(), start + partner.end()),
            year=Year(start=int(found["year"]), end=int(found["year"]), span=Span.of(text, *found.span("year"))),
            amount=_amount(text, found, amounts) if found["amount"] else None,
            sector=Sector(code="140", name="Water Supply and Sanitation", fields=("water",)),
            evidence=evidence,
            confidence=Confidence(record=confidence, actor=0.9),
            extractor=Extractor(name="toy", version=code, model=model),
        )
        key = record_id_of(record)
        equals[key] += 1
        yield record.model_copy(update={"record_id": record_id_of(record, equals[key] - 1)})


def _party(text, start, end):
    return Party(
        name=text[start:end], type="country", country=COUNTRIES.get(text[start:end]), span=Span.of(text, start, end)
    )


def _amount(text, found, amounts):
    number, scale = int(found["number"]), {"million": 1_000_000, "thousand": 1000}[found["scale"]]
    money = found["unit"] == "dollars"
    return Amount(
        kind="money" if money else "count",
        value=number * scale * amounts,
        unit="USD" if money else "person",
        derivation=Derivation(surface=found["amount"], number=found["number"], scale=found["scale"]),
        span=Span.of(text, *found.span("amount")),
    )

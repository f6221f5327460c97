"""Score headline records against the project notes that AidData's coders answered.

Each note has one answer, and the record judged is the one of rank 1. A note without a record is wrong in every field
but an amount that the coders left empty too.
"""

import re
from collections.abc import Iterable, Mapping

from extractors.evaluate.scores import (
    FIELDS,
    Json,
    Miss,
    Scores,
    calibration_error,
    is_near,
    part,
    share,
    share_words,
    shown,
)

UNNAMED = "Unspecified Chinese Government Institution"
STATUSES = {
    "Pipeline: Pledge": "pledged",
    "Pipeline: Commitment": "committed",
    "Implementation": "implementing",
    "Completion": "completed",
    "Suspended": "suspended",
    "Cancelled": "cancelled",
}
KINDS = {
    "Grant": "grant",
    "Loan (excluding debt rescheduling)": "loan",
    "Free-standing technical assistance": "technical_assistance",
    "Scholarships/training in the donor country": "training",
    "Export credits": "export_credit",
    "Strategic/Supplier Credit": "export_credit",
    "Debt forgiveness": "debt_relief",
    "Debt rescheduling": "debt_relief",
}
_GENERIC = (
    "china chinese government of the people peoples s republic prc authorities state national unspecified institution "
    "central side and a"
)
_STOP = "of the and for co ltd company group corporation corp general limited inc china chinese"
_EXIM = ({"export", "import", "bank"}, {"exim", "bank"}, {"eximbank"}, {"cexim"})


def is_project(row: Mapping[str, object]) -> bool:
    """Tell whether a line of gold is a project."""
    return "recipients" in row and "sector_code" in row


def _tokens(name: str | None) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", (name or "").lower().replace("'", "")))


def same_body(one: str | None, other: str | None) -> bool:
    """Tell whether two names are of one body: an acronym in common, or most of their words."""
    first, second = _tokens(one), _tokens(other)
    stop = {*_STOP.split()}
    exim = all(any(words <= tokens for words in _EXIM) for tokens in (first, second))
    acronyms = [set(re.findall(r"\b[A-Z]{3,}\b", name or "")) for name in (one, other)]
    return exim or bool(acronyms[0] & acronyms[1]) or share_words(first - stop, second - stop)


def _is_state(party: Json) -> bool:
    if party.get("country") != "CHN":
        return False
    return party.get("type") in ("country", "government") or _tokens(party.get("name")) <= {*_GENERIC.split()}


def _actor(actor: Json, gold: Json) -> bool:
    names = [funder["name"] for funder in gold["funders"]]
    named = [name for name in names if name != UNNAMED]
    if not actor:
        return False
    state = (len(named) < len(names) or not names) and _is_state(actor)
    return state or any(same_body(actor.get("name"), name) for name in named)


def _partner(partner: Json, gold: Json) -> bool:
    codes = set(gold["recipients"])
    regional = len(codes) > 1 or any(len(code) != 3 for code in codes)
    return partner.get("country") in codes or (regional and partner.get("type") == "group")


def _amount(amount: Json, gold: Json) -> bool:
    money = amount if amount.get("kind") == "money" else {}
    if gold["amount"] is None:
        return not money
    return is_near(money.get("value"), gold["amount"]) and gold["currency"] in (None, money.get("unit"))


def judge(record: Json | None, gold: Json) -> dict[str, bool]:
    """Say of each field whether the headline record has what the coders have."""
    right = {
        "actor": _actor(part(record, "actor"), gold),
        "partner": _partner(part(record, "partner"), gold),
        "year": part(record, "year").get("start") == gold["year"],
        "amount": _amount(part(record, "amount"), gold),
        "sector": part(record, "sector").get("code") == gold["sector_code"],
    }
    right["all"] = all(right.values())
    for name, column, meaning in (("status", "status", STATUSES), ("kind", "flow", KINDS)):
        if gold.get(column) in meaning:
            right[name] = (record or {}).get(name) == meaning[gold[column]]
    return right


def _expected(gold: Json, name: str) -> str:
    values = {
        "actor": [funder["name"] for funder in gold["funders"]] or [UNNAMED],
        "partner": gold["recipients"],
        "year": [gold["year"]],
        "amount": [gold["amount"] or "nothing", gold["currency"] or ""],
        "sector": [gold["sector_code"], gold.get("sector_name", "")],
    }.get(name, [gold.get(name if name == "status" else "flow")])
    return " ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values).strip()


def score_projects(records: Iterable[Json], golds: Iterable[Json]) -> Scores:
    """Score a release's records; only those of rank 1 are looked at."""
    answers = {gold["id"]: gold for gold in golds}
    heads = {one["document_id"]: one for one in records if one.get("rank") == 1 and one["document_id"] in answers}
    verdicts = {name: judge(heads.get(name), gold) for name, gold in answers.items()}
    figures: dict[str, float | int | None] = {"documents": len(answers), "without_record": len(answers) - len(heads)}
    for name in (*FIELDS, "all", "status", "kind"):
        figures[name] = share([verdict[name] for verdict in verdicts.values() if name in verdict])
    for name in FIELDS:
        pairs = [(_sure(heads.get(one), name), verdict[name]) for one, verdict in verdicts.items()]
        figures[f"calibration_error_{name}"] = calibration_error((sure, ok) for sure, ok in pairs if sure is not None)
    figures["all_in_confident_half"] = _confident_half(heads, verdicts)
    return Scores("projects", figures, list(_misses(answers, heads, verdicts)))


def _sure(record: Json | None, name: str) -> float | None:
    sure = part(record, "confidence").get(name)
    return sure if isinstance(sure, float | int) else None


def _confident_half(heads: Mapping[str, Json], verdicts: Mapping[str, dict[str, bool]]) -> float | None:
    sure = [(-(_sure(heads.get(name), "record") or 0.0), number) for number, name in enumerate(verdicts)]
    names = list(verdicts)
    ranked = [names[number] for _, number in sorted(sure) if _sure(heads.get(names[number]), "record") is not None]
    return share([verdicts[name]["all"] for name in ranked[: len(verdicts) // 2]])


def _misses(
    answers: Mapping[str, Json], heads: Mapping[str, Json], verdicts: Mapping[str, dict[str, bool]]
) -> Iterable[Miss]:
    for document, verdict in verdicts.items():
        record = heads.get(document)
        quote = str(part(record, "evidence").get("text", ""))
        for name in [name for name, right in verdict.items() if not right and name != "all"]:
            expected = _expected(answers[document], name)
            yield Miss(document, name, expected, shown(record, name), _sure(record, name) or 0.0, quote)

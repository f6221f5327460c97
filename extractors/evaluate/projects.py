"""Score headline records against the project notes that AidData's coders answered.

Each note has one answer, with which its record of rank 1 is compared. Where a note has no record, every field is wrong
but an amount that the coders left empty too.
"""

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import partial
from typing import Any

from extractors.evaluate.scores import (
    FIELDS,
    Json,
    Scores,
    calibration_error,
    confidence_of,
    is_near,
    misses,
    part,
    share,
    share_words,
)
from schemas.packaged import packaged_rows

Gold = Mapping[str, Any]

UNNAMED = "Unspecified Chinese Government Institution"
_LABELS = packaged_rows("extractors.evaluate", "labels.csv")
STATUSES = {row["theirs"]: row["ours"] for row in _LABELS if row["column"] == "status"}
KINDS = {row["theirs"]: row["ours"] for row in _LABELS if row["column"] == "flow"}
_STATE_WORDS = (
    "china chinese government of the people peoples s republic prc authorities state national unspecified institution "
    "central side and a"
)
_STOP_WORDS = "of the and for co ltd company group corporation corp general limited inc china chinese"
_EXIM_WORDS = ({"export", "import", "bank"}, {"exim", "bank"}, {"eximbank"}, {"cexim"})


def is_project(row: Mapping[str, object]) -> bool:
    """Return whether a line of gold is a project."""
    return "recipients" in row and "sector_code" in row


def _tokens(name: str | None) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", (name or "").lower().replace("'", "")))


def same_body(one: str | None, other: str | None) -> bool:
    """Return whether two names are of one body: they share an acronym or most of their words."""
    first, second = _tokens(one), _tokens(other)
    stop = {*_STOP_WORDS.split()}
    both_exim = all(any(words <= tokens for words in _EXIM_WORDS) for tokens in (first, second))
    acronyms = [set(re.findall(r"\b[A-Z]{3,}\b", name or "")) for name in (one, other)]
    return both_exim or bool(acronyms[0] & acronyms[1]) or share_words(first - stop, second - stop)


def _is_state(party: Json) -> bool:
    if party.get("country") != "CHN":
        return False
    return party.get("type") in ("country", "government") or _tokens(party.get("name")) <= {*_STATE_WORDS.split()}


def named_funders(gold: Gold) -> list[str]:
    """Return the funders that the coders named."""
    return [funder["name"] for funder in gold["funders"] if funder["name"] != UNNAMED]


def is_funder(name: str | None, gold: Gold) -> bool:
    """Return whether a name is that of a funder that the coders named."""
    return any(same_body(name, funder) for funder in named_funders(gold))


def state_funds(gold: Gold) -> bool:
    """Return whether the coders left a funder unnamed, so that the state counts as the funder."""
    return not gold["funders"] or len(named_funders(gold)) < len(gold["funders"])


def is_recipient(country: Hashable, gold: Gold, *, group: bool) -> bool:
    """Return whether the coders recorded a country as recipient; for a ``group``, a region or several countries."""
    codes = gold["recipients"]
    return country in codes or (group and (len(codes) > 1 or any(len(code) != 3 for code in codes)))


def is_sum(value: float | None, unit: str | None, gold: Gold) -> bool:
    """Return whether a sum is the one that the coders recorded."""
    is_known = gold["amount"] is not None and is_near(value, gold["amount"])
    return is_known and gold["currency"] in (None, unit)


def judge(record: Json | None, gold: Json) -> dict[str, bool]:
    """Return for each field whether the headline record agrees with the coders, and ``all`` for the five together."""
    actor, partner, amount = (part(record, name) for name in ("actor", "partner", "amount"))
    money = amount if amount.get("kind") == "money" else {}
    right = {
        "actor": (state_funds(gold) and _is_state(actor)) or is_funder(actor.get("name"), gold),
        "partner": is_recipient(partner.get("country"), gold, group=partner.get("type") == "group"),
        "year": part(record, "year").get("start") == gold["year"],
        "amount": not money if gold["amount"] is None else is_sum(money.get("value"), money.get("unit"), gold),
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
    """Score a release's records against the coders' answers; only records of rank 1 are used."""
    answers = {gold["id"]: gold for gold in golds}
    judged = {one["document_id"]: one for one in records if one.get("rank") == 1 and one["document_id"] in answers}
    verdicts = {name: judge(judged.get(name), gold) for name, gold in answers.items()}
    figures: dict[str, float | int | None] = {"documents": len(answers), "without_record": len(answers) - len(judged)}
    for name in (*FIELDS, "all", "status", "kind"):
        figures[name] = share([verdict[name] for verdict in verdicts.values() if name in verdict])
    for name in FIELDS:
        pairs = [(confidence_of(judged.get(id), name), verdict[name]) for id, verdict in verdicts.items()]
        figures[f"calibration_error_{name}"] = calibration_error((sure, ok) for sure, ok in pairs if sure is not None)
    confidences = {name: sure for name in verdicts if (sure := confidence_of(judged.get(name), "record")) is not None}
    surest = sorted(confidences, key=confidences.__getitem__, reverse=True)[: len(verdicts) // 2]
    figures["all_in_confident_half"] = share([verdicts[name]["all"] for name in surest])
    wrong = [
        miss
        for name, gold in answers.items()
        for miss in misses(
            name,
            judged.get(name),
            {field: right for field, right in verdicts[name].items() if field != "all"},
            partial(_expected, gold),
            str(part(judged.get(name), "evidence").get("text", "")),
        )
    ]
    return Scores("projects", figures, wrong)

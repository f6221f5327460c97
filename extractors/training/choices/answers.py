"""What the coders' answers say of each candidate: right or wrong, as ``score_projects.py`` judges."""

from collections.abc import Hashable, Mapping
from typing import Any

from extractors.evaluate.projects import UNNAMED, same_body
from extractors.mentions import AmountMention, PartyMention

Gold = Mapping[str, Any]
GIVER = "CHN"
STATUS = {
    "Pipeline: Pledge": "pledged", "Pipeline: Commitment": "committed", "Implementation": "implementing",
    "Completion": "completed", "Suspended": "suspended", "Cancelled": "cancelled",
}  # fmt: skip
KIND = {
    "Grant": "grant", "Loan (excluding debt rescheduling)": "loan", "Export credits": "export_credit",
    "Free-standing technical assistance": "technical_assistance",
    "Scholarships/training in the donor country": "training",
    "Strategic/Supplier Credit": "export_credit", "Debt forgiveness": "debt_relief", "Debt rescheduling": "debt_relief",
}  # fmt: skip


def named_funders(gold: Gold) -> list[str]:
    """Return the funders that the coders named."""
    return [one["name"] for one in gold["funders"] if one["name"] != UNNAMED]


def is_giver(key: Hashable, gold: Gold) -> bool:
    """Tell whether a country gave: one country funds all of this corpus, or ``gold["giver"]`` names another."""
    return bool(key == gold.get("giver", GIVER))


def is_receiver(key: Hashable, gold: Gold) -> bool:
    """Tell whether a country, or a region where the coders recorded one or several recipients, received."""
    if isinstance(key, tuple):
        return key[0] == "group" and (len(gold["recipients"]) > 1 or any(len(one) != 3 for one in gold["recipients"]))
    return key in gold["recipients"]


def is_payer(mention: PartyMention, gold: Gold) -> bool:
    """Tell whether a body is among the funders that the coders named."""
    return any(same_body(mention.name, name) for name in named_funders(gold))


def actor_is_right(mention: PartyMention | None, gold: Gold) -> bool:
    """Tell whether an actor would be judged right."""
    if mention is None:
        return False
    named = named_funders(gold)
    unnamed = len(named) < len(gold["funders"]) or not gold["funders"]
    state = mention.country == gold.get("giver", GIVER) and mention.type in ("country", "government")
    return (unnamed and state) or is_payer(mention, gold)


def is_amount(mention: AmountMention, gold: Gold) -> bool:
    """Tell whether a sum is the coders'."""
    if gold["amount"] is None or mention.value is None:
        return False
    near = abs(mention.value - gold["amount"]) <= 0.005 * abs(gold["amount"])
    return bool(near and gold["currency"] in (None, mention.unit))

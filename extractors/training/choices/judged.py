"""Judge the choices of cross-validation: the signals of each choice, and whether it was right."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.headline.acts import label_signals
from extractors.headline.candidates import Candidate
from extractors.headline.decide import Decision, Fields
from extractors.headline.headline import record_signals
from extractors.headline.model import Confidences
from extractors.headline.payers import Payers, choose_payer, giver_of
from extractors.headline.sectors import softmax
from extractors.mentions import PartyMention

from .answers import Gold, actor_is_right, is_amount, is_giver, is_receiver
from .examples import Example

Judged = tuple[list[tuple[float, ...]], list[bool]]


def judged_choices(
    examples: Sequence[Example], fields: Sequence[Fields], decisions: Sequence[Decision],
    payers: Sequence[Payers],
) -> dict[str, Judged]:  # fmt: skip
    """Judge actor, partner, year and amount of each example."""
    judged: dict[str, Judged] = {name: ([], []) for name in ("actor", "partner", "year", "amount")}
    for example, field, decision, of_giver in zip(examples, fields, decisions, payers, strict=True):
        bodies, odds = of_giver[giver_of(field.giver, decision.giver)]
        payer = choose_payer(bodies, odds, decision.giver)
        body = None if payer.place is None else bodies.candidates[payer.place].best
        giver = None if decision.giver.place is None else field.giver.candidates[decision.giver.place]
        actor = actor_is_right(body, example.gold) if body else _state_is_right(giver, example.gold)
        partner, year, amount = decision.receiver.place, decision.year.place, decision.amount.place
        verdicts = {
            "actor": (payer.signals, actor),
            "partner": (
                decision.receiver.signals,
                partner is not None and is_receiver(field.receiver.candidates[partner].key, example.gold),
            ),
            "year": (
                decision.year.signals,
                year is not None and field.year.candidates[year].key == example.gold["year"],
            ),
            "amount": (
                decision.amount.signals,
                example.gold["amount"] is None
                if amount is None
                else is_amount(field.amount.candidates[amount].best, example.gold),
            ),
        }
        for name, (signals, right) in verdicts.items():
            judged[name][0].append(signals)
            judged[name][1].append(bool(right))
    return judged


def _state_is_right(giver: Candidate[PartyMention] | None, gold: Gold) -> bool:
    if giver is None or not is_giver(giver.key, gold):
        return False
    unnamed = [one for one in gold["funders"] if one["name"].startswith("Unspecified")]
    return bool(unnamed) or not gold["funders"]


def judged_labels(
    labels: tuple[str, ...],
    all_scores: NDArray[np.float32],
    answers: Sequence[str | None],
    sharpness: float | None = None,
) -> Judged:
    """Judge the best label of each text; with ``sharpness`` the signals go by its probabilities."""
    judged: Judged = ([], [])
    for scores, answer in zip(all_scores, answers, strict=True):
        if answer is not None:
            shares = scores if sharpness is None else np.log(softmax(scores * sharpness) + 1e-9)
            judged[0].append(label_signals(shares) if sharpness is None else label_signals(shares, 1.0))
            judged[1].append(labels[int(np.argmax(scores))] == answer)
    return judged


def judged_records(judged: Mapping[str, Judged], confidences: Mapping[str, Confidences]) -> Judged:
    """Judge whole records: right where all five fields are; the signals go by the fields' confidences."""
    names = ("actor", "partner", "year", "amount", "sector")
    signals, right = [], []
    for at in range(len(judged["actor"][1])):
        five = {name: confidences[name].of(judged[name][0][at]) for name in names}
        signals.append(record_signals(five))
        right.append(all(judged[name][1][at] for name in names))
    return signals, right

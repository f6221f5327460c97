"""The headline of a document: the one act it is mainly about, each field chosen among what the text mentions.

Rules propose (candidates), the trained model decides, and every choice carries a calibrated confidence.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from spacy.tokens import Doc

from extractors.headline.sectors import SectorModel
from extractors.headline.sectors import shipped as shipped_sectors
from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.mentions.parties.entries import country_names
from extractors.texts import text_of

from .acts import act_scores, label_signals, likeliest, zones_of
from .candidates import Candidate, Field, View, make_view
from .choose import Chosen
from .decide import Decision, Fields, Odds, amount_signals, decide, fields_of
from .evidence import evidence_of, within
from .model import Model, shipped
from .payers import choose_payer, giver_of, payers_of
from .scene import Scene, make_scene
from .unstated import unstated

_BODY_MARGIN = 0.7
_FIVE = ("actor", "partner", "year", "amount", "sector")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value chosen from a closed list and the probability that it is right."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Headline:
    """The act of a document. A field is None where the text gives none; its confidence is then that of giving none.

    Mentions are those of the text, except that an actor or partner named by a person, place or demonym has the name and
    type of its country. ``counts`` are the counts of the evidence, for an act without money. ``evidence`` is in
    characters. ``confidence`` has the five fields and ``record``, the probability that all five are right. ``sources``
    names the rule, table or model that decided each field.
    """

    actor: PartyMention
    partner: PartyMention | None
    year: YearMention | None
    amount: AmountMention | None
    counts: tuple[AmountMention, ...]
    sector: Choice
    kind: Choice
    status: Choice
    evidence: tuple[int, int]
    confidence: Mapping[str, float]
    sources: Mapping[str, str]


def scene_of(doc: Doc) -> Scene:
    """Return the scene of a Doc whose sentences, parties, amounts and years are set."""
    sentences = [(sent.start_char, sent.end_char) for sent in doc.sents]
    return make_scene(text_of(doc), sentences, doc._.parties or (), doc._.amounts or (), doc._.years or ())


def headline(doc: Doc, *, model: Model | None = None, sectors: SectorModel | None = None) -> Headline | None:
    """Return the headline of ``doc``, whose parties, amounts and years are set; None where nobody may be the actor."""
    return headline_of(scene_of(doc), model=model or shipped(), sectors=sectors or shipped_sectors())


def headline_of(scene: Scene, *, model: Model, sectors: SectorModel) -> Headline | None:
    """Return the headline of a scene; None where nobody may be the actor."""
    view = make_view(scene, model.contexts)
    fields = fields_of(view)
    scores = act_scores(model.acts, zones_of(scene))
    odds = odds_of(fields, model)
    signals = amount_signals(odds.amount, scores["money"], scores["kind"], unstated(scene))
    payers = payers_of(view, fields.giver, model.trees["payer"].log_odds)
    decision = decide(fields, odds, float(model.trees["no_amount"].log_odds(signals[None, :])[0]), payers)
    if decision.giver.place is None:
        return None
    bodies, body_odds = payers[giver_of(fields.giver, decision.giver)]
    payer = choose_payer(bodies, body_odds, decision.giver)
    code, sector_signals = _sector(sectors, scene)
    confidence = _confidence(model, decision, payer, sector_signals)
    kind, kind_signals = likeliest(model, "kind", scores)
    status, status_signals = likeliest(model, "status", scores)
    return _headline(
        view, fields, decision, _member(bodies, payer),
        Choice(code, confidence["sector"]),
        Choice(kind, model.confidences["kind"].of(kind_signals)),
        Choice(status, model.confidences["status"].of(status_signals)),
        confidence,
    )  # fmt: skip


def odds_of(fields: Fields, model: Model) -> Odds:
    """Return the log odds of all candidates."""
    trees = model.trees
    return Odds(
        trees["giver"].log_odds(fields.giver.rows),
        trees["receiver"].log_odds(fields.receiver.rows),
        trees["year"].log_odds(fields.year.rows),
        trees["amount"].log_odds(fields.amount.rows),
    )


def _sector(sectors: SectorModel, scene: Scene) -> tuple[str, tuple[float, ...]]:
    codes, shares = sectors.probabilities(zones_of(scene))
    return codes[int(np.argmax(shares))], label_signals(np.log(shares + 1e-9), 1.0)


def record_signals(five: Mapping[str, float]) -> tuple[float, ...]:
    """Return what the confidence of a record goes by: the log odds of its five fields, the least, their product."""
    values = [min(max(five[name], 0.002), 0.998) for name in _FIVE]
    odds = [math.log(value / (1 - value)) for value in values]
    return (*odds, min(odds), math.log(math.prod(values)))


def _confidence(model: Model, decision: Decision, payer: Chosen, sector: tuple[float, ...]) -> dict[str, float]:
    signals = {
        "actor": payer.signals, "partner": decision.receiver.signals, "year": decision.year.signals,
        "amount": decision.amount.signals, "sector": sector,
    }  # fmt: skip
    five = {name: model.confidences[name].of(signals[name]) for name in _FIVE}
    return {**five, "record": model.confidences["record"].of(record_signals(five))}


def _member(field: Field[PartyMention], chosen: Chosen) -> Candidate[PartyMention] | None:
    return None if chosen.place is None else field.candidates[chosen.place]


def _headline(
    view: View, fields: Fields, decision: Decision, body: Candidate[PartyMention] | None,
    sector: Choice, kind: Choice, status: Choice, confidence: dict[str, float],
) -> Headline:  # fmt: skip
    giver, receiver = _member(fields.giver, decision.giver), _member(fields.receiver, decision.receiver)
    year = None if decision.year.place is None else fields.year.candidates[decision.year.place]
    amount = None if decision.amount.place is None else fields.amount.candidates[decision.amount.place]
    actor = body or giver
    if actor is None:
        raise ValueError("a headline needs an actor")
    chosen = [(actor, 1.0), (receiver, 1.0), (year, 1.0), (amount, 2.0)]
    at = evidence_of(view.scene, [(one.mentions, weight) for one, weight in chosen if one is not None])
    counts = [one for one in view.scene.amounts if one.kind == "count" and view.sentence(one) == at]
    return Headline(
        actor=body_mention(view, at, body) if body else state_mention(view, at, actor, "giver"),
        partner=None if receiver is None else _partner(view, at, receiver),
        year=None if year is None else within(view.scene, at, year.mentions, year.best),
        amount=None if amount is None else within(view.scene, at, amount.mentions, amount.best),
        counts=tuple(counts), sector=sector, kind=kind, status=status,
        evidence=view.scene.bounds[at], confidence=confidence,
        sources=dict.fromkeys((*_FIVE, "kind", "status"), "headline"),
    )  # fmt: skip


def body_mention(view: View, sentence: int, body: Candidate[PartyMention]) -> PartyMention:
    """Return the mention of a body that stands in a sentence, or its best."""
    return within(view.scene, sentence, body.mentions, body.best)


def state_mention(view: View, sentence: int, party: Candidate[PartyMention], question: str) -> PartyMention:
    """Return a mention of a country, its own name first; persons, places and bodies speak for their country."""
    if not isinstance(party.key, str):
        return within(view.scene, sentence, party.mentions, party.best)
    own = [one for one in party.mentions if one.type == "country" or one.name.startswith("Government of")]
    pool = own or list(party.mentions)
    best = max(pool, key=lambda one: view.score(one, question))
    found = within(view.scene, sentence, pool, best)
    if found in own and found.country == party.key:
        return found
    return replace(found, name=country_names().get(party.key, party.key), type="country", country=party.key)


def _partner(view: View, sentence: int, party: Candidate[PartyMention]) -> PartyMention:
    bodies = [
        one for one in party.mentions if one.type in ("organisation", "company", "university") and one.role == "name"
    ]
    whole = [one for one in party.mentions if one not in bodies]
    if bodies and isinstance(party.key, str):
        best = max(bodies, key=lambda one: view.score(one, "receiver"))
        rest = max((view.score(one, "receiver") for one in whole), default=-math.inf)
        if view.score(best, "receiver") > rest + _BODY_MARGIN:
            return best
    return state_mention(view, sentence, party, "receiver")

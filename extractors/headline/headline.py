"""The headline of a document: the one act it is mainly about, each field chosen among what the text mentions.

Rules propose (candidates), the trained model decides, and every choice carries a calibrated confidence.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from extractors.headline.candidates import FieldCandidate, View, countries_of, make_view
from extractors.headline.choose import FIELDS, Decision, amount_signals, decide, fields_of, payers_of
from extractors.headline.model import HeadlineModel, shipped, shipped_sectors, softmax
from extractors.headline.scene import CUE_NAMES, Scene, make_scene, unstated
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.parties.entries import COUNTRY_NAMES
from extractors.text.sentences import text_of

M = TypeVar("M", bound=Mention)
Scores = Mapping[str, NDArray[np.float32]]
_BODY_MARGIN = 0.7
_FIVE = ("actor", "partner", "year", "amount", "sector")
CHOSEN = {"actor": "payer", "partner": "receiver", "year": "year", "amount": "amount"}
"""For each field what of a decision its confidence goes by."""

_ACTS = frozenset({"sign", "pledge", "commit", "give", "loan", "grant"})
_TITLE = 0.75
_BEFORE = 0.01
_BASE = 18.7
_WORDS, _COUNTRIES, _LINES = -1.10, -2.21, -6.11
_FREE, _MORE = 5, -0.9


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


def headline(doc: Doc) -> Headline | None:
    """Return the headline of ``doc``, whose parties, amounts and years are set; None where nobody may be the actor."""
    return headline_of(scene_of(doc))


def headline_of(scene: Scene) -> Headline | None:
    """Return the headline of a scene; None where nobody may be the actor."""
    model = shipped()
    view, zones = make_view(scene, model.contexts), zones_of(scene)
    fields = fields_of(view)
    scores = model.acts.scores(model.acts.vector(zones))
    odds = {name: model.trees[name].log_odds(fields[name].rows) for name in FIELDS}
    signals = amount_signals(odds["amount"], scores["money"], scores["kind"], unstated(scene))
    payers = payers_of(view, fields["giver"], model.trees["payer"].log_odds)
    decision = decide(fields, odds, float(model.trees["no_amount"].log_odds(signals[None, :])[0]), payers)
    codes, shares = shipped_sectors().probabilities(zones)
    sure = {field: model.confidences[field].of(decision[name].signals) for field, name in CHOSEN.items()}
    sure["sector"] = model.confidences["sector"].of(label_signals(np.log(shares + 1e-9), 1.0))
    sure["record"] = model.confidences["record"].of(record_signals(sure))
    sector = Choice(codes[int(np.argmax(shares))], sure["sector"])
    return _headline(view, decision, sector, likeliest(model, "kind", scores), likeliest(model, "status", scores), sure)


def record_signals(five: Mapping[str, float]) -> tuple[float, ...]:
    """Return what the confidence of a record goes by: the log odds of its five fields, the least, their product."""
    values = [min(max(five[name], 0.002), 0.998) for name in _FIVE]
    odds = [math.log(value / (1 - value)) for value in values]
    return (*odds, min(odds), math.log(math.prod(values)))


def _headline(
    view: View, decision: Decision, sector: Choice, kind: Choice, status: Choice, confidence: dict[str, float]
) -> Headline | None:
    giver, receiver, year, amount, body = (decision[name].candidate for name in (*FIELDS, "payer"))
    if giver is None:
        return None
    chosen = [(body or giver, 1.0), (receiver, 1.0), (year, 1.0), (amount, 2.0)]
    at = evidence_of(view.scene, [(one.mentions, weight) for one, weight in chosen if one is not None])
    counts = [one for one in view.scene.amounts if one.kind == "count" and view.sentence(one) == at]
    return Headline(
        actor=within(view.scene, at, body.mentions, body.best) if body else state_mention(view, at, giver, "giver"),
        partner=None if receiver is None else _partner(view, at, receiver),
        year=None if year is None else within(view.scene, at, year.mentions, year.best),
        amount=None if amount is None else within(view.scene, at, amount.mentions, amount.best),
        counts=tuple(counts), sector=sector, kind=kind, status=status,
        evidence=view.scene.bounds[at], confidence=confidence,
        sources=dict.fromkeys((*_FIVE, "kind", "status"), "headline"),
    )  # fmt: skip


def state_mention(view: View, sentence: int, party: FieldCandidate[PartyMention], question: str) -> PartyMention:
    """Return a mention of a country, its own name first; persons, places and bodies speak for their country."""
    if not isinstance(party.key, str):
        return within(view.scene, sentence, party.mentions, party.best)
    own = [one for one in party.mentions if one.type == "country" or one.name.startswith("Government of")]
    pool = own or list(party.mentions)
    best = max(pool, key=lambda one: view.score(one, question))
    found = within(view.scene, sentence, pool, best)
    if found in own and found.country == party.key:
        return found
    return replace(found, name=COUNTRY_NAMES.get(party.key, party.key), type="country", country=party.key)


def _partner(view: View, sentence: int, party: FieldCandidate[PartyMention]) -> PartyMention:
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


def evidence_of(scene: Scene, weighed: Iterable[tuple[Iterable[Mention], float]]) -> int:
    """Return the number of the sentence where most of the chosen values stand; ``weighed`` are mentions and weights."""
    votes = [-_BEFORE * number for number in range(len(scene.bounds))]
    for mentions, weight in weighed:
        for sentence in {scene.places[mention].sentence for mention in mentions}:
            votes[sentence] += weight
    for sentence, cues in enumerate(scene.cues):
        votes[sentence] += 0.5 * any(CUE_NAMES[cue] in _ACTS for _, cue in cues)
    if scene.titled:
        votes[0] -= _TITLE
    return max(range(len(votes)), key=votes.__getitem__)


def within(scene: Scene, sentence: int, mentions: Iterable[M], best: M) -> M:
    """Return the mention that stands in a sentence, the best one first; the best where none does."""
    if scene.places[best].sentence == sentence:
        return best
    return next((mention for mention in mentions if scene.places[mention].sentence == sentence), best)


def zones_of(scene: Scene) -> dict[str, str]:
    """Return title, body, first and last sentence of the body, as the text models read them."""
    body = [(start, end) for start, end in scene.bounds[scene.titled :] if start < end]
    return {
        "title": scene.title if scene.titled else scene.body,
        "text": scene.body,
        "lead": scene.text[slice(*body[0])] if body else "",
        "tail": scene.text[slice(*body[-1])] if len(body) > 1 else "",
    }


def likeliest(model: HeadlineModel, question: str, scores: Scores) -> Choice:
    """Return the best label of a head (``kind``, ``status``) and its confidence."""
    labels = model.acts.heads[question].labels
    confidence = model.confidences[question].of(label_signals(scores[question]))
    return Choice(labels[int(np.argmax(scores[question]))], confidence)


def label_signals(scores: NDArray[np.floating], sharpness: float = 3.0) -> tuple[float, ...]:
    """Return what the confidence of a label goes by: best and second score, their distance, the best's share."""
    ordered = np.sort(np.asarray(scores, dtype=np.float64))[::-1]
    first, second = float(ordered[0]), float(ordered[1])
    return first, second, first - second, float(softmax(ordered * sharpness)[0])


def is_single_act(doc: Doc) -> float:
    """Return the probability that ``doc`` is a note about one act, 0..1."""
    return single_act_share(scene_of(doc))


def single_act_share(scene: Scene) -> float:
    """Return the probability that a scene is that of a note about one act: short, of few lines and countries.

    A logistic curve over how many words, countries and lines a document has, fitted (2026-11-29) to tell 812 of
    AidData's training notes from 838 documents of ``corpus/train.jsonl``: in cross-validation 99% of the notes and 1.3%
    of the others come out above one half. A survey of many countries in one line is held to be none by hand: no note
    has so many.
    """
    countries = {key for mention in scene.parties for key in countries_of(mention) if isinstance(key, str)}
    lines = [line for line in scene.text.split("\n") if line.strip()]
    odds = _BASE + _WORDS * math.log1p(len(scene.text.split()))
    odds += _COUNTRIES * math.log1p(len(countries)) + _LINES * math.log1p(len(lines))
    odds += _MORE * max(0, len(countries) - _FREE)
    return 1 / (1 + math.exp(-odds))

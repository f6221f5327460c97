"""The headline of a document: the one act it is mainly about, with each field chosen from the mentions of the text.

Rules propose candidates, the trained model chooses among them, and every choice has a calibrated confidence.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from extractors.headline.candidates import FieldCandidate, View, make_view, party_keys
from extractors.headline.choose import FIELDS, Decision, amount_signals, decide, fields_of, payers_of
from extractors.headline.model import HeadlineModel, shipped, shipped_sectors, softmax
from extractors.headline.scene import CUE_NAMES, Scene, count_unstated, make_scene
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.mentions.parties.entries import COUNTRY_NAMES
from extractors.text.sentences import text_of

M = TypeVar("M", bound=Mention)
Scores = Mapping[str, NDArray[np.float32]]
_BODY_MARGIN = 0.7  # log odds by which a body must exceed its country to be the partner
_FIVE_FIELDS = ("actor", "partner", "year", "amount", "sector")
CHOSEN = {"actor": "payer", "partner": "receiver", "year": "year", "amount": "amount"}
"""For each field of a record, the part of a decision whose signals give its confidence."""

_ACTS = frozenset({"sign", "pledge", "commit", "give", "loan", "grant"})
_TITLE = 0.75  # votes for evidence that the title loses
_LATER = 0.01  # votes that a sentence loses for each sentence before it
_INTERCEPT = 18.7  # with the next two lines: the log odds that a document is a note about one act
_WORDS, _COUNTRIES, _LINES = -1.10, -2.21, -6.11
_MOST_COUNTRIES, _MORE = 5, -0.9


@dataclass(frozen=True, slots=True)
class Choice:
    """A value chosen from a closed list and the probability that it is right."""

    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Headline:
    """The act of a document. A field is None where the text states none; its confidence is then that of None.

    Mentions are those of the text, except that an actor or partner named by a person, place or demonym has the name and
    type of its country. ``counts`` are the counts in the evidence, for an act without money. ``evidence`` has offsets
    in characters. ``confidence`` has the five fields and ``record``, the probability that all five are right.
    ``sources`` names the rule, table or model that decided each field.
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
    """Return the headline of ``doc``, whose parties, amounts and years are set; None where no party may give."""
    return headline_of(scene_of(doc))


def headline_of(scene: Scene) -> Headline | None:
    """Return the headline of a scene; None where no party may give."""
    model = shipped()
    view, zones = make_view(scene, model.contexts), zones_of(scene)
    fields = fields_of(view)
    scores = model.acts.scores(model.acts.vector(zones))
    odds = {name: model.trees[name].log_odds(fields[name].rows) for name in FIELDS}
    signals = amount_signals(odds["amount"], scores["money"], scores["kind"], count_unstated(scene))
    payers = payers_of(view, fields["giver"], model.trees["payer"].log_odds)
    decision = decide(fields, odds, float(model.trees["no_amount"].log_odds(signals[None, :])[0]), payers)
    codes, shares = shipped_sectors().probabilities(zones)
    sure = {field: model.confidences[field].of(decision[name].signals) for field, name in CHOSEN.items()}
    sure["sector"] = model.confidences["sector"].of(label_signals(np.log(shares + 1e-9), 1.0))
    sure["record"] = model.confidences["record"].of(record_signals(sure))
    sector = Choice(codes[int(np.argmax(shares))], sure["sector"])
    return _headline(view, decision, sector, likeliest(model, "kind", scores), likeliest(model, "status", scores), sure)


def record_signals(five: Mapping[str, float]) -> tuple[float, ...]:
    """Return the signals of a record's confidence: the log odds of its five fields, the least, their product (log)."""
    values = [min(max(five[name], 0.002), 0.998) for name in _FIVE_FIELDS]
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
        actor=mention_in(view.scene, at, body.mentions, body.best) if body else state_mention(view, at, giver, "giver"),
        partner=None if receiver is None else _partner(view, at, receiver),
        year=None if year is None else mention_in(view.scene, at, year.mentions, year.best),
        amount=None if amount is None else mention_in(view.scene, at, amount.mentions, amount.best),
        counts=tuple(counts), sector=sector, kind=kind, status=status,
        evidence=view.scene.bounds[at], confidence=confidence,
        sources=dict.fromkeys((*_FIVE_FIELDS, "kind", "status"), "headline"),
    )  # fmt: skip


def state_mention(view: View, sentence: int, party: FieldCandidate[PartyMention], question: str) -> PartyMention:
    """Return a mention of a state: by its own name, else that of a person, place or body, renamed to the state."""
    if not isinstance(party.key, str):
        return mention_in(view.scene, sentence, party.mentions, party.best)
    own = [one for one in party.mentions if one.type == "country" or one.name.startswith("Government of")]
    pool = own or list(party.mentions)
    best = max(pool, key=lambda one: view.score(one, question))
    found = mention_in(view.scene, sentence, pool, best)
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
    """Return the index of the sentence with most of the chosen values; ``weighed`` has their mentions and weights."""
    votes = [-_LATER * number for number in range(len(scene.bounds))]
    for mentions, weight in weighed:
        for sentence in {scene.places[mention].sentence for mention in mentions}:
            votes[sentence] += weight
    for sentence, cues in enumerate(scene.cues):
        votes[sentence] += 0.5 * any(CUE_NAMES[cue] in _ACTS for _, cue in cues)
    if scene.titled:
        votes[0] -= _TITLE
    return max(range(len(votes)), key=votes.__getitem__)


def mention_in(scene: Scene, sentence: int, mentions: Iterable[M], best: M) -> M:
    """Return the best mention if it stands in a sentence, else the first that does, else the best."""
    if scene.places[best].sentence == sentence:
        return best
    return next((mention for mention in mentions if scene.places[mention].sentence == sentence), best)


def zones_of(scene: Scene) -> dict[str, str]:
    """Return the zones that text models read: title, body, first and last sentence of the body."""
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
    """Return the signals of a label's confidence: best and second score, their distance, the best's probability."""
    ordered = np.sort(np.asarray(scores, dtype=np.float64))[::-1]
    first, second = float(ordered[0]), float(ordered[1])
    return first, second, first - second, float(softmax(ordered * sharpness)[0])


def is_single_act(doc: Doc) -> float:
    """Return the probability that ``doc`` is a note about one act, 0..1."""
    return single_act_share(scene_of(doc))


def single_act_share(scene: Scene) -> float:
    """Return the probability that a scene is that of a note about one act: short, of few lines and countries.

    A logistic curve over the numbers of words, countries and lines, fitted (2026-11-29) to separate 812 of AidData's
    training notes from 838 documents of ``corpus/train.jsonl``: in cross-validation 99% of the notes and 1.3% of the
    others score above one half. The penalty for more countries than any note has was set by hand, for surveys of many
    countries in one line.
    """
    countries = {key for mention in scene.parties for key in party_keys(mention) if isinstance(key, str)}
    lines = [line for line in scene.text.split("\n") if line.strip()]
    odds = _INTERCEPT + _WORDS * math.log1p(len(scene.text.split()))
    odds += _COUNTRIES * math.log1p(len(countries)) + _LINES * math.log1p(len(lines))
    odds += _MORE * max(0, len(countries) - _MOST_COUNTRIES)
    return 1 / (1 + math.exp(-odds))

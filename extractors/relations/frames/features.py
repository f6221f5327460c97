"""What speaks for or against a candidate act: numbers by name, for the score to weigh."""

import re

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.context import Cue
from extractors.relations.frames.parties import domestic
from extractors.relations.frames.reading import FRAGMENT
from extractors.relations.frames.sentence.event import Event, Sentence, Slot
from extractors.relations.frames.sentence.roles import Roles
from extractors.relations.outline import Place

_SAID = re.compile(r"\b(?:said|says|say|announced|announces|promised|pledged|according to|told|confirmed)\b")
_VAGUE = re.compile(r"(?:several|many|some|other|leading|most|various|few|certain|different)\b", re.I)
_SPELLING = frozenset({"under", "with", "by", "through"})
_SERVING = frozenset({"give", "fund", "train", "help"})
_WORKING = frozenset({"work with", "work together", "cooperate", "collaborate", "partner with"})
_STANDING = frozenset({"dialogue", "agreement", "programme"})
_COURTESY = re.compile(
    r"\b(?:thank|welcom|congratulat|express|invit|appreciat|honou?r|gratitude|underlin|emphasi[sz]|stress)\w*", re.I
)
_RANKED = re.compile(
    r"\b(?:largest|biggest|most|best|fastest|highest|leading|top|more than half|per cent|percent|%|rank\w*|average)",
    re.I,
)
_OPINION = re.compile(
    r"\b(?:we|I|our|us|you|should|must|need|needs|believe|hope|hopes|expect|expects|fear|argue|critics|why|whether)\b"
)
_TRADE = re.compile(
    r"\b(?:trade|exports?|imports?|turnover|tourists?|visitors?|price|prices|market|gdp|growth)\b", re.I
)


def features(
    event: Event,
    chosen: Roles,
    actor: PartyMention,
    partner: PartyMention | None,
    year: YearMention | None,
    amount: AmountMention | None,
    lent: list[str],
    place: Place,
    s: Sentence,
    place_text: str,
    cues: list[Cue],
) -> dict[str, float]:
    """Return what is known of a candidate act, each 0 to 1 but for counts, by name; what is not said is 0."""
    relation = chosen.partners[0].relation if chosen.partners else ""
    out = {
        "weight": max(t.weight for t in event.triggers),
        "first_weight": event.triggers[0].weight,
        "verbal": float(event.verb is not None),
        "triggers": float(min(len(event.triggers), 3)),
        "partner": float(partner is not None),
        "body": float(actor.type not in {"country", "group"})
        + float(partner is not None and partner.type not in {"country", "group"}),
        "guessed": float(actor.source == "capitals") + float(partner is not None and partner.source == "capitals"),
        "domestic": float(domestic(actor, partner)),
        "year": float(year is not None),
        "money": float(amount is not None and amount.kind == "money"),
        "count": float(amount is not None and amount.kind != "money"),
        "lent": float(len(lent)),
        "located": float(relation in {"in", "at", "for", "obj", "of", "on", "head"}),
        "fragment": float(place.line.kind in FRAGMENT),
        "null_prose": float(
            partner is None
            and place.line.kind not in FRAGMENT
            and not (
                chosen.shape in {"found", "give", "train", "fund"}
                and amount is not None
                and (amount.kind == "count" or chosen.shape == "train")
            )
        ),
        "borrowed": float("before" in lent),
        "vague": float(_VAGUE.match(actor.name) is not None),
        "nominal": float(
            event.verb is None
            and not event.slots_of("pair", "between", "from", "to", "with", "mod", "poss", "comp")
            and not (
                place.line.kind in FRAGMENT
                and partner is not None
                and "heading" in lent
                and event.triggers[0].kind in _STANDING
            )
        ),
        "stat": float(
            event.statistic or (event.verb is None and "%" in place_text and not event.slots_of("pair", "subj"))
        ),
        "reported": float(_SAID.search(place_text) is not None),
        "person": float(actor.role == "person" or bool(partner and partner.role == "person")),
    }
    out.update({f"lent_{one}": 1.0 for one in lent})
    out["actor_" + _relation(chosen.actors, actor)] = 1.0
    if partner is not None:
        out["partner_" + _relation(chosen.partners, partner)] = 1.0
        out["partner_is_" + partner.type] = 1.0
    out["actor_is_" + actor.type] = 1.0
    out["tag_" + (event.verb.tag if event.verb is not None else "noun")] = 1.0
    out["passive"] = float(event.passive and event.verb is not None)
    out["far_actor"] = _far(chosen.actors)
    out["far_partner"] = _far(chosen.partners)
    out["crowd"] = min(len(s.nouns), 8) / 8
    out["long"] = min(len(s.units), 60) / 60
    out["events"] = min(len(s.events), 6) / 6
    out["year_here"] = float(year is not None and s.start <= year.start < s.end)
    out["year_clause"] = float(year is not None and event.start <= year.start < event.end)
    out["infinitive"] = float(event.verb is not None and event.anchor > 0 and s.units[event.anchor - 1].lower == "to")
    out["place_actor"] = float(actor.role == "place")
    out["place_partner"] = float(partner is not None and partner.role == "place")
    out["demonym_actor"] = float(actor.role == "demonym")
    out["demonym_partner"] = float(partner is not None and partner.role == "demonym")
    out["text_actor"] = float(actor.type == "company" and actor.country is None)
    out["courtesy"] = float(_COURTESY.search(place_text) is not None)
    out["ranked"] = float(_RANKED.search(place_text) is not None)
    out["opinion"] = float(_OPINION.search(place_text) is not None)
    out["trade"] = float(_TRADE.search(place_text) is not None)
    out["compared"] = float(partner is not None and partner.country is not None and partner.country == actor.country)
    out["standing"] = float(_is_standing(out, event, chosen, partner, cues))
    out["detail"] = float(event.clause is not None and _is_detail(s, event.clause.left))
    for cue in {c.effect for c in cues}:
        out["cue_" + cue] = 1.0
    return out


def _is_standing(
    known: dict[str, float], event: Event, chosen: Roles, partner: PartyMention | None, cues: list[Cue]
) -> bool:
    """Whether a line of work is told, no act: "it trains experts in developing countries"."""
    unnamed = partner is not None and partner.type == "group" and partner.country is None
    served = chosen.shape in _SERVING and (partner is None or unnamed)
    loosely = unnamed and event.triggers[0].words in _WORKING
    present = event.verb is not None and event.verb.tag in {"s", "base"} and not cues and not event.passive
    bare = not (known["fragment"] or known["money"] or known["count"] or known["year_clause"])
    return present and bare and (served or loosely)


def _is_detail(s: Sentence, left: int) -> bool:
    """Whether a clause spells out an act told before it: "a pact under which"."""
    words = [u.lower for u in s.units[max(0, left - 2) : left + 1]]
    return "whereby" in words or any(a in _SPELLING and b == "which" for a, b in zip(words, words[1:], strict=False))


def _relation(slots: tuple[Slot, ...], party: PartyMention) -> str:
    return next((s.relation for s in slots if s.party.start == party.start), "lent")


def _far(slots: tuple[Slot, ...]) -> float:
    return min(min((s.distance for s in slots), default=0), 12) / 12

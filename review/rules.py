"""The guideline's rule for each field, in a line: what stands beside the field while it is edited."""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    "kind": "What the act gives, before its form: a signed loan is a loan; an accord with nothing more specific an "
    "agreement. Donated goods and buildings are grants, orders and licences supply.",
    "status": "The latest that the text reports: offered is pledged, signed is committed, under way is implementing, "
    "handed over or paid is completed.",
    "actor": "Who pays, gives, lends, sends, joins or buys: the most specific body named. In a symmetric act the party "
    "named first. A builder hired with the money is not the actor.",
    "partner": "Who receives, hosts, co-signs, is joined or is bought from. Regions and unnamed sets are groups. None "
    "where the text names none.",
    "year": "When the act was made: signing or pledge before handover, not the article's year. A range if the text "
    "says when it runs, open if it still does.",
    "amount": "The act's own: money before counts before shares, the original currency before its conversion, the "
    "total before its parts. A bare $ is USD.",
    "sector": "What is done, not who does it. Several: the main one. Science and technology in general: 430. "
    "Unclear: 998.",
    "evidence": "The sentence or sentences that state the act.",
}

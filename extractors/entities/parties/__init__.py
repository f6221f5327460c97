"""Parties: countries, bodies, persons with office and groups that a text mentions."""

from spacy.language import Language
from spacy.tokens import Doc

from extractors.mentions import PartyMention
from extractors.texts import text_of

from .find import find_in_text
from .names import country_of, normalise_name, parts, same_name, same_party

__all__ = [
    "PartyFinder",
    "country_of",
    "find_parties",
    "make_parties",
    "normalise_name",
    "parts",
    "same_name",
    "same_party",
]

if not Doc.has_extension("parties"):
    Doc.set_extension("parties", default=())


def find_parties(text: str | Doc) -> list[PartyMention]:
    """Return the parties mentioned in ``text``, in order, without overlaps.

    Offsets are characters of the text (``doc.text`` for a Doc), end exclusive.
    """
    return find_in_text(text if isinstance(text, str) else text_of(text))


class PartyFinder:
    """A spaCy component that writes the parties of a Doc to ``doc._.parties``."""

    def process(self, doc: Doc) -> list[PartyMention]:
        """Return the parties of ``doc``."""
        return find_parties(doc)

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.parties`` and return ``doc``."""
        doc._.parties = self.process(doc)
        return doc


@Language.factory("coopledger_parties", assigns=["doc._.parties"])
def make_parties(nlp: Language, name: str) -> PartyFinder:
    """Return the component; it has no settings."""
    return PartyFinder()

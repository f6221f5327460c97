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


def find_parties(text: str | Doc, *, capitals: bool = False) -> list[PartyMention]:
    """Return the parties mentioned in ``text``, in order, without overlaps.

    Args:
        text: Any text; offsets are characters of it (of ``doc.text`` for a Doc), end exclusive.
        capitals: Take names that no table or pattern knows too, by their capitals alone (``source``: ``capitals``).
    """
    return find_in_text(text if isinstance(text, str) else text_of(text), capitals=capitals)


class PartyFinder:
    """A spaCy component that writes the parties of a Doc to ``doc._.parties``."""

    def __init__(self, *, capitals: bool = False) -> None:
        """Take whether names that only their capitals betray are wanted."""
        self.capitals = capitals

    def process(self, doc: Doc) -> list[PartyMention]:
        """Return the parties of ``doc``."""
        return find_parties(doc, capitals=self.capitals)

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.parties`` and return ``doc``."""
        doc._.parties = self.process(doc)
        return doc


@Language.factory("coopledger_parties", assigns=["doc._.parties"], default_config={"capitals": False})
def make_parties(nlp: Language, name: str, capitals: bool) -> PartyFinder:
    """Return the component; ``capitals`` takes names that no table or pattern knows too."""
    return PartyFinder(capitals=capitals)

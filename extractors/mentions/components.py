"""The spaCy components, one for each kind of mention: they write ``doc._.parties``, ``.years`` and ``.amounts``."""

from collections.abc import Callable, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.types import Mention
from extractors.mentions.years import find_years
from extractors.text.sentences import text_of

for _kind in ("parties", "years", "amounts"):
    if not Doc.has_extension(_kind):
        Doc.set_extension(_kind, default=())


class MentionComponent:
    """Writes what a finder finds in a Doc to one of its attributes."""

    def __init__(self, attribute: str, find: Callable[[Doc], Sequence[Mention]]) -> None:
        """Take the name of the attribute below ``doc._`` and the finder."""
        self.attribute = attribute
        self.find = find

    def __call__(self, doc: Doc) -> Doc:
        """Set the attribute and return ``doc``."""
        doc._.set(self.attribute, self.find(doc))
        return doc


@Language.factory("coopledger_parties", assigns=["doc._.parties"], default_config={"capitals": False})
def make_parties(nlp: Language, name: str, capitals: bool) -> MentionComponent:
    """Make the component for parties; ``capitals`` takes names that no table or pattern knows too."""

    def find(doc: Doc) -> Sequence[Mention]:
        return find_parties(text_of(doc), capitals=capitals)

    return MentionComponent("parties", find)


@Language.factory("coopledger_years", assigns=["doc._.years"])
def make_years(nlp: Language, name: str) -> MentionComponent:
    """Make the component for years; the date of a document is ``doc.user_data["date"]``."""
    return MentionComponent("years", _years)


@Language.factory("coopledger_amounts", assigns=["doc._.amounts"])
def make_amounts(nlp: Language, name: str) -> MentionComponent:
    """Make the component for amounts; the date of a document is ``doc.user_data["date"]``."""
    return MentionComponent("amounts", _amounts)


def _years(doc: Doc) -> Sequence[Mention]:
    return find_years(text_of(doc), date=doc.user_data.get("date"))


def _amounts(doc: Doc) -> Sequence[Mention]:
    return find_amounts(text_of(doc), date=doc.user_data.get("date"))

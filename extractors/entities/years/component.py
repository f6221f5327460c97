"""The spaCy component: writes ``doc._.years``."""

from spacy.language import Language
from spacy.tokens import Doc

from extractors.entities.years.finder import find_years
from extractors.mentions import YearMention
from extractors.texts import text_of

if not Doc.has_extension("years"):
    Doc.set_extension("years", default=None)


class Years:
    """Finds the years of a document."""

    def match(self, doc: Doc) -> list[YearMention]:
        """Find the years of a document without writing to it; its date is ``doc.user_data["date"]``."""
        return find_years(text_of(doc), date=doc.user_data.get("date"))

    def __call__(self, doc: Doc) -> Doc:
        """Write the years of a document to ``doc._.years``."""
        doc._.years = self.match(doc)
        return doc


@Language.factory("coopledger_years", assigns=["doc._.years"])
def make_years(nlp: Language, name: str) -> Years:
    """Make the component for a pipeline."""
    return Years()

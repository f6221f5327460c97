"""The text of a Doc, put together once."""

from spacy.tokens import Doc

_KEY = "coopledger_text"


def text_of(doc: Doc) -> str:
    """Return ``doc.text``, kept in ``doc.user_data``: spaCy puts it together from the tokens at each request."""
    known: str | None = doc.user_data.get(_KEY)
    if known is None:
        known = doc.user_data[_KEY] = doc.text
    return known

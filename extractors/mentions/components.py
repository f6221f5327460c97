"""spaCy components, one for each kind of mention; they set ``doc._.parties``, ``doc._.years`` and ``doc._.amounts``."""

from collections.abc import Callable, Sequence
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from extractors.mentions import Mention
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.years import find_years
from extractors.text.sentences import text_of

for _kind in ("parties", "years", "amounts"):
    if not Doc.has_extension(_kind):
        Doc.set_extension(_kind, default=())


@Language.factory("coopledger_parties", assigns=["doc._.parties"], default_config={"capitals": False})
def make_parties(nlp: Language, name: str, capitals: bool) -> Callable[[Doc], Doc]:
    """Make the component for parties; ``capitals`` also takes capitalised names that no table or pattern knows."""
    return partial(_write, kind="parties", find=partial(find_parties, capitals=capitals))


@Language.factory("coopledger_years", assigns=["doc._.years"])
def make_years(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component for years; it reads the document's date from ``doc.user_data["date"]``."""
    return partial(_write_dated, kind="years", find=find_years)


@Language.factory("coopledger_amounts", assigns=["doc._.amounts"])
def make_amounts(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component for amounts; it reads the document's date from ``doc.user_data["date"]``."""
    return partial(_write_dated, kind="amounts", find=find_amounts)


def _write(doc: Doc, *, kind: str, find: Callable[[str], Sequence[Mention]]) -> Doc:
    doc._.set(kind, find(text_of(doc)))
    return doc


def _write_dated(doc: Doc, *, kind: str, find: Callable[..., Sequence[Mention]]) -> Doc:
    return _write(doc, kind=kind, find=partial(find, date=doc.user_data.get("date")))

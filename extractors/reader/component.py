"""The reader as a spaCy component: sets ``doc._.acts``."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from extractors.reader.acts import Act
from extractors.reader.network import Network, shipped
from extractors.reader.read import ANCHOR_THRESHOLD, read_acts
from extractors.text.sentences import sentences_of, text_of

if not Doc.has_extension("acts"):
    Doc.set_extension("acts", default=())


@Language.factory(
    "coopledger_acts",
    assigns=["doc._.acts"],
    requires=["doc._.parties", "doc._.amounts", "doc._.years"],
    default_config={"folder": None, "threshold": ANCHOR_THRESHOLD},
)
def make_acts(nlp: Language, name: str, folder: str | None, threshold: float) -> "ActReader":
    """Make the component.

    Args:
        nlp: the pipeline
        name: the component's name in it
        folder: a folder with another trained reader; None for the one that the package ships
        threshold: the least probability with which words state an act, 0 to 1
    """
    return ActReader(shipped() if folder is None else Network(Path(folder)), threshold=threshold)


class ActReader:
    """Finds the acts of a Doc whose mentions are set; ``doc.user_data["date"]`` is the document's date, if any."""

    def __init__(self, network: Network, *, threshold: float = ANCHOR_THRESHOLD) -> None:
        self.network = network
        self.threshold = threshold

    def process(self, doc: Doc) -> list[Act]:
        """Return the acts of ``doc`` in the order of its text."""
        mentions = [*doc._.parties, *doc._.amounts, *doc._.years]
        dated = bool(doc.user_data.get("date"))
        return read_acts(text_of(doc), sentences_of(doc), mentions, self.network, dated=dated, threshold=self.threshold)

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.acts`` and return ``doc``."""
        doc._.acts = tuple(self.process(doc))
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Process Docs one by one: a window already keeps a core busy, and output cannot depend on ``batch_size``."""
        yield from map(self, stream)

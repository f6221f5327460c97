"""From annotated documents to the files that ship: the reader, its second look, and how right both are on dev."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from extractors.evaluate.acts import facts_of
from extractors.evaluate.facts import score_facts
from extractors.evaluate.scores import Json as Record
from extractors.mentions import Mention
from extractors.pipeline import make_pipeline, mention_pipeline
from extractors.reader import TOKENIZER
from extractors.reader.pieces import Vocabulary
from extractors.records import THRESHOLD
from extractors.records.build import record_of
from extractors.records.document import records_of
from extractors.records.instances import Instance, instances, merged
from extractors.records.judge import JUDGED, Judge, judged, load_judge
from extractors.text.sentences import sentences_of
from extractors.training.reader.examples import Example, Json, examples, read_corpus, sizes, text_of_document
from extractors.training.reader.export import export
from extractors.training.reader.fit import Recipe, fit
from extractors.training.reader.judging import fit_judge, save_judge, verdicts
from extractors.training.reader.variants import cut, strangers, varied

HELD = 8  # one document in so many is kept from the reader's training, for the second look
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Read:
    """An annotated document with what the reader finds in it."""

    gold: Json
    text: str
    candidates: Sequence[Instance]
    doc: Doc


def is_held(document: Json) -> bool:
    """Tell whether a document is kept from the reader's training; its id decides, so that more documents move none."""
    return int(sha256(document["id"].encode()).hexdigest()[:8], 16) % HELD == 0


def train_reader(corpus: Path, dev: Path, weights: Path, output: Path, recipe: Recipe, say: Say) -> dict[str, float]:
    """Train the reader and its second look and write them to ``output``; return the scores on dev.

    Args:
        corpus: annotated documents to learn from, JSON Lines
        dev: annotated documents to score on
        weights: a folder with the published encoder, ``model.safetensors`` and ``tokenizer.json``
        output: a folder for what ships; ``output/fit`` keeps the state of the run, from which it goes on
        recipe: how to fit
        say: is told how far it is
    """
    documents = list(read_corpus([corpus]))
    vocabulary = Vocabulary(Tokenizer.from_file(str(weights / TOKENIZER)))
    own = [document for document in documents if not is_held(document)]
    network = fit(
        lambda number: pass_of(own, vocabulary, Random(recipe.seed + number), say),
        vocabulary, weights, output / "fit", recipe, say,
    )  # fmt: skip
    export(network, weights, output)
    fit_second_look(output, [d for d in documents if is_held(d)], say)
    scores = score(output, list(read_corpus([dev])))
    say(", ".join(f"{name} {value:.3f}" for name, value in scores.items()))
    return scores


def fit_second_look(folder: Path, held: Sequence[Json], say: Say) -> Judge:
    """Fit the judge of a trained reader on documents that it was not trained on, and write it beside it."""
    found = list(read_all(folder, held))
    judge = fit_judge([(one.text, one.candidates) for one in found], [_verdicts(one) for one in found])
    save_judge(judge, folder)
    say(f"second look: {len(found)} documents, {sum(len(one.candidates) for one in found)} candidates")
    return judge


def read_all(folder: Path, documents: Iterable[Json]) -> Iterator[Read]:
    """Yield what the reader of a folder finds in annotated documents."""
    nlp = make_pipeline(str(folder))
    for document in documents:
        text = text_of_document(document)
        doc = _doc(nlp, document, text)
        yield Read(document, text, merged(instances(doc._.acts, sentences_of(doc)), max(0, text.find("\n"))), doc)


def score(folder: Path, documents: Sequence[Json], *, threshold: float = THRESHOLD) -> dict[str, float]:
    """Score the reader of a folder on annotated documents, as ``coopledger evaluate`` does."""
    judge = load_judge(folder)
    records: list[Record] = []
    texts: dict[str, str] = {}
    for one in read_all(folder, documents):
        name, date = one.gold["id"], one.gold.get("date")
        texts[name] = one.text
        rated = judged(one.doc._.acts, one.text, sentences_of(one.doc), judge)
        likely = [each for each in rated if each.sure["record"] >= threshold]
        records += [r.model_dump(mode="json") for r in records_of(likely, one.text, name, date=date)]
    facts = [fact for document in documents for fact in facts_of(document)]
    figures = score_facts(records, facts, texts).figures
    return {name: float(value) for name, value in figures.items() if value is not None}


def pass_of(documents: Sequence[Json], vocabulary: Vocabulary, random: Random, say: Say) -> list[Example]:
    """Return the examples of one pass over annotated documents, some of which are told otherwise."""
    nlp = mention_pipeline()
    others = strangers(documents)
    found: list[Example] = []
    for document in documents:
        told = varied(document, others, random)
        doc = _doc(nlp, told, text_of_document(told))
        mentions: list[Mention] = [*doc._.parties, *doc._.amounts, *doc._.years]
        found += examples(told, mentions, vocabulary, **cut(random))
    say(sizes(found))
    return found


def _doc(nlp: Language, document: Json, text: str) -> Doc:
    doc = nlp.make_doc(text)
    doc.user_data["date"] = document.get("date")
    return nlp(doc)


def _verdicts(one: Read) -> list[dict[str, bool] | None]:
    sure = dict.fromkeys(JUDGED, 0.5)
    name, date = one.gold["id"], one.gold.get("date")
    records = [
        record_of(each, one.text, name, rank=rank, act=rank, date=date, sure=sure).model_dump(mode="json")
        for rank, each in enumerate(one.candidates, 1)
    ]
    return verdicts(records, facts_of(one.gold), one.text)

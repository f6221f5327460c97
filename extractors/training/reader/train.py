"""Train the reader and its second look from annotated documents, write the files that ship, and score them on dev."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tokenizers import Tokenizer

from extractors.evaluate.facts import facts_of, score_facts
from extractors.evaluate.scores import Json as Record
from extractors.pipeline import make_pipeline, mention_pipeline
from extractors.reader import TOKENIZER
from extractors.reader.pieces import Vocabulary
from extractors.records import THRESHOLD
from extractors.records.document import records_of
from extractors.records.judge import judged, load_judge
from extractors.text.sentences import sentences_of
from extractors.training.reader.examples import Example, Json, cut, examples, read_corpus, strangers, summary, varied
from extractors.training.reader.export import export
from extractors.training.reader.fit import Recipe, fit, optimizer_of
from extractors.training.reader.network import pretrained
from extractors.training.reader.second_look import Say, doc_of, fit_second_look, is_held, mentions_of, read_all


def train_reader(corpus: Path, dev: Path, weights: Path, output: Path, recipe: Recipe, say: Say) -> dict[str, float]:
    """Train the reader and its second look and write them to ``output``; return the scores on dev.

    Args:
        corpus: annotated documents to learn from, JSON Lines
        dev: annotated documents to score on
        weights: a folder with the published encoder, ``model.safetensors`` and ``tokenizer.json``
        output: a folder for the files that ship; ``output/fit`` keeps the state of a run, to resume it
        recipe: how to fit
        say: called with lines on the progress
    """
    documents = list(read_corpus([corpus]))
    vocabulary = Vocabulary(Tokenizer.from_file(str(weights / TOKENIZER)))
    training_documents = [document for document in documents if not is_held(document)]
    network = pretrained(recipe.encoder, weights)
    fit(
        network, optimizer_of(network, recipe),
        lambda number: examples_of_pass(training_documents, vocabulary, Random(recipe.seed + number), say),
        vocabulary, output / "fit", recipe, say,
    )  # fmt: skip
    export(network, weights, output)
    fit_second_look(output, documents, say)
    scores = score(output, list(read_corpus([dev])))
    say(", ".join(f"{name} {value:.3f}" for name, value in scores.items()))
    return scores


def score(folder: Path, documents: Sequence[Json], *, threshold: float = THRESHOLD) -> dict[str, float]:
    """Score the reader of a folder on annotated documents, as ``coopledger evaluate`` does."""
    judge = load_judge(folder)
    records: list[Record] = []
    texts: dict[str, str] = {}
    for one in read_all(make_pipeline(str(folder)), documents):
        name, date = one.gold["id"], one.gold.get("date")
        texts[name] = one.text
        rated = judged(one.doc._.acts, one.text, sentences_of(one.doc), judge)
        likely = [each for each in rated if each.sure["record"] >= threshold]
        records += [r.model_dump(mode="json") for r in records_of(likely, one.text, name, date=date)]
    facts = [fact for document in documents for fact in facts_of(document)]
    figures = score_facts(records, facts, texts).figures
    return {name: float(value) for name, value in figures.items() if value is not None}


def examples_of_pass(documents: Sequence[Json], vocabulary: Vocabulary, random: Random, say: Say) -> list[Example]:
    """Return the examples of one pass over annotated documents, some varied and some cut into smaller windows."""
    nlp = mention_pipeline()
    others = strangers(documents)
    found: list[Example] = []
    for document in documents:
        document = varied(document, others, random)
        found += examples(document, mentions_of(doc_of(nlp, document)), vocabulary, **cut(random))
    say(summary(found))
    return found

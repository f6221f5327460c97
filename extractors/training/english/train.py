"""The training loop: a fixed number of steps, fixed seeds, one thread; the same corpora give the same pipeline."""

import logging
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from spacy import util
from spacy.language import Language
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words
from thinc.api import Adam, Optimizer, fix_random_seed
from thinc.schedules import warmup_linear

from ...english import numpy_products
from ...english.gazetteer import place_names
from .acts import act_sentences
from .conllu import Sentence
from .examples import Names, dressed, names_examples, treebank_examples
from .silver import name_pools, swapped

_LOG = logging.getLogger(__name__)
_CONFIG = Path(__file__).with_name("config.cfg")


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how to train: batches of ``words``, ``rate`` at most, a share of ``headlines``, own ``acts``."""

    steps: int = 5500
    words: int = 900
    rate: float = 0.002
    dropout: float = 0.2
    headlines: float = 0.06
    acts: int = 800
    warmup: int = 300
    seed: int = 0
    config: Path = _CONFIG


def train_english(
    ud: Iterable[Sentence],
    ner: Iterable[Names],
    silver: Iterable[Names] = (),
    *,
    settings: Settings | None = None,
    watch: Callable[[Language, int], None] | None = None,
) -> Language:
    """Train tagger, parser and named entities together and return the pipeline.

    ``ud`` are sentences of treebanks (see `read_conllu`), ``ner`` texts with all their names, ``silver`` texts with
    some of them. Names with the ``id`` and the text of a treebank's sentence are joined to it. ``watch`` is called with
    the pipeline and the step now and then.
    """
    settings = settings or Settings()
    with numpy_products():
        fix_random_seed(settings.seed)
        nlp = util.load_model_from_config(util.load_config(settings.config), auto_fill=True)
        examples = _examples(nlp, list(ud), list(ner), list(silver), settings)
        nlp.initialize(_all(examples))
        optimizer = _optimizer(settings)
        _update(nlp, examples, optimizer, settings, watch)
    _keep_averages(nlp, optimizer)
    return nlp


def _update(
    nlp: Language,
    examples: list[Example],
    optimizer: Optimizer,
    settings: Settings,
    watch: Callable[[Language, int], None] | None,
) -> None:
    for step, batch in enumerate(islice(_batches(examples, settings), settings.steps), start=1):
        losses: dict[str, float] = {}
        nlp.update(batch, drop=settings.dropout, sgd=optimizer, losses=losses)
        optimizer.step_schedules()  # type: ignore[no-untyped-call]
        if step % 500 == 0:
            _LOG.info("step %s of %s, losses %s", step, settings.steps, {k: round(v) for k, v in losses.items()})
            if watch is not None:
                with nlp.use_params(optimizer.averages):
                    watch(nlp, step)


def _optimizer(settings: Settings) -> Optimizer:
    rates: Any = warmup_linear(settings.rate, settings.warmup, settings.steps)
    optimizer: Optimizer = Adam(rates, L2=0.01, grad_clip=1.0, L2_is_weight_decay=True, use_averages=True)
    return optimizer


def _keep_averages(nlp: Language, optimizer: Optimizer) -> None:
    """Set every weight to its running average."""
    parts: list[tuple[str, Any]] = nlp.pipeline
    for _, component in parts:
        for node in component.model.walk():
            for name in node.param_names:
                average = (optimizer.averages or {}).get((node.id, name))
                if average is not None:
                    node.set_param(name, average)


def _all(examples: list[Example]) -> Callable[[], Iterable[Example]]:
    def every() -> Iterable[Example]:
        return examples

    return every


def _examples(
    nlp: Language, ud: list[Sentence], ner: list[Names], silver: list[Names], settings: Settings
) -> list[Example]:
    texts = {sentence.id: sentence.text for sentence in ud}
    named = {row["id"]: row for row in ner if row.get("id") in texts and row["text"] == texts[row["id"]]}
    rest = [row for row in ner if row.get("id") not in named]
    acts = list(act_sentences(settings.acts, seed=settings.seed))
    named |= {row["id"]: row for _, row in acts}
    trees = treebank_examples(nlp, [*ud, *(sentence for sentence, _ in acts)], named)
    examples = list(dressed(trees, nlp, share=settings.headlines, seed=settings.seed))
    pools = name_pools([*ner, *silver], places=place_names())
    more = swapped([row for row in ner if len(row["text"]) < 600], pools, seed=settings.seed)
    return [*examples, *names_examples(nlp, rest), *names_examples(nlp, silver), *names_examples(nlp, more)]


def _batches(examples: list[Example], settings: Settings) -> Iterator[list[Example]]:
    """Endless batches of about ``settings.words`` words, the examples in a new order each round."""
    chance = random.Random(settings.seed)
    examples = list(examples)
    while True:
        chance.shuffle(examples)
        yield from minibatch_by_words(examples, size=settings.words)

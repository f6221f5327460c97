"""Fit the reader in passes over the examples; the state is saved on disk, so that a stopped run can be resumed."""

import copy
import json
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from random import Random
from typing import Self

import torch
from torch import Tensor

from extractors.reader.pieces import Vocabulary
from extractors.training.reader.batches import Batch, batched, collate
from extractors.training.reader.encoder import set_dropout_generator
from extractors.training.reader.examples import Example
from extractors.training.reader.losses import WEIGHTS, losses
from extractors.training.reader.network import ReaderNetwork
from schemas import Model

_SAVED_EVERY = 300  # seconds
_MOST_STEPS = 1_000_000  # in a pass, so that each step of a run has a number of its own
_WORDS_FROM = 1000  # lower entries of the vocabulary are marks and single letters, and are never masked


class Recipe(Model):
    """How a reader is fitted. ``frozen``: number of lowest layers that keep their published weights; ``masked``: share
    of pieces masked while training, so that names are not memorised; ``nameless``: share of parties' mentions that are
    masked whole, so that actors are recognised by the words around; ``decay``: factor of the learning rate from each
    layer to the one below; ``threads``: batches of at most ``pieces`` in a step, one thread each; ``barren``: share of
    the windows without an act that are used; ``roles``: factor of the weight of the roles' losses; ``warmup``: share
    of the steps in which the learning rate rises.
    """

    encoder: str = "mpnet-8"
    passes: float = 8
    rate: float = 1e-4
    heads_rate: float = 6e-4
    decay: float = 0.95
    frozen: int = 2
    masked: float = 0.08
    nameless: float = 0.0
    pieces: int = 1024
    warmup: float = 0.06
    seed: int = 0
    threads: int = 2
    barren: float = 1.0
    roles: float = 1.0


def fit(
    network: ReaderNetwork,
    optimizer: torch.optim.Optimizer,
    examples_of: Callable[[int], Sequence[Example]],
    vocabulary: Vocabulary,
    folder: Path,
    recipe: Recipe,
    say: Callable[[str], None],
) -> None:
    """Fit a network in place, or resume the fit whose state ``folder`` holds.

    ``examples_of`` returns the examples of a pass, numbered from 0: each pass may vary the documents in another way.
    ``say`` is called with lines on the progress.
    """
    torch.set_num_threads(1)  # threads run whole batches, and so hardly wait for each other
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps(recipe.model_dump(), indent=1) + "\n", encoding="utf-8")
    rates = [group["lr"] for group in optimizer.param_groups]
    state = folder / "state.pt"
    began_at = done = (0, 0)  # pass and step
    if state.exists():
        kept = torch.load(state, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        began_at = done = (kept["pass"], kept["step"])
        say(f"goes on in pass {done[0] + 1} after step {done[1]}")
    saved = began = time.monotonic()
    sums: dict[str, float] = {}
    with _Workers(network, recipe, vocabulary) as workers:
        for number in range(done[0], math.ceil(recipe.passes)):
            random = Random(recipe.seed + number)
            used = [one for one in examples_of(number) if len(one.kinds) or random.random() < recipe.barren]
            batches = batched(used, recipe.pieces, random)
            steps = list(zip_longest(*(batches[i :: recipe.threads] for i in range(recipe.threads))))
            stop = math.ceil(min(1.0, recipe.passes - number) * len(steps))  # the last pass may be a part of one
            for step in range(done[1] if number == done[0] else 0, stop):
                for entry, rate in zip(optimizer.param_groups, rates, strict=True):
                    entry["lr"] = rate * _rate_factor((number + step / len(steps)) / recipe.passes, recipe.warmup)
                optimizer.zero_grad()
                parts = workers.grade([group for group in steps[step] if group], number * _MOST_STEPS + step)
                torch.nn.utils.clip_grad_norm_((p for p in network.parameters() if p.grad is not None), 1.0)
                optimizer.step()
                for name, value in parts.items():
                    sums[name] = 0.98 * sums.get(name, value) + 0.02 * value
                if (step + 1) % 25 == 0:
                    spent = time.monotonic() - began
                    passes_left = recipe.passes - number - (step + 1) / len(steps)
                    passes_done = recipe.passes - passes_left - began_at[0] - began_at[1] / len(steps)
                    losses = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                    say(
                        f"pass {number + 1}/{recipe.passes:g} step {step + 1}/{len(steps)} {spent:.0f}s, "
                        f"{spent / passes_done * passes_left / 60:.0f} min left: {losses}"
                    )
                if time.monotonic() - saved > _SAVED_EVERY:
                    _save(state, network, optimizer, (number, step + 1))
                    saved = time.monotonic()
    _save(state, network, optimizer, (math.ceil(recipe.passes), 0))


class _Workers:
    """Threads that each compute the gradients of one batch, on copies of the network that share its weights."""

    def __init__(self, network: ReaderNetwork, recipe: Recipe, vocabulary: Vocabulary) -> None:
        self._networks = [network, *(copy.deepcopy(network) for _ in range(recipe.threads - 1))]
        for other in self._networks:
            for parameter, shared in zip(other.parameters(), network.parameters(), strict=True):
                parameter.data = shared.data
            other.train()
        self._randoms = [torch.Generator() for _ in self._networks]
        for other, random in zip(self._networks, self._randoms, strict=True):
            set_dropout_generator(other, random)
        self._pool = ThreadPoolExecutor(recipe.threads)
        self._recipe, self._vocabulary = recipe, vocabulary

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown()

    def grade(self, groups: Sequence[Sequence[Example]], step: int) -> dict[str, float]:
        """Sum the gradients of ``groups``, a batch each, in the network; return the losses of the first batch.

        ``step`` numbers the step in the run and seeds what is drawn.
        """
        for other in self._networks[1:]:
            other.zero_grad()
        jobs = [self._pool.submit(self._grade, i, group, step, len(groups)) for i, group in enumerate(groups)]
        parts = [job.result() for job in jobs]
        for other in self._networks[1:]:
            for parameter, first in zip(other.parameters(), self._networks[0].parameters(), strict=True):
                if parameter.grad is not None:
                    first.grad = parameter.grad if first.grad is None else first.grad.add_(parameter.grad)
        return parts[0]

    def _grade(self, i: int, group: Sequence[Example], step: int, of: int) -> dict[str, float]:
        network, random = self._networks[i], self._randoms[i]
        random.manual_seed((self._recipe.seed * 1_000_003 + step) * len(self._networks) + i)
        batch = collate(group)
        masked = _masked(batch, self._recipe, random)
        parts = losses(network, batch, torch.where(masked, torch.tensor(self._vocabulary.mask), batch.ids))
        weights = WEIGHTS | {name: WEIGHTS[name] * self._recipe.roles for name in ("roles", "places")}
        loss = sum((weights[name] * value for name, value in parts.items()), torch.zeros(())) / of
        loss.backward()
        return {name: float(value.detach()) for name, value in parts.items()}


def _masked(batch: Batch, recipe: Recipe, random: torch.Generator) -> Tensor:
    """Draw which pieces of a batch are masked (windows × places)."""
    pieces = (torch.rand(batch.ids.shape, generator=random) < recipe.masked) & (batch.ids > _WORDS_FROM)
    names = batch.labels["names"]  # 1 where one begins, 2 inside
    number = (names == 1).cumsum(-1)
    drawn = torch.rand((len(names), int(number.max()) + 1), generator=random) < recipe.nameless
    return pieces | (drawn.gather(-1, number) & (names > 0))


def _rate_factor(done: float, warmup: float) -> float:
    """The factor of the learning rate after a share of the run: it rises in the warm-up, then falls, both linearly."""
    return done / warmup if done < warmup else max(0.02, (1 - done) / (1 - warmup))


def optimizer_of(network: ReaderNetwork, recipe: Recipe) -> torch.optim.Optimizer:
    """Return an optimizer of a network, with lower rates for lower layers; freeze its words and lowest layers."""
    encoder = network.encoder
    encoder.words.weight.requires_grad_(False)
    for layer in encoder.layers[: recipe.frozen]:
        layer.requires_grad_(False)
    groups = []
    for i, layer in enumerate(encoder.layers):
        rate = recipe.rate * recipe.decay ** (len(encoder.layers) - 1 - i)
        groups.append({"params": [p for p in layer.parameters() if p.requires_grad], "lr": rate})
    in_layers = {id(p) for layer in encoder.layers for p in layer.parameters()}
    embeddings = [p for p in encoder.parameters() if id(p) not in in_layers and p.requires_grad]
    groups.append({"params": embeddings, "lr": recipe.rate})
    in_encoder = {id(p) for p in encoder.parameters()}
    groups.append({"params": [p for p in network.parameters() if id(p) not in in_encoder], "lr": recipe.heads_rate})
    return torch.optim.AdamW([group for group in groups if group["params"]], weight_decay=0.01)


def _save(path: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer, done: tuple[int, int]) -> None:
    state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "pass": done[0], "step": done[1]}
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)

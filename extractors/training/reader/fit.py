"""Fitting the reader: passes over the examples, kept on disk so that a stopped run goes on where it was."""

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
from extractors.training.reader.encoder import draw_from
from extractors.training.reader.examples import Example
from extractors.training.reader.losses import WEIGHTS, losses
from extractors.training.reader.network import ReaderNetwork
from schemas import Model

_SAVED_EVERY = 300  # seconds
_MOST_STEPS = 1_000_000  # of a pass
_WORDS_FROM = 1000  # entries of the vocabulary below are marks and single letters


class Recipe(Model):
    """How a reader is fitted. ``frozen``: lowest layers that keep their published weights; ``masked``: share of pieces
    hidden while training, so that names are not learned by heart; ``nameless``: share of the parties' mentions that are
    hidden whole, so that the words around tell who acts; ``decay``: how much slower each lower layer learns;
    ``threads``: batches of ``pieces`` that are worked on side by side, one thread each, and make one step;
    ``barren``: share of the windows without an act that are read; ``roles``: how much more than usual it counts who
    fills a role.
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
    """Fit a network in place, or go on with the fit that ``folder`` holds.

    ``examples_of`` returns the examples of a pass, counted from 0: each pass may tell the documents otherwise.
    """
    torch.set_num_threads(1)  # a thread for each batch, none inside of one: they hardly wait for each other
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps(recipe.model_dump(), indent=1) + "\n", encoding="utf-8")
    rates = [group["lr"] for group in optimizer.param_groups]
    state = folder / "state.pt"
    began_at = done = (0, 0)  # pass, step in it
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
            read = [one for one in examples_of(number) if len(one.kinds) or random.random() < recipe.barren]
            found = batched(read, recipe.pieces, random)
            steps = list(zip_longest(*(found[i :: recipe.threads] for i in range(recipe.threads))))
            whole = math.ceil(min(1.0, recipe.passes - number) * len(steps))
            for step in range(done[1] if number == done[0] else 0, whole):
                for entry, rate in zip(optimizer.param_groups, rates, strict=True):
                    entry["lr"] = rate * _pace((number + step / len(steps)) / recipe.passes, recipe.warmup)
                optimizer.zero_grad()
                parts = workers.grade([group for group in steps[step] if group], number * _MOST_STEPS + step)
                torch.nn.utils.clip_grad_norm_((p for p in network.parameters() if p.grad is not None), 1.0)
                optimizer.step()
                for name, value in parts.items():
                    sums[name] = 0.98 * sums.get(name, value) + 0.02 * value
                if (step + 1) % 25 == 0:
                    spent = time.monotonic() - began
                    ahead = recipe.passes - number - (step + 1) / len(steps)
                    behind = recipe.passes - ahead - began_at[0] - began_at[1] / len(steps)
                    losses = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                    say(
                        f"pass {number + 1}/{recipe.passes:g} step {step + 1}/{len(steps)} {spent:.0f}s, "
                        f"{spent / behind * ahead / 60:.0f} min left: {losses}"
                    )
                if time.monotonic() - saved > _SAVED_EVERY:
                    _save(state, network, optimizer, (number, step + 1))
                    saved = time.monotonic()
    _save(state, network, optimizer, (math.ceil(recipe.passes), 0))


class _Workers:
    """Threads that each find the gradients of one batch, on networks that share their weights."""

    def __init__(self, network: ReaderNetwork, recipe: Recipe, vocabulary: Vocabulary) -> None:
        self._networks = [network, *(copy.deepcopy(network) for _ in range(recipe.threads - 1))]
        for other in self._networks:
            for own, shared in zip(other.parameters(), network.parameters(), strict=True):
                own.data = shared.data
            other.train()
        self._randoms = [torch.Generator() for _ in self._networks]
        for other, random in zip(self._networks, self._randoms, strict=True):
            draw_from(other, random)
        self._pool = ThreadPoolExecutor(recipe.threads)
        self._recipe, self._vocabulary = recipe, vocabulary

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown()

    def grade(self, groups: Sequence[Sequence[Example]], step: int) -> dict[str, float]:
        """Add up the gradients of some batches in the first network; return the losses of the first batch."""
        for other in self._networks[1:]:
            other.zero_grad()
        jobs = [self._pool.submit(self._grade, i, group, step, len(groups)) for i, group in enumerate(groups)]
        parts = [job.result() for job in jobs]
        for other in self._networks[1:]:
            for own, first in zip(other.parameters(), self._networks[0].parameters(), strict=True):
                if own.grad is not None:
                    first.grad = own.grad if first.grad is None else first.grad.add_(own.grad)
        return parts[0]

    def _grade(self, i: int, group: Sequence[Example], step: int, of: int) -> dict[str, float]:
        network, random = self._networks[i], self._randoms[i]
        random.manual_seed((self._recipe.seed * 1_000_003 + step) * len(self._networks) + i)
        batch = collate(group)
        hidden = _hidden(batch, self._recipe, random)
        parts = losses(network, batch, torch.where(hidden, torch.tensor(self._vocabulary.mask), batch.ids))
        weights = WEIGHTS | {name: WEIGHTS[name] * self._recipe.roles for name in ("roles", "places")}
        loss = sum((weights[name] * value for name, value in parts.items()), torch.zeros(())) / of
        loss.backward()
        return {name: float(value.detach()) for name, value in parts.items()}


def _hidden(batch: Batch, recipe: Recipe, random: torch.Generator) -> Tensor:
    """Which pieces of a batch are hidden this time (windows × places)."""
    pieces = (torch.rand(batch.ids.shape, generator=random) < recipe.masked) & (batch.ids > _WORDS_FROM)
    names = batch.labels["names"]  # 1 where one begins, 2 inside
    number = (names == 1).cumsum(-1)
    drawn = torch.rand((len(names), int(number.max()) + 1), generator=random) < recipe.nameless
    return pieces | (drawn.gather(-1, number) & (names > 0))


def _pace(done: float, warmup: float) -> float:
    """Up over the warm-up, then down in a line."""
    return done / warmup if done < warmup else max(0.02, (1 - done) / (1 - warmup))


def optimizer_of(network: ReaderNetwork, recipe: Recipe) -> torch.optim.Optimizer:
    """Return what moves all weights of a network but its words and its lowest layers, upper layers faster."""
    encoder = network.encoder
    encoder.words.weight.requires_grad_(False)
    for layer in encoder.layers[: recipe.frozen]:
        layer.requires_grad_(False)
    groups = []
    for i, layer in enumerate(encoder.layers):
        rate = recipe.rate * recipe.decay ** (len(encoder.layers) - 1 - i)
        groups.append({"params": [p for p in layer.parameters() if p.requires_grad], "lr": rate})
    inner = {id(p) for layer in encoder.layers for p in layer.parameters()}
    low = [p for p in encoder.parameters() if id(p) not in inner and p.requires_grad]
    groups.append({"params": low, "lr": recipe.rate})
    known = {id(p) for p in encoder.parameters()}
    groups.append({"params": [p for p in network.parameters() if id(p) not in known], "lr": recipe.heads_rate})
    return torch.optim.AdamW([group for group in groups if group["params"]], weight_decay=0.01)


def _save(path: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer, done: tuple[int, int]) -> None:
    kept = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "pass": done[0], "step": done[1]}
    torch.save(kept, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)

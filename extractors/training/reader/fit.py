"""Fitting the reader: passes over the examples, kept on disk so that a stopped run goes on where it was."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor

from extractors.reader.pieces import Vocabulary
from extractors.training.reader.batches import Batch, batched, collate
from extractors.training.reader.examples import Example
from extractors.training.reader.losses import WEIGHTS, losses
from extractors.training.reader.network import ReaderNetwork, pretrained

_SAVED_EVERY = 300  # seconds
_WORDS_FROM = 1000  # entries of the vocabulary below are marks and single letters


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a reader is fitted. ``frozen``: lowest layers that keep their published weights; ``masked``: share of pieces
    hidden while training, so that names are not learned by heart; ``decay``: how much slower each lower layer learns.
    """

    encoder: str = "mpnet-8"
    passes: int = 8
    rate: float = 1e-4
    heads_rate: float = 6e-4
    decay: float = 0.95
    frozen: int = 2
    masked: float = 0.08
    pieces: int = 2048
    warmup: float = 0.06
    seed: int = 0
    threads: int = 2


def fit(
    found: Sequence[Example],
    vocabulary: Vocabulary,
    weights: Path,
    folder: Path,
    recipe: Recipe,
    say: Callable[[str], None],
) -> ReaderNetwork:
    """Fit a reader, or go on with one that ``folder`` holds; return it with its last weights."""
    torch.set_num_threads(recipe.threads)
    network = pretrained(recipe.encoder, weights)
    optimizer = _optimizer(network, recipe)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1) + "\n", encoding="utf-8")
    state = folder / "state.pt"
    step = done = 0
    if state.exists():
        kept = torch.load(state, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        done = kept["step"]
        say(f"goes on after step {done}")
    total = sum(len(batched(found, recipe.pieces, Random(recipe.seed + i))) for i in range(recipe.passes))
    rates = [group["lr"] for group in optimizer.param_groups]
    saved, began, first = time.monotonic(), time.monotonic(), done
    sums: dict[str, float] = {}
    network.train()
    for number in range(recipe.passes):
        for group in batched(found, recipe.pieces, Random(recipe.seed + number)):
            step += 1
            if step <= done:
                continue
            torch.manual_seed(recipe.seed * 1_000_003 + step)
            for entry, rate in zip(optimizer.param_groups, rates, strict=True):
                entry["lr"] = rate * _pace(step / total, recipe.warmup)
            parts = _step(network, optimizer, collate(group), vocabulary, recipe.masked)
            for name, value in parts.items():
                sums[name] = 0.98 * sums.get(name, value) + 0.02 * value
            if step % 25 == 0:
                spent = time.monotonic() - began
                left = spent / (step - first) * (total - step)
                told = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
                say(f"pass {number + 1} step {step}/{total} {spent:.0f}s, {left / 60:.0f} min left: {told}")
            if time.monotonic() - saved > _SAVED_EVERY:
                _save(state, network, optimizer, step)
                saved = time.monotonic()
    _save(state, network, optimizer, step)
    return network


def _step(
    network: ReaderNetwork, optimizer: torch.optim.Optimizer, batch: Batch, vocabulary: Vocabulary, masked: float
) -> dict[str, float]:
    parts = losses(network, batch, _masked(batch.ids, vocabulary.mask, masked))
    loss = sum((WEIGHTS[name] * value for name, value in parts.items()), torch.zeros(()))
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_((p for p in network.parameters() if p.grad is not None), 1.0)
    optimizer.step()
    return {name: float(value.detach()) for name, value in parts.items()}


def _masked(ids: Tensor, mask: int, share: float) -> Tensor:
    hidden = (torch.rand(ids.shape) < share) & (ids > _WORDS_FROM)
    return torch.where(hidden, torch.tensor(mask), ids)


def _pace(done: float, warmup: float) -> float:
    """Up over the warm-up, then down in a line."""
    return done / warmup if done < warmup else max(0.02, (1 - done) / (1 - warmup))


def _optimizer(network: ReaderNetwork, recipe: Recipe) -> torch.optim.Optimizer:
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


def _save(path: Path, network: ReaderNetwork, optimizer: torch.optim.Optimizer, step: int) -> None:
    kept = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(kept, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)

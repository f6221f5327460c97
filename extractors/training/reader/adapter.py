"""Fit the adapter: a low-rank correction between the trained encoder and heads, learned from held-out documents.

The encoder's vectors are more informative for the documents that it was trained on than for others, and so the heads
rely on them too much. The correction (Hu et al. 2021, https://arxiv.org/abs/2106.09685) of the vectors is fitted on
documents that the encoder was not trained on; encoder and heads stay as they are.
"""

from collections.abc import Sequence
from random import Random

import numpy as np
import torch
from torch import Tensor, nn

from extractors.reader.network import Adapter
from extractors.reader.relations import Floats
from extractors.training.reader.batches import collate
from extractors.training.reader.encoder import set_dropout_generator
from extractors.training.reader.examples import Example
from extractors.training.reader.losses import WEIGHTS, head_losses
from extractors.training.reader.network import Heads

_RANK, _PASSES, _RATE, _WARMUP = 32, 2, 1e-3, 0.1
_WINDOWS = 6  # in a step
Window = tuple[Example, Floats]  # an example, and the encoder's vectors for it, places × width


class _Adapted(nn.Module):
    """Frozen heads behind an adapter that is to be fitted."""

    def __init__(self, heads: Heads, random: torch.Generator) -> None:
        super().__init__()
        width = heads.act.in_features
        self.heads = heads.requires_grad_(False)
        self.into = nn.Parameter(torch.randn(width, _RANK, generator=random) * 0.02)
        self.out = nn.Parameter(torch.zeros(_RANK, width))

    def forward(self, hidden: Tensor, **related: Tensor) -> dict[str, Tensor]:
        scores: dict[str, Tensor] = self.heads(hidden + hidden @ self.into @ self.out, **related)
        return scores


def fit_adapter(heads: Heads, windows: Sequence[Window], *, seed: int = 0) -> Adapter:
    """Return an adapter fitted to trained heads on windows of documents that the reader was not trained on."""
    torch.set_num_threads(1)
    generator, random = torch.Generator().manual_seed(seed), Random(seed)
    network = _Adapted(heads, generator)
    set_dropout_generator(network, generator)
    network.train()
    optimizer = torch.optim.AdamW([network.into, network.out], lr=_RATE, weight_decay=0.01)
    steps = _PASSES * -(-len(windows) // _WINDOWS)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (_WARMUP * steps), 1 - step / steps)
    )
    for _ in range(_PASSES):
        order = random.sample(windows, len(windows))
        for first in range(0, len(order), _WINDOWS):
            group = order[first : first + _WINDOWS]
            acts = sum(len(example.kinds) for example, _ in group)
            optimizer.zero_grad()
            for example, hidden in group:
                parts = head_losses(network, torch.from_numpy(hidden)[None], collate([example]))
                if parts:
                    share = max(1, len(example.kinds)) / max(1, acts)
                    (share * sum((WEIGHTS[name] * part for name, part in parts.items()), torch.zeros(()))).backward()
            torch.nn.utils.clip_grad_norm_([network.into, network.out], 1.0)
            optimizer.step()
            schedule.step()
    return Adapter(*(part.detach().numpy().astype(np.float32) for part in (network.into, network.out)))

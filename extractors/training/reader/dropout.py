"""Dropout whose chance comes from a generator of its own, so that threads that train side by side stay repeatable."""

import torch
from torch import Tensor, nn

_SHARE = 0.1


class Dropout(nn.Module):
    """Set a tenth of the numbers to zero while training, and scale the others up."""

    random: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return x, changed only while training."""
        if not self.training:
            return x
        kept = torch.empty_like(x).bernoulli_(1 - _SHARE, generator=self.random)
        return x * kept.div_(1 - _SHARE)


def draw_from(network: nn.Module, random: torch.Generator) -> None:
    """Let all dropout of a network draw from one generator."""
    for module in network.modules():
        if isinstance(module, Dropout):
            module.random = random

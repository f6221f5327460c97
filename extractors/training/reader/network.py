"""The reader in torch: an encoder, what it says of each piece, and the heads over acts and candidates."""

from pathlib import Path

import torch
from torch import Tensor, nn

from extractors.reader.acts import BIO
from extractors.training.reader.dropout import Dropout
from extractors.training.reader.encoder import MINILM, MPNET, Encoder, Shape
from extractors.training.reader.heads import Heads


class ReaderNetwork(nn.Module):
    """``encode`` reads pieces; ``heads`` then scores the acts and candidates that the caller names."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.anchors = nn.Sequential(Dropout(), nn.Linear(shape.hidden, BIO))
        self.names = nn.Linear(shape.hidden, BIO)
        self.heads = Heads(shape.hidden)

    def encode(self, ids: Tensor, shapes: Tensor, tags: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the pieces' vectors, and their scores as outside, begin and inside of an anchor and of a party."""
        hidden = self.encoder(ids, shapes, tags, mask).float()
        return hidden, self.anchors(hidden), self.names(hidden)


def shape_of(name: str) -> Shape:
    """Return the shape that ``mpnet``, ``mpnet-8`` (its lowest eight layers) or ``minilm`` names."""
    family, _, layers = name.partition("-")
    whole = {"mpnet": MPNET, "minilm": MINILM}[family]
    return Shape(int(layers or whole.layers), *(getattr(whole, field) for field in Shape.__slots__[1:]))


def pretrained(name: str, weights: Path) -> ReaderNetwork:
    """Return an untrained reader over the published weights in a folder."""
    torch.manual_seed(0)
    network = ReaderNetwork(shape_of(name))
    network.encoder.copy_weights(weights)
    return network

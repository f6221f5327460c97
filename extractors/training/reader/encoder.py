"""The encoder in torch: MPNet's or BERT's layers; embeddings of shape and tag are added to those of each piece.

MPNet: Song et al. 2020, https://arxiv.org/abs/2004.09297; relative places as in T5 (Raffel et al. 2020). The lowest
``layers`` layers have the published weights; higher ones, which serve the task of those weights, are left out.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from extractors.reader.pieces import SHAPES, TAGS

_BUCKETS, _FARTHEST = 32, 128
_DROPPED = 0.1  # share of numbers that dropout sets to zero


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of an encoder. ``offset``: the first absolute place; ``relative``: has relative places too (MPNet)."""

    layers: int
    hidden: int
    heads: int
    inner: int
    vocabulary: int
    places: int
    offset: int
    epsilon: float
    relative: bool


MPNET = Shape(12, 768, 12, 3072, 30527, 514, 2, 1e-5, True)
MINILM = Shape(6, 384, 12, 1536, 30522, 512, 0, 1e-12, False)


class Dropout(nn.Module):
    """Dropout that draws from ``random``, so that runs can be repeated: a tenth of the numbers, while training."""

    random: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return x, or while training x with some numbers set to zero and the others scaled up."""
        if not self.training:
            return x
        kept = torch.empty_like(x).bernoulli_(1 - _DROPPED, generator=self.random)
        return x * kept.div_(1 - _DROPPED)


def set_dropout_generator(network: nn.Module, random: torch.Generator) -> None:
    """Make all ``Dropout`` of a network draw from one generator."""
    for module in network.modules():
        if isinstance(module, Dropout):
            module.random = random


class Layer(nn.Module):
    """Self-attention and a feed-forward part, each with a residual connection and layer normalisation after it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.q, self.k, self.v, self.o = (nn.Linear(shape.hidden, shape.hidden) for _ in range(4))
        self.norm1 = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.up, self.down = nn.Linear(shape.hidden, shape.inner), nn.Linear(shape.inner, shape.hidden)
        self.norm2 = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.dropout = Dropout()

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return the layer's output; x is batch × pieces × hidden, ``bias`` is added to the attention's scores."""
        batch, length, hidden = x.shape
        q, k, v = (part(x).view(batch, length, self.heads, -1).transpose(1, 2) for part in (self.q, self.k, self.v))
        # Written out: on processors with bfloat16, torch's fused attention takes twice as long.
        scores = q @ k.transpose(-1, -2) / math.sqrt(hidden // self.heads) + bias.to(q.dtype)
        seen = scores.softmax(-1) @ v
        x = self.norm1(x + self.o(seen.transpose(1, 2).reshape(batch, length, hidden)))
        return self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """From pieces to vectors, one of ``shape.hidden`` numbers for each piece."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.places = nn.Embedding(shape.places, shape.hidden)
        self.shapes = nn.Embedding(len(SHAPES), shape.hidden)
        self.tags = nn.Embedding(len(TAGS), shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.dropout = Dropout()
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.relative = nn.Embedding(_BUCKETS, shape.heads) if shape.relative else None
        nn.init.zeros_(self.shapes.weight)
        nn.init.zeros_(self.tags.weight)

    def forward(self, ids: Tensor, shapes: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Return batch × pieces × hidden; all arguments are batch × pieces, ``mask`` is 0 for padding, else 1."""
        length = ids.shape[1]
        at = torch.arange(length, device=ids.device)
        x = self.words(ids) + self.places(at + self.shape.offset)[None] + self.shapes(shapes) + self.tags(tags)
        x = self.dropout(self.norm(x))
        bias = (1 - mask[:, None, None, :].to(x.dtype)) * -1e4
        if self.relative is not None:
            bias = bias + self.relative(_bucket(at[None] - at[:, None])).permute(2, 0, 1)[None]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def copy_weights(self, folder: Path) -> None:
        """Copy the embeddings and the lowest layers from ``model.safetensors`` in ``folder``."""
        weights = load_file(folder / "model.safetensors")
        mpnet = "encoder.relative_attention_bias.weight" in weights
        names = {"words": "embeddings.word_embeddings", "places": "embeddings.position_embeddings"}
        names |= {"norm": "embeddings.LayerNorm"} | ({"relative": "encoder.relative_attention_bias"} if mpnet else {})
        for own, theirs in names.items():
            self._copy(own, weights, theirs)
        if not mpnet:  # BERT adds the embedding of the first segment to every piece
            self.places.weight.data += weights["embeddings.token_type_embeddings.weight"][0]
        self_, out = ("attn.", "attention.attn.o") if mpnet else ("self.", "attention.output.dense")
        parts = {"q": "q", "k": "k", "v": "v"} if mpnet else {"q": "query", "k": "key", "v": "value"}
        for i in range(self.shape.layers):
            layer = f"encoder.layer.{i}."
            for own, theirs in parts.items():
                self._copy(f"layers.{i}.{own}", weights, f"{layer}attention.{self_}{theirs}")
            self._copy(f"layers.{i}.o", weights, layer + out)
            self._copy(
                f"layers.{i}.norm1", weights, layer + ("attention.LayerNorm" if mpnet else "attention.output.LayerNorm")
            )
            self._copy(f"layers.{i}.up", weights, f"{layer}intermediate.dense")
            self._copy(f"layers.{i}.down", weights, f"{layer}output.dense")
            self._copy(f"layers.{i}.norm2", weights, f"{layer}output.LayerNorm")

    def _copy(self, own: str, weights: dict[str, Tensor], theirs: str) -> None:
        for name, value in self.get_submodule(own).named_parameters():
            value.data.copy_(weights[f"{theirs}.{name}"])


def _bucket(distance: Tensor) -> Tensor:
    """T5's buckets of signed distances (key before query is negative): near ones exact, others by logarithm."""
    half = _BUCKETS // 2
    exact = half // 2
    away = distance.abs()
    far = exact + (torch.log(away.float().clamp(min=1) / exact) / math.log(_FARTHEST / exact) * (half - exact)).long()
    return torch.where(away < exact, away, far.clamp(max=half - 1)) + (distance > 0).long() * half

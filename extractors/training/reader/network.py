"""The reader in torch: an encoder, tags of each piece, and heads over the acts and candidates.

The heads score for each act its actors, partners, years and amounts and its labels, and for each party its type and
country.

Acts and candidates form a table. Each cell begins as the sum of vectors of the act, the candidate and the distance
between them; two rounds of attention along the rows (candidates of one act, and one more cell for "none") and the
columns (acts of one candidate) let the cells see each other; then each cell gets a score in each role, to be compared
with that of "none" (the learned threshold of Zhou et al. 2021, https://arxiv.org/abs/2010.11304).
"""

import math
from pathlib import Path

import torch
from torch import Tensor, nn

from extractors.reader.acts import BIO, FIELDS, KINDS, ROLES, SECTORS, STATUSES, TYPES
from extractors.reader.pieces import CANDIDATE_KINDS
from extractors.reader.relations import DISTANCES, SENTENCES
from extractors.training.reader.encoder import MINILM, MPNET, Dropout, Encoder, Shape

_WIDTH, _HEADS, _ROUNDS = 192, 4, 2
_LOOKS, _LOOK = 4, 64  # attentions of an act over its window, and the width of each
_HOME = 96  # width of the vectors that match a body and its country
_MASKED = -1e4  # added to the scores of padding before a softmax


class Attention(nn.Module):
    """Self-attention among the cells of each row, with layer normalisation before and a residual connection."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(_WIDTH)
        self.qkv, self.out = nn.Linear(_WIDTH, 3 * _WIDTH), nn.Linear(_WIDTH, _WIDTH)
        self.dropout = Dropout()

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return x, changed; x is batch × rows × cells × width.

        ``bias`` is added to the scores and broadcasts to batch × rows × heads × cells × cells.
        """
        shape = (*x.shape[:3], _HEADS, _WIDTH // _HEADS)
        q, k, v = (part.reshape(shape).transpose(2, 3) for part in self.qkv(self.norm(x)).chunk(3, dim=-1))
        scores = q @ k.transpose(-1, -2) / math.sqrt(_WIDTH // _HEADS) + bias
        return x + self.dropout(self.out((scores.softmax(-1) @ v).transpose(2, 3).reshape(x.shape)))


class Round(nn.Module):
    """Attention along the rows, attention along the columns, and a feed-forward part."""

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.columns = Attention(), Attention()
        self.feed = nn.Sequential(
            nn.LayerNorm(_WIDTH), nn.Linear(_WIDTH, 2 * _WIDTH), nn.GELU(), Dropout(),
            nn.Linear(2 * _WIDTH, _WIDTH),
        )  # fmt: skip
        self.same = nn.Parameter(torch.zeros(_HEADS))

    def forward(self, x: Tensor, same: Tensor, row_bias: Tensor, column_bias: Tensor) -> Tensor:
        """Return x, changed; x is batch × acts × (1 + candidates) × width, the biases are 0, or -1e4 for padding."""
        x = self.rows(x, same[:, None, None] * self.same[:, None, None] + row_bias[:, None, None, None, :])
        x = self.columns(x.transpose(1, 2), column_bias[:, None, None, None, :]).transpose(1, 2)
        return x + self.feed(x)


class Heads(nn.Module):
    """From the encoder's vectors to scores; the arguments are those of ``Relations``, with a batch in front."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.act, self.candidate = nn.Linear(hidden, _WIDTH), nn.Linear(hidden, _WIDTH)
        self.act_by, self.candidate_by = nn.Linear(hidden, _WIDTH), nn.Linear(hidden, _WIDTH)
        self.distance, self.sentence = nn.Embedding(DISTANCES, _WIDTH), nn.Embedding(SENTENCES, _WIDTH)
        self.kind = nn.Embedding(len(CANDIDATE_KINDS), _WIDTH)
        self.none = nn.Linear(hidden, _WIDTH)
        self.rounds = nn.ModuleList(Round() for _ in range(_ROUNDS))
        self.roles = nn.Sequential(
            nn.LayerNorm(_WIDTH), nn.Linear(_WIDTH, _WIDTH), nn.GELU(), Dropout(),
            nn.Linear(_WIDTH, len(ROLES)),
        )  # fmt: skip
        self.look, self.seen = nn.Linear(hidden, _LOOKS * _LOOK), nn.Linear(hidden, _LOOKS * _LOOK)
        self.near = nn.Embedding(SENTENCES, _LOOKS)
        self.gist = nn.Linear(hidden, 2 * _LOOK * _LOOKS)
        self.classes = nn.Sequential(
            Dropout(), nn.Linear(hidden + 2 * _LOOK * _LOOKS, 384), nn.GELU(), Dropout(),
            nn.Linear(384, len(KINDS) + len(STATUSES) + len(SECTORS) + len(FIELDS)),
        )  # fmt: skip
        self.types = nn.Sequential(nn.Linear(hidden, 128), nn.GELU(), nn.Linear(128, len(TYPES)))
        self.body, self.land = nn.Linear(hidden, _HOME), nn.Linear(hidden, _HOME)
        self.away = nn.Embedding(DISTANCES, 1)
        self.homeless = nn.Linear(hidden, 1)

    def forward(
        self,
        hidden: Tensor,
        act_pieces: Tensor,
        candidate_pieces: Tensor,
        distances: Tensor,
        sentences: Tensor,
        nearness: Tensor,
        kinds: Tensor,
        same: Tensor,
        mask: Tensor,
        act_mask: Tensor,
        candidate_mask: Tensor,
    ) -> dict[str, Tensor]:
        """Return ``roles`` (batch × acts × (1 + candidates) × roles, "none" first) and the other scores by name."""
        acts, found = act_pieces @ hidden, candidate_pieces @ hidden
        classes, attention = self._classes(hidden, acts, nearness, mask)
        return {
            "roles": self._roles(acts, found, distances, sentences, kinds, same, act_mask, candidate_mask),
            "classes": classes,
            "attention": attention,
            "types": self.types(found),
            "homes": self._homes(found, candidate_pieces, candidate_mask),
        }

    def _roles(
        self,
        acts: Tensor,
        found: Tensor,
        distances: Tensor,
        sentences: Tensor,
        kinds: Tensor,
        same: Tensor,
        act_mask: Tensor,
        candidate_mask: Tensor,
    ) -> Tensor:
        cells = self.act(acts)[:, :, None] + self.candidate(found)[:, None]
        cells = cells + self.act_by(acts)[:, :, None] * self.candidate_by(found)[:, None]
        cells = cells + self.distance(distances) + self.sentence(sentences) + self.kind(kinds)[:, None]
        x = torch.cat([self.none(acts)[:, :, None], cells], dim=2)
        same = torch.nn.functional.pad(same, (1, 0, 1, 0))
        row_bias = torch.nn.functional.pad((1 - candidate_mask) * _MASKED, (1, 0))
        column_bias = (1 - act_mask) * _MASKED
        for one in self.rounds:
            x = one(x, same, row_bias, column_bias)
        scores: Tensor = self.roles(x)
        return scores

    def _classes(self, hidden: Tensor, acts: Tensor, nearness: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        batch, count, length = nearness.shape
        look = self.look(acts).view(batch, count, _LOOKS, _LOOK).transpose(1, 2)
        seen = self.seen(hidden).view(batch, length, _LOOKS, _LOOK).transpose(1, 2)
        scores = look @ seen.transpose(-1, -2) / math.sqrt(_LOOK) + self.near(nearness).permute(0, 3, 1, 2)
        attention = (scores + ((1 - mask) * _MASKED)[:, None, None]).softmax(-1)
        gist = self.gist(hidden).view(batch, length, _LOOKS, 2 * _LOOK).transpose(1, 2)
        seen_gist = (attention @ gist).transpose(1, 2).reshape(batch, count, -1)
        return self.classes(torch.cat([acts, seen_gist], dim=-1)), attention

    def _homes(self, found: Tensor, candidate_pieces: Tensor, candidate_mask: Tensor) -> Tensor:
        """Scores of each candidate as the one that names the country of another; first the score of "none"."""
        at = candidate_pieces.argmax(-1)
        away = at[:, None] - at[:, :, None]
        near = (torch.log2(away.abs().float() + 1) * 2).long().clamp(max=DISTANCES // 2 - 1)
        bucket = torch.where(away >= 0, near, near + DISTANCES // 2)
        scores = self.body(found) @ self.land(found).transpose(-1, -2) / math.sqrt(_HOME) + self.away(bucket)[..., 0]
        scores = scores + ((1 - candidate_mask) * _MASKED)[:, None]
        return torch.cat([self.homeless(found), scores], dim=-1)


class ReaderNetwork(nn.Module):
    """The whole network: ``encode`` reads pieces, ``heads`` then scores the acts and candidates of a window."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.anchors = nn.Sequential(Dropout(), nn.Linear(shape.hidden, BIO))
        self.names = nn.Linear(shape.hidden, BIO)
        self.heads = Heads(shape.hidden)

    def encode(self, ids: Tensor, shapes: Tensor, tags: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the pieces' vectors, and their scores as outside, begin or inside, of anchors and of parties."""
        hidden = self.encoder(ids, shapes, tags, mask).float()
        return hidden, self.anchors(hidden), self.names(hidden)


def shape_of(name: str) -> Shape:
    """Return the shape of ``mpnet`` or ``minilm``; a number after it, as in ``mpnet-8``, is that of its layers."""
    family, _, layers = name.partition("-")
    whole = {"mpnet": MPNET, "minilm": MINILM}[family]
    return Shape(int(layers or whole.layers), *(getattr(whole, field) for field in Shape.__slots__[1:]))


def pretrained(name: str, weights: Path) -> ReaderNetwork:
    """Return a reader whose encoder has the published weights in a folder and whose other weights are random."""
    torch.manual_seed(0)
    network = ReaderNetwork(shape_of(name))
    network.encoder.copy_weights(weights)
    return network

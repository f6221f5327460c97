"""The losses of the reader's network."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from extractors.reader.acts import FIELDS, KINDS, ROLES, SECTORS, SORT_OF, SORTS, STATUSES
from extractors.training.reader.batches import Batch
from extractors.training.reader.network import ReaderNetwork

WEIGHTS = {
    "anchors": 40.0, "names": 5.0, "roles": 1.0, "places": 0.2, "kinds": 0.7, "statuses": 0.6, "sectors": 0.8,
    "fields": 4.0, "sector_words": 0.1, "types": 0.3, "homes": 0.3,
}  # fmt: skip
_MASKED = -1e4  # added to scores that take no part in a softmax
# On processors without it, bfloat16 is emulated, which takes 2.6 times as long as float32.
_BFLOAT16 = torch.cpu._is_avx512_bf16_supported()
_ANCHOR_CLASSES = torch.tensor([1.0, 3.0, 2.0])  # weights of outside, begin, inside: anchors are rare


def losses(network: ReaderNetwork, batch: Batch, ids: Tensor) -> dict[str, Tensor]:
    """Return the loss of each output for a batch, unweighted; ``ids`` are its pieces with some masked."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_BFLOAT16):
        hidden = network.encoder(ids, batch.shapes, batch.tags, batch.mask)
    hidden = hidden.float()
    labels = batch.labels
    found = {
        "anchors": _tagging_loss(network.anchors(hidden), labels["anchors"], labels["weights"], _ANCHOR_CLASSES),
        "names": _tagging_loss(network.names(hidden), labels["names"], batch.mask),
    }
    found |= head_losses(network.heads, hidden, batch)
    return found


def head_losses(heads: nn.Module, hidden: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Return the loss of each output of the heads for a batch; ``hidden`` are the encoder's vectors."""
    labels, found = batch.labels, dict[str, Tensor]()
    typed = bool((labels["types"] >= 0).any())
    if not (batch.acts or typed):
        return found
    out = heads(hidden, mask=batch.mask, **batch.heads)
    if batch.acts:
        found |= _roles(out["roles"], batch) | _classes(out["classes"], batch) | _attention(out["attention"], batch)
    if typed:
        found["types"] = functional.cross_entropy(
            out["types"].flatten(0, 1), labels["types"].flatten(), ignore_index=-1
        )
        found["homes"] = _choice_loss(out["homes"], labels["homes"])
    return found


def _tagging_loss(scores: Tensor, labels: Tensor, weights: Tensor, classes: Tensor | None = None) -> Tensor:
    each = functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), weight=classes, reduction="none")
    return (each * weights.flatten()).sum() / weights.sum().clamp(min=1)


def _roles(scores: Tensor, batch: Batch) -> dict[str, Tensor]:
    """``roles``: right entities should score above "none", and "none" above the other entities.

    ``places``: of the mentions of the right entities, the quoted ones should score highest.
    """
    labels, act_mask = batch.labels, batch.heads["act_mask"]
    members, fills = labels["members"], labels["fills"]
    total, places = torch.zeros(()), torch.zeros(())
    for r, role in enumerate(ROLES):
        none, cells = scores[:, :, 0, r], scores[:, :, 1:, r]
        sort = (labels["sorts"] == SORTS.index(SORT_OF[role])).float()
        inside = members * sort[:, None]
        entities = torch.logsumexp(cells[:, :, None] + (1 - inside[:, None]) * _MASKED, dim=-1)
        right = (torch.einsum("bam,bem->bae", fills[..., r], inside) > 0).float()
        wrong = (inside.sum(-1) > 0).float()[:, None] * (1 - right)
        above = torch.logsumexp(torch.cat([entities + (1 - right) * _MASKED, none[..., None]], -1), -1)
        right_count = right.sum(-1)
        hit = ((above[..., None] - entities) * right).sum(-1) / right_count.clamp(min=1)
        miss = torch.logsumexp(torch.cat([entities + (1 - wrong) * _MASKED, none[..., None]], -1), -1) - none
        total = total + ((hit + miss) * act_mask).sum()
        right_mentions = torch.einsum("bae,bem->bam", right, inside)
        among = torch.logsumexp(cells + (1 - right_mentions) * _MASKED, -1)
        quoted = torch.logsumexp(cells + (1 - fills[..., r]) * _MASKED, -1)
        places = places + ((among - quoted) * (right_count > 0) * act_mask).sum()
    return {"roles": total / batch.acts, "places": places / batch.acts}


def _classes(scores: Tensor, batch: Batch) -> dict[str, Tensor]:
    labels, mask = batch.labels, batch.heads["act_mask"].bool()
    kinds, statuses, sectors, fields = scores.split([len(KINDS), len(STATUSES), len(SECTORS), len(FIELDS)], -1)
    return {
        "kinds": functional.cross_entropy(kinds[mask], labels["kinds"][mask]),
        "statuses": functional.cross_entropy(statuses[mask], labels["statuses"][mask]),
        "sectors": _choice_loss(sectors[mask], labels["sectors"][mask]),
        "fields": functional.binary_cross_entropy_with_logits(fields[mask], labels["fields"][mask]),
    }


def _attention(attention: Tensor, batch: Batch) -> dict[str, Tensor]:
    """The first attention of an act over its window should be on the words that name its sector."""
    words = batch.labels["sector_words"]
    known = words.sum(-1) > 0
    if not bool(known.any()):
        return {}
    rest = (attention[:, 0] * words).sum(-1)[known]
    return {"sector_words": -torch.log(rest + 1e-6).mean()}


def _choice_loss(scores: Tensor, right: Tensor) -> Tensor:
    """The mean negative log probability of all right answers together, over the rows that have one."""
    known = right.sum(-1) > 0
    if not bool(known.any()):
        return torch.zeros(())
    logs = functional.log_softmax(scores[known], -1)
    return -torch.logsumexp(logs + (1 - right[known]) * _MASKED, -1).mean()

"""Further training of a reader that was written already, kept as a small correction beside its networks.

The upper layers' matrices are corrected by products of rank 32 (Hu et al. 2021, https://arxiv.org/abs/2106.09685);
what is narrow, and the heads, learns whole. ``python -m extractors.training.reader.correction FOLDER DOCUMENTS.jsonl
STATE`` fits a correction of FOLDER's reader, from the one that stands there if any; it goes on where STATE holds a
stopped run, and writes it; adapter, wording and second look want fitting again after it
(``extractors.training.reader.second_look``).
"""

import argparse
import math
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from extractors.reader import ENCODER, HEADS, TOKENIZER
from extractors.reader.correction import ArrayCorrection, Correction, load_correction
from extractors.reader.pieces import Vocabulary
from extractors.training.reader.arithmetic import graph_correction
from extractors.training.reader.examples import read_corpus
from extractors.training.reader.export import WeightPlace, places, trained, trained_weights
from extractors.training.reader.fit import Recipe, fit
from extractors.training.reader.network import ReaderNetwork, shape_of
from extractors.training.reader.second_look import is_held
from extractors.training.reader.train import examples_of_pass

RECIPE = Recipe(
    passes=5, rate=4e-4, heads_rate=3e-4, frozen=2, masked=0.05, nameless=0.1, warmup=0.04, barren=0.4, roles=2.0
)  # fmt: skip
_RANK, _SCALE = 32, 2.0
_MATRICES = ("q", "k", "v", "o", "up", "down")
_STORED_TYPE = np.float16  # of a correction's factors
_NETWORKS = ((ENCODER, ""), (HEADS, "heads."))  # files, and the prefix of their weights' names in ReaderNetwork


class CorrectedLinear(nn.Module):
    """A linear layer with a frozen matrix, to which the product of two narrow trainable matrices is added (LoRA)."""

    def __init__(self, layer: nn.Linear, random: torch.Generator) -> None:
        super().__init__()
        self.weight = nn.Buffer(layer.weight.data.to(torch.bfloat16))
        self.bias = nn.Parameter(layer.bias.data.clone())
        width = layer.in_features
        self.into = nn.Parameter(torch.randn(_RANK, width, generator=random) / math.sqrt(width))
        self.out = nn.Parameter(torch.zeros(layer.out_features, _RANK))

    def forward(self, x: Tensor) -> Tensor:
        """Return the corrected layer's output for x, in bfloat16."""
        x = x.to(torch.bfloat16)
        into, out, bias = (part.to(torch.bfloat16) for part in (self.into, self.out * _SCALE, self.bias))
        return functional.linear(x, self.weight, bias) + functional.linear(functional.linear(x, into), out)


def correctable(network: ReaderNetwork, recipe: Recipe) -> torch.optim.Optimizer:
    """Put a ``CorrectedLinear`` for each matrix above the ``recipe.frozen`` lowest layers of a network, in place.

    Return an optimizer of these, of their layers' norms and of all that is not in the encoder.
    """
    random = torch.Generator().manual_seed(recipe.seed)
    network.encoder.requires_grad_(False)
    for layer in network.encoder.layers[recipe.frozen :]:
        for name in _MATRICES:
            setattr(layer, name, CorrectedLinear(getattr(layer, name), random))
        for norm in (layer.norm1, layer.norm2):
            norm.requires_grad_(True)
    encoder = [one for one in network.encoder.parameters() if one.requires_grad]
    in_encoder = set(map(id, network.encoder.parameters()))
    heads = [one for one in network.parameters() if id(one) not in in_encoder]
    groups = [{"params": encoder, "lr": recipe.rate}, {"params": heads, "lr": recipe.heads_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))


def recall(network: ReaderNetwork, folder: Path) -> None:
    """Load the correction in a folder, if there is one, into a network that ``correctable`` prepared."""
    correction = load_correction(folder)
    factors = {(part.file, part.offset): part.factors for part in correction.parts}
    for file, prefix in _NETWORKS:
        data = (folder / file).read_bytes()
        corrected = trained_weights(onnx.load_from_string(bytes(correction(file, data))).graph)
        graph = onnx.load_from_string(data).graph
        kept = {one.name: one for one in graph.initializer}
        for weight, place in places(graph).items():
            module, name = _layer_and_name(network, prefix + weight)
            known = factors.get((file, data.find(kept[place.name].raw_data)))
            if known is None:
                continue
            if isinstance(module, CorrectedLinear) and name == "weight":
                assert place.scale is not None
                into, out = (torch.from_numpy(factor.astype(np.float32)) for factor in known)
                scale = torch.from_numpy(np.array(numpy_helper.to_array(kept[place.scale])))
                module.into.data, module.out.data = into.T.contiguous(), (out * scale).T.contiguous() / _SCALE
            else:
                parameter = getattr(module, name)
                parameter.data = corrected[weight].reshape(parameter.shape)


def correction_of(network: ReaderNetwork, folder: Path) -> Correction:
    """Return the correction that turns the reader of a folder into a network that ``correctable`` prepared."""
    parts: list[ArrayCorrection] = []
    files = {}
    for file, prefix in _NETWORKS:
        data = (folder / file).read_bytes()
        files[file] = sha256(data).hexdigest()
        graph = onnx.load_from_string(data).graph
        kept = {one.name: one for one in graph.initializer}
        for weight, place in sorted(places(graph).items()):
            raw = kept[place.name]
            scale = None if place.scale is None else numpy_helper.to_array(kept[place.scale])
            factors = _factors(network, prefix + weight, place, numpy_helper.to_array(raw), scale)
            if factors:
                at = data.find(raw.raw_data)
                assert data.find(raw.raw_data, at + 1) < 0, f"{weight} stands twice in {file}"
                kind = str(numpy_helper.to_array(raw).dtype)
                parts.append(ArrayCorrection(file, at, tuple(raw.dims), kind, factors))
    return replace(graph_correction(folder), files=files, parts=tuple(parts))


def _factors(
    network: ReaderNetwork, weight: str, place: WeightPlace, before: np.ndarray, scale: np.ndarray | None
) -> tuple[np.ndarray, ...]:
    """The factors of what is added to a weight, in the layout and scale of the file; none where it is frozen."""
    module, name = _layer_and_name(network, weight)
    if isinstance(module, CorrectedLinear) and name == "weight":
        assert scale is not None
        out = (module.out.detach() * _SCALE).numpy().T / scale
        return module.into.detach().numpy().T.astype(_STORED_TYPE), out.astype(_STORED_TYPE)
    parameter = getattr(module, name)
    if not parameter.requires_grad:
        return ()
    array = (parameter.detach().T if place.transposed else parameter.detach()).numpy().reshape(before.shape)
    return ((array / (1 if scale is None else scale) - before).astype(_STORED_TYPE),)


def _layer_and_name(network: ReaderNetwork, weight: str) -> tuple[nn.Module, str]:
    """The layer that a weight belongs to, and the weight's name in it."""
    owner, _, name = weight.rpartition(".")
    return network.get_submodule(owner), name


def main() -> None:
    """Fit a correction of a folder's reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a trained reader")
    parser.add_argument(
        "documents", type=Path, help="annotated documents; those kept for the second look teach nothing"
    )
    parser.add_argument("state", type=Path, help="a folder that keeps the run, from which it goes on")
    chosen = parser.parse_args()
    vocabulary = Vocabulary(Tokenizer.from_file(str(chosen.folder / TOKENIZER)))
    encoder, heads = (onnx.load(chosen.folder / name).graph for name in (ENCODER, HEADS))
    network = trained(encoder, heads, shape_of(RECIPE.encoder))
    optimizer = correctable(network, RECIPE)
    recall(network, chosen.folder)
    documents = [one for one in read_corpus([chosen.documents]) if not is_held(one)]
    fit(
        network, optimizer,
        lambda number: examples_of_pass(documents, vocabulary, Random(RECIPE.seed + number), print),
        vocabulary, chosen.state, RECIPE, print,
    )  # fmt: skip
    correction_of(network, chosen.folder).save(chosen.folder)


if __name__ == "__main__":
    main()

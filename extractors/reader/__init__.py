"""The learned reader: from a text and its mentions to acts, each with the entities that may fill its roles.

This module names the files of a trained reader and checks that a folder holds them.
"""

from pathlib import Path

ENCODER, ADAPTER, HEADS = "encoder.onnx", "adapter.npz", "heads.onnx"
TOKENIZER, WORDING, JUDGE = "tokenizer.json", "wording.npz", "judge.npz"
CORRECTION = "correction.npz"  # optional


def reader_folder(model: str | None) -> Path | None:
    """Return ``model`` as a path if that folder holds a trained reader's encoder, otherwise None.

    Raises:
        ValueError: the folder holds an encoder but lacks other files of a reader
    """
    if model is None or not (Path(model) / ENCODER).is_file():
        return None
    missing = [name for name in (ADAPTER, HEADS, TOKENIZER, WORDING, JUDGE) if not (Path(model) / name).is_file()]
    if missing:
        raise ValueError(f"the reader in {model} lacks {', '.join(missing)}")
    return Path(model)

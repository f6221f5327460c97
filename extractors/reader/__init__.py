"""The learned reader: text and mentions in, acts out, each with who may have done what with whom.

Here stand the names of a trained reader's files, and whether a folder holds them.
"""

from pathlib import Path

ENCODER, ADAPTER, HEADS = "encoder.onnx", "adapter.npz", "heads.onnx"
TOKENIZER, WORDING, JUDGE = "tokenizer.json", "wording.npz", "judge.npz"
CORRECTION = "correction.npz"  # the one file that a reader may lack


def reader_folder(model: str | None) -> Path | None:
    """Return the folder of the trained reader that ``model`` names; None where it names none.

    Raises:
        ValueError: the folder holds only a part of a reader
    """
    if model is None or not (Path(model) / ENCODER).is_file():
        return None
    missing = [name for name in (ADAPTER, HEADS, TOKENIZER, WORDING, JUDGE) if not (Path(model) / name).is_file()]
    if missing:
        raise ValueError(f"the reader in {model} lacks {', '.join(missing)}")
    return Path(model)

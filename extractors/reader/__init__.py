"""The learned reader: text and mentions in, acts out, each with who may have done what with whom.

Here stand the names of a trained reader's files, and whether a folder holds them.
"""

from pathlib import Path

ENCODER, HEADS, TOKENIZER, JUDGE = "encoder.onnx", "heads.onnx", "tokenizer.json", "judge.npz"


def reader_folder(model: str | None) -> Path | None:
    """Return the folder of the trained reader that ``model`` names; None where it names none."""
    return Path(model) if model is not None and (Path(model) / ENCODER).is_file() else None

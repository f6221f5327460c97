"""The files of a trained reader, and whether a folder holds one."""

from pathlib import Path

ENCODER, HEADS, TOKENIZER, JUDGE = "encoder.onnx", "heads.onnx", "tokenizer.json", "judge.npz"


def reader_folder(model: str | None) -> Path | None:
    """Return the folder of the trained reader that ``model`` names; None where it names none."""
    return Path(model) if model is not None and (Path(model) / ENCODER).is_file() else None

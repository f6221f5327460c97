"""A ledger of cooperation between countries and organisations, read from documents.

Read a text (with the extra ``extract``). Load the reader once; it takes some seconds:

>>> from coopledger import find_amounts, find_parties, find_years, load
>>> extract = load()
>>> [record] = extract("In 2009 China's Exim Bank lent Mauritius 800 million RMB for a water plant.")
>>> record.kind, record.actor.name, record.partner.country, record.year.start
('loan', 'Export-Import Bank of China', 'MUS', 2009)
>>> record.amount.value, record.amount.unit, record.amount.span.text
(800000000.0, 'CNY', '800 million RMB')

Or its mentions alone, without a model:

>>> [(one.value, one.unit, one.bound) for one in find_amounts("RMB1.2bn, and at least $30m")]
[(1200000000.0, 'CNY', 'exact'), (30000000.0, 'USD', 'at_least')]
>>> [(one.text, one.first, one.last) for one in find_years("from 2019 to 2023")]
[('2019 to 2023', 2019, 2023)]
>>> [(one.name, one.type, one.country) for one in find_parties("Rostec works with Tanzania.")]
[('Rostec', 'company', 'RUS'), ('Tanzania', 'country', 'TZA')]

Read what a run published (the example stands in a folder with an ``output/``):

>>> from coopledger import open_release, read_changes
>>> release = open_release("output")  # the latest; raises an error if a checksum is wrong
>>> release.manifest.counts.records == len(release.frame()) == sum(1 for record in release.records())
True
>>> {change.change for change in read_changes("output")}  # of every release, oldest first
{'added'}

The names are imported when they are first used: reading a release loads neither spaCy nor Prefect, and needs no extra.
Errors are a ``CoopledgerError``; its docstring shows the tree of all errors.
Warnings are logged under the package's name: ``coopledger.extractors``, ``coopledger.review``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractors.extract import load
    from extractors.mentions.amounts import find_amounts
    from extractors.mentions.parties import find_parties
    from extractors.mentions.years import find_years
    from ledger.release.read import open_release, read_changes
    from schemas.errors import CoopledgerError

    __version__: str

__all__ = [
    "CoopledgerError", "__version__", "find_amounts", "find_parties", "find_years", "load", "open_release",
    "read_changes",
]  # fmt: skip
_HOMES = {
    "CoopledgerError": "schemas.errors",
    "find_amounts": "extractors.mentions.amounts",
    "find_parties": "extractors.mentions.parties",
    "find_years": "extractors.mentions.years",
    "load": "extractors.extract",
    "open_release": "ledger.release.read",
    "read_changes": "ledger.release.read",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("coopledger")
    if name not in _HOMES:
        raise AttributeError(f"module 'coopledger' has no attribute {name!r}")
    from schemas.extras import requires_extra

    with requires_extra(f"coopledger.{name}"):
        return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__

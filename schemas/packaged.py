"""The data tables that lie beside the code which reads them."""

import csv
from importlib.resources import files
from io import StringIO


def packaged_rows(package: str, table: str, *, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a table with a line of heads, by column.

    Args:
        package: the package in whose folder the table lies, such as ``extractors.text``
        table: its path in that folder; text in UTF-8
        delimiter: what parts the columns
    """
    text = files(package).joinpath(table).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=delimiter))

"""Data tables that are packaged with the code that reads them."""

import csv
from importlib.resources import files
from io import StringIO


def packaged_rows(package: str, table: str, *, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a CSV table, each as a mapping from column name to text.

    Args:
        package: the package whose folder holds the table, such as ``extractors.text``
        table: its path in that folder; UTF-8, with a header line
        delimiter: the character between the columns
    """
    text = files(package).joinpath(table).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=delimiter))

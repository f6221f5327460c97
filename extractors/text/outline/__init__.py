"""The outline of a document: headings, lead-ins, bullets and tables, and what stands above each line."""

from .lines import YEAR_ALONE, Line
from .tables import Cell, Row, Table, rows, tables
from .tree import Outline, Place

__all__ = ["YEAR_ALONE", "Cell", "Line", "Outline", "Place", "Row", "Table", "rows", "tables"]

"""Years, dates and stretches of years in a text."""

from typing import TYPE_CHECKING, Any

from extractors.entities.years.finder import find_years

if TYPE_CHECKING:
    from extractors.entities.years.component import make_years

__all__ = ["find_years", "make_years"]


def __getattr__(name: str) -> Any:
    """Import spaCy only for those who ask for the component."""
    if name == "make_years":
        from extractors.entities.years.component import make_years

        return make_years
    raise AttributeError(name)

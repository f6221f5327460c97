"""Spans: quotations with their offsets in the document."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Model(BaseModel):
    """The base of every model here: immutable, and loud about a key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_M = TypeVar("_M", bound=Model)


class Span(Model):
    """A quotation: ``document.text[start:end] == text``, offsets in Unicode code points, end exclusive."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(min_length=1)

    @model_validator(mode="after")
    def _check_length(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"a span of {self.end - self.start} characters quotes {len(self.text)}")
        return self

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Self:
        """Quote ``text[start:end]``."""
        return cls(start=start, end=end, text=text[start:end])

    def quotes(self, text: str) -> bool:
        """Return whether the document's text holds this quotation at these offsets."""
        return text[self.start : self.end] == self.text


def map_spans(model: _M, mapping: Callable[[Span], Span]) -> _M:
    """Return a copy of ``model`` with ``mapping`` applied to every span, at any depth."""
    return model.model_copy(update={name: _mapped(value, mapping) for name, value in model if _holds_model(value)})


def _holds_model(value: object) -> bool:
    return isinstance(value, Model) or isinstance(value, tuple) and any(isinstance(one, Model) for one in value)


def _mapped(value: Any, mapping: Callable[[Span], Span]) -> Any:
    if isinstance(value, Span):
        return mapping(value)
    if isinstance(value, tuple):
        return tuple(_mapped(one, mapping) for one in value)
    return map_spans(value, mapping) if isinstance(value, Model) else value

"""Spans: quotations with their place in the document."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Model(BaseModel):
    """The base of every model here: immutable, and loud about a key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(Model):
    """A quotation: ``document.text[start:end] == text``, offsets in Unicode code points, end exclusive."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str = Field(min_length=1)

    @model_validator(mode="after")
    def _length_agrees(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"a span of {self.end - self.start} characters quotes {len(self.text)}")
        return self

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Self:
        """Quote ``text[start:end]``."""
        return cls(start=start, end=end, text=text[start:end])

    def quotes(self, text: str) -> bool:
        """Tell whether the document's text holds this quotation at this place."""
        return text[self.start : self.end] == self.text

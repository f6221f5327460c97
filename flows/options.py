"""What a run is asked to do, typed and checked before the first document."""

import os
from typing import Annotated, Literal

from pydantic import Field

from schemas import SCHEMA_VERSION, Model, digest_of

RunnerName = Literal["process", "dask"]
Workers = Annotated[int, Field(ge=1, le=1024)]


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Options(Model):
    """The parameters of a run."""

    input: str = Field(
        default="seeds", description="folder, file or corpus to read; a path or an address such as s3://"
    )
    output: str = Field(default="output", description="folder of the releases")
    model: str | None = Field(default=None, description="another spaCy pipeline, by name or path")
    add: bool = Field(default=False, description="add the input to what the last release holds")
    force: bool = Field(default=False, description="read every document again, whatever changed")
    accept_gates: tuple[str, ...] = Field(default=(), description="names of gates that may fail")
    gold: str | None = Field(default=None, description="gold answers to score the release against")
    runner: RunnerName = Field(default="process", description="process: this machine; dask: a Dask cluster")
    scheduler: str | None = Field(default=None, description="a Dask scheduler, tcp://…; else a local cluster")
    workers: Workers = Field(default_factory=processors, description="how many worker processes")
    scratch: str | None = Field(default=None, description="folder for finished shards that all workers reach")

    @property
    def shards(self) -> str:
        """The folder of the shard files."""
        return self.scratch or f"{self.home}/shards"

    @property
    def home(self) -> str:
        """The folder in which runs keep what they need between them."""
        return f"{self.output}/.coopledger"

    @property
    def config(self) -> str:
        """The digest of the settings that change what is extracted."""
        return digest_of(SCHEMA_VERSION)

    def recorded(self) -> dict[str, object]:
        """Return the parameters that a release's manifest names: those that bear on its content."""
        return {"add": self.add, "gold": self.gold, "model": self.model}

"""What a run is asked to do, typed and checked before the first document.

``Options`` is the parameter of the flows as it is: the form on Prefect's page, a deployment's parameters and the
options of ``coopledger run`` are its fields.
"""

import os
from typing import Annotated, Literal

from pydantic import Field

from extractors.records import THRESHOLD
from extractors.text.corpus import Columns
from ledger.gates import GateName
from schemas import SCHEMA_VERSION, Model, digest_of

RunnerName = Literal["process", "dask"]
Workers = Annotated[int, Field(ge=1, le=1024)]
SLOW_SECONDS = 60.0


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Options(Model):
    """The parameters of a run. ``refresh`` reads no input, so that what is said of it there counts for nothing."""

    input: str = Field(
        default="seeds", description="folder, file or corpus to read; a path or an address such as s3://"
    )
    output: str = Field(default="output", description="folder of the releases")
    model: str | None = Field(
        default=None, description="folder of another trained reader, or a spaCy pipeline for tokens and sentences"
    )
    threshold: float = Field(
        default=THRESHOLD, gt=0, lt=1, description="records less likely right are kept aside in possible.jsonl"
    )
    add: bool = Field(default=False, description="add the input to what the last release holds")
    replace: bool = Field(default=False, description="with add: documents of an id that the ledger holds replace those")
    prefix: str = Field(default="", description="put before the id of every document of the input")
    columns: Columns = Field(default=Columns(), description="names of a corpus's columns, where they are others")
    force: bool = Field(default=False, description="read every document again, whatever changed")
    accept_gates: tuple[GateName, ...] = Field(default=(), description="names of gates that may fail")
    gates: str | None = Field(default=None, description="TOML file with limits of gates other than the usual")
    gold: str | None = Field(default=None, description="gold answers to score the release against")
    runner: RunnerName = Field(default="process", description="process: this machine; dask: a Dask cluster")
    scheduler: str | None = Field(default=None, description="a Dask scheduler, tcp://…; else a local cluster")
    workers: Workers = Field(default_factory=processors, description="how many worker processes")
    scratch: str | None = Field(default=None, description="folder for finished shards that all workers reach")
    slow_seconds: float = Field(
        default=SLOW_SECONDS, gt=0, description="a document that takes the processor longer is quarantined as too_slow"
    )
    wait: bool = Field(default=False, description="wait for another run of the same output folder to end")

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
        return digest_of(SCHEMA_VERSION, *([] if self.threshold == THRESHOLD else [str(self.threshold)]))

    def recorded(self) -> dict[str, object]:
        """Return the parameters that a release's manifest names: those that bear on its content."""
        return {"add": self.add, "gold": self.gold, "model": self.model, "threshold": self.threshold}

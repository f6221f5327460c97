"""The options of a run, typed and checked before the first document is read.

``Options`` declares each option once: it is the parameter of the flows, and its fields are the form on Prefect's page,
the parameters of a deployment and the options of ``coopledger run``.
"""

import os
import re
from copy import copy
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin

import typer
from pydantic import BeforeValidator, Field, ValidationError
from typer.models import ParameterInfo

from extractors.records import THRESHOLD
from extractors.text.corpus import Columns
from flows.errors import UsageError
from schemas import Model, digest_of
from schemas.release import GateName

RunnerName = Literal["process", "dask"]
SLOW_SECONDS = 60.0
MOST_SECONDS = 604_800.0  # a week
OUTPUT_ID = "id"
"""The file in ``home`` that tells this output folder from others of the same path on other machines."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)  # of two letters or more: C:/ is a drive


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _normalised(path: object) -> object:
    """Return a path in its usual form. Raises ValueError if it is an address."""
    if not isinstance(path, str | Path):
        return path
    if _ADDRESS.match(str(path)):
        raise ValueError("releases need a file system with rename: name a folder, of this machine or mounted")
    return str(Path(path))


class Options(Model):
    """The parameters of a run. ``refresh`` reads no input, so that what is said of it there counts for nothing."""

    input: Annotated[str, typer.Argument()] = Field(
        default="seeds", min_length=1, description="Folder, file or corpus; a path or an address such as s3://."
    )
    output: Annotated[str, BeforeValidator(_normalised), typer.Option("--output", "-o")] = Field(
        default="output", description="Folder of the releases."
    )
    runner: RunnerName = Field(default="process", description="Worker processes here, or Dask.")
    scheduler: str | None = Field(
        default=None, description="Address of a Dask scheduler, tcp://…; else a local cluster."
    )
    workers: Annotated[int, typer.Option(min=1, max=1024)] = Field(
        default_factory=processors, ge=1, le=1024, description="Worker processes; else one a processor."
    )
    model: str | None = Field(
        default=None, description="Folder of another trained reader, or a spaCy pipeline for tokens and sentences."
    )
    add: bool = Field(default=False, description="Add the input to what the last release holds.")
    replace: bool = Field(default=False, description="With --add: put documents in the place of others of the same id.")
    prefix: str = Field(default="", description="Put this before the id of every document.")
    columns: Annotated[Columns, typer.Option(metavar="COLUMN", help="This column of a corpus.")] = Field(
        default=Columns(), description="Names of a corpus's columns, where they are others."
    )
    force: bool = Field(default=False, description="Read every document again.")
    accept_gates: Annotated[tuple[GateName, ...], typer.Option("--accept-gate", metavar="NAME")] = Field(
        default=(), description="Publish though this gate fails; may be repeated."
    )
    gates: str | None = Field(default=None, description="TOML file with limits of gates other than the usual.")
    gold: str | None = Field(default=None, description="Gold answers to score the release against.")
    scratch: str | None = Field(default=None, description="Folder for finished shards, where several machines work.")
    slow_seconds: Annotated[float, typer.Option(min=0.001, max=MOST_SECONDS)] = Field(
        default=SLOW_SECONDS,
        gt=0,
        le=MOST_SECONDS,
        description="Quarantine a document that takes the processor longer, in seconds for each 50,000 characters.",
    )
    threshold: Annotated[float, typer.Option(min=0.01, max=0.99)] = Field(
        default=THRESHOLD, gt=0, lt=1, description="Keep records less likely right aside, in possible.jsonl."
    )
    wait: bool = Field(default=False, description="Wait for another run of the same output folder to end.")

    @property
    def home(self) -> Path:
        """The folder of the files that runs keep for later runs."""
        return Path(self.output) / ".coopledger"

    @property
    def shards(self) -> str:
        """The folder of the shard files: in ``scratch``, one for each output folder."""
        if self.scratch is None:
            return str(self.home / "shards")
        name = self.home / OUTPUT_ID
        parts = name.read_text("ascii", "replace") if name.is_file() else "", str(Path(self.output).resolve())
        return f"{self.scratch.rstrip('/')}/{digest_of(*parts)[:16]}"


def help_of(name: str) -> str | None:
    """Return the description of a field of the options."""
    return Options.model_fields[name].description


def command_parameters(name: str) -> list[Parameter]:
    """Return a field of the options as parameters of a Typer command; each column of a corpus is one parameter."""
    field = Options.model_fields[name]
    kind: Any = field.annotation
    fallback = typer.Option(f"--{name}") if kind is bool else typer.Option()
    info = copy(next((one for one in field.metadata if isinstance(one, ParameterInfo)), fallback))
    info.help = info.help or field.description
    names, default = [name], field.default
    if name == "columns":
        names, kind, default = [*Columns.model_fields], str | None, None
    elif get_origin(kind) is tuple:
        kind, default = list[str] | None, None
    elif field.default_factory is not None:
        kind, default = kind | None, None
    elif name == "output":
        kind = Path
    return [Parameter(one, Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]) for one in names]


def options_of(given: dict[str, Any]) -> Options:
    """Make the options from a command's parameters. Raises UsageError, which names the first wrong one."""
    columns = {name: given[name] for name in Columns.model_fields if name in given}
    rest = {name: one for name, one in given.items() if name not in columns and one is not None}
    try:
        return Options.model_validate({"columns": columns, **rest})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UsageError(f"{place}: {first['input']!r}: {first['msg']}") from error

"""The command line. Each command imports what it needs when it runs, so that ``--help`` is quick."""

import io
import os
import signal
import sys
from collections.abc import Callable
from inspect import Signature, signature
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from flows.errors import UsageError
from flows.options import Options, help_of, on_command_line, options_of
from flows.releases import OUTPUT, Output, decisions, diff, evaluate, export, review, schema, status, validate
from schemas.errors import CoopledgerError
from schemas.extras import MissingExtraError, extras_named

app = typer.Typer(
    name="coopledger",
    help="A ledger of cooperation between countries and organisations, read from documents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_USAGE: Any = typer.BadParameter.__base__  # click's UsageError, wherever this version of Typer keeps it
_INTERRUPTED = 130  # what Typer makes of Ctrl-C
Direct = Annotated[bool, typer.Option("--direct", help="Run without a Prefect server.")]


def _asks(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these fields of the options of a run, checked, beside the parameters of its own."""

    def asking(command: Callable[..., None]) -> Callable[..., None]:
        _, *own = signature(command).parameters.values()

        def asked(**given: Any) -> None:
            mine = {one.name: given.pop(one.name) for one in own}
            try:
                options = options_of(given)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, first["loc"]))
                raise UsageError(f"{place}: {first['input']!r}: {first['msg']}") from error
            command(options, **mine)

        fields = [one for name in names for one in on_command_line(name)]
        asked.__name__, asked.__doc__ = command.__name__, command.__doc__
        at = [one.name for one in fields].index("output") + 1
        asked.__dict__["__signature__"] = Signature([*fields[:at], *own, *fields[at:]])
        return asked

    return asking


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"coopledger {version('coopledger')}")
        raise typer.Exit


@app.callback(no_args_is_help=True)
def main_options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """A ledger of cooperation between countries and organisations, read from documents."""


@_asks(*Options.model_fields)
def run(options: Options, *, direct: Direct = False) -> None:
    """Read what changed in INPUT and publish a release."""
    from flows.launch import launch

    raise typer.Exit(launch("extract", options, direct=direct))


@_asks("output", "model", "accept_gates", "gates", "slow_seconds", "threshold", "wait")
def refresh(options: Options, *, direct: Direct = False) -> None:
    """Read the documents of the last release again with a new model or rule; the input is not needed."""
    from flows.launch import launch

    raise typer.Exit(launch("refresh", options, direct=direct))


def train(
    corpora: Annotated[list[Path], typer.Argument(metavar="corpus", help="Folders that hold the training files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the models.")] = Path("model"),
    config: Annotated[
        Path | None, typer.Option(help="TOML that names files and settings; else that of the shipped model.")
    ] = None,
    only: Annotated[
        Literal["reader", "choices"] | None,
        typer.Option(help="reader: acts in prose, lists and tables; choices: what belongs to a note's one act."),
    ] = None,
) -> None:
    """Train the package's models on corpora and save them."""
    from flows.train import train_models

    for name, score in train_models(corpora, output, config=config, only=only).items():
        typer.echo(f"{name:28} {score:.4f}")
    typer.echo(f"the models are in {output}")


def serve(
    input: Annotated[str, typer.Argument(help="What the nightly run reads.")] = "seeds",
    output: Output = OUTPUT,
    gold: Annotated[str | None, typer.Option(help="Gold answers for the weekly evaluation.")] = None,
    host: Annotated[str, typer.Option(help="Address that the server listens on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port that the server listens on.")] = 4200,
    cron: Annotated[str, typer.Option(help="When the input is read, as cron has it, in UTC.")] = "0 2 * * *",
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help=help_of("workers"))] = None,
) -> None:
    """Run the flows on their schedules from one process, with a Prefect server of its own or on PREFECT_API_URL."""
    from flows.launch import serve as command

    command(options_of({"input": input, "output": str(output), "gold": gold, "workers": workers}), cron, host, port)


for command in (
    run, refresh, diff, review, decisions, evaluate, train, validate, schema, export, status, serve,
):  # fmt: skip
    app.command()(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 wrong usage, 3 published with quarantined documents."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the locale cannot show is written out
    for number in (signal.SIGINT, signal.SIGTERM):  # the second ends a command as Ctrl-C does
        signal.signal(number, signal.default_int_handler)
    sys.exit(run_command(sys.argv[1:] if arguments is None else arguments))


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit status; what goes wrong is said in one line on standard error."""
    if odd := [one for one in arguments if any("\ud800" <= letter <= "\udfff" for letter in one)]:
        return _fail(f"{odd[0]!r} is no name in UTF-8, which no release could hold: rename it, or name a link to it", 2)
    try:
        with extras_named(f"coopledger {' '.join(arguments[:1])}".rstrip()):
            status = int(app(args=arguments, prog_name="coopledger", standalone_mode=False) or 0)
        return _stopped(arguments) if status == _INTERRUPTED else status
    except _USAGE as error:
        return _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return _stopped(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # told in a line, and whole where COOPLEDGER_DEBUG is set
        if os.environ.get("COOPLEDGER_DEBUG"):
            raise
        return _told(error)


def _stopped(arguments: list[str]) -> int:
    publishing = arguments[:1] in (["run"], ["refresh"])
    return _fail("stopped" + ("; nothing was published, and finished shards are kept" if publishing else ""), 1)


def _usage(error: Any) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "coopledger"
    message = str(error.format_message()).strip()
    if not message or (context and message == context.get_help()):  # a group without a command
        typer.echo(context.get_help() if context else "", err=True)
        return 2
    return _fail(f"{message} (see {path} --help)", 2)


def _told(error: Exception) -> int:
    message = " ".join(str(error).split())
    if isinstance(error, CoopledgerError):
        return _fail(message, 2 if isinstance(error, UsageError | MissingExtraError) else 1)
    if isinstance(error, OSError) and error.filename:
        return _fail(f"{error.strerror}: {error.filename}", 1)
    return _fail(f"{type(error).__name__}: {message} (COOPLEDGER_DEBUG=1 shows where)", 1)


def _fail(message: str, status: int) -> int:
    typer.echo(f"coopledger: {message}", err=True)
    return status

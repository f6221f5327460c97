"""The command line. A command imports what it needs only when it runs, so that ``--help`` is quick."""

import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from flows.errors import UsageError
from flows.options import Options, command_parameters, help_of, options_of
from ledger.release.layout import RECORDS, RECORDS_CSV, RECORDS_PARQUET
from ledger.release.layout import Output as Ledger
from schemas.errors import CoopledgerError
from schemas.extras import MissingExtraError, requires_extra

if TYPE_CHECKING:
    from schemas import Change

app = typer.Typer(
    name="coopledger",
    help="A ledger of cooperation between countries and organisations, read from documents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_USAGE: Any = typer.BadParameter.__base__  # click's UsageError, wherever this version of Typer keeps it
_INTERRUPTED_STATUS = 130  # what Typer makes of Ctrl-C
OUTPUT = Path("output")
FILES = {"csv": RECORDS_CSV, "jsonl": RECORDS, "parquet": RECORDS_PARQUET}
Output = Annotated[Path, typer.Option("--output", "-o", help=help_of("output"))]


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


def _flow_command(flow: Literal["extract", "refresh"], fields: Iterable[str]) -> Callable[..., None]:
    """Make the command that runs a flow: it takes these fields of ``Options``, and ``--direct``."""

    def command(**given: Any) -> None:
        from flows.launch import launch

        direct = given.pop("direct")
        raise typer.Exit(launch(flow, options_of(given), direct=direct))

    parameters = [one for name in fields for one in command_parameters(name)]
    how = Annotated[bool, typer.Option("--direct", help="Run without a Prefect server.")]
    at = [one.name for one in parameters].index("output") + 1
    parameters.insert(at, Parameter("direct", Parameter.KEYWORD_ONLY, default=False, annotation=how))
    command.__dict__["__signature__"] = Signature(parameters)
    return command


def diff(
    a: Annotated[str, typer.Argument(help="A release: its version or its folder.")],
    b: Annotated[str, typer.Argument(help="The release to compare it with; `latest` for the last one.")] = "latest",
    output: Output = OUTPUT,
    as_json: Annotated[bool, typer.Option("--json", help="One change a line, as in diff.jsonl.")] = False,
) -> None:
    """Show what changed from release A to release B, and why."""
    from flows.scores import find_release
    from ledger.release.compare import compare

    for change in compare(find_release(output, a), find_release(output, b)):
        typer.echo(change.model_dump_json() if as_json else _change_lines(change))


def _change_lines(change: "Change") -> str:
    """Return a change as text: a line for the record, and an indented line for each field that changed."""
    from ledger.report.formatting import headline, value

    record = change.after or change.before or {}
    first = f"{change.change} ({change.reason or change.cause}) {change.record_id} {record.get('document_id')}: "
    fields = [
        f"    {one.name}: {value(one.before, one.name)} → {value(one.after, one.name)} ({one.cause})"
        for one in change.fields
    ]
    return "\n".join([first + headline(record), *fields])


def review(
    output: Output = OUTPUT,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine's need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8765,
    reviewer: Annotated[str | None, typer.Option(help="Name that decisions are logged under.")] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="A further name by which browsers reach the page; may be repeated.")
    ] = None,
) -> None:
    """Open the curators' page over the last release."""
    from flows.scores import find_release

    find_release(output)
    from flows.normaliser import ExtractorsNormaliser  # after the check, for these take a second
    from review import Access, serve

    access = Access(
        host=host,
        port=port,
        token=os.environ.get("COOPLEDGER_REVIEW_TOKEN"),  # required of visitors from other machines
        user_header=os.environ.get("COOPLEDGER_REVIEW_USER_HEADER"),  # in which a reverse proxy names the visitor
        names=tuple(name or ()),
        reviewer=reviewer,
    )
    serve(output, access=access, normalise=ExtractorsNormaliser(), say=typer.echo)


def decisions(
    output: Output = OUTPUT,
    repair_damaged: Annotated[
        bool, typer.Option("--repair", help="Set damaged lines aside, after a copy of the log was made.")
    ] = False,
) -> None:
    """Check the curators' log line by line; name the lines that do not fit."""
    from ledger.decisions import DecisionLog, effective, repair

    Ledger(output).check()
    log = DecisionLog(Ledger(output).decisions)
    examined = log.examine()
    typer.echo(f"{log.path}: {len(examined.decisions):,} decisions, {len(effective(examined.decisions)):,} stand")
    for fault in examined.faults:
        typer.echo(f"{log.path}, line {fault.line} {fault.what}", err=True)
    if not examined.faults:
        return
    if not repair_damaged:
        typer.echo("nothing was changed; --repair sets aside what is damaged", err=True)
        raise typer.Exit(1)
    repaired = repair(log, time=datetime.now(UTC).isoformat(timespec="seconds"))
    removed = sum(not one.readable for one in repaired.faults)
    typer.echo(f"REPAIRED: {removed:,} lines are no part of the log any more; they lie in {repaired.aside}", err=True)
    typer.echo(f"the log as it was lies in {repaired.before}; look at both, and decide again what is missing", err=True)


def evaluate(
    gold: Annotated[str, typer.Argument(help="Gold answers, projects or facts, one JSON object a line.")],
    output: Output = OUTPUT,
    release: Annotated[str | None, typer.Option(help="A release: its version or folder; else the last.")] = None,
    documents: Annotated[
        str | None, typer.Option(help="Read these documents afresh, and score that instead of a release.")
    ] = None,
    model: Annotated[str | None, typer.Option(help=help_of("model"))] = None,
    errors: Annotated[int, typer.Option(min=0, help="How many errors to quote for each field.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
) -> None:
    """Score a release against gold answers, field by field, and quote the worst errors."""
    from flows.scores import lines, score_fresh, score_release

    scores = score_fresh(gold, documents, model) if documents else score_release(gold, output, release)
    for line in [json.dumps(scores.figures)] if as_json else lines(scores, errors):
        typer.echo(line)


def validate(
    release: Annotated[str, typer.Argument(help="A release: its version or its folder; `latest` for the last.")],
    output: Output = OUTPUT,
) -> None:
    """Check a release: checksums, schemas, that every quotation stands in its text, and the counts."""
    from flows.scores import find_release
    from ledger.decisions import DecisionLog
    from ledger.release.read import output_of
    from ledger.release.validate import Problem
    from ledger.release.validate import validate as check

    folder = Path(release) if Path(release).is_dir() else find_release(output, release).path
    log = DecisionLog(output_of(folder).decisions)  # the curators', beside the releases
    faults = [Problem("chain", f"{log.path.name}, line {one.line}", one.what) for one in log.examine().faults]
    problems = [*check(folder), *faults]
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{folder}: {f'{len(problems)} problems' if problems else 'valid'}")
    raise typer.Exit(1 if problems else 0)


def schema(
    name: Annotated[
        str, typer.Argument(help="Which model: record, decision, change, manifest …; `table` for columns.")
    ] = "record",
) -> None:
    """Print the JSON Schema of the record, or of another file of a release."""
    from ledger.formats.flat import table_schema
    from schemas.json_schema import PUBLISHED, json_schema

    if name not in (*PUBLISHED, "table"):
        raise UsageError(f"no schema {name!r}; there are {', '.join(PUBLISHED)} and table")
    found = table_schema() if name == "table" else json_schema(name)
    typer.echo(json.dumps(found, indent=2, ensure_ascii=False))


def export(
    kind: Annotated[str, typer.Argument(help="csv, jsonl, parquet, prodigy, label-studio or daff.")],
    to: Annotated[Path | None, typer.Option(help="File to write; else standard output.")] = None,
    release: Annotated[str, typer.Option(help="A release: its version or its folder.")] = "latest",
    output: Output = OUTPUT,
) -> None:
    """Write a release for other tools: its records, annotation tasks, or its changes as a highlighter table."""
    from flows.scores import find_release
    from ledger.formats.export import EXPORTS
    from ledger.formats.export import export as export_as

    if kind not in (*FILES, *EXPORTS):
        raise UsageError(f"cannot export {kind}; there are {', '.join((*FILES, *EXPORTS))}")
    found = find_release(output, release)
    with to.open("wb") if to else nullcontext(sys.stdout.buffer) as stream:
        if kind in FILES:
            with (found.path / FILES[kind]).open("rb") as file:
                shutil.copyfileobj(file, stream)
        else:
            stream.writelines(map(str.encode, export_as(found, kind)))


def status(output: Output = OUTPUT) -> None:
    """Show the last runs and releases, the curators' queue and the gates."""
    from flows.status import lines

    for line in lines(output):
        typer.echo(line)


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


_REFRESH_FIELDS = ("output", "model", "accept_gates", "gates", "slow_seconds", "threshold", "wait")
app.command("run", help="Read what changed in INPUT and publish a release.")(
    _flow_command("extract", Options.model_fields)
)
app.command(
    "refresh", help="Read the documents of the last release again with a new model or rule; the input is not needed."
)(_flow_command("refresh", _REFRESH_FIELDS))
for command in (diff, review, decisions, evaluate, train, validate, schema, export, status, serve):
    app.command()(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 wrong usage, 3 published with quarantined documents."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # characters that the locale lacks are escaped
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGTERM ends a command as Ctrl-C does
        signal.signal(number, signal.default_int_handler)
    sys.exit(run_command(sys.argv[1:] if arguments is None else arguments))


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit status; an error is printed in one line on standard error."""
    if odd := [one for one in arguments if any("\ud800" <= letter <= "\udfff" for letter in one)]:
        return _fail(f"{odd[0]!r} is no name in UTF-8, which no release could hold: rename it, or name a link to it", 2)
    try:
        with requires_extra(f"coopledger {' '.join(arguments[:1])}".rstrip()):
            status = int(app(args=arguments, prog_name="coopledger", standalone_mode=False) or 0)
        return _stopped(arguments) if status == _INTERRUPTED_STATUS else status
    except _USAGE as error:
        return _report_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return _stopped(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # printed in one line; with COOPLEDGER_DEBUG, the traceback
        if os.environ.get("COOPLEDGER_DEBUG"):
            raise
        return _report(error)


def _stopped(arguments: list[str]) -> int:
    publishing = arguments[:1] in (["run"], ["refresh"])
    return _fail("stopped" + ("; nothing was published, and finished shards are kept" if publishing else ""), 1)


def _report_usage(error: Any) -> int:
    context, message = error.ctx, str(error.format_message()).strip()
    if context and message in ("", context.get_help()):  # a group without a command
        typer.echo(context.get_help(), err=True)
        return 2
    return _fail(f"{message} (see {context.command_path if context else 'coopledger'} --help)", 2)


def _report(error: Exception) -> int:
    message = " ".join(str(error).split())
    if isinstance(error, CoopledgerError):
        return _fail(message, 2 if isinstance(error, UsageError | MissingExtraError) else 1)
    if isinstance(error, OSError) and error.filename:
        return _fail(f"{error.strerror}: {error.filename}", 1)
    return _fail(f"{type(error).__name__}: {message} (COOPLEDGER_DEBUG=1 shows where)", 1)


def _fail(message: str, status: int) -> int:
    typer.echo(f"coopledger: {message}", err=True)
    return status

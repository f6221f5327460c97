"""Prefect's task runners for a run: a pool of spawned processes, or Dask."""

from typing import Any, TypeVar, cast

from prefect.settings import PREFECT_API_URL
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner
from prefect.utilities.annotations import quote

from flows.errors import UsageError
from flows.options import Options
from flows.runners import dask_settings, start_worker

T = TypeVar("T")


def task_runner(options: Options, shards: int) -> TaskRunner[Any]:
    """Make the task runner that the options ask for.

    The workers get the server's address with each task, and start none of their own. Raises UsageError where there is
    no server to give, or Dask is asked for but not installed.
    """
    if not PREFECT_API_URL.value():
        raise UsageError("no Prefect server: set PREFECT_API_URL, or run `coopledger run`, which starts one")
    if options.runner == "process":
        return ProcessPoolTaskRunner(max_workers=min(options.workers, shards), initializer=start_worker)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise UsageError("--runner dask needs the extra: pip install 'coopledger[dask]'") from error
    return DaskTaskRunner(**dask_settings(options.workers, options.scheduler))


def whole(value: T) -> T:
    """Hand a large value to a task of this process as it is, without Prefect's search for futures inside it."""
    return cast(T, quote(value))

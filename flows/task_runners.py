"""What Prefect's tasks run on beside this process: Dask; and how they are handed large values."""

from typing import Any, TypeVar, cast

from prefect.settings import PREFECT_API_URL
from prefect.task_runners import TaskRunner
from prefect.utilities.annotations import quote

from flows.errors import UsageError
from flows.options import Options
from flows.runners import dask_settings

T = TypeVar("T")


def dask_runner(options: Options) -> TaskRunner[Any]:
    """Make the task runner for Dask.

    The workers get the server's address with each task, and start none of their own. Raises UsageError where there is
    no server to give, or Dask is not installed.
    """
    if not PREFECT_API_URL.value():
        raise UsageError("no Prefect server: set PREFECT_API_URL, or run `coopledger run`, which starts one")
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise UsageError("--runner dask needs the extra: pip install 'coopledger[dask]'") from error
    return DaskTaskRunner(**dask_settings(options.workers, options.scheduler))


def whole(value: T) -> T:
    """Hand a large value to a task of this process as it is, without Prefect's search for futures inside it."""
    return cast(T, quote(value))

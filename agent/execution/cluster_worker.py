"""What happens on a Dask worker: a job runs in a child process of our own pool."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from agent.errors import TerminalToolError
from agent.execution.jobs import Job

if TYPE_CHECKING:
    from distributed import Worker

POOL = "gedanken_pool"
"""Name of the plugin that keeps the pools of a worker."""


async def carry(job: dict[str, Any], offline: bool, topic: str, key: str) -> dict[str, Any]:
    """Run a job where Dask has put it: in a child process of our own pool, with the job's limits.

    Args:
        job: A `Job` as plain data.
        offline: Refuse the network in the child.
        topic: Where progress is reported.
        key: Whose progress it is.

    Returns:
        ``result``, or ``error`` with what is needed to raise it again; and ``worker``, the address that served it.
    """
    from distributed import get_worker

    worker = get_worker()
    plugin = worker.plugins[POOL]
    pool = plugin.pool(worker, offline)
    task = asyncio.ensure_future(pool.run(Job(**job), lambda *said: worker.log_event(topic, [key, *said])))
    plugin.running[key] = task
    try:
        return {"result": await task, "worker": worker.address}
    except TerminalToolError as error:
        return {"error": [type(error).__name__, error.message, error.remedy], "worker": worker.address}
    finally:
        del plugin.running[key]
        task.cancel()


def stop(key: str, dask_worker: Worker) -> None:
    """Stop a job on the worker that runs it."""
    if (task := dask_worker.plugins[POOL].running.get(key)) is not None:
        task.cancel()


def pool_plugin() -> Any:
    """What every Dask worker gets: our pools, and the jobs that run in them."""
    from distributed import WorkerPlugin

    from agent.execution.pool import WorkerPool

    class PoolPlugin(WorkerPlugin):
        """Keeps the pools of one Dask worker, and ends their processes with it."""

        idempotent = True

        def setup(self, worker: Worker) -> None:
            self._pools: dict[bool, WorkerPool] = {}
            self.running: dict[str, asyncio.Task[dict[str, Any]]] = {}

        def pool(self, worker: Worker, offline: bool) -> WorkerPool:
            if offline not in self._pools:
                self._pools[offline] = WorkerPool(worker.state.nthreads, offline=offline)
            return self._pools[offline]

        async def teardown(self, worker: Worker) -> None:
            for pool in self._pools.values():
                await pool.close()

    return PoolPlugin()

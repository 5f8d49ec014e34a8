"""The cluster: the same jobs on Dask workers, on this machine or on many.

Dask decides where a job goes (priorities, resources, a worker that died is replaced by another); there the job runs in
a process of our own pool, so that time, memory, the refused network and cancelling are the same as on one machine.
Nothing here is imported unless a cluster is asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agent import errors
from agent.errors import EngineMissing, InputError, TerminalToolError, WorkerCrash
from agent.execution.cluster_worker import POOL, carry, pool_plugin, stop
from agent.execution.jobs import WAITING, Job, Progress
from agent.execution.pool import WARMING

if TYPE_CHECKING:
    from distributed import Client

ATTEMPTS = 5
"""How often a job is handed in again when the scheduler goes away under it."""

PATIENCE = 60.0
"""Seconds to wait for a scheduler that went away, each time."""

LONELY = 20.0
"""Seconds between two looks, while a job waits, at whether the cluster has any worker at all."""

_QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "sge": "SGECluster", "lsf": "LSFCluster"}
"""Batch systems, and the class of dask-jobqueue that speaks to each."""


class ClusterExecutor:
    """Runs jobs on a Dask cluster; see `agent.execution.jobs.Executor`.

    Args:
        where: ``local`` (workers on this machine), ``tcp://host:port`` (a scheduler that runs already), ``slurm``,
            ``pbs``, ``sge`` or ``lsf`` (through dask-jobqueue and its configuration files), or ``kubernetes`` (through
            dask-kubernetes and its own).
        workers: How many workers to ask for; a scheduler that runs already has its own.
        offline: Refuse the network inside the processes that run jobs.
    """

    def __init__(self, where: str, *, workers: int, offline: bool = True) -> None:
        known = ("local", "kubernetes", *_QUEUES)
        if where not in known and not where.startswith(("tcp://", "tls://", "ws://", "wss://")):
            raise InputError(
                f"There is no cluster '{where}'.",
                remedy=f"Name the address of a Dask scheduler (tcp://host:8786), or one of {', '.join(known)}.",
            )
        self._where = where
        self._workers = workers
        self._offline = offline
        self._client: Client | None = None
        self._cluster: Any = None
        self._connecting = asyncio.Lock()
        self._topic = f"gedanken-{uuid.uuid4().hex}"
        self._listeners: dict[str, Progress] = {}
        self._served: dict[str, str] = {}

    async def run(self, job: Job, on_progress: Progress | None = None) -> dict[str, Any]:
        """See `Executor.run`.

        Raises:
            WorkerCrash: Several workers died under it, or the scheduler did not come back.
        """
        for _ in range(ATTEMPTS):
            client = await self._connected()
            key = f"{job.label or job.path.rpartition(':')[2]}-{uuid.uuid4().hex}"
            if on_progress is not None:
                self._listeners[key] = on_progress
            lonely = asyncio.create_task(self._tell_loneliness(client, on_progress))
            try:
                answer = await self._submit(client, key, job)
            except Exception as error:
                if _cancelled_here():
                    raise
                if not _lost(error):
                    raise WorkerCrash(
                        f"{job.label or job.path} could not be run on the cluster: {error}.",
                        remedy="Look at the workers' logs; other steps go on.",
                    ) from error
                await self._leave(client)
                continue
            finally:
                lonely.cancel()
                self._listeners.pop(key, None)
            if job.affinity:
                self._served[job.affinity] = answer["worker"]
            if "error" in answer:
                raise _rebuilt(answer["error"])
            return answer["result"]
        raise WorkerCrash(
            f"{job.label or job.path} was handed in {ATTEMPTS} times, and each time the scheduler of {self._where} was"
            " lost.",
            remedy="Check that the scheduler is up; `gedanken resume` goes on where the run stopped.",
        )

    async def warm(self, path: str, affinity: str) -> None:
        """See `Executor.warm`."""
        with contextlib.suppress(TerminalToolError):
            await self.run(Job(key=f"warm:{affinity}", path=path, affinity=affinity, priority=WARMING))

    async def close(self) -> None:
        """Leave the cluster; one that was made for this session ends."""
        client, self._client = self._client, None
        cluster, self._cluster = self._cluster, None
        if client is not None:
            await client.close()
        if cluster is not None:
            await cluster.close()

    # --- inside -----------------------------------------------------------------------------------------------------

    async def _submit(self, client: Client, key: str, job: Job) -> dict[str, Any]:
        from distributed import KilledWorker

        placing: dict[str, Any] = {}
        if job.resources and (resources := await _present(client, job.resources)):
            placing["resources"] = resources
        elif job.affinity in self._served:  # a GPU matters more than a model that is loaded already
            placing |= {"workers": [self._served[job.affinity]], "allow_other_workers": True}
        future = client.submit(
            carry, asdict(job), self._offline, self._topic, key, key=key, pure=False, priority=-job.priority, **placing
        )
        try:
            return await future
        except asyncio.CancelledError:
            if _cancelled_here():  # Dask forgets a released key, and lets what runs already run on
                with contextlib.suppress(OSError):
                    await client.run(stop, key, on_error="ignore")
            raise
        except KilledWorker as error:
            raise WorkerCrash(
                f"{job.label or job.path} was given up after {error.allowed_failures + 1} workers died under it.",
                remedy="Look at their logs; other steps go on.",
            ) from error
        finally:
            future.release()

    async def _tell_loneliness(self, client: Client, on_progress: Progress | None) -> None:
        """Say so while a job waits at a scheduler that has no worker: Dask's own end when they lose their scheduler."""
        while on_progress is not None:
            await asyncio.sleep(LONELY)
            with contextlib.suppress(Exception):  # a scheduler that is gone is dealt with where the job waits
                if not (await client.scheduler.identity(n_workers=-1))["workers"]:
                    on_progress(0.0, f"{WAITING} the cluster at {self._where} has no workers; start some")

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is not None and self._client.status != "closed":
                return self._client
            try:
                from distributed import Client
            except ModuleNotFoundError as error:
                raise EngineMissing("A cluster needs Dask.", remedy="Install gedanken[cluster].") from error
            target = self._where if "://" in self._where else await self._make_cluster()
            try:
                client = await Client(target, asynchronous=True, timeout=PATIENCE, set_as_default=False)
            except OSError as error:
                raise WorkerCrash(
                    f"The scheduler at {self._where} does not answer: {error}.",
                    remedy="Check the address, and that the scheduler is up.",
                ) from error
            await client.register_plugin(pool_plugin(), name=POOL)
            client.subscribe_topic(self._topic, self._hear)
            self._client = client
            return client

    async def _leave(self, client: Client) -> None:
        """Forget a scheduler that was lost: the one that comes back knows neither our plugin nor our topic."""
        if self._client is client:
            self._client = None
            with contextlib.suppress(OSError, TimeoutError):
                await client.close(timeout=1)

    async def _make_cluster(self) -> Any:
        if self._cluster is None:
            self._cluster = await start_cluster(self._where, self._workers)
        return self._cluster

    async def _hear(self, event: tuple[float, Any]) -> None:
        key, fraction, message = event[1]
        if key in self._listeners:
            self._listeners[key](fraction, message)


async def start_cluster(where: str, workers: int) -> Any:
    """A cluster of our own, as its kind's configuration files say.

    Args:
        where: ``local``, a batch system, or ``kubernetes``.
        workers: How many workers to ask for.

    Returns:
        Dask's cluster object, with ``scheduler_address`` and an asynchronous ``close``.

    Raises:
        EngineMissing: A package is not installed.
        InputError: It is not configured.
    """
    try:
        if where == "local":
            # Of its own processes: Dask's usual local cluster imports the script that asked for it in every worker.
            from distributed.deploy.subprocess import SubprocessCluster

            return await SubprocessCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=":0",
                asynchronous=True,
                silence_logs=logging.ERROR,
            )
        if where == "kubernetes":
            from dask_kubernetes.operator import KubeCluster

            return await KubeCluster(n_workers=workers, asynchronous=True)
        import dask_jobqueue

        cluster = await getattr(dask_jobqueue, _QUEUES[where])(asynchronous=True)
        cluster.scale(jobs=workers)
        return cluster
    except ModuleNotFoundError as error:
        raise EngineMissing(
            f"A cluster on {where} needs the package '{error.name}'.",
            remedy="Install gedanken[cluster] (for kubernetes: dask-kubernetes).",
        ) from error
    except (ValueError, TypeError) as error:
        raise InputError(
            f"The cluster '{where}' is not configured: {error}",
            remedy=f"State cores, memory and queue in Dask's configuration (jobqueue.{where} in ~/.config/dask/).",
        ) from error


async def _present(client: Client, wanted: Mapping[str, float]) -> dict[str, float] | None:
    """The resources that a job asks for, if a worker of the cluster has them: asking for others would wait forever."""
    workers = (await client.scheduler.identity(n_workers=-1))["workers"].values()
    enough = any(all(one["resources"].get(name, 0) >= n for name, n in wanted.items()) for one in workers)
    return dict(wanted) if enough else None


def _cancelled_here() -> bool:
    """Whether somebody cancelled the task that waits, as against Dask cancelling the future that it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _lost(error: Exception) -> bool:
    """Whether the scheduler went away: the job itself may be well."""
    from concurrent.futures import CancelledError

    return isinstance(error, CancelledError | TimeoutError | OSError)  # what is said of a closed line is an OSError


def _rebuilt(error: list[str]) -> TerminalToolError:
    kind, message, remedy = error
    return getattr(errors, kind, TerminalToolError)(message, remedy=remedy)

"""dask's workers: those of a cluster that is made here for one run, or of one that is there already."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alliance_core import __version__
from alliance_core.engines.workers import EngineError, Workers

HERE = "127.0.0.1"
WAIT = 30  # seconds for a scheduler to answer, and for a first worker, or for another one when all are gone
_LOOK = 5  # seconds without a result after which it is looked whether any worker is left
_RETRIES = (
    2  # times that a part is begun again after an error; the parts of a lost worker go to others anyway
)
_LOSSES = 20  # workers that may be lost over one part before it is given up
# dask has its workers give memory back at once, and the C library then asks for every larger array anew: as much time again as the work itself takes.
_MEMORY = {"MALLOC_TRIM_THRESHOLD_": 256 << 20, "MALLOC_MMAP_THRESHOLD_": 32 << 20}  # bytes
MISSING = "The engine dask is not installed: python -m pip install --require-hashes -r requirements-dask.lock"


@contextmanager
def dask_workers(scheduler: str | None = None, count: int | None = None) -> Iterator[Workers]:
    """Workers of the cluster at this address, or so many of this machine's, one thread each, for as long as the block lasts.

    A cluster that is made here listens on this machine only, talks to nobody who does not have the keys that were made for this run, shows no pages, and keeps what does not fit
    into memory in a folder of its own that nobody else may read and that goes with it. Raises EngineError where dask is not installed, no scheduler answers, it has no worker, or a worker has another version of this program.
    """
    try:
        import dask.config
        import distributed
    except ImportError:
        raise EngineError(MISSING) from None
    chosen = {
        "logging.distributed": "critical",
        **{f"distributed.nanny.pre-spawn-environ.{name}": size for name, size in _MEMORY.items()},
        "distributed.admin.large-graph-warning-threshold": "1GB",
        "distributed.scheduler.allowed-failures": _LOSSES,
        "distributed.comm.timeouts.connect": f"{WAIT}s",
        "distributed.worker.profile.enabled": False,
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(chosen):
        if scheduler is not None:
            with _client(scheduler) as client:
                yield _Dask(client)
            return
        folder = tempfile.mkdtemp(prefix="alliance-")  # its owner's only
        try:
            made: Any = distributed.LocalCluster(
                n_workers=count or _cores(), threads_per_worker=1, processes=True, host=HERE,
                security=distributed.Security.temporary(), local_directory=folder, silence_logs=logging.CRITICAL,
                scheduler_kwargs={"dashboard": False, "dashboard_address": f"{HERE}:0"},
            )  # fmt: skip
            with made as own, _client(own.scheduler_address, security=own.security) as client:
                yield _Dask(client)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _client(address: str, **more: Any) -> Iterator[Any]:
    """A client of the scheduler there, with at least one worker that can do our work."""
    import distributed

    if address.startswith("tls:") and "security" not in more and not distributed.Security().tls_client_cert:
        raise EngineError(
            f"The scheduler at {address} asks for keys, and the configuration of dask names none."
        )
    try:
        client = distributed.Client(address, timeout=WAIT, set_as_default=False, **more)
    except (
        OSError,
        TimeoutError,
        ValueError,
        TypeError,
    ):  # the last where it asks for keys that we do not have
        raise EngineError(
            f"No scheduler of dask answers at {address}: give its address as tcp://HOST:PORT."
        ) from None
    with client, client.as_current():
        try:
            client.wait_for_workers(1, timeout=WAIT)
        except TimeoutError:
            raise EngineError(
                f"The scheduler at {address} has no worker: start one, or leave out --scheduler."
            ) from None
        found: Any = client.run(_version, on_error="return")
        for worker, version in found.items():
            if version != __version__:
                raise EngineError(
                    f"The worker {worker} cannot be used: it needs this program, version {__version__}, and what it needs, on its path."
                )
        yield client


def _version() -> str:
    return __version__


@dataclass(frozen=True)
class _Packed:
    """What a function is called with, in one piece that dask does not look into."""

    item: tuple[Any, ...]


def _do(function: Callable[..., Any], packed: _Packed, *same: Any) -> Any:
    return function(*packed.item, *same)


def _held(packed: _Packed) -> Any:
    return packed.item[0]


class _Dask:
    """workers.Workers by a client of dask."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def each(self, function: Callable[..., Any], items: Sequence[tuple[Any, ...]], *same: Any) -> list[Any]:
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        # By a task, not scattered: what is held by a worker that is lost is then made again.
        held = [self._client.submit(_held, _Packed((one,)), pure=False) for one in same]
        waiting = {
            self._client.submit(_do, function, _Packed(item), *held, pure=False, retries=_RETRIES): number
            for number, item in enumerate(items)
        }
        found: dict[int, Any] = {}
        try:
            while waiting:
                for future in self._some(list(waiting)):
                    found[waiting[future]] = future.result()
                    del waiting[future]
        except KilledWorker:
            raise EngineError(
                f"{_LOSSES} workers were lost over one part, perhaps for want of memory: use fewer workers, or smaller files."
            ) from None
        except FutureCancelledError:
            raise EngineError("The scheduler was lost before the work was done.") from None
        return [found[number] for number in range(len(items))]

    def _some(self, futures: list[Any]) -> list[Any]:
        """Those that are ready, at least one of them."""
        from distributed import wait

        nobody_since: float | None = None
        while True:
            try:
                ready: Any = wait(futures, timeout=_LOOK, return_when="FIRST_COMPLETED")
                return list(ready.done)
            except TimeoutError:
                there = bool(self._client.nthreads())
                now = time.monotonic()
                nobody_since = None if there else nobody_since or now
                if nobody_since is not None and now - nobody_since > WAIT:
                    raise EngineError("All workers were lost before the work was done.") from None

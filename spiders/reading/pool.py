"""Many pages read at once, each in a worker process that is killed when the page takes too long or too much memory."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection, forkserver, resource_tracker
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

import psutil
from pebble import ProcessExpired, ProcessPool

from spiders.captures import UnreadableCapture, read_body
from spiders.encodings import BadEncoding
from spiders.outlet import Outlet
from spiders.reading import kinds
from spiders.reading.page import Page, read, rejection
from spiders.reading.sketch import Sketch, sketch
from warehouse.contracts import Article, Capture, Profile, Rejection

T = TypeVar("T")

AHEAD = 4  # pages that wait for each worker: none is idle, and a million captures are never held
PAGES_A_WORKER = 2_000  # then it is replaced: whatever leaks, leaks no further
MOST_TRIES = 2  # for a page whose worker dies: it may have been killed for another's sake
MOST_RENEWALS = 5
LOOK = 0.05  # seconds between two looks at a worker's memory
OVER_MEMORY = 77  # exit code of a worker that ended itself


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take."""

    seconds: float = 20.0
    memory: int = 1536 * 1024 * 1024  # bytes resident in its worker
    stall: float = 90.0  # seconds without any result, over a page's own, until the pool is taken for dead: pebble's locks give up after 60


class ReadersDying(RuntimeError):
    """Reading processes end before they can read: the operator looks at this machine, the pages are not to blame."""

    def __init__(self, cause: BaseException | None) -> None:
        super().__init__(f"reading processes keep dying ({cause or 'they answer nothing'})")


DEFAULT_LIMITS = Limits()
Profiles = Mapping[str, Sequence[Profile]]
NO_PROFILES: Profiles = {}


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    """What is done with a page, and what stands for a page with which it cannot be done."""

    do: Callable[[Page, Outlet, Sequence[Profile]], T]
    refuse: Callable[[Capture, str, str], T]


@dataclass(frozen=True, slots=True)
class _Stock:
    """What each worker is given once, when it starts."""

    folder: Path
    outlets: dict[str, Outlet]
    profiles: dict[str, Sequence[Profile]]
    limits: Limits


def read_pages(
    captures: Iterable[Capture],
    folder: Path,
    outlets: Mapping[str, Outlet],
    workers: int,
    limits: Limits = DEFAULT_LIMITS,
    profiles: Profiles = NO_PROFILES,
) -> Iterator[Article | Rejection]:
    """The readings of ``captures``, whose bodies lie under ``folder``, in the order in which they are done; one for each capture.

    ``captures`` is asked for more only as pages are done, and may block: readings are yielded meanwhile. To close the generator
    ends the workers; nothing that was yielded is touched by it.
    """
    return _done_apart(_READ, captures, _Stock(folder, dict(outlets), dict(profiles), limits), workers)


def sketch_pages(
    captures: Iterable[Capture], folder: Path, outlets: Mapping[str, Outlet], workers: int, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Sketch]:
    """The sketches of those of ``captures`` that teach something, in the order in which they are done; otherwise as ``read_pages``."""
    every = _done_apart(_SKETCH, captures, _Stock(folder, dict(outlets), {}, limits), workers)
    return (found for found in every if found is not None)


def _done_apart(job: _Job[T], captures: Iterable[Capture], stock: _Stock, workers: int) -> Iterator[T]:
    run = _Run(job, stock, workers)
    threading.Thread(target=run.feed, args=(captures,), name="captures to read", daemon=True).start()
    try:
        yield from run.results()
    finally:
        run.stop()


def _sketched(page: Page, outlet: Outlet, profiles: Sequence[Profile]) -> Sketch | None:
    try:
        return sketch(page, outlet)
    except Exception:  # as ``read``: a page that no code foresaw must not keep the others from teaching
        return None


def _no_sketch(capture: Capture, reason: str, detail: str = "") -> None:
    return None


_READ: _Job[Article | Rejection] = _Job(read, rejection)
_SKETCH: _Job[Sketch | None] = _Job(_sketched, _no_sketch)


@dataclass(frozen=True, slots=True)
class _Fed:
    """The captures have come to their end: so many were given, or ``error`` ended them."""

    given: int
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """A page that was given to a pool."""

    capture: Capture
    tries: int


class _Run(Generic[T]):
    """A pool of workers, what they were given, what is done. The feeding thread gives, the caller's thread takes."""

    def __init__(self, job: _Job[T], stock: _Stock, workers: int) -> None:
        self._job, self._stock, self._workers, self._limits = job, stock, workers, stock.limits
        self._done: SimpleQueue[tuple[ProcessPool, int, Future[T]] | _Fed] = SimpleQueue()
        self._room = threading.Semaphore(workers * AHEAD)
        self._lock = threading.Lock()  # over the three below
        self._open: dict[int, _Task] = {}
        self._is_stopped = False
        self._renewals = 0
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPool:
        """A pool whose processes start with its first page: forked in milliseconds from one that has loaded all and read nothing."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__])
        _start_deaf_to_interrupts()
        return ProcessPool(self._workers, max_tasks=PAGES_A_WORKER, initializer=_begin, initargs=(self._stock,), context=context)

    def feed(self, captures: Iterable[Capture]) -> None:
        given, error = 0, None
        try:
            for capture in captures:
                self._room.acquire()
                if self._is_stopped:
                    return
                with self._lock:
                    self._give(given, _Task(capture, 1))
                given += 1
        except BaseException as caught:
            error = caught
        self._done.put(_Fed(given, error))

    def _give(self, number: int, task: _Task) -> None:
        pool = self._pool
        self._open[number] = task
        try:
            future: Future[T] = pool.schedule(_do_one, args=(self._job, task.capture), timeout=self._limits.seconds)
        except RuntimeError as error:  # the pool broke since it took its last page
            future = Future()
            future.set_exception(error)
        future.add_done_callback(lambda done: self._done.put((pool, number, done)))

    def results(self) -> Iterator[T]:
        done, total = 0, None
        while total is None or done < total:
            try:
                one = self._done.get(timeout=self._limits.seconds + self._limits.stall)
            except Empty:
                if self._open:  # else nobody has given a page for a while: a polite crawl takes its time
                    self._renew(self._pool, None)
                continue
            if isinstance(one, _Fed):
                if one.error:
                    raise one.error
                total = one.given
            else:
                for result in self._result(*one):
                    self._room.release()
                    done += 1
                    yield result

    def _result(self, pool: ProcessPool, number: int, future: Future[T]) -> tuple[()] | tuple[T]:
        """What came of page ``number``; nothing if it is being read again, or was done before."""
        with self._lock:
            task = self._open.get(number)
        if task is None:
            return ()
        refuse = self._job.refuse
        try:
            return self._settled(number, future.result())
        except TimeoutError:
            return self._settled(number, refuse(task.capture, kinds.TOO_SLOW, f"over {self._limits.seconds:g} s"))
        except ProcessExpired as error:
            if error.exitcode == OVER_MEMORY:
                return self._settled(number, refuse(task.capture, kinds.OUT_OF_MEMORY, f"over {self._limits.memory >> 20} MB"))
            if task.tries == MOST_TRIES:
                return self._settled(number, refuse(task.capture, kinds.CRASHED, f"exit code {error.exitcode}"))
            with self._lock:
                self._give(number, _Task(task.capture, task.tries + 1))
        except (RuntimeError, CancelledError) as error:  # BrokenProcessPool is one: the pool died, and no page is to blame
            self._renew(pool, error)
        return ()

    def _settled(self, number: int, result: T) -> tuple[T]:
        with self._lock:
            del self._open[number]
        return (result,)

    def _renew(self, broken: ProcessPool, error: BaseException | None) -> None:
        """Put a new pool in the place of ``broken``, and give it the pages that the old one had."""
        with self._lock:
            if self._pool is not broken or self._is_stopped:
                return
            if self._renewals == MOST_RENEWALS:
                raise ReadersDying(error) from error
            self._renewals += 1
            self._pool = self._new_pool()
            for number, task in list(self._open.items()):
                self._give(number, task)
        _end(broken)

    def stop(self) -> None:
        with self._lock:
            self._is_stopped = True
            pool = self._pool
        self._room.release()
        _end(pool)


def _start_deaf_to_interrupts() -> None:
    """Start the processes that stand behind every pool. They ignore Ctrl-C once they run; until then it would end them with a traceback."""
    resource_tracker.ensure_running()  # blocks the signal for itself, and lets it through again afterwards
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(pool: ProcessPool) -> None:
    with suppress(RuntimeError):
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


@dataclass(frozen=True, slots=True)
class _Worker:
    """What a worker process knows, and whether it is reading."""

    stock: _Stock
    reading: threading.Event = field(default_factory=threading.Event)


_workers: list[_Worker] = []  # of this process: one in a worker, none in the process that owns the pool


def _begin(stock: _Stock) -> None:
    """The first thing a worker does."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's handler waits for Python, and a page that hangs libxml2 never comes back to it
    with suppress(ValueError, OSError):  # the last resort, should the watch below not get its turn
        resource.setrlimit(resource.RLIMIT_AS, (2 * stock.limits.memory + (1 << 30), resource.RLIM_INFINITY))
    worker = _Worker(stock)
    _workers[:] = [worker]
    threading.Thread(target=_watch, args=(worker,), daemon=True).start()


def _watch(worker: _Worker) -> None:
    """End this process when its page takes too much memory, or when the process that owns the pool is gone."""
    parent, me = multiprocessing.parent_process(), psutil.Process()
    while not connection.wait([parent.sentinel] if parent else [], LOOK):
        if worker.reading.is_set() and me.memory_info().rss > worker.stock.limits.memory:
            os._exit(OVER_MEMORY)
    os._exit(0)


def _do_one(job: _Job[T], capture: Capture) -> T:
    worker = _workers[0]
    stock = worker.stock
    worker.reading.set()
    try:
        if capture.outlet not in stock.outlets:
            return job.refuse(capture, kinds.UNREADABLE, f"no outlet {capture.outlet}")
        body = read_body(stock.folder, capture).body
        return job.do(Page(capture, body), stock.outlets[capture.outlet], stock.profiles.get(capture.outlet, ()))
    except (UnreadableCapture, BadEncoding) as error:
        return job.refuse(capture, kinds.UNREADABLE, str(error))
    except MemoryError:
        return job.refuse(capture, kinds.OUT_OF_MEMORY, "")
    finally:
        worker.reading.clear()

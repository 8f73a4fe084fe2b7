"""Jobs that are done once each, on several processes if wanted, and kept in files.

A file appears whole or not at all, so a killed command finds what it had finished.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Final, Protocol

from liqbands.errors import LiqbandsError
from liqbands_server.scorecard.fingerprint import engine_hash, hash_of

FORMAT: Final = 1
"""Raised when files of an earlier format can no longer be read."""

Done = Callable[[str], None]


class Job(Protocol):
    """One piece of work whose result is plain data; goes to other processes as it is."""

    @property
    def name(self) -> str:
        """Return what people call it; begins the name of its file."""

    def identity(self) -> dict[str, Any]:
        """Return everything that its result depends on, the engine's source apart."""

    def compute(self) -> dict[str, Any]:
        """Do the work."""


class WorkerError(LiqbandsError):
    """A process that did the work was ended from outside."""


def finish(
    jobs: Sequence[Job],
    folder: Path,
    *,
    n_processes: int = 1,
    fresh: bool = False,
    done: Done = lambda _: None,
) -> list[Path]:
    """Do all jobs that are not done yet.

    Parameters
    ----------
    jobs : sequence of Job
        The work.
    folder : Path
        Where results are kept; made if there is none.
    n_processes : int
        How many jobs are done at once.
    fresh : bool
        Do all of them again, whatever is kept.
    done : callable
        Is told the name of each finished job.

    Returns
    -------
    list of Path
        Files of the results, in the order of the jobs.

    Raises
    ------
    WorkerError
        If a process was ended from outside; what was finished is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [path_of(job, folder) for job in jobs]
    waiting = []
    for job, path in zip(jobs, paths, strict=True):
        if not fresh and _is_whole(path):
            done(job.name)
        else:
            waiting.append((job, path))
    if n_processes == 1 or len(waiting) <= 1:
        for job, path in waiting:
            _work(job, path)
            done(job.name)
    else:
        for name in _share_out(waiting, min(n_processes, len(waiting))):
            done(name)
    return paths


def path_of(job: Job, folder: Path) -> Path:
    """Return where the result of a job is kept.

    Parameters
    ----------
    job : Job
        The job.
    folder : Path
        Folder of all results.

    Returns
    -------
    Path
        Changes with everything that the result depends on.
    """
    known_by = {"format": FORMAT, "engine": engine_hash(), "job": job.identity()}
    return folder / f"{job.name}-{hash_of(known_by)}.json"


def read_result(path: Path) -> dict[str, Any]:
    """Return the result of a finished job.

    Parameters
    ----------
    path : Path
        From `finish`.

    Returns
    -------
    dict
        What the job computed.
    """
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def write_whole(path: Path, text: str) -> None:
    """Write a file that other processes see whole or not at all.

    Parameters
    ----------
    path : Path
        Where to; an existing file is replaced.
    text : str
        What.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _work(job: Job, path: Path) -> str:
    write_whole(path, json.dumps(job.compute(), allow_nan=False, separators=(",", ":")))
    return job.name


def _is_whole(path: Path) -> bool:
    try:
        read_result(path)
    except (OSError, ValueError):
        return False
    return True


def _share_out(waiting: Sequence[tuple[Job, Path]], n_processes: int) -> Iterator[str]:
    # Threads and compiled code do not survive a fork, so every process starts afresh.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_processes, context, _prepare_worker) as pool:
        try:
            for finished in as_completed([pool.submit(_work, *each) for each in waiting]):
                yield finished.result()
        except BrokenProcessPool as error:
            raise WorkerError(
                "a process was ended from outside, perhaps for want of memory; "
                "run the command again to go on, with fewer jobs if need be"
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in multiprocessing.active_children():
                child.terminate()
            raise


def _prepare_worker() -> None:
    """Leave interrupts to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    with contextlib.suppress(OSError):
        os._exit(1)

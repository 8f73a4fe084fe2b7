"""The processes that are kept alive: started, started again when they die, stopped together."""

import logging
import math
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import wait
from pkgutil import resolve_name
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from liqbands.errors import LiqbandsError
from liqbands_server.running.endings import end_with_parent

MOST_DEATHS: Final = 5
WITHIN_SECONDS: Final = 60.0
FIRST_PAUSE_SECONDS: Final = 0.5
"""Before a child is started again; it doubles with each death."""

STOP_SECONDS: Final = 4.0
"""How long children may take to stop before they are killed."""

_spawned = multiprocessing.get_context("spawn")
_log = logging.getLogger(__name__)


class ProcessError(LiqbandsError):
    """A process cannot be kept alive."""


class Child:
    """A process that is started, and started again when it dies.

    Parameters
    ----------
    name : str
        For people.
    work : str
        What it does, ``module:function``; only the process itself imports it.
    arguments : tuple
        Handed to it.
    once : bool
        Whether it has an end, and is not started again.
    """

    def __init__(
        self, name: str, work: str, arguments: tuple[Any, ...], *, once: bool = False
    ) -> None:
        self.name = name
        self._once = once
        self._work = work
        self._arguments = arguments
        self._deaths: list[float] = []
        self._start_at = 0.0
        self.process: multiprocessing.process.BaseProcess | None = None

    def keep(self) -> None:
        """Start it unless it runs; after a death, with a pause that doubles with each.

        Raises
        ------
        ProcessError
            If it has died too often within a minute.
        """
        if self.process is not None and not self.process.is_alive():
            self._end(self.process.exitcode or 0)
        if self.process is None and time.monotonic() >= self._start_at:
            self.process = _started(self.name, self._work, self._arguments)

    def stop(self, until: float) -> None:
        """Wait for its end, and kill it when it takes too long.

        Parameters
        ----------
        until : float
            Time of the monotonic clock.
        """
        if self.process is None:
            return
        self.process.join(max(0.0, until - time.monotonic()))
        if self.process.is_alive():
            _log.warning("%s did not stop and is killed", self.name)
            self.process.kill()
            self.process.join()

    def _end(self, exit_code: int) -> None:
        self.process = None
        how = f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
        if self._once:
            self._start_at = math.inf
            if exit_code:
                _log.error("the %s ended with %s", self.name, how)
            return
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < WITHIN_SECONDS] + [now]
        if len(self._deaths) >= MOST_DEATHS:
            raise ProcessError(
                f"the {self.name} ended {MOST_DEATHS} times within a minute, at last with {how}; "
                "the log above says why"
            )
        _log.error("the %s ended with %s and is started again", self.name, how)
        self._start_at = now + FIRST_PAUSE_SECONDS * 2 ** (len(self._deaths) - 1)


def watch(children: Sequence[Child], seconds: float) -> None:
    """Keep children alive, and return when one dies or some time has passed.

    Parameters
    ----------
    children : sequence of Child
        All of them.
    seconds : float
        How long to wait.

    Raises
    ------
    ProcessError
        If one has died too often.
    """
    for child in children:
        child.keep()
    wait([child.process.sentinel for child in children if child.process is not None], seconds)


def stop_all(children: Sequence[Child]) -> None:
    """Ask all children to stop, and kill those that do not.

    Parameters
    ----------
    children : sequence of Child
        All of them.
    """
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is not None:
            child.process.terminate()
    for child in children:
        child.stop(until)


def _started(
    name: str, work: str, arguments: tuple[Any, ...]
) -> multiprocessing.process.BaseProcess:
    process = _spawned.Process(target=_begin, args=(os.getpid(), work, arguments), name=name)
    # An interrupt from the keyboard is the parent's: blocked until the child has its own group.
    resource_tracker.ensure_running()  # else `start` begins it, and unblocks
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    process.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    _log.info("%s started", name, extra={"child": process.pid})
    return process


def _begin(parent: int, work: str, arguments: tuple[Any, ...]) -> None:
    os.setpgrp()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    end_with_parent(parent)
    try:
        resolve_name(work)(*arguments)
    except LiqbandsError as error:
        _log.error("%s", error)
        sys.exit(1)
    except SQLAlchemyError:
        _log.exception("the store failed")
        sys.exit(1)

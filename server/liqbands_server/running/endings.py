"""How a process ends: on request, and with its parent."""

import ctypes
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_WATCH_SECONDS: Final = 1.0


class StopRequest:
    """Whether somebody asked this process to stop.

    Examples
    --------
    >>> stopping = StopRequest()
    >>> stopping()
    False
    """

    def __init__(self) -> None:
        self._asked = False

    def __call__(self) -> bool:
        """Return whether somebody asked."""
        return self._asked

    def listen(self) -> None:
        """Take interrupts and terminations as requests, from now on."""
        signal.signal(signal.SIGINT, self._ask)
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True


def end_with_parent(parent: int) -> None:
    """Be terminated when the parent ends, however it ends.

    Parameters
    ----------
    parent : int
        Its process id.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before the line above
        os.kill(os.getpid(), signal.SIGTERM)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)

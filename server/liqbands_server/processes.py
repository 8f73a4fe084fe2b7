"""What every worker process of a command does first."""

import contextlib
import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess


def prepare_worker() -> None:
    """Leave interrupts to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    with contextlib.suppress(OSError):
        os._exit(1)

"""A process that does not listen."""

import signal
import time


def sleep_deaf() -> None:
    """Sleep for a while, whatever is asked."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(30)

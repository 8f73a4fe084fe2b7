"""Freed memory goes back to the system."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from liqbands_server.running.memory import give_memory_back

THREADS_THAT_FREE = """
import threading
from pathlib import Path
from liqbands_server.running.memory import give_memory_back
assert give_memory_back()

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def work():
    blocks = [bytes(1_000_000) for _ in range(8)]
    del blocks

before = resident()
threads = [threading.Thread(target=work) for _ in range(40)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_what_forty_threads_freed_is_gone() -> None:
    """They held up to 320 MB at once."""
    gc.collect()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", THREADS_THAT_FREE], capture_output=True, timeout=60, check=True
    )
    assert int(done.stdout) < 30_000_000


def test_asking_twice_does_no_harm() -> None:
    assert give_memory_back() == give_memory_back()

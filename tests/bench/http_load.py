"""Requests as fast as they are answered: wrk where it is installed, else a light Python client."""

import re
import shutil
import socket
import statistics
import subprocess
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 4
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_FAILED = re.compile(r"Non-2xx")


def requests_per_second(url: str, seconds: float) -> float:
    """Return how many requests a second are answered."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return _by_python(url, seconds)
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}"]
    done = subprocess.run(  # noqa: S603 - a load generator on our own server
        [*command, "-H", "Accept-Encoding: gzip", url], capture_output=True, text=True, check=True
    )
    found = _RATE.search(done.stdout)
    if found is None or _FAILED.search(done.stdout):
        raise ValueError(f"{url} was not answered: {done.stdout}")
    return float(found[1])


def seconds_of(url: str, times: int) -> tuple[float, int]:
    """Return the median time of an answer on a kept connection, and its bytes on the wire."""
    with Connection(url) as connection:
        connection.ask()
        taken, size = [], 0
        for _ in range(times):
            begin = time.perf_counter()
            size = connection.ask()
            taken.append(time.perf_counter() - begin)
    return statistics.median(taken), size


class Connection:
    """One kept connection that asks one question again and again."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), 60)
        self._file = self._socket.makefile("rb")
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self._request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n".encode()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def ask(self) -> int:
        """Ask once; return the bytes of the answer, head included."""
        self._socket.sendall(self._request)
        head = [self._file.readline()]
        if b" 200 " not in head[0]:
            raise ValueError(f"not answered: {head[0]!r} to {self._request!r}")
        length = 0
        while head[-1] != b"\r\n":
            head.append(self._file.readline())
            if head[-1].lower().startswith(b"content-length:"):
                length = int(head[-1].split(b":")[1])
        return sum(map(len, head)) + len(self._file.read(length))


def _by_python(url: str, seconds: float) -> float:
    counts = [0] * CONNECTIONS
    end = time.monotonic() + seconds

    def ask(place: int) -> None:
        with Connection(url) as connection:
            while time.monotonic() < end:
                connection.ask()
                counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds

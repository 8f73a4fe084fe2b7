"""A real gunicorn with the real application, on a port of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

_PATIENCE_SECONDS = 40


@contextmanager
def running_server(**variables: str) -> Iterator[str]:
    """Run gunicorn with two workers under LIQBANDS_* variables; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [
        sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--bind", address,
        "--log-level", "warning", "--no-control-socket", "liqbands_server.web.app:create_app()",
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if "LIQBANDS" not in name}
    named = {f"LIQBANDS_{name.upper()}": value for name, value in variables.items()}
    process = subprocess.Popen(command, env=environment | named)  # noqa: S603 - our own server
    try:
        _wait_for(f"http://{address}/udf/time", process)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE_SECONDS)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "gunicorn has ended"
        try:
            requests.get(url, timeout=2)
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"{url} did not answer within {_PATIENCE_SECONDS} s")

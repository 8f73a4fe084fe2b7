"""Everything on one machine: killed parts come back, one feed per store, a clean end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import requests
from tests.server.running.servers import (
    Running,
    descendants,
    environment,
    is_alive,
    started,
    until,
)

from liqbands.timeframes import MINUTE_MS
from liqbands_server.store.candles import read_candles
from liqbands_server.store.forming import read_forming
from liqbands_server.store.store import Store

_PROGRAM = "from liqbands_server.cli.main import run; run()"


def get(server: Running, path: str) -> requests.Response:
    return requests.get(f"{server.url}{path}", timeout=5)


def metric(server: Running, name: str) -> float:
    """Return the sum of a metric's lines."""
    lines = re.findall(rf"^{name}(?:{{.*}})? (\S+)$", get(server, "/metrics").text, re.MULTILINE)
    return sum(float(value) for value in lines)


def feed_process(server: Running) -> int:
    """Return the process that plays the market, as the log names it."""
    lines = [json.loads(line) for line in server.logged.splitlines()]
    return [int(line["child"]) for line in lines if line["message"] == "feed started"][-1]


def last_seen_ms(server: Running) -> int:
    """Return when the forming bar was written last."""
    store = Store(server.store)
    with store.reading() as connection:
        forming = read_forming(connection)
    store.close()
    return max(bar.seen_ms for bar in forming.values())


@contextmanager
def open_stream(server: Running) -> Iterator[Iterator[bytes]]:
    """Open a stream that never ends, and read its first bytes."""
    with requests.get(f"{server.url}/for-ever", stream=True, timeout=5) as response:
        beats: Iterator[bytes] = response.iter_content(10_000)
        next(beats)
        yield beats


def refusal(folder: Path, port: int) -> str:
    """Run `liqbands up`, which must refuse with one line, and return it."""
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROGRAM, "up"],
        env=environment(folder, port),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    return ended.stderr


def test_the_address_is_printed_once_it_answers(server: Running) -> None:
    assert server.printed == f"{server.url}\n"
    assert get(server, "/healthz").json() == {"status": "alive"}
    ready = get(server, "/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert ready.headers["Cache-Control"] == "no-store"


def test_a_second_one_on_the_same_store_is_refused_and_told_of_the_first(server: Running) -> None:
    line = refusal(server.folder, 1)
    assert f"in use by process {server.process.pid} at {server.url}" in line
    assert "LIQBANDS_STORE" in line


def test_a_taken_port_is_named_with_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = refusal(tmp_path, port)
    assert f"cannot listen at port {port} of 127.0.0.1: Address already in use" in line
    assert "LIQBANDS_PORT" in line


def test_metrics_count_the_answers_of_all_workers(server: Running) -> None:
    workers = set()

    def both_have_answered() -> bool:
        workers.add(get(server, "/pid").text)
        return len(workers) == 2

    counted = metric(server, "liqbands_http_request_seconds_count")
    until(both_have_answered)
    after = metric(server, "liqbands_http_request_seconds_count")
    assert after - counted >= 3  # the two, and the request for metrics itself
    labels = 'method="GET",route="/pid",status="200"'
    assert labels in get(server, "/metrics").text


def test_metrics_tell_the_age_of_the_feed(server: Running) -> None:
    until(lambda: metric(server, "liqbands_feed_live") == 1)
    assert metric(server, "liqbands_feed_age_seconds") < 5
    assert 'ticker="SIMULATED:SIMUSDT.P"' in get(server, "/metrics").text


def test_a_killed_worker_is_replaced_and_its_streams_forgotten(server: Running) -> None:
    workers = {get(server, "/pid").text for _ in range(8)}
    with open_stream(server), open_stream(server), open_stream(server):
        assert metric(server, "liqbands_streams_open") == 3
        for worker in map(int, workers):
            os.kill(worker, signal.SIGKILL)
            until(lambda: get(server, "/readyz").ok)
    until(lambda: metric(server, "liqbands_streams_open") == 0)
    assert get(server, "/pid").text not in workers


def test_a_killed_feed_goes_on_without_a_gap(server: Running) -> None:
    feed = feed_process(server)
    os.kill(feed, signal.SIGKILL)
    killed_ms = time.time_ns() // 1_000_000
    until(lambda: last_seen_ms(server) > killed_ms + 1_000)
    assert feed_process(server) != feed
    store = Store(server.store)
    with store.reading() as connection:
        times = read_candles(connection, 1, MINUTE_MS, 0, killed_ms).open_time_ms
    store.close()
    assert set(np.diff(times)) == {MINUTE_MS}
    assert "the feed ended with signal 9 and is started again" in server.logged


@pytest.mark.parametrize("header", ["X-Long: " + "a" * 9_000, "X-Many: a\r\n" * 100])
def test_headers_out_of_proportion_are_refused(server: Running, header: str) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as client:
        client.sendall(f"GET /pid HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
        assert client.recv(12)[9:10] == b"4"


def test_every_line_of_the_log_is_json_and_tells_its_process(server: Running) -> None:
    lines = [json.loads(line) for line in server.logged.splitlines()]
    assert {"up", "web", "feed"} <= {line["part"] for line in lines}
    assert all({"time", "level", "logger", "message", "process"} <= set(line) for line in lines)


def test_an_interrupt_ends_everything_within_seconds_even_with_a_stream_open(
    tmp_path: Path,
) -> None:
    with started(tmp_path) as server, open_stream(server):
        family = descendants(server.process.pid)
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.process.wait(8) == 0
        until(lambda: not any(map(is_alive, family)))
        assert "Traceback" not in server.logged


def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        family = descendants(server.process.pid)
        assert len(family) >= 4  # web server, two workers, feed
        server.process.kill()
        until(lambda: not any(map(is_alive, family)))

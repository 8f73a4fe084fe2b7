"""Clients that mean harm, or know no better, against real gunicorn: the others are served."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests
from tests.bench.http_server import Running, serving
from tests.server.sample_store import BYBIT

from liqbands_server.web.errors import PROBLEM

STREAM = f"/api/v1/stream?symbol={BYBIT}&timeframe=5m"
SECONDS = 15.0


@pytest.fixture(scope="module")
def server(sample_store: Path) -> Iterator[Running]:
    """Return a server of two workers; each test leaves it alive."""
    with serving(sample_store) as running:
        ask(running)
        yield running
        assert len(running.workers) == 2, "a worker was lost"


def ask(server: Running, path: str = "/healthz") -> requests.Response:
    return requests.get(server.url(path), timeout=SECONDS)


@contextmanager
def connected(server: Running, text: bytes) -> Iterator[socket.socket]:
    """Send some bytes on a connection of its own."""
    with socket.create_connection(("127.0.0.1", server.port), SECONDS) as connection:
        connection.sendall(text)
        yield connection


def said(connection: socket.socket) -> bytes:
    """Return what the server says until it hangs up."""
    found = b""
    while received := connection.recv(65_536):
        found += received
    return found


def open_streams(server: Running) -> float:
    found = re.search(
        r"^liqbands_streams_open ([0-9.]+)$", ask(server, "/metrics").text, re.MULTILINE
    )
    assert found is not None
    return float(found[1])


def wait_for_streams(server: Running, number: int) -> None:
    end = time.monotonic() + SECONDS
    while open_streams(server) != number:
        assert time.monotonic() < end, f"{open_streams(server)} streams, wanted {number}"
        time.sleep(0.1)


def test_a_client_that_hangs_up_frees_its_place_within_seconds(server: Running) -> None:
    request = f"GET {STREAM} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(connected(server, request))
        wait_for_streams(server, 20)
    begin = time.monotonic()
    wait_for_streams(server, 0)
    assert time.monotonic() - begin < 10


def test_clients_that_send_a_byte_a_second_do_not_keep_others_waiting(server: Running) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(server, b"G")) for _ in range(60)]
        for byte in b"ET":
            for connection in slow:
                connection.sendall(bytes([byte]))
            begin = time.monotonic()
            assert ask(server).status_code == 200
            assert time.monotonic() - begin < 1
            time.sleep(0.2)


def test_a_head_with_a_line_break_in_a_parameter_is_no_second_header(server: Running) -> None:
    answer = ask(server, "/api/v1/bands?symbol=x%0d%0aSet-Cookie:%20a=b&as_of=%0d%0aX-Own:1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)
    assert not {"Set-Cookie", "X-Own"} & set(answer.headers)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nA\x00b: c\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, x\r\n\r\n",
        b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 9_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_a_malformed_head_is_refused(server: Running, head: bytes) -> None:
    with connected(server, head) as connection:
        answer = said(connection)
    assert re.match(rb"HTTP/1.1 (4\d\d|501)|$", answer)  # or it is simply hung up on
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/..%2f..%2f..%2fetc%2fpasswd",
        "/docs/../../../etc/passwd",
        "/static/..%5c..%5cetc%5cpasswd",
        "//etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_application(server: Running, path: str) -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with connected(server, head.encode()) as connection:
        answer = said(connection)
    assert re.match(rb"HTTP/1.1 (308|404)", answer)
    assert b"root:" not in answer


def test_a_large_body_is_refused_before_it_is_read(server: Running) -> None:
    head = b"POST /api/v1/bands HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n"
    with connected(server, head) as connection:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413")


def test_a_long_query_is_refused(server: Running) -> None:
    answer = ask(server, f"/api/v1/bands?symbol={'a' * 4_000}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (414, PROBLEM)

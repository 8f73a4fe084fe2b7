"""The way to the server: kept connections, servers that hang up, keys where they belong."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from liqbands_mt5.sidecar import ServerAwayError
from liqbands_server.errors import ConfigurationError
from liqbands_server.mt5.server_link import ServerLink


class Hasty(BaseHTTPRequestHandler):
    """Says that it keeps the connection, and hangs up after each answer."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        key = self.headers.get("Authorization", "no key")
        length = int(self.headers.get("Content-Length") or 0)
        body = f"{self.command} {self.path} {key} {self.rfile.read(length).decode()}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    do_POST = do_GET  # noqa: N815 - http.server's name

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Hasty)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_a_server_that_hung_up_is_asked_again(address: str) -> None:
    link = ServerLink(f"{address}/liq/", "hush")
    for _ in range(3):
        assert link.fetch("/a", {"symbol": "A:B#"}) == (200, b"GET /liq/a?symbol=A%3AB%23 no key ")
    link.close()


def test_only_what_is_sent_carries_the_key(address: str) -> None:
    link = ServerLink(address, "hush")
    assert link.post("/c", "text") == (200, b"POST /c Bearer hush text")
    link.close()


def test_nobody_there_is_told() -> None:
    with pytest.raises(ServerAwayError, match=r"server http://127\.0\.0\.1:9 was not reached"):
        ServerLink("http://127.0.0.1:9").fetch("/a", {})


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8765", "ftp://a", "http://", "http://a?b", "http://a:b", "http://[a"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="server must be an address such as"):
        ServerLink(url)

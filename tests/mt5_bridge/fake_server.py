"""A liqbands server for the service's WebRequest, in memory."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from tests.mt5_bridge.host.terminal import WebAnswer
from tests.mt5_bridge.scenes import frame

from liqbands_mt5.encode import encode


class FakeServer:
    """Answers like a liqbands server, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.headers = ""
        self.pushed: list[str] = []
        self.times: list[float] = []
        self.frames: dict[str, bytes] = {"BTCUSD": encode(frame(7))}
        self.index: WebAnswer = (200, b"BTCUSD,BTCUSD,Bitcoin\n")
        self.answer: Callable[[str], WebAnswer | None] = lambda _: None

    def __call__(self, method: str, url: str, headers: str, body: bytes) -> WebAnswer:
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.asked.append((method, parts.path, query))
        self.headers = headers
        special = self.answer(f"{method} {url}")
        return special if special is not None else self._usual(parts.path, query, body)

    def _usual(self, path: str, query: dict[str, str], body: bytes) -> WebAnswer:
        if path == "/mt5/v1/index":
            return self.index
        if path == "/mt5/v1/candles":
            self.pushed.append(body.decode())
            return (204, b"")
        data = self.frames.get(query["symbol"])
        if data is None:
            return (404, json.dumps({"message": "no such symbol"}).encode())
        is_same = int(query["since"]) == int.from_bytes(data[16:20], "little")
        return (204, b"") if is_same else (200, data)

    def count(self, path: str) -> int:
        return sum(1 for _, asked, _ in self.asked if asked == path)

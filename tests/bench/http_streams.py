"""Many clients of `/stream` in one thread, and how long a new bar takes to reach them."""

import selectors
import socket
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.bench.http_server import TICKER

from liqbands.candles import Candles
from liqbands.timeframes import MINUTE_MS
from liqbands_server.store.candles import read_candles, write_candles
from liqbands_server.store.instruments import find_instrument
from liqbands_server.store.opening import open_store
from liqbands_server.store.tables import VALUES

PATH = f"/api/v1/stream?symbol={TICKER}&timeframe=1m"
LONGEST_SECONDS = 20.0


class Market:
    """Writes one minute after the other into a store."""

    def __init__(self, path: Path) -> None:
        self._store = open_store(str(path))
        with self._store.reading() as connection:
            self._stored = find_instrument(connection, TICKER)
            rows = read_candles(connection, self._stored.id, MINUTE_MS, 0, 2**62)
        values = {name: rows.values[-1:, i] for i, name in enumerate(VALUES)}
        self._last = Candles(
            rows.open_time_ms[-1:],
            **values,  # type: ignore[arg-type]  # names are known only at run time
            timeframe_ms=MINUTE_MS,
        )

    def close_a_bar(self) -> int:
        """Write the next minute; return when it opened, UTC seconds."""
        self._last = replace(self._last, open_time_ms=self._last.open_time_ms + MINUTE_MS)
        open_ms = int(self._last.open_time_ms[0])
        with self._store.writing() as connection:
            write_candles(connection, self._stored, self._last, open_ms + MINUTE_MS)
        return open_ms // 1000


class Clients:
    """Open streams."""

    def __init__(self, port: int, n_clients: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._tails: dict[socket.socket, bytes] = {}
        for _ in range(n_clients):
            client = socket.create_connection(("127.0.0.1", port), LONGEST_SECONDS)
            client.sendall(f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            client.setblocking(False)
            self._selector.register(client, selectors.EVENT_READ)
            self._tails[client] = b""
        self.await_text(b"event: bands")

    def await_text(self, text: bytes) -> list[float]:
        """Wait until every client has read a text; return when each had, seconds from now."""
        begin = time.perf_counter()
        waiting, taken = set(self._tails), []
        while waiting and time.perf_counter() - begin < LONGEST_SECONDS:
            for key, _ in self._selector.select(0.1):
                client = key.fileobj
                if not isinstance(client, socket.socket):
                    continue
                found = client.recv(1 << 20)
                if not found:
                    raise ValueError(f"a stream ended: {self._tails[client]!r}")
                seen = self._tails[client] + found
                self._tails[client] = seen[-len(text) :]
                if client in waiting and text in seen:
                    waiting.remove(client)
                    taken.append(time.perf_counter() - begin)
        if waiting:
            raise ValueError(f"{len(waiting)} streams did not get {text!r}")
        return taken

    def drain(self, seconds: float) -> None:
        """Read what comes for a while."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for key, _ in self._selector.select(0.1):
                if isinstance(key.fileobj, socket.socket):
                    key.fileobj.recv(1 << 20)

    def close(self) -> None:
        """Hang up."""
        for client in self._tails:
            client.close()
        self._selector.close()


def new_bar_seconds(market: Market, clients: Clients, times: int) -> np.ndarray:
    """Return how long each of several bars took to each client, from before it was written."""
    taken = []
    for i in range(times):
        clients.drain(0.4 + 0.037 * (i % 10))  # so that bars come at any moment of the polling
        begin = time.perf_counter()
        open_s = market.close_a_bar()
        written = time.perf_counter() - begin
        taken += [written + one for one in clients.await_text(b'"t":%d' % open_s)]
    return np.sort(np.array(taken))

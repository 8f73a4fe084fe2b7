"""Reading server-sent events, and writing what they tell of."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import Flask
from tests.server.sample_store import (
    BAR_MS,
    END_MS,
    add_bars,
    sample_market,
    stored_instrument,
)

from liqbands.market_data import Liquidations
from liqbands_server.store.changes import last_change
from liqbands_server.store.forming import write_forming
from liqbands_server.store.liquidations import write_liquidations
from liqbands_server.web.context import context_of

STREAM = "/api/v1/stream"
STORED = len(sample_market().stored)


@dataclass(frozen=True)
class Told:
    """One event as a client sees it."""

    id: int
    name: str
    document: dict[str, Any]


class Reader:
    """A client of one stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._waiting: list[Told] = []
        self.comments: list[str] = []

    def next(self) -> Told:
        """Return the next event; a heartbeat instead means that none has come."""
        while not self._waiting:
            for block in next(self._chunks).decode().removesuffix("\n\n").split("\n\n"):
                self._read(block)
            assert not any(line.startswith(": ") for line in self.comments[1:]), "nothing came"
        return self._waiting.pop(0)

    def until(self, name: str) -> list[Told]:
        """Return the events up to the next one of a name, at most a hundred."""
        told = []
        for _ in range(100):
            told.append(self.next())
            if told[-1].name == name:
                return told
        raise AssertionError(f"no {name} in {[one.name for one in told]}")

    def _read(self, block: str) -> None:
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line[0] != ":")
        if "data" not in lines:
            self.comments.append(block)
            return
        self._waiting.append(Told(int(lines["id"]), lines["event"], json.loads(lines["data"])))


@contextmanager
def streaming(app: Flask, last_id: object = None, **query: object) -> Iterator[Reader]:
    """Open a stream of five-minute bars on the sample market's Bybit listing."""
    headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
    values = {"symbol": "BYBIT:SIMUSDT.P", "timeframe": "5m"} | query
    response = app.test_client().get(STREAM, query_string=values, headers=headers)
    assert response.status_code == 200, response.data
    try:
        yield Reader(response.iter_encoded())
    finally:
        response.close()


def wait_until_seen(app: Flask) -> None:
    """Wait until a worker has seen all that is in the store."""
    markets = context_of(app).markets
    with markets.store.reading() as connection:
        newest = last_change(connection)
    end = time.monotonic() + 5
    while markets.last_change < newest:
        assert time.monotonic() < end, "the worker does not look"
        time.sleep(0.02)


def close_bars(app: Flask, n_bars: int, *, after: int = 0) -> None:
    """Let the feed write the bars that follow the stored ones."""
    first = STORED + after
    bars = sample_market().candles[first : first + n_bars]
    learnt_ms = END_MS + (after + n_bars) * BAR_MS
    add_bars(context_of(app).markets.store, "bybit", bars, learnt_ms)


def form_bar(app: Flask) -> float:
    """Let the feed write how the next bar looks so far; return its price."""
    store = context_of(app).markets.store
    bars = sample_market().candles[: STORED + 1]
    member = stored_instrument(store, "bybit")
    with store.writing() as connection:
        write_forming(connection, member.id, bars, END_MS + 1)
    return float(bars.close[-1])


def liquidate(app: Flask, n_events: int) -> None:
    """Let the feed write liquidations of one long contract each."""
    store = context_of(app).markets.store
    ones = np.ones(n_events)
    events = Liquidations(END_MS + np.arange(n_events), ones.astype(np.int8), ones * 100.0, ones)
    member = stored_instrument(store, "bybit")
    with store.writing() as connection:
        write_liquidations(connection, member.id, events, END_MS + n_events)

"""The store beside what really happened at emulated venues."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from tests.emulator.running import Emulator

from liqbands.timeframes import MINUTE_MS
from liqbands_server.store.candles import CandleRows, read_candles
from liqbands_server.store.freshness import last_open_ms
from liqbands_server.store.instruments import StoredInstrument, find_instrument, read_instruments
from liqbands_server.store.liquidations import read_liquidations
from liqbands_server.store.listening import read_listening
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VALUES

EXACT: Final = ("open", "high", "low", "close", "volume", "quote_volume", "taker_buy_volume")
MARKS: Final = ("mark_high", "mark_low", "mark_close")
FOREVER: Final = 2**62
_ROUNDING: Final = 1e-9
_OPEN_INTEREST_ROUNDING: Final = 0.01  # of a snapshot some seconds before the close
_Event = tuple[int, int, float, float]


def ticker(venue: str, coin: str) -> str:
    """Return the ticker of a coin's linear perpetual."""
    return f"{venue.upper()}:{coin}USDT.P"


def find(store: Store, venue: str, coin: str) -> StoredInstrument:
    """Return the instrument of a coin."""
    with store.reading() as connection:
        return find_instrument(connection, ticker(venue, coin))


def newest_rows(store: Store, venue: str, coin: str) -> dict[int, dict[str, float]]:
    """Return what is known of each minute by now."""
    instrument = find(store, venue, coin)
    with store.reading() as connection:
        rows = read_candles(connection, instrument.id, MINUTE_MS, 0, FOREVER)
    return {
        int(opened): dict(zip(VALUES, values, strict=True))
        for opened, values in zip(rows.open_time_ms, rows.values.tolist(), strict=True)
    }


def all_rows(store: Store, venue: str, coin: str) -> CandleRows:
    """Return every statement about every minute."""
    instrument = find(store, venue, coin)
    with store.reading() as connection:
        return read_candles(connection, instrument.id, MINUTE_MS, 0, FOREVER)


def last_open(store: Store, venue: str, coin: str) -> int:
    """Return when the newest stored minute opened, 0 without any."""
    with store.reading() as connection:
        for instrument in read_instruments(connection):
            if instrument.ticker == ticker(venue, coin):
                return last_open_ms(connection, instrument.id, MINUTE_MS) or 0
    return 0


def faults_of(store: Store, emulator: Emulator, venue: str, coin: str) -> list[str]:
    """Return where the store says something else than what happened; empty when it is right."""
    rows = newest_rows(store, venue, coin)
    first, last = min(rows), max(rows)
    truth = emulator.truth(venue, coin, since=first, until=last + MINUTE_MS)
    return [
        *_wrong_times(rows, truth["candles"]),
        *_wrong_values(rows, truth["candles"]),
        *_wrong_events(store, find(store, venue, coin), truth["liquidations"], venue),
        *_wrong_sums(rows, truth["liquidations"]),
    ]


def _wrong_times(rows: Mapping[int, Any], candles: Sequence[Mapping[str, float]]) -> Iterator[str]:
    expected = {int(candle["open_time_ms"]) for candle in candles}
    for opened in sorted(expected - rows.keys()):
        yield f"minute {opened} is missing"
    for opened in sorted(rows.keys() - expected):
        yield f"minute {opened} never was"


def _wrong_values(
    rows: Mapping[int, Mapping[str, float]], candles: Sequence[Mapping[str, float]]
) -> Iterator[str]:
    for candle in candles:
        row = rows.get(int(candle["open_time_ms"]), {})
        for name in (*EXACT, *MARKS, "open_interest"):
            found = row.get(name, math.nan)
            rounding = _OPEN_INTEREST_ROUNDING if name == "open_interest" else _ROUNDING
            is_said = not math.isnan(found)
            if is_said and not math.isclose(found, candle[name], rel_tol=rounding):
                yield f"{name} of {candle['open_time_ms']} is {found}, was {candle[name]}"


def _wrong_events(
    store: Store, instrument: StoredInstrument, truth: Sequence[Mapping[str, Any]], venue: str
) -> Iterator[str]:
    happened = Counter(_event(event, venue) for event in truth)
    with store.reading() as connection:
        known = read_liquidations(connection, instrument.id, 0, FOREVER, FOREVER)
        heard = read_listening(connection, instrument.id, "liquidations", 0, FOREVER)
    columns = (known.time_ms, known.side, known.price, known.contracts)
    first, last = (truth[0]["time_ms"], truth[-1]["time_ms"]) if truth else (FOREVER, 0)
    stored = Counter(
        _rounded(*event)
        for event in zip(*(column.tolist() for column in columns), strict=True)
        if first <= event[0] <= last
    )
    yield from (f"event {event} never was" for event in stored - happened)
    for event in happened - stored:
        if any(begin <= event[0] <= end for begin, end in heard):
            yield f"event {event} was listened to and is missing"


def _event(event: Mapping[str, Any], venue: str) -> _Event:
    price = event["price"] if venue == "binance" else event["bankruptcy_price"]
    return _rounded(event["time_ms"], event["side"], price, event["quantity"])


def _rounded(time_ms: int, side: int, price: float, quantity: float) -> _Event:
    return time_ms, side, float(np.float32(price)), float(np.float32(quantity))


def _wrong_sums(
    rows: Mapping[int, Mapping[str, float]], truth: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    sums: Counter[tuple[int, int]] = Counter()
    for event in truth:
        opened = event["time_ms"] // MINUTE_MS * MINUTE_MS
        sums[opened, event["side"]] += event["quantity"]
    for opened, row in rows.items():
        for name, side in (("long_liquidated", 1), ("short_liquidated", -1)):
            said, was = row[name], sums[opened, side]
            if not math.isnan(said) and not math.isclose(said, was, abs_tol=1e-6):
                yield f"{name} of {opened} is {said}, was {was}"

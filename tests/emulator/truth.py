"""What really happened, in base units and quote prices, beside what the venues say about it."""

from typing import Any

from tests.emulator.market import Market
from tests.emulator.minutes import MINUTE_MS, Bar
from tests.emulator.tape import Liquidation


def truth_of(market: Market, since_ms: int, until_ms: int, now_ms: int) -> dict[str, Any]:
    """Return what happened to a market in [since, until)."""
    bars = market.bars(since_ms, min(until_ms, now_ms), now_ms)
    marks = market.mark_bars(since_ms, min(until_ms, now_ms), now_ms)
    by_open = {bar.open_ms: bar for bar in marks}
    funding = market.minutes.funding
    return {
        "wire_id": market.contract.wire_id,
        "now_ms": now_ms,
        "candles": [_candle(market, bar, by_open[bar.open_ms]) for bar in bars if bar.is_closed],
        "liquidations": [
            _liquidation(market, event)
            for event in market.played
            if since_ms <= event.time_ms < until_ms
        ],
        "funding": [
            {"time_ms": time, "rate": round(rate, 8)}
            for time, rate in sorted(funding.items())
            if since_ms <= time < min(until_ms, now_ms)
        ],
    }


def sent_trades(market: Market) -> list[list[float | int | None]]:
    """Return when each of the last trades left: minute, volume after it in base units, our time."""
    contract = market.contract
    return [
        [
            trade.time_ms // MINUTE_MS * MINUTE_MS,
            float(contract.base(trade.volume_after)),
            trade.left_ms,
        ]
        for trade in market.sent
        if trade.sockets
    ]


def candle_of(market: Market, open_ms: int) -> dict[str, float]:
    """Return a closed bar as it is now."""
    (bar,) = market.bars(open_ms, open_ms + 1, open_ms + MINUTE_MS)
    (mark,) = market.mark_bars(open_ms, open_ms + 1, open_ms + MINUTE_MS)
    return _candle(market, bar, mark)


def _candle(market: Market, bar: Bar, mark: Bar) -> dict[str, float]:
    contract = market.contract
    tick, lot = float(contract.tick), float(contract.lot)
    close_ms = bar.open_ms + MINUTE_MS
    return {
        "open_time_ms": bar.open_ms,
        "open": float(contract.price(bar.open)),
        "high": float(contract.price(bar.high)),
        "low": float(contract.price(bar.low)),
        "close": float(contract.price(bar.close)),
        "volume": float(contract.base(bar.volume)),
        "taker_buy_volume": float(contract.base(bar.taker_buy)),
        "quote_volume": bar.volume * lot * bar.mean_ticks * tick,
        "open_interest": float(contract.base(market.open_interest(close_ms))),
        "mark_high": float(contract.price(mark.high)),
        "mark_low": float(contract.price(mark.low)),
        "mark_close": float(contract.price(mark.close)),
    }


def _liquidation(market: Market, event: Liquidation) -> dict[str, Any]:
    contract = market.contract
    return {
        "time_ms": event.time_ms,
        "side": event.side,
        "price": float(contract.price(event.ticks)),
        "bankruptcy_price": float(contract.price(event.bankruptcy_ticks)),
        "quantity": float(contract.base(event.lots)),
        "left_ms": event.left_ms,
        "sockets": event.sockets,
    }

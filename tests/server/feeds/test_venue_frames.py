"""Frames and the markets that they are about: dated, counted once, dropped where untrue."""

import json
from typing import Any

import pytest

from liqbands.instrument import Instrument
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.records import FeedMarket
from liqbands_server.feeds.venue_clock import VenueClock
from liqbands_server.feeds.venue_frames import VenueFrames
from liqbands_server.feeds.venues.registry import find_border
from liqbands_server.feeds.wire import Line

NOW = 1_700_000_000_000
INSTRUMENT = Instrument("bybit", "BTC/USDT:USDT")
MARKET = FeedMarket("bybit", "BTC/USDT:USDT", "BTCUSDT", 1.0, INSTRUMENT)


class Heard(MarketFeed):
    """A market that only remembers what it is told."""

    def __init__(self) -> None:
        self.market = MARKET
        self.keepers = {}
        self.last_ms = {}
        self.taken: list[Any] = []

    def take(self, record: Any, by: object) -> None:  # noqa: ARG002 - as every market's
        self.taken.append(record)


class Scene:
    """Frames on their way to a market."""

    def __init__(self) -> None:
        self.clock = VenueClock()
        self.frames = VenueFrames(find_border("bybit"), self.clock)
        self.heard = Heard()
        self.frames.about({"BTCUSDT": self.heard})
        self.line = Line(self.heard)

    def read(self, frame: dict[str, Any]) -> bool:
        return self.frames.read(self.line, frame, json.dumps(frame))


@pytest.fixture
def scene() -> Scene:
    return Scene()


def trade(time_ms: int = NOW, price: str = "100") -> dict[str, Any]:
    row = {"T": time_ms, "s": "BTCUSDT", "S": "Buy", "v": "1", "p": price, "i": str(time_ms)}
    return {"topic": "publicTrade.BTCUSDT", "type": "snapshot", "ts": time_ms, "data": [row]}


def ticker(time_ms: int) -> dict[str, Any]:
    row = {"symbol": "BTCUSDT", "markPrice": "100"}
    return {"topic": "tickers.BTCUSDT", "type": "delta", "ts": time_ms, "data": row}


def test_trades_tell_what_time_it_is(scene: Scene) -> None:
    assert scene.read(trade())
    assert scene.clock.now_ms == scene.line.heard_ms == NOW
    assert len(scene.heard.taken) == 1


def test_what_is_not_about_markets_is_left_to_ccxt(scene: Scene) -> None:
    assert not scene.read({"success": True, "ret_msg": "", "op": "subscribe"})


def test_a_frame_that_comes_twice_counts_once(scene: Scene) -> None:
    assert scene.read(trade())
    assert scene.read(trade())
    assert len(scene.heard.taken) == 1


@pytest.mark.parametrize("price", ["-1", "0", "NaN", "many", "", None])
def test_what_cannot_be_true_is_dropped_and_the_next_is_heard(scene: Scene, price: str) -> None:
    assert scene.read(trade(price=price))
    assert scene.heard.taken == []
    assert scene.read(trade())
    assert len(scene.heard.taken) == 1


def test_a_stamp_minutes_beside_the_trades_is_not_believed(scene: Scene) -> None:
    scene.read(trade())
    scene.read(ticker(NOW + 180_000))
    assert len(scene.heard.taken) == 1
    scene.read(ticker(NOW + 1_000))
    assert len(scene.heard.taken) == 2
    assert scene.clock.now_ms == NOW


def test_a_trade_of_next_week_does_not_move_the_clock(scene: Scene) -> None:
    scene.read(trade())
    scene.read(trade(NOW + 7 * 86_400_000))
    assert scene.clock.now_ms == NOW
    assert len(scene.heard.taken) == 1

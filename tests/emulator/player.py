"""Plays a venue's markets: what has happened goes out to those who listen."""

import asyncio
import time
from typing import Final

from tests.emulator.market import Beat, Market
from tests.emulator.minutes import Bar
from tests.emulator.venue import Venue

BEAT_SECONDS: Final = 0.01
FORMING_SECONDS: Final = 0.25
"""A bar that forms is sent at most so often, by our clock, as the venues do."""


class Player:
    """Plays one venue."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._sent_forming: dict[str, float] = {}

    async def play(self) -> None:
        """Play for ever."""
        for market in self._venue.markets:
            market.start_at(self._venue.clock.start_ms)
        while True:
            self.step()
            await asyncio.sleep(BEAT_SECONDS)

    def step(self) -> None:
        """Send what has happened since the last step."""
        now = self._venue.now_ms()
        played = [(market, market.advance_to(now)) for market in self._venue.markets]
        listed = self._venue.listed()
        for round_ in range(max((len(beats) for _, beats in played), default=0)):
            news = [
                (market, self._thinned(market, beats[round_]))
                for market, beats in played
                if round_ < len(beats) and market in listed
            ]
            self._venue.publish(news)

    def _thinned(self, market: Market, beat: Beat) -> Beat:
        if beat.bar is not None and beat.bar.is_closed:
            beat.bar = self._told(beat.bar)
        if beat.bar is None or beat.bar.is_closed:
            return beat
        now, name = time.monotonic(), market.contract.wire_id
        if not beat.trades or now - self._sent_forming.get(name, 0.0) < FORMING_SECONDS:
            beat.bar = None
        else:
            self._sent_forming[name] = now
        return beat

    def _told(self, bar: Bar) -> Bar:
        """Return a closed bar as the stream has it: it may turn out to be wrong."""
        if self._venue.faults.get("changed_candle") is None:
            return bar
        return bar._replace(close=bar.low, volume=bar.volume - bar.volume // 10)

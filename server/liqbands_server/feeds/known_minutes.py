"""All that is known of a market's last minutes, from whatever source, as columns of candles."""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.timeframes import MINUTE_MS
from liqbands_server.feeds.bar_assembly import BarAssembly, Heard, Values
from liqbands_server.feeds.history import last_settled
from liqbands_server.feeds.keeping import Keeper
from liqbands_server.feeds.records import BarNews, Funding, OpenInterest
from liqbands_server.feeds.venues.border import Stream
from liqbands_server.store.profiles import PriceProfile

LATE_MS: Final = 1_000
"""What happened may be spoken of so long afterwards: venues gather events."""

_KEPT_RATES: Final = 64
_KEPT_SNAPSHOTS: Final = 512
_OF_BAR: Final = (
    "open",
    "high",
    "low",
    "close",
    "volume",
    "quote_volume",
    "taker_buy_volume",
)


class KnownMinutes:
    """What is known of the last minutes of one market.

    Parameters
    ----------
    grid : PriceGrid
        On which volume is counted by price.
    keepers : mapping of Stream to Keeper
        Know what was heard without a break; looked at when it matters.

    Attributes
    ----------
    assembly : BarAssembly
        What was heard of each.
    funding : list of Funding
        Settled rates, in order.
    """

    def __init__(self, grid: PriceGrid, keepers: Mapping[Stream, Keeper]) -> None:
        self._keepers = keepers
        self._open_interest: deque[OpenInterest] = deque(maxlen=_KEPT_SNAPSHOTS)
        self.assembly = BarAssembly(grid)
        self.funding: list[Funding] = []

    def learn_funding(self, funding: list[Funding]) -> None:
        """Take in settled rates, known ones among them."""
        known = {settled.time_ms: settled for settled in [*self.funding, *funding]}
        self.funding = [known[time_ms] for time_ms in sorted(known)][-_KEPT_RATES:]

    def learn_open_interest(self, snapshot: OpenInterest) -> None:
        """Take in what is open."""
        self._open_interest.append(snapshot)

    def is_closed(self, open_time_ms: int) -> bool:
        """Return whether the venue has said that a minute is over."""
        minute = self.assembly.minute(open_time_ms)
        return minute is not None and minute.is_closed

    def is_complete(self, open_time_ms: int) -> bool:
        """Return whether all that will be heard of a closed minute has been."""
        begun = self._heard(open_time_ms, open_time_ms)
        return begun == self._heard(open_time_ms, open_time_ms + MINUTE_MS)

    def closed_values(self, open_time_ms: int, bar: BarNews) -> Values:
        """Return all that is known of a minute that is over.

        Parameters
        ----------
        open_time_ms : int
            When it opened.
        bar : BarNews
            The venue's own, in case that it is too old to be remembered otherwise.

        Returns
        -------
        dict of str to float
            What is known; no value is NaN.
        """
        heard = self._heard(open_time_ms, open_time_ms + MINUTE_MS)
        values = self.assembly.values(open_time_ms, heard)
        if values is None:
            values = {name: getattr(bar, name) for name in _OF_BAR}
        return _known({**self._at_close(open_time_ms), **values})

    def forming_values(self, open_time_ms: int) -> Values | None:
        """Return all that is known of a minute by now, None while no price is."""
        values = self.assembly.values(open_time_ms, self._heard(open_time_ms, open_time_ms))
        return None if values is None else _known({**self._at_close(open_time_ms), **values})

    def profile(self, open_time_ms: int) -> PriceProfile | None:
        """Return the volume of a minute by price, None unless all of its trades were heard."""
        heard = self._heard(open_time_ms, open_time_ms + MINUTE_MS)
        return self.assembly.profile(open_time_ms) if heard.trades else None

    def _heard(self, from_ms: int, until_ms: int) -> Heard:
        return Heard(
            self._covers("trades", from_ms, until_ms),
            self._covers("mark", from_ms, until_ms),
            self._covers("liquidations", from_ms, until_ms),
        )

    def _covers(self, stream: Stream, from_ms: int, until_ms: int) -> bool:
        keeper = self._keepers.get(stream)
        return keeper is not None and keeper.covers(from_ms, until_ms)

    def _at_close(self, open_time_ms: int) -> Values:
        """Return open interest and funding rate at the close of a minute."""
        close_ms = open_time_ms + MINUTE_MS
        found = {"funding_rate": last_settled(self.funding, close_ms)}
        for snapshot in reversed(self._open_interest):
            if snapshot.time_ms <= close_ms + LATE_MS:
                if snapshot.time_ms > open_time_ms:
                    found["open_interest"] = snapshot.quantity
                break
        return found


def candles_of(rows: Mapping[int, Values]) -> Candles:
    """Return minutes as candles; what a row does not name is missing.

    Parameters
    ----------
    rows : mapping of int to dict
        By open time, at least one.

    Returns
    -------
    Candles
        In order.

    Raises
    ------
    MarketDataError
        If a row contradicts itself.
    """
    names = sorted({name for values in rows.values() for name in values})
    times = sorted(rows)
    columns: dict[str, Any] = {
        name: [rows[opened].get(name, math.nan) for opened in times] for name in names
    }
    return Candles.from_arrays(times, timeframe_ms=MINUTE_MS, **columns)


def _known(values: Values) -> Values:
    return {name: value for name, value in values.items() if not math.isnan(value)}

"""Positions of accounts that are observed, beside the open interest: nothing of it is modelled."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.open_interest import known_bars
from liqbands_server.store.instruments import StoredInstrument
from liqbands_server.store.observed import ObservedPosition, read_positions

STALE_MS: Final = 300_000
"""Accounts that were not seen for so long may hold something else by now."""

_REPORTED_BARS: Final = 60
"""Open interest that was reported so many bars ago still stands for today's."""

_SHOWN: Final = (6, 4)


@dataclass(frozen=True, slots=True)
class ObservedLevel:
    """One observed position.

    Parameters
    ----------
    member : StoredInstrument
        Where.
    position : ObservedPosition
        What is held.
    notional : float
        Its quote value at its liquidation price; NaN where it has none.
    value : float
        Its quote value at the mark price.
    """

    member: StoredInstrument
    position: ObservedPosition
    notional: float
    value: float


@dataclass(frozen=True, slots=True)
class ObservedBook:
    """All observed positions of a listing.

    Parameters
    ----------
    levels : tuple of ObservedLevel
        Rising liquidation prices; those without one last.
    mark : float
        Mark price of the reference at the close of its newest bar, quote per base.
    time_ms : int
        That close, UTC milliseconds.
    open_interest : float
        Quote value of what is open, one side, of all venues that report it; NaN where none does.
    """

    levels: tuple[ObservedLevel, ...]
    mark: float
    time_ms: int
    open_interest: float

    def value(self, side: int) -> float:
        """Return the quote value of one side at the mark price."""
        return math.fsum(level.value for level in self.levels if level.position.side == side)

    def share(self, side: int) -> float:
        """Return the part of the open interest that is observed.

        Parameters
        ----------
        side : int
            +1 longs, -1 shorts; each of them holds all that is open.

        Returns
        -------
        float
            NaN where nothing is observed, or open interest is not known.  Not bounded by 1: an
            account may hold more by now than what was open at the last close.
        """
        if not (self.levels and self.open_interest > 0):
            return math.nan
        return self.value(side) / self.open_interest

    @property
    def seen_ms(self) -> int | None:
        """Return when the account that was not seen for longest was; None without any."""
        return min((level.position.seen_ms for level in self.levels), default=None)


def observed_book(markets: Markets, listing: Listing, as_of_ms: int) -> ObservedBook:
    """Return what is observed of a listing at present.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    listing : Listing
        Of which.
    as_of_ms : int
        Of the bars; of positions only what was seen last is kept.

    Returns
    -------
    ObservedBook
        Each venue's positions at its own prices.

    Raises
    ------
    QuestionError
        If the reference has no bars.
    """
    known = known_bars(markets, listing, as_of_ms)
    members = {member.id: member for member in listing.members}
    with markets.store.reading() as connection:
        positions = read_positions(connection, list(members))
    marks = {member.id: _mark(bars) for member, bars in known.items()}
    levels = [
        _level(members[one.instrument_id], one, marks[one.instrument_id])
        for one in positions
        if one.instrument_id in marks
    ]
    bars = known[listing.reference]
    return ObservedBook(
        levels=tuple(sorted(levels, key=_place)),
        mark=marks[listing.reference.id],
        time_ms=int(bars.open_time_ms[-1]) + bars.timeframe_ms,
        open_interest=_open_interest(known),
    )


def shortened(account: str) -> str:
    """Return an account as it is shown.

    Parameters
    ----------
    account : str
        Its address.

    Returns
    -------
    str
        Beginning and end.

    Examples
    --------
    >>> shortened("0x360878d351f05975e25f1807a27895e1e5e004fb")
    '0x3608…04fb'
    """
    first, last = _SHOWN
    return account if len(account) <= first + last else f"{account[:first]}…{account[-last:]}"


def _level(member: StoredInstrument, position: ObservedPosition, mark: float) -> ObservedLevel:
    prices = np.array([position.liquidation_price, mark])
    notional, value = position.contracts * member.instrument.notional_per_contract(prices)
    has_price = math.isfinite(position.liquidation_price)
    return ObservedLevel(member, position, float(notional) if has_price else math.nan, float(value))


def _place(level: ObservedLevel) -> tuple[bool, float, str]:
    price = level.position.liquidation_price
    return (math.isnan(price), 0.0 if math.isnan(price) else price, level.position.account)


def _mark(bars: Candles) -> float:
    mark = float(bars.mark_close[-1])
    return mark if math.isfinite(mark) else float(bars.close[-1])


def _open_interest(known: Mapping[StoredInstrument, Candles]) -> float:
    values = [
        contracts * float(member.instrument.notional_per_contract(np.array([_mark(bars)]))[0])
        for member, bars in known.items()
        if math.isfinite(contracts := _reported(bars))
    ]
    return math.fsum(values) if values else math.nan


def _reported(bars: Candles) -> float:
    told = bars.open_interest[-_REPORTED_BARS:]
    told = told[np.isfinite(told)]
    return float(told[-1]) if len(told) else math.nan

"""What real venues publish, made from full records: throttled, coarse, late or with holes.

Every function is pure: it returns a new record and leaves its input as it is.  Times are UTC
milliseconds, amounts contracts; what a feed leaves out is NaN, never 0.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.market_data import IntArray, Liquidations

SECOND_MS: Final = 1_000
FIVE_MINUTES_MS: Final = 300_000


def throttled(liquidations: Liquidations, every_ms: int = SECOND_MS) -> Liquidations:
    """Return at most one order per second: the last of each.

    Parameters
    ----------
    liquidations : Liquidations
        A complete feed of one instrument.
    every_ms : int
        Length of the periods, milliseconds; they begin at its multiples.

    Returns
    -------
    Liquidations
        The last row of each period.

    Raises
    ------
    ValueError
        If the length is not positive.

    References
    ----------
    Binance USD-M futures documentation, "Liquidation Order Streams": for each symbol only the
    latest one liquidation order within 1000 ms will be pushed as the snapshot.

    Examples
    --------
    >>> events = Liquidations(np.array([0, 999, 1000]), np.ones(3, np.int8),
    ...                       np.ones(3), np.array([5.0, 7.0, 2.0]))
    >>> throttled(events).contracts
    array([7., 2.])
    """
    _refuse_length(every_ms)
    period = liquidations.time_ms // every_ms
    is_last = np.append(period[1:] != period[:-1], True)[: len(period)]
    return Liquidations(
        liquidations.time_ms[is_last],
        liquidations.side[is_last],
        liquidations.price[is_last],
        liquidations.contracts[is_last],
    )


def with_liquidations(candles: Candles, liquidations: Liquidations) -> Candles:
    """Return the bars with the contracts that a feed reports as force-closed in each.

    Parameters
    ----------
    candles : Candles
        Bars of the same instrument.
    liquidations : Liquidations
        Complete or throttled.

    Returns
    -------
    Candles
        ``long_liquidated`` and ``short_liquidated`` are 0 where the feed was silent.

    Examples
    --------
    >>> bars = Candles.from_arrays([0, 60_000], open=[1, 1], high=[1, 1], low=[1, 1], close=[1, 1])
    >>> event = Liquidations(np.array([60_001]), np.ones(1, np.int8), np.ones(1), np.array([2.0]))
    >>> with_liquidations(bars, event).long_liquidated
    array([0., 2.])
    """
    longs, shorts = liquidations.per_bar(candles)
    return replace(candles, long_liquidated=longs, short_liquidated=shorts)


def coarse_open_interest(candles: Candles, every_ms: int = FIVE_MINUTES_MS) -> Candles:
    """Return the bars with open interest known now and then, as venues' histories have it.

    Parameters
    ----------
    candles : Candles
        Bars that know it at every close.
    every_ms : int
        Open interest is known at multiples of it, milliseconds; 5 minutes is what venues keep.

    Returns
    -------
    Candles
        Open interest is NaN at all other closes.

    Raises
    ------
    ValueError
        If the length is not positive.

    Examples
    --------
    >>> one = np.ones(6)
    >>> bars = Candles.from_arrays(np.arange(6) * 60_000, open=one, high=one, low=one, close=one,
    ...                            open_interest=np.arange(6))
    >>> coarse_open_interest(bars).open_interest
    array([nan, nan, nan, nan,  4., nan])
    """
    _refuse_length(every_ms)
    close_ms = candles.open_time_ms + candles.timeframe_ms
    known = np.where(close_ms % every_ms == 0, candles.open_interest, np.nan)
    return replace(candles, open_interest=known)


def open_interest_at_open(candles: Candles) -> Candles:
    """Return the bars with open interest stamped at their open, a bar late.

    Parameters
    ----------
    candles : Candles
        Bars that know it at their close.

    Returns
    -------
    Candles
        Each bar has what was open when the bar before it closed; NaN where that one is missing.
        It breaks the rule of `Candles` on purpose, as a source read wrongly would.

    Examples
    --------
    >>> one = np.ones(2)
    >>> bars = Candles.from_arrays([0, 60_000], open=one, high=one, low=one, close=one,
    ...                            open_interest=[7.0, 8.0])
    >>> open_interest_at_open(bars).open_interest
    array([nan,  7.])
    """
    is_next = np.diff(candles.open_time_ms) == candles.timeframe_ms
    before = np.where(is_next, candles.open_interest[:-1], np.nan)
    return replace(candles, open_interest=np.append(np.nan, before))


def two_sided(candles: Candles) -> Candles:
    """Return the bars with open interest counted on both sides, as some venues do.

    Parameters
    ----------
    candles : Candles
        Bars with open interest counted once.

    Returns
    -------
    Candles
        With twice the open interest.
    """
    return replace(candles, open_interest=2 * candles.open_interest)


def without_mark(candles: Candles) -> Candles:
    """Return the bars without mark prices.

    Parameters
    ----------
    candles : Candles
        Bars.

    Returns
    -------
    Candles
        With NaN in every mark column.
    """
    gone = _missing(candles)
    return replace(candles, mark_high=gone, mark_low=gone, mark_close=gone)


def without_taker_flow(candles: Candles) -> Candles:
    """Return the bars without the volume that takers bought.

    Parameters
    ----------
    candles : Candles
        Bars.

    Returns
    -------
    Candles
        With NaN as ``taker_buy_volume``.
    """
    return replace(candles, taker_buy_volume=_missing(candles))


def with_gaps(candles: Candles, share: float, seed: int, n_bars: int = 1) -> Candles:
    """Return the bars with some missing.

    Parameters
    ----------
    candles : Candles
        Bars.
    share : float
        Share that is missing, in [0, 1); rounded to whole gaps.
    seed : int
        Of the choice.
    n_bars : int
        Length of a gap; the bars are cut into pieces of that length and whole pieces go.

    Returns
    -------
    Candles
        The rest; at least one piece is kept.

    Raises
    ------
    ValueError
        If the share is outside of [0, 1) or a gap not at least one bar.

    Examples
    --------
    >>> one = np.ones(10)
    >>> bars = Candles.from_arrays(np.arange(10) * 60_000, open=one, high=one, low=one, close=one)
    >>> len(with_gaps(bars, 0.3, seed=1))
    7
    """
    if not 0 <= share < 1:
        raise ValueError(f"share must be in [0, 1), was {share}")
    if n_bars < 1:
        raise ValueError(f"a gap must be at least one bar, was {n_bars}")
    n_pieces = -(-len(candles) // n_bars)
    n_gone = min(round(share * n_pieces), n_pieces - 1)
    gone = np.random.default_rng(seed).permutation(n_pieces)[:n_gone]
    is_kept = ~np.isin(np.arange(len(candles)) // n_bars, gone)
    names = (name for name, value in vars(candles).items() if isinstance(value, np.ndarray))
    rows = {name: getattr(candles, name)[is_kept] for name in names}
    forming = candles.last_is_forming and bool(is_kept[-1])
    return replace(candles, **rows, last_is_forming=forming)


def order_of_arrival(candles: Candles, share: float, seed: int, most_bars: int = 3) -> IntArray:
    """Return the bars' row numbers in the order in which a feed with late rows delivers them.

    Parameters
    ----------
    candles : Candles
        Bars.
    share : float
        Chance of each bar to be late, in [0, 1].
    seed : int
        Of the choice.
    most_bars : int
        A late bar comes after 1 to this many of the bars that follow it.

    Returns
    -------
    ndarray of int64, shape (n_bars,)
        Every row once.

    Raises
    ------
    ValueError
        If the share is outside of [0, 1] or the delay not at least one bar.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be in [0, 1], was {share}")
    if most_bars < 1:
        raise ValueError(f"most_bars must be at least 1, was {most_bars}")
    random = np.random.default_rng(seed)
    late = random.random(len(candles)) < share
    delay = np.where(late, random.integers(1, most_bars + 1, len(candles)) + 0.5, 0.0)
    return np.argsort(np.arange(len(candles)) + delay, kind="stable")


def _missing(candles: Candles) -> FloatArray:
    return np.full(len(candles), np.nan)


def _refuse_length(every_ms: int) -> None:
    if every_ms <= 0:
        raise ValueError(f"every_ms must be positive, was {every_ms}")

"""Bars that the engine accepts: frozen arrays of equal length, checked once at birth.

Times are the bar's open in UTC milliseconds.  Prices are quote per base.  ``volume``,
``taker_buy_volume`` and ``open_interest`` are in contracts (base units where a contract is one
base unit, face value in contracts for inverse).  Missing is NaN, never 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from liqbands.candle_rules import OPTIONAL, PRICES, TIME, IntArray, first_fault
from liqbands.errors import MarketDataError
from liqbands.instrument import FloatArray
from liqbands.timeframes import infer_timeframe_ms, timeframe_name

_COLUMNS = (TIME, *PRICES, *OPTIONAL)


@dataclass(frozen=True, eq=False)
class Candles:
    """Bars of one instrument with whatever else is known about them.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds, strictly increasing.  Gaps are allowed.
    open, high, low, close : ndarray, shape (n_bars,)
        Last prices, quote per base, positive, ``low <= open, close <= high``.
    volume : ndarray, shape (n_bars,), optional
        Contracts traded in the bar.
    quote_volume : ndarray, shape (n_bars,), optional
        The same in quote currency; with `volume` it gives the bar's average price.
    taker_buy_volume : ndarray, shape (n_bars,), optional
        Contracts bought by takers, at most `volume`.
    open_interest : ndarray, shape (n_bars,), optional
        Contracts open **when the bar closes**, counted once (not both sides).  Sources that
        stamp a snapshot with the bar's open are shifted by one bar at the border.
    funding_rate : ndarray, shape (n_bars,), optional
        Last settled rate known at the close, a fraction.
    mark_high, mark_low, mark_close : ndarray, shape (n_bars,), optional
        Mark price, quote per base; where it is NaN the last price is used.
    long_liquidated, short_liquidated : ndarray, shape (n_bars,), optional
        Contracts of long and of short positions force-closed in the bar, as far as reported.
    timeframe_ms : int
        Length of a bar; 0 infers it from the most frequent step.
    last_is_forming : bool
        True when the last bar may still change (not closed, or its closing data not yet known).

    Raises
    ------
    MarketDataError
        If any rule above is broken; the message names the column, the bar's time and the value.

    Notes
    -----
    Built directly, writeable arrays are copied; read-only ones are shared.
    """

    open_time_ms: IntArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    quote_volume: FloatArray
    taker_buy_volume: FloatArray
    open_interest: FloatArray
    funding_rate: FloatArray
    mark_high: FloatArray
    mark_low: FloatArray
    mark_close: FloatArray
    long_liquidated: FloatArray
    short_liquidated: FloatArray
    timeframe_ms: int = 0
    last_is_forming: bool = False

    @classmethod
    def from_arrays(
        cls,
        open_time_ms: ArrayLike,
        *,
        timeframe_ms: int = 0,
        last_is_forming: bool = False,
        **columns: ArrayLike,
    ) -> Self:
        """Build candles from columns by name; columns left out are missing (NaN).

        Parameters
        ----------
        open_time_ms : array_like of int, shape (n_bars,)
            When each bar opens, UTC milliseconds.
        timeframe_ms : int
            Length of a bar; 0 infers it.
        last_is_forming : bool
            Whether the last bar may still change.
        **columns : array_like, shape (n_bars,)
            ``open``, ``high``, ``low``, ``close`` and any optional column.

        Returns
        -------
        Candles
            Checked, read-only copies of the columns.

        Raises
        ------
        MarketDataError
            If a price column is missing, a column is unknown, or a value breaks a rule.

        Examples
        --------
        >>> candles = Candles.from_arrays(
        ...     [0, 60_000], open=[1, 2], high=[2, 3], low=[1, 2], close=[2, 3])
        >>> len(candles), candles.timeframe_ms, bool(np.isnan(candles.volume).all())
        (2, 60000, True)
        """
        _check_names(columns)
        times = _whole_times(open_time_ms)
        arrays: dict[str, Any] = {
            name: np.array(columns[name], dtype=np.float64)
            if name in columns
            else np.full(times.shape, np.nan)
            for name in PRICES + OPTIONAL
        }
        return cls(times, **arrays, timeframe_ms=timeframe_ms, last_is_forming=last_is_forming)

    def __post_init__(self) -> None:
        _check_shapes(self)
        fault = first_fault(self.open_time_ms, {n: getattr(self, n) for n in PRICES + OPTIONAL})
        if fault is not None:
            raise MarketDataError(fault.describe())
        if self.timeframe_ms < 0:
            raise MarketDataError(f"timeframe_ms must not be negative, was {self.timeframe_ms}")
        step = infer_timeframe_ms(self.open_time_ms)
        if self.timeframe_ms == 0:
            object.__setattr__(self, "timeframe_ms", step)
        elif len(self) > 1 and self.timeframe_ms >= 2 * step:
            raise MarketDataError(
                f"most bars are {timeframe_name(step)} apart, "
                f"so the timeframe cannot be {timeframe_name(self.timeframe_ms)}"
            )
        freeze_arrays(self)

    def __len__(self) -> int:
        return len(self.open_time_ms)

    def __getitem__(self, bars: slice) -> Self:
        """Return the bars of a slice; the forming mark stays with the last bar only."""
        start, stop, step = bars.indices(len(self))
        if step != 1:
            raise ValueError(f"candles are sliced with step 1, was {step}")
        arrays: dict[str, Any] = {name: getattr(self, name)[start:stop] for name in _COLUMNS}
        forming = self.last_is_forming and stop == len(self)
        return type(self)(**arrays, timeframe_ms=self.timeframe_ms, last_is_forming=forming)

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """Return the missing stretches as (first missing open time, bars missing), in order.

        Nothing is filled: a gap is reported, and the bars after it are used as they are.

        Examples
        --------
        >>> one = [1.0, 1.0, 1.0]
        >>> Candles.from_arrays([0, 60_000, 240_000], open=one, high=one, low=one, close=one,
        ...                     timeframe_ms=60_000).gaps
        [(120000, 2)]
        """
        steps = np.diff(self.open_time_ms)
        wide = np.flatnonzero(steps > self.timeframe_ms)
        return [
            (
                int(self.open_time_ms[i] + self.timeframe_ms),
                int(-(-steps[i] // self.timeframe_ms) - 1),
            )
            for i in wide
        ]

    @property
    def has_open_interest(self) -> bool:
        """Return whether any bar knows its open interest."""
        return bool(np.isfinite(self.open_interest).any())


def freeze_arrays(record: Any) -> None:
    """Make the arrays of a frozen dataclass read-only, copying those that are not yet.

    Parameters
    ----------
    record : dataclass instance
        Its array fields are replaced by read-only ones; the caller's arrays stay as they are.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Prices:
    ...     close: FloatArray
    >>> mine = np.array([1.0])
    >>> prices = Prices(mine)
    >>> freeze_arrays(prices)
    >>> prices.close.flags.writeable, mine.flags.writeable
    (False, True)
    """
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray) and value.flags.writeable:
            own = value.copy()
            own.flags.writeable = False
            object.__setattr__(record, field.name, own)


def _check_names(columns: Iterable[str]) -> None:
    given = set(columns)
    unknown = sorted(given - set(PRICES) - set(OPTIONAL))
    if unknown:
        known = ", ".join(PRICES + OPTIONAL)
        raise MarketDataError(f"unknown column {unknown[0]!r}; columns are {known}")
    missing = [name for name in PRICES if name not in given]
    if missing:
        raise MarketDataError(f"column {missing[0]!r} is required")


def _whole_times(open_time_ms: ArrayLike) -> IntArray:
    given = np.asarray(open_time_ms)
    if given.dtype.kind not in "iuf":
        raise MarketDataError(
            f"column {TIME!r} must be whole UTC milliseconds, was {given.dtype}; "
            "candles_from_frame reads dates"
        )
    times = np.where(np.isfinite(given), given, 0).astype(np.int64)
    wrong = np.flatnonzero(times != given)
    if len(wrong):
        value = given.flat[wrong[0]]
        raise MarketDataError(f"column {TIME!r}, row {wrong[0]}: {value} is no whole millisecond")
    return times


def _check_shapes(candles: Candles) -> None:
    times = candles.open_time_ms
    if times.dtype != np.int64 or times.ndim != 1:
        raise MarketDataError(
            f"column {TIME!r} must be one row of int64, was {times.dtype} of shape {times.shape}"
        )
    if times.size == 0:
        raise MarketDataError("candles need at least one bar, there were none")
    for name in PRICES + OPTIONAL:
        shape = getattr(candles, name).shape
        if shape != times.shape:
            raise MarketDataError(
                f"column {name!r} must have {times.size} rows like {TIME}, had shape {shape}"
            )

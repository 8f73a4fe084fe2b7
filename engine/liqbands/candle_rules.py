"""What makes bars acceptable: the columns of candles and the rules their values keep.

Prices are quote per base, quantities contracts, times UTC milliseconds; missing is NaN.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray
from liqbands.timeframes import format_time

IntArray = NDArray[np.int64]

PRICES: Final = ("open", "high", "low", "close")
QUANTITIES: Final = (
    "volume",
    "quote_volume",
    "taker_buy_volume",
    "open_interest",
    "long_liquidated",
    "short_liquidated",
)
MARK_PRICES: Final = ("mark_high", "mark_low", "mark_close")
OPTIONAL: Final = (
    "volume",
    "quote_volume",
    "taker_buy_volume",
    "open_interest",
    "funding_rate",
    "mark_high",
    "mark_low",
    "mark_close",
    "long_liquidated",
    "short_liquidated",
)
TIME: Final = "open_time_ms"

_LATEST_MS = 10**14  # the year 5138: beyond it the times are microseconds or nanoseconds
_ROUNDING = 1e-9  # sums of trades differ from the volume in the last digits

_Rule = tuple[str, NDArray[np.bool_], str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One value that breaks a rule.

    Parameters
    ----------
    column : str
        Name of the column among `PRICES`, `OPTIONAL` and `TIME`.
    row : int
        Position of the bar.
    time_ms : int
        When the bar opens, UTC milliseconds.
    value : float
        The value found.
    rule : str
        What is wrong with it.
    """

    column: str
    row: int
    time_ms: int
    value: float
    rule: str

    def describe(self, name: str | None = None) -> str:
        """Return the fault as a sentence.

        Parameters
        ----------
        name : str, optional
            What the source calls the column; None uses our own name.

        Returns
        -------
        str
            The column, the bar's time, the value and the rule.

        Examples
        --------
        >>> Fault("volume", 0, 0, -1.0, "must not be negative").describe("Vol")
        "column 'Vol', bar 1970-01-01T00:00:00Z: -1.0 must not be negative"
        """
        what = self.rule if self.column == TIME else f"{self.value} {self.rule}"
        return f"column {name or self.column!r}, bar {format_time(self.time_ms)}: {what}"


def first_fault(open_time_ms: IntArray, columns: Mapping[str, FloatArray]) -> Fault | None:
    """Return the first value that breaks a rule, or None.

    Parameters
    ----------
    open_time_ms : ndarray of int64, shape (n_bars,)
        When each bar opens, UTC milliseconds.
    columns : mapping of str to ndarray, each of shape (n_bars,)
        All of `PRICES` and any of `OPTIONAL`.

    Returns
    -------
    Fault or None
        The first bar that breaks the first broken rule.

    Examples
    --------
    >>> bar = {name: np.array([1.0]) for name in PRICES}
    >>> first_fault(np.array([0]), bar) is None
    True
    >>> first_fault(np.array([0]), bar | {"volume": np.array([-1.0])}).rule
    'must not be negative'
    """
    for name, broken, rule in _rules(open_time_ms, columns):
        rows = np.flatnonzero(broken)
        if len(rows):
            row = int(rows[0])
            value = open_time_ms[row] if name == TIME else columns[name][row]
            return Fault(name, row, int(open_time_ms[row]), float(value), rule)
    return None


def _rules(times: IntArray, columns: Mapping[str, FloatArray]) -> Iterator[_Rule]:
    yield from _time_rules(times)
    yield from _price_rules(columns)
    yield from _optional_rules({name: columns[name] for name in OPTIONAL if name in columns})


def _time_rules(times: IntArray) -> Iterator[_Rule]:
    yield TIME, np.abs(times) >= _LATEST_MS, "the time is not in milliseconds"
    steps = np.diff(times, prepend=times[0] - 1)
    yield TIME, steps == 0, "the bar is there twice"
    yield TIME, steps < 0, "the bar comes after a later one; sort by time"


def _price_rules(columns: Mapping[str, FloatArray]) -> Iterator[_Rule]:
    for name in PRICES:
        yield name, ~np.isfinite(columns[name]), "is not a number"
        yield name, columns[name] <= 0, "must be positive"
    yield "high", columns["high"] < columns["low"], "is below low"
    for name in ("open", "close"):
        yield name, columns[name] > columns["high"], "is above high"
        yield name, columns[name] < columns["low"], "is below low"


def _optional_rules(columns: Mapping[str, FloatArray]) -> Iterator[_Rule]:
    for name, values in columns.items():
        yield name, np.isinf(values), "must be finite or missing"
        if name in QUANTITIES:
            yield name, values < 0, "must not be negative"
        if name in MARK_PRICES:
            yield name, values <= 0, "must be positive or missing"
    if "funding_rate" in columns:
        too_large = np.abs(columns["funding_rate"]) >= 1
        yield "funding_rate", too_large, "is no fraction; divide per cent by 100"
    yield from _pair_rules(columns)


def _pair_rules(columns: Mapping[str, FloatArray]) -> Iterator[_Rule]:
    if {"mark_high", "mark_low"} <= columns.keys():
        yield (
            "mark_high",
            columns["mark_high"] < columns["mark_low"],
            "is below mark_low",
        )
    if {"taker_buy_volume", "volume"} <= columns.keys():
        limit = columns["volume"] * (1 + _ROUNDING)
        yield "taker_buy_volume", columns["taker_buy_volume"] > limit, "exceeds volume"

"""Liquidations as marks: on the bars, and along the time axis.

A mark stands at the open time of a bar that the chart has.  Longs are liquidated by falling
prices, so their marks are red.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from liqbands.instrument import Instrument, Side
from liqbands.results import Unit
from liqbands.timeframes import DAY_MS
from liqbands_server.pictures.wording import notional_text, price_text
from liqbands_server.service.band_sweeps import BandSweeps
from liqbands_server.service.liquidations import LiquidationBars, ListedLiquidations
from liqbands_server.udf.parameters import HistoryQuestion

MOST_PER_BAR: Final = 10
MOST_MARKS: Final = 500
MOST_TIMES: Final = 50
LONGEST_MS: Final = 31 * DAY_MS
"""Events older than this before `to` are not looked up."""

_COLOURS: Final = {Side.LONG: "red", Side.SHORT: "green"}
_NAMES: Final = {Side.LONG: "Longs", Side.SHORT: "Shorts"}
_SMALLEST, _LARGEST = 8, 24  # diameter in pixels


@dataclass(frozen=True, slots=True)
class Event:
    """Something that took positions off the book.

    Parameters
    ----------
    verb : str
        ``"liquidated"`` for a reported order, ``"swept"`` for a band that the price went through.
    side : Side
        Of the positions.
    open_time_ms : int
        The bar it belongs to.
    time_ms : int
        When it happened, as far as known.
    price, notional : float
        Quote per base, and in `unit`.
    unit : {"quote", "relative"}
        Whether there are amounts, or only shares of the book.
    """

    verb: str
    side: Side
    open_time_ms: int
    time_ms: int
    price: float
    notional: float
    unit: Unit = "quote"


def recent_part(question: HistoryQuestion, now_ms: int) -> HistoryQuestion:
    """Return a question cut to the stretch whose events are looked up.

    Parameters
    ----------
    question : HistoryQuestion
        As asked.
    now_ms : int
        Nothing happened after it.

    Returns
    -------
    HistoryQuestion
        At most `LONGEST_MS` long.
    """
    to_ms = min(question.to_ms, now_ms)
    from_ms = min(max(question.from_ms, to_ms - LONGEST_MS), to_ms)
    return replace(question, from_ms=from_ms, to_ms=to_ms)


def liquidation_events(
    found: ListedLiquidations, opens: np.ndarray[Any, np.dtype[np.int64]]
) -> list[Event]:
    """Return the largest reported liquidations.

    Parameters
    ----------
    found : ListedLiquidations
        What was reported.
    opens : ndarray of int64, shape (n,)
        The bar that each belongs to.

    Returns
    -------
    list of Event
        At most `MOST_MARKS`, largest first.
    """
    largest = np.argsort(-found.notional, kind="stable")[:MOST_MARKS]
    return [
        Event(
            "liquidated",
            Side(int(found.side[i])),
            int(opens[i]),
            int(found.time_ms[i]),
            float(found.price[i]),
            float(found.notional[i]),
        )
        for i in largest.tolist()
    ]


def sweep_events(found: BandSweeps, unit: Unit) -> list[Event]:
    """Return the bands that the price went through.

    Parameters
    ----------
    found : BandSweeps
        Which.
    unit : {"quote", "relative"}
        In which their notional is.

    Returns
    -------
    list of Event
        At most `MOST_MARKS`, largest first.
    """
    largest = np.argsort(-found.notional, kind="stable")[:MOST_MARKS]
    return [
        Event(
            "swept",
            Side(int(found.side[i])),
            int(found.open_time_ms[i]),
            int(found.base_open_ms[i]),
            float(found.price[i]),
            float(found.notional[i]),
            unit,
        )
        for i in largest.tolist()
    ]


def bar_marks(
    events: Iterable[Event], bar_times_ms: frozenset[int], instrument: Instrument
) -> list[dict[str, Any]]:
    """Return the marks of `/marks`.

    Parameters
    ----------
    events : iterable of Event
        In any order.
    bar_times_ms : frozenset of int
        Bars that may carry marks.
    instrument : Instrument
        For the currency.

    Returns
    -------
    list of dict
        At most `MOST_MARKS`, and `MOST_PER_BAR` for each bar: the largest, largest first.
    """
    known = [event for event in events if event.open_time_ms in bar_times_ms]
    known.sort(key=lambda event: -event.notional)
    per_bar: Counter[int] = Counter()
    names: Counter[str] = Counter()
    marks: list[dict[str, Any]] = []
    for event in known[:MOST_MARKS]:
        per_bar[event.open_time_ms] += 1
        if per_bar[event.open_time_ms] <= MOST_PER_BAR:
            name = f"{event.verb}-{event.side.label}-{event.time_ms}-{event.price:.10g}"
            names[name] += 1
            marks.append(_mark(event, f"{name}-{names[name]}", known[0].notional, instrument))
    return marks


def _mark(event: Event, name: str, largest: float, instrument: Instrument) -> dict[str, Any]:
    amount = notional_text(event.notional, event.unit, instrument.quote)
    size = _SMALLEST + (_LARGEST - _SMALLEST) * float(np.sqrt(event.notional / largest))
    return {
        "id": name,
        "time": event.open_time_ms // 1_000,
        "color": _COLOURS[event.side],
        "text": f"{_NAMES[event.side]} {event.verb} {amount} at {price_text(event.price)}",
        "label": _NAMES[event.side][0],
        "labelFontColor": "white",
        "minSize": round(size),
    }


def time_marks(
    totals: LiquidationBars, bar_times_ms: frozenset[int], instrument: Instrument
) -> list[dict[str, Any]]:
    """Return the marks of `/timescale_marks`: the bars with the largest liquidations.

    Parameters
    ----------
    totals : LiquidationBars
        Liquidations counted into bars.
    bar_times_ms : frozenset of int
        Bars that may carry marks.
    instrument : Instrument
        For the currency.

    Returns
    -------
    list of dict
        At most `MOST_TIMES`, in order of time.
    """
    sums = totals.long_notional + totals.short_notional
    largest = [
        i
        for i in np.argsort(-sums, kind="stable").tolist()
        if int(totals.open_time_ms[i]) in bar_times_ms and sums[i] > 0
    ]
    return [_time_mark(totals, i, instrument) for i in sorted(largest[:MOST_TIMES])]


def _time_mark(totals: LiquidationBars, i: int, instrument: Instrument) -> dict[str, Any]:
    amounts = {
        Side.LONG: float(totals.long_notional[i]),
        Side.SHORT: float(totals.short_notional[i]),
    }
    side = max(amounts, key=lambda one: amounts[one])
    time_s = int(totals.open_time_ms[i]) // 1_000
    return {
        "id": f"liquidated-{time_s}",
        "time": time_s,
        "color": _COLOURS[side],
        "label": _NAMES[side][0],
        "tooltip": [
            f"{_NAMES[one]} liquidated {notional_text(amount, 'quote', instrument.quote)}"
            for one, amount in amounts.items()
            if amount > 0
        ],
    }

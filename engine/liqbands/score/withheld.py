"""Models are shown closed bars only, and a model that looks further is found out.

`walk_forward` hands over copies, so that nothing later can be reached from what a model gets;
`is_causal` does the opposite, leaves the future within reach, changes it, and looks whether the
map changes with it.  What a factory holds on to itself is searched for the tape (`holds_tape`).
A model that goes out of its way (reads files, searches the interpreter's memory) is beyond this
module: it guards against mistakes, not against malice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, TypeVar

import numpy as np

from liqbands.candle_rules import MARK_PRICES, OPTIONAL, PRICES
from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.score.tape_search import holds_tape
from liqbands.score.types import MapModel, ModelFactory

HALF_WIDTH: Final = 1.0
"""Log distance from the last close up to which maps are compared."""

_COLUMNS: Final = (*PRICES, *OPTIONAL)

Model = TypeVar("Model", bound=MapModel)


def closed_copy(candles: Candles, start: int, stop: int) -> Candles:
    """Copy a stretch of bars so that nothing outside of it can be reached from the copy.

    Parameters
    ----------
    candles : Candles
        The whole tape.
    start, stop : int
        First bar, and the bar after the last.

    Returns
    -------
    Candles
        Read-only arrays of their own; a slice would lead to the tape through ``.base``.

    Examples
    --------
    >>> one = np.arange(1.0, 9.0)
    >>> tape = Candles.from_arrays(np.arange(8), open=one, high=one, low=one, close=one)
    >>> tape[:3].close.base is tape.close, closed_copy(tape, 0, 3).close.base is None
    (True, True)
    """
    columns: dict[str, Any] = {
        name: _own(getattr(candles, name)[start:stop]) for name in ("open_time_ms", *_COLUMNS)
    }
    return Candles(**columns, timeframe_ms=candles.timeframe_ms)


def walk_forward(
    factory: Callable[[Instrument, int], Model],
    instrument: Instrument,
    candles: Candles,
    at: Iterable[int],
) -> Iterator[tuple[int, Model]]:
    """Show a fresh model more and more bars.

    Parameters
    ----------
    factory : ModelFactory
        Makes the model.
    instrument : Instrument
        What the bars are of.
    candles : Candles
        The whole tape; the model only ever gets copies of closed bars.
    at : iterable of int
        After how many bars to stop and look, strictly increasing, from 1 to the number of closed
        bars.

    Returns
    -------
    iterator of tuple of int and MapModel
        How many bars the model has seen, and the model (the same one each time).

    Raises
    ------
    ValueError
        If the factory holds the tape, or a stop is out of order or range.

    Examples
    --------
    >>> from liqbands.score.baselines import Uniform
    >>> one = np.arange(1.0, 9.0)
    >>> tape = Candles.from_arrays(np.arange(8), open=one, high=one, low=one, close=one)
    >>> [n for n, model in walk_forward(Uniform, Instrument("okx", "X/USDT:USDT"), tape, (2, 8))]
    [2, 8]
    """
    stops = _checked(at, candles)
    if holds_tape(factory, candles):
        raise ValueError("the factory holds the candles that its models are scored on")
    return _walk(factory(instrument, candles.timeframe_ms), candles, stops)


def is_causal(
    factory: ModelFactory, instrument: Instrument, candles: Candles, at: Iterable[int]
) -> bool:
    """Return whether maps stay the same, bit for bit, when everything after them changes.

    Parameters
    ----------
    factory : ModelFactory
        Makes the models, one fresh one for each stop.
    instrument : Instrument
        What the bars are of.
    candles : Candles
        The tape.  Models get slices of it that lead to the rest, on purpose.
    at : iterable of int
        After how many bars maps are compared; a few are enough.

    Returns
    -------
    bool
        False for a model that uses the future, holds the tape, or draws differently for any
        other reason (unseeded random numbers, a clock).

    Raises
    ------
    ValueError
        If a stop is out of order or range, or has no later bar that could be changed.
    """
    stops = _checked(at, candles)
    if stops and stops[-1] >= len(candles):
        raise ValueError("the last stop must leave a later bar to change")
    if holds_tape(factory, candles):
        return False
    maps = _maps(factory, instrument, candles, stops)
    for i, stop in enumerate(stops):
        other = _maps(factory, instrument, with_other_future(candles, stop), stops[: i + 1])
        if any(a.tobytes() != b.tobytes() for a, b in zip(maps, other, strict=False)):
            return False
    return True


def with_other_future(candles: Candles, n_closed: int) -> Candles:
    """Return bars that agree up to a moment and have nothing in common afterwards.

    Parameters
    ----------
    candles : Candles
        The tape.
    n_closed : int
        Bars that stay as they are.

    Returns
    -------
    Candles
        The later bars are in reverse order, at one and a half times the price, with three times
        and one unit more of every amount, and half the funding of the other sign.

    Examples
    --------
    >>> price = np.array([2.0, 4.0, 6.0])
    >>> tape = Candles.from_arrays([0, 1, 2], open=price, high=price, low=price, close=price)
    >>> with_other_future(tape, 1).close
    array([2., 9., 6.])
    """
    columns: dict[str, Any] = {}
    for name in _COLUMNS:
        column = getattr(candles, name)
        later = column[n_closed:][::-1]
        if name in PRICES or name in MARK_PRICES:
            later = 1.5 * later
        elif name == "funding_rate":
            later = -0.5 * later
        else:
            later = 3 * later + 1
        columns[name] = np.concatenate([column[:n_closed], later])
    times = candles.open_time_ms
    return Candles(
        times, **columns, timeframe_ms=candles.timeframe_ms, last_is_forming=candles.last_is_forming
    )


def _own(column: Any) -> Any:
    copy = column.copy()
    copy.flags.writeable = False  # candles copy writeable arrays once more
    return copy


def _checked(at: Iterable[int], candles: Candles) -> list[int]:
    stops = [int(stop) for stop in at]
    n_closed = len(candles) - int(candles.last_is_forming)
    if stops and not (stops[0] >= 1 and stops[-1] <= n_closed):
        raise ValueError(f"stops must be from 1 to {n_closed}, were {stops[0]} to {stops[-1]}")
    if any(later <= earlier for earlier, later in pairwise(stops)):
        raise ValueError("stops must be strictly increasing")
    return stops


def _walk(model: Model, candles: Candles, stops: Sequence[int]) -> Iterator[tuple[int, Model]]:
    seen = 0
    for stop in stops:
        model.extend(closed_copy(candles, seen, stop))
        seen = stop
        yield stop, model


def _maps(
    factory: ModelFactory, instrument: Instrument, candles: Candles, stops: Sequence[int]
) -> list[FloatArray]:
    """Return the maps at the stops of a model that gets slices of the tape."""
    model = factory(instrument, candles.timeframe_ms)
    grid = PriceGrid.of(instrument.market)
    reach = round(HALF_WIDTH / grid.step)
    maps, seen = [], 0
    for stop in stops:
        model.extend(candles[seen:stop])
        seen = stop
        middle = int(grid.bin_of(candles.close[stop - 1 : stop])[0])
        maps.append(model.standing(middle - reach, 2 * reach))
    return maps

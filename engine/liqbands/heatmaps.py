"""The batch form: candles in, heatmap or snapshot out.

A column is the book at the close of its last bar, whatever else is loaded or shown.
"""

from dataclasses import replace
from typing import Unpack

import numpy as np

from liqbands.ages import write_young_columns
from liqbands.book import Book
from liqbands.instrument import FloatArray, Instrument, Side
from liqbands.kernel.walk import Columns
from liqbands.layers import layer_weight, survival_of, values_of
from liqbands.level import Feed, Level
from liqbands.market_data import Candles, Liquidations
from liqbands.parameters import Parameters
from liqbands.results import Heatmap, Snapshot
from liqbands.rules import Basis
from liqbands.time_columns import TimeColumns, time_columns
from liqbands.timeframes import window_ms
from liqbands.view import View, ViewOptions, smooth, whole_rows


def heatmap(
    candles: Candles,
    instrument: Instrument,
    parameters: Parameters | None = None,
    liquidations: Liquidations | None = None,
    **view: Unpack[ViewOptions],
) -> Heatmap:
    """Return the standing notional through time and price.

    Parameters
    ----------
    candles : Candles
        Bars with whatever is known; all of them warm the book up, `view` chooses what is shown.
    instrument : Instrument
        What is traded, and where.
    parameters : Parameters, optional
        The model's settings.
    liquidations : Liquidations, optional
        Realised liquidations; they replace the candles' own columns.
    **view
        The fields of `liqbands.view.View`.

    Returns
    -------
    Heatmap
        One column per bar (or per group of bars), rows of whole grid bins.

    Raises
    ------
    ValueError
        If the view asks for something that does not exist.

    Examples
    --------
    >>> price = np.full(48, 100.0)
    >>> candles = Candles.from_arrays(
    ...     np.arange(48) * 3_600_000, open=price, high=price * 1.01, low=price * 0.99,
    ...     close=price, volume=price, open_interest=price * 10)
    >>> result = heatmap(candles, Instrument("bybit", "BTC/USDT:USDT"), window="1d")
    >>> result.n_bars, result.unit, bool(result.notional.sum() > 0)
    (24, 'quote', True)
    """
    chosen = View(**view)
    used = with_liquidations(chosen.until(candles), liquidations)
    book = Book(
        instrument,
        parameters,
        timeframe_ms=used.timeframe_ms,
        basis=basis_of(used),
        ages=False,
    )
    shown = time_columns(used, chosen)
    columns = make_columns(book, used, chosen, shown)
    if chosen.max_age is None:
        book.extend(used, columns)
    else:
        write_young_columns(book, used, columns, window_ms(chosen.max_age))
    result = columns_of(book, used, columns, shown)
    if chosen.survival is not None:
        result = replace(result, quantity="expected")
    return finish(result, chosen)


def snapshot(
    candles: Candles,
    instrument: Instrument,
    parameters: Parameters | None = None,
    liquidations: Liquidations | None = None,
    feed: Feed | None = None,
) -> Snapshot:
    """Return the book at the close of the last closed bar, with ages.

    Parameters
    ----------
    candles : Candles
        Bars; a forming last bar is left out.
    instrument : Instrument
        What is traded, and where.
    parameters : Parameters, optional
        The model's settings.
    liquidations : Liquidations, optional
        Realised liquidations; they replace the candles' own columns.
    feed : {"full", "throttled"}, optional
        How complete the reported liquidations are; given, they set the level of the map
        (`liqbands.Level`) instead of being taken out of its zones.

    Returns
    -------
    Snapshot
        What `liqbands.bands`, `liqbands.liquidation_map` and `liqbands.summary` read.

    Raises
    ------
    ValueError
        If there is no closed bar, or a level is wanted without open interest.
    """
    closed = candles[: len(candles) - 1] if candles.last_is_forming else candles
    basis = basis_of(closed)
    if feed is not None:
        if basis == "volume":
            raise ValueError("feed needs candles with open interest, they had none")
        parameters = replace(parameters or Parameters(), realised=False)
    book = Book(instrument, parameters, timeframe_ms=closed.timeframe_ms, basis=basis)
    bars = with_liquidations(closed, liquidations)
    if feed is None:
        book.extend(bars)
        return book.snapshot()
    level = Level(feed)
    level.walk(book, bars)
    return level.apply(book.snapshot())


def basis_of(candles: Candles) -> Basis:
    """Return what the book can stand on: open interest where there is any, else volume.

    Parameters
    ----------
    candles : Candles
        The bars.

    Returns
    -------
    {"open_interest", "volume"}
        The basis.
    """
    return "open_interest" if candles.has_open_interest else "volume"


def with_liquidations(candles: Candles, liquidations: Liquidations | None) -> Candles:
    """Return candles with realised liquidations counted into their bars.

    Parameters
    ----------
    candles : Candles
        The bars.
    liquidations : Liquidations or None
        Events; None leaves the candles as they are.

    Returns
    -------
    Candles
        The bars with both columns replaced.
    """
    if liquidations is None:
        return candles
    longs, shorts = liquidations.per_bar(candles)
    return replace(candles, long_liquidated=longs, short_liquidated=shorts)


def make_columns(book: Book, candles: Candles, view: View, chosen: TimeColumns) -> Columns:
    """Return room for the columns that a view asks for.

    Parameters
    ----------
    book : Book
        A new book.
    candles : Candles
        The bars that may be used.
    view : View
        What to show.
    chosen : TimeColumns
        After which bars.

    Returns
    -------
    Columns
        Empty columns on rows of whole bins; rows are counted from bin 0, so that they do not
        move with the window.
    """
    low, high = view.price_range(candles, int(chosen.open_time_ms[0]))
    first, last = (int(b) for b in book.grid.bin_of(np.array([low, high])))
    per_row, first_row, n_rows = whole_rows(first, last, view.max_rows)
    n_bins = n_rows * per_row
    n_columns = len(chosen.after_bar)
    return Columns(
        after_bar=chosen.after_bar,
        first_bin=first_row * per_row,
        bins_per_row=per_row,
        weight=layer_weight(book.ladder, view.leverage) * survival_of(book.ladder, view.survival),
        value=_values(book, first_row * per_row, n_bins),
        relative=book.unit == "relative",
        bins=np.zeros(n_bins),
        notional=np.zeros((n_columns, n_rows), dtype=np.float32),
        split_row=np.zeros(n_columns, dtype=np.int64),
        split_long=np.zeros(n_columns, dtype=np.float32),
        seed_share=np.zeros(n_columns),
    )


def _values(book: Book, first_bin: int, n_bins: int) -> FloatArray:
    if book.unit == "relative":
        return np.ones(n_bins)
    return values_of(book.instrument, book.grid, first_bin, n_bins)


def columns_of(book: Book, candles: Candles, columns: Columns, shown: TimeColumns) -> Heatmap:
    """Put the columns of a walked book into a heatmap.

    Parameters
    ----------
    book : Book
        After the last bar.
    candles : Candles
        The bars that it has walked.
    columns : Columns
        Written on the way.
    shown : TimeColumns
        After which bars.

    Returns
    -------
    Heatmap
        Of what stands, both sides.
    """
    last = columns.after_bar
    mark = candles.close[last]
    if book.parameters.mark_sweep:
        known = np.isfinite(candles.mark_close[last])
        mark = np.where(known, candles.mark_close[last], mark)
    forming = np.zeros(len(last), dtype=np.bool_)
    forming[-1] = shown.last_is_forming
    return Heatmap(
        instrument=book.instrument,
        grid=book.grid,
        first_bin=columns.first_bin,
        bins_per_row=columns.bins_per_row,
        open_time_ms=shown.open_time_ms,
        timeframe_ms=shown.timeframe_ms,
        notional=columns.notional,
        mark=mark,
        split_row=columns.split_row,
        split_long=columns.split_long,
        is_forming=forming,
        seed_share=columns.seed_share,
        unit=book.unit,
        quantity="standing",
    )


def finish(result: Heatmap, view: View) -> Heatmap:
    """Smooth, or show one side only.

    Parameters
    ----------
    result : Heatmap
        Of both sides.
    view : View
        What to show.

    Returns
    -------
    Heatmap
        The same rows and columns.
    """
    if view.mode == "raw" and view.side is None:
        return result
    longs, shorts = result.long_notional, result.short_notional
    if view.mode == "smoothed":
        longs, shorts = (
            smooth(longs, result.split_row, 1),
            smooth(shorts, result.split_row, -1),
        )
    if view.side is Side.SHORT:
        longs = np.zeros_like(longs)
    if view.side is Side.LONG:
        shorts = np.zeros_like(shorts)
    split_long = result.split_long.copy()
    inside = (result.split_row >= 0) & (result.split_row < result.n_bands)
    split_long[inside] = longs[inside, result.split_row[inside]]
    return replace(result, notional=longs + shorts, split_long=split_long)

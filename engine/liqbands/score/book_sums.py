"""Kept maps against the true books, added up by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.grid import IntArray, PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.layers import values_of
from liqbands.score.book_metrics import sum_rows
from liqbands.score.book_score import (
    DISTANCE_EDGES,
    FAR_WINDOW,
    NEAR_WINDOW,
    BookScore,
    cut_window,
    distance_shares,
    score_book,
)
from liqbands.score.coverage import LEVELS, is_inside, pit_histogram
from liqbands.score.day_sums import DaySums
from liqbands.score.known_books import KeptMap, true_layers
from liqbands.sim.records import TrueBook
from liqbands.timeframes import DAY_MS
from liqbands.uncertainty import effective_size

WINDOWS: Final = {"5": NEAR_WINDOW, "20": FAR_WINDOW}
"""Windows by the ending of their metrics' names."""

SHAPE_METRICS: Final = ("earth_movers_skill", "rank_correlation", "band_recall", "overlap")
N_DISTANCES: Final = len(DISTANCE_EDGES) - 1

BAND_WINDOW: Final = 0.10
BAND_WIDTH: Final = 0.005
"""Intervals are checked on bands this wide, this far from mark (model description, 3.9)."""


@dataclass(frozen=True, eq=False)
class KnownBooks:
    """What a model showed and what was true, snapshot by snapshot.

    Parameters
    ----------
    instrument : Instrument
        What its contracts are worth.
    books : sequence of TrueBook
        The truth, in order of time.
    kept : mapping of int to KeptMap
        The model's maps, by time.
    has_level : bool
        Whether the map is in contracts.
    has_intervals : bool
        Whether intervals are stated for it; they need contracts too.
    """

    instrument: Instrument
    books: Sequence[TrueBook]
    kept: Mapping[int, KeptMap]
    has_level: bool
    has_intervals: bool

    @property
    def grid(self) -> PriceGrid:
        """Return the price grid of maps and truth."""
        return PriceGrid.of(self.instrument.market)

    def pairs(self) -> list[tuple[TrueBook, KeptMap, FloatArray]]:
        """Return truth, map, and the truth in the map's own bins, per snapshot."""
        both = [(book, self.kept[book.time_ms]) for book in self.books]
        return [
            (book, shown, book.standing(shown.first_bin, shown.sides.shape[1]))
            for book, shown in both
        ]


@dataclass(frozen=True, eq=False)
class BookSums:
    """What a model scored against the true books of one run.

    Parameters
    ----------
    sums : DaySums
        What the metrics are made of.
    level_day : ndarray of int64, shape (n_snapshots,)
        Day of each snapshot.
    level : ndarray, shape (n_snapshots,)
        Logarithm of the map's total over the truth's, both sides within the far window; NaN
        where the unit is not contracts or either is empty.
    pit : ndarray, shape (10,)
        Histogram of the truths in their predicted distributions, at the right level.
    """

    sums: DaySums
    level_day: IntArray
    level: FloatArray
    pit: FloatArray


def score_books(known: KnownBooks) -> BookSums:
    """Score a model against the true books of one run.

    Parameters
    ----------
    known : KnownBooks
        At least one snapshot.

    Returns
    -------
    BookSums
        Sums by day.
    """
    pairs = known.pairs()
    times = np.array([book.time_ms for book, _, _ in pairs])
    columns = _shape_columns(known, pairs) | _class_columns(known, pairs)
    sums = DaySums.of(times, {}, columns)
    level = np.full(len(pairs), np.nan)
    pit = np.full(10, np.nan)
    if known.has_level:
        level = np.array([_log_level(known.grid, *pair) for pair in pairs])
    if known.has_level and known.has_intervals:
        inside, pit = _band_columns(known, pairs)
        sums = sums.join(inside)
    return BookSums(sums, times // DAY_MS, level, pit)


_Pairs = list[tuple[TrueBook, KeptMap, FloatArray]]


def _shape_columns(known: KnownBooks, pairs: _Pairs) -> dict[str, FloatArray]:
    columns: dict[str, FloatArray] = {}
    for ending, window in WINDOWS.items():
        scores = [
            score_book(shown.sides, truth, book.mark, known.grid, shown.first_bin, window)
            for book, shown, truth in pairs
        ]
        for metric in SHAPE_METRICS:
            values = np.array([getattr(score, metric) for score in scores])
            for s, side in enumerate(("long", "short")):
                columns[f"{metric}_{ending} {side}"] = values[:, s]
        if window == FAR_WINDOW:
            columns |= _imbalance_columns(scores)
    return columns


def _imbalance_columns(scores: Sequence[BookScore]) -> dict[str, FloatArray]:
    ours = np.array([score.imbalance for score in scores])
    true = np.array([score.true_imbalance for score in scores])
    unknown = ~(np.isfinite(ours) & np.isfinite(true))
    ours[unknown] = true[unknown] = np.nan
    return {
        "imbalance": ours,
        "true imbalance": true,
        "imbalance squared": ours**2,
        "true imbalance squared": true**2,
        "product of imbalances": ours * true,
        "imbalance error": np.abs(ours - true),
    }


def _class_columns(known: KnownBooks, pairs: _Pairs) -> dict[str, FloatArray]:
    """Return shares of the mass by distance and by leverage, map and truth, mean of the sides."""
    by_distance = [
        distance_shares(shown.sides, truth, book.mark, known.grid, shown.first_bin)
        for book, shown, truth in pairs
    ]
    ours = np.array([shares.estimate for shares in by_distance])
    true = np.array([shares.truth for shares in by_distance])
    columns = _share_columns("distance", ours, true)
    if all(shown.layers is not None for _, shown, _ in pairs):
        held = np.array([shown.layers for _, shown, _ in pairs])
        real = np.array([true_layers(book, known.grid) for book, _, _ in pairs])
        columns |= _share_columns("leverage", _shares(held), _shares(real))
    return columns


def _share_columns(what: str, ours: FloatArray, true: FloatArray) -> dict[str, FloatArray]:
    columns: dict[str, FloatArray] = {}
    for k in range(ours.shape[2]):
        columns[f"{what} {k} share"] = ours[:, :, k].mean(axis=1)
        columns[f"{what} {k} truth"] = true[:, :, k].mean(axis=1)
        columns[f"{what} {k} error"] = np.abs(ours - true)[:, :, k].mean(axis=1)
    return columns


def _shares(amounts: FloatArray) -> FloatArray:
    whole = amounts.sum(axis=2, keepdims=True)
    shares = np.full(amounts.shape, np.nan)
    np.divide(amounts, whole, out=shares, where=whole > 0)
    return shares


def _log_level(grid: PriceGrid, book: TrueBook, shown: KeptMap, truth: FloatArray) -> float:
    totals = [
        float(cut_window(sides, book.mark, grid, shown.first_bin, FAR_WINDOW).sum())
        for sides in (shown.sides, truth)
    ]
    return float(np.log(totals[0] / totals[1])) if min(totals) > 0 else float("nan")


def _band_columns(known: KnownBooks, pairs: _Pairs) -> tuple[DaySums, FloatArray]:
    """Return how often the truth lay inside the stated intervals, as stated and at its level."""
    per_band = round(BAND_WIDTH / known.grid.step)
    bands = np.array([[_bands(known, pair, sides, per_band) for sides in (pair[1].sides, pair[2])]
                      for pair in pairs])  # fmt: skip
    mean, truth = bands[:, 0].ravel(), bands[:, 1].ravel()
    times = np.repeat([book.time_ms for book, _, _ in pairs], bands[0, 0].size)
    # With an empty map there is no level to correct.
    right = truth.sum() / mean.sum() if mean.sum() > 0 else 1.0
    size = effective_size("quote")
    some = (mean > 0) | (truth > 0)
    columns: dict[str, FloatArray] = {}
    for level in LEVELS:
        for name, shown in (("inside", mean), ("inside at level", mean * right)):
            inside = is_inside(shown, truth, size, level)
            columns[f"{name} {round(100 * level)}"] = np.where(some, inside, np.nan)
    pit = pit_histogram(mean[some] * right, truth[some], size)
    return DaySums.of(times, {}, columns), pit


def _bands(
    known: KnownBooks, pair: tuple[TrueBook, KeptMap, FloatArray], sides: FloatArray, per_band: int
) -> FloatArray:
    book, shown, _ = pair
    worth = values_of(known.instrument, known.grid, shown.first_bin, sides.shape[1])
    near = cut_window(sides * worth, book.mark, known.grid, shown.first_bin, BAND_WINDOW)
    return sum_rows(near, per_band)

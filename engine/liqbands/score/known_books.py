"""Maps kept at the moments at which the true book is known, and the truth as a model.

`MapTap` listens in while a model is walked forward for other reasons, so that a model walks over
a recording only once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import FloatArray, Instrument
from liqbands.readings import contracts_per_layer
from liqbands.score.book_score import FAR_WINDOW, cut_window
from liqbands.score.models import CalibratedEngine, EngineModel
from liqbands.score.types import MapModel, ModelFactory
from liqbands.score.watched import Truth
from liqbands.sim.records import TrueBook

_SPARE: Final = 4
"""Bins beyond the far window, because mark seldom lies on an edge."""


@dataclass(frozen=True, eq=False)
class KeptMap:
    """What a model showed at one moment.

    Parameters
    ----------
    first_bin : int
        Bin of the first column.
    sides : ndarray, shape (2, n_bins)
        Longs and shorts.
    layers : ndarray, shape (2, n_layers), optional
        The same within the far window, by leverage; None for a model that knows no leverage.
    """

    first_bin: int
    sides: FloatArray
    layers: FloatArray | None


class MapTap:
    """A model that keeps what it shows at certain moments.

    Parameters
    ----------
    model : MapModel
        The model.
    grid : PriceGrid
        Its grid.
    marks : mapping of int to float
        Mark price at each moment to keep, by time.
    kept : dict of int to KeptMap
        Where to keep, by time.
    """

    def __init__(
        self,
        model: MapModel,
        grid: PriceGrid,
        marks: Mapping[int, float],
        kept: dict[int, KeptMap],
    ) -> None:
        self._model = model
        self._grid = grid
        self._marks = marks
        self._kept = kept

    def extend(self, candles: Candles) -> None:
        """Take in the next closed bars, and keep the map if this is a moment to keep.

        Parameters
        ----------
        candles : Candles
            Later than all before.
        """
        self._model.extend(candles)
        now = int(candles.open_time_ms[-1]) + candles.timeframe_ms
        if now in self._marks:
            self._kept[now] = kept_map(self._model, self._grid, self._marks[now])

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return the model's own map.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the price grid.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts.
        """
        return self._model.standing(first_bin, n_bins)


def tapped(
    factory: ModelFactory, marks: Mapping[int, float], kept: dict[int, KeptMap]
) -> ModelFactory:
    """Return a factory of the same models that keep their maps at certain moments.

    Parameters
    ----------
    factory : ModelFactory
        Makes the models.
    marks : mapping of int to float
        Mark price at each moment to keep, by time.
    kept : dict of int to KeptMap
        Where to keep, by time.

    Returns
    -------
    ModelFactory
        Makes `MapTap`.
    """

    def make(instrument: Instrument, timeframe_ms: int) -> MapModel:
        grid = PriceGrid.of(instrument.market)
        return MapTap(factory(instrument, timeframe_ms), grid, marks, kept)

    return make


def kept_map(model: MapModel, grid: PriceGrid, mark: float) -> KeptMap:
    """Read a model around a price.

    Parameters
    ----------
    model : MapModel
        The model.
    grid : PriceGrid
        Its grid.
    mark : float
        Mark price, quote per base.

    Returns
    -------
    KeptMap
        As far as the far window reaches.
    """
    first, n_bins = far_bins(grid, mark)
    return KeptMap(first, model.standing(first, n_bins), _layers_of(model, first, n_bins))


def far_bins(grid: PriceGrid, mark: float) -> tuple[int, int]:
    """Return the bins that cover the far window.

    Parameters
    ----------
    grid : PriceGrid
        The grid.
    mark : float
        Mark price, quote per base.

    Returns
    -------
    tuple of int
        First bin, and how many.
    """
    half = round(FAR_WINDOW / grid.step) + _SPARE
    return int(grid.bin_of(np.array([mark]))[0]) - half, 2 * half


class TrueMap:
    """The true book as a map: the most that any model could know of it.

    Parameters
    ----------
    truths : mapping of int to Truth
        What stands, by time.
    """

    name = "ceiling: true positions"

    def __init__(self, truths: Mapping[int, Truth]) -> None:
        self._truths = truths
        self._now: Truth | None = None

    def extend(self, candles: Candles) -> None:
        """Turn to the truth of the close of the last bar.

        Parameters
        ----------
        candles : Candles
            Later than all before.
        """
        now = int(candles.open_time_ms[-1]) + candles.timeframe_ms
        self._now = self._truths.get(now)

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return what stands in truth.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the price grid.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts.

        Raises
        ------
        ValueError
            If the truth of this moment was not recorded.
        """
        if self._now is None:
            raise ValueError("the truth of this moment is not known; record it more often")
        return self._now.standing(first_bin, n_bins)


def true_layers(book: TrueBook, grid: PriceGrid) -> FloatArray:
    """Return what stands in truth within the far window, by leverage.

    Parameters
    ----------
    book : TrueBook
        The truth.
    grid : PriceGrid
        Its grid.

    Returns
    -------
    ndarray, shape (2, n_layers)
        Longs and shorts.
    """
    contracts = book.contracts.astype(np.float64)
    layers = [
        cut_window(contracts[:, k], book.mark, grid, book.first_bin, FAR_WINDOW).sum(axis=1)
        for k in range(contracts.shape[1])
    ]
    return np.stack(layers, axis=1)


def _layers_of(model: MapModel, first_bin: int, n_bins: int) -> FloatArray | None:
    if not isinstance(model, EngineModel) or model.book.unit != "quote":
        return None
    survival = model.survival if isinstance(model, CalibratedEngine) else 1.0
    weight = model.book.ladder.weight * survival
    layers: FloatArray = contracts_per_layer(model.book, first_bin, n_bins, weight).sum(axis=2)
    return layers

"""What a trader reads off a book: bands, the liquidation map, the summary.

Units and quantities are as in `liqbands.results`: ``"quote"`` or ``"relative"``,
``"standing"`` or ``"expected"``.
"""

import re
from dataclasses import dataclass

from liqbands.instrument import FloatArray, Instrument, Side
from liqbands.results import BandState, Quantity, Unit


@dataclass(frozen=True, slots=True)
class Band:
    """One zone of dense liquidations.

    Parameters
    ----------
    side : Side
        Side of the positions that stand in it.
    low, high : float
        Edges, quote per base, ``[low, high)``.
    peak_price : float
        Middle of the densest bin, quote per base.
    notional : float
        Sum over the zone, quote or relative.
    notional_low, notional_high : float
        Bounds of the 80 % interval of `notional`.
    leverage_notional : dict of str to float
        `notional` by leverage layer; the values add up to it.
    mean_age_ms : float
        Contract-weighted age, milliseconds.
    distance : float
        ``peak_price / mark - 1``, a fraction: negative for longs.
    distance_atr : float
        ``abs(peak_price - mark)`` in average true ranges.
    reach_probability : float
        Share of `notional` that a price without drift reaches within a week
        (`liqbands.reach.reach_probability`); says nothing of where price will go.
    strength : float
        Rank within the book by ``notional * reach_probability``, 0 (weakest) to 1 (strongest).
    first_seen_ms : int
        Half day since which the peak has been dense and unswept, UTC milliseconds, at most 90
        days back; the snapshot's own time for a younger band.
    state : {"building", "steady", "fading", "swept"}
        Change against half a day to a day earlier; swept only from the tracker.
    unit : {"quote", "relative"}
        Unit of the notional fields.
    slot : int
        Place that the band keeps while it lives; -1 outside of the tracker.
    """

    side: Side
    low: float
    high: float
    peak_price: float
    notional: float
    notional_low: float
    notional_high: float
    leverage_notional: dict[str, float]
    mean_age_ms: float
    distance: float
    distance_atr: float
    reach_probability: float
    strength: float
    first_seen_ms: int
    state: BandState
    unit: Unit
    slot: int = -1

    @property
    def dominant_leverage(self) -> int:
        """Return the upper leverage of the layer that holds most, 0 when no layer has one.

        The layer ``"25-50x"`` stands for 50, ``"100x+"`` for 100.
        """
        if not self.leverage_notional:
            return 0
        layer = max(self.leverage_notional, key=lambda name: self.leverage_notional[name])
        numbers = re.findall(r"(\d+)x", layer)
        return int(numbers[-1]) if numbers else 0


@dataclass(frozen=True, eq=False)
class LiquidationMap:
    """Notional per price at one moment, in layers by leverage, with cumulative curves.

    Parameters
    ----------
    instrument : Instrument
        What the numbers are about.
    time_ms : int
        Moment of the map, UTC milliseconds.
    mark : float
        Price from which the curves run outwards, quote per base.
    edges : ndarray, shape (n_bands + 1,)
        Row edges, quote per base.
    leverage_groups : tuple of str
        Names of the layers, from low to high leverage.
    long_layers, short_layers : ndarray, shape (n_groups, n_bands)
        Notional per layer and row.
    long_cumulative, short_cumulative : ndarray, shape (n_bands,)
        Notional between the mark and the far edge of each row; 0 on the wrong side.
    unit : {"quote", "relative"}
        Unit of the notional.
    quantity : {"standing", "expected"}
        What it counts.
    """

    instrument: Instrument
    time_ms: int
    mark: float
    edges: FloatArray
    leverage_groups: tuple[str, ...]
    long_layers: FloatArray
    short_layers: FloatArray
    long_cumulative: FloatArray
    short_cumulative: FloatArray
    unit: Unit
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers that stand above a map.

    Parameters
    ----------
    time_ms : int
        Moment, UTC milliseconds.
    mark : float
        Mark price, quote per base.
    long_notional, short_notional : float
        Totals on the grid, quote or relative.
    long_short_ratio : float
        Long over short; NaN when nothing is short.
    nearest_long, nearest_short : Band or None
        Strong band nearest to the mark on each side.
    strongest_long, strongest_short : Band or None
        Strongest cluster on each side ("magnet", as traders call it; no attraction is claimed).
    unit : {"quote", "relative"}
        Unit of the notional.
    quantity : {"standing", "expected"}
        What it counts.
    """

    time_ms: int
    mark: float
    long_notional: float
    short_notional: float
    long_short_ratio: float
    nearest_long: Band | None
    nearest_short: Band | None
    strongest_long: Band | None
    strongest_short: Band | None
    unit: Unit
    quantity: Quantity

"""The leverage ladder: at which distances from entry positions stand, and how fast they close.

A *hat* spreads a tier around its distance, because tiered and cross margin disperse liquidation
prices; a *spike* is one of the nominal leverages that venues offer.  Distances are log
distances ``|ln(liquidation price / entry price)|``.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray, Instrument, MarketKind, Side
from liqbands.margin import find_venue, liquidation_distance, max_leverage
from liqbands.parameters import Parameters

SPIKES: Final[tuple[tuple[float, float], ...]] = (
    (3, 0.06),
    (5, 0.14),
    (10, 0.24),
    (20, 0.15),
    (25, 0.10),
    (50, 0.15),
    (75, 0.04),
    (100, 0.09),
    (125, 0.03),
)
"""Nominal leverages and their share of the opening flow that is not on the smooth ladder."""

N_HATS: Final = 16

LEVERAGE_BOUNDS: Final[tuple[float, ...]] = (0.0, 5.0, 10.0, 25.0, 50.0, 100.0, np.inf)
LEVERAGE_GROUPS: Final[tuple[str, ...]] = (
    "1-5x",
    "5-10x",
    "10-25x",
    "25-50x",
    "50-100x",
    "100x+",
)
RANGE_BOUNDS: Final[tuple[float, ...]] = (0.0, 0.5, 1.0, 2.0, 5.0, np.inf)
RANGE_GROUPS: Final[tuple[str, ...]] = (
    "<0.5 ATR",
    "0.5-1 ATR",
    "1-2 ATR",
    "2-5 ATR",
    ">5 ATR",
)
EXTREMES_GROUP: Final = "extremes"
EXTREMES_HAZARDS: Final = (6.0, 3.0, 1.0, 0.4)
"""Closing speed of the stop pools, from the shortest look-back to the longest."""


@dataclass(frozen=True, eq=False)
class Ladder:
    """Tiers of one instrument before they are laid on a grid.

    Parameters
    ----------
    weight : ndarray, shape (n_tiers,)
        Share of the opening flow, adding up to 1.
    distance : ndarray, shape (2, n_tiers)
        Log distance from entry, long and short; infinite without a liquidation price.
    ratio : ndarray, shape (n_tiers,)
        Half width of the hat as a factor on the distance; 1 for a spike.
    hazard : ndarray, shape (2, n_tiers)
        Relative closing speed.
    group : ndarray of int64, shape (n_tiers,)
        Index into `groups`.
    groups : tuple of str
        Names of the layers in which the book is shown.
    n_entry : int
        Tiers that stand relative to their entry; the rest stand beyond highs and lows.
    """

    weight: FloatArray
    distance: FloatArray
    ratio: FloatArray
    hazard: FloatArray
    group: NDArray[np.int64]
    groups: tuple[str, ...]
    n_entry: int

    @property
    def n_tiers(self) -> int:
        """Return the number of tiers."""
        return len(self.weight)


def leverage_ladder(instrument: Instrument, parameters: Parameters, at_ms: int | None) -> Ladder:
    """Return the ladder of a market with open interest: 16 hats and the venue's spikes.

    Parameters
    ----------
    instrument : Instrument
        Its venue's rule and tiers place the spikes and bound the leverage.
    parameters : Parameters
        Shares, median, spread and hazards.
    at_ms : int or None
        When the venue's rule has to hold, UTC milliseconds; None is today's.

    Returns
    -------
    Ladder
        Hats first, nearest first, then spikes from low to high leverage.

    Notes
    -----
    Hats at ``d = 0.4 % ... 90 %`` (ratio 1.435) weigh ``exp(-((ln d - ln median)/spread)^2 / 2)``.
    Hats nearer than the venue's highest leverage allows are left out, spikes above it too, and
    the weights divided by their sum.
    """
    allowed = max_leverage(instrument)
    nearest = 0.5 / allowed  # about half of what 1/L leaves, less the maintenance margin
    hat, ratio = _geometric(0.004, 0.9, N_HATS)
    hat = hat[hat >= nearest / np.sqrt(ratio)]
    leverage, share = np.array([row for row in SPIKES if row[0] <= allowed]).T
    spike = _distances(instrument, leverage, at_ms)
    distance = np.concatenate([np.tile(hat, (2, 1)), spike], axis=1)
    hat_weight = _bell(hat, parameters.ladder_median, parameters.ladder_spread)
    weight = np.concatenate(
        [
            parameters.ladder_share * hat_weight / hat_weight.sum(),
            (1 - parameters.ladder_share) * share / share.sum(),
        ]
    )
    # A hat is labelled by the leverage whose liquidation would be that far away.
    labelled = np.concatenate([1 / -np.expm1(-hat), leverage])
    ladder = Ladder(
        weight=weight,
        distance=distance,
        ratio=np.concatenate([np.full(len(hat), ratio), np.ones(len(spike[0]))]),
        hazard=_hazard(distance, 0.10, parameters),
        group=np.digitize(labelled, LEVERAGE_BOUNDS) - 1,
        groups=LEVERAGE_GROUPS,
        n_entry=len(weight),
    )
    return _with_unlevered(ladder, parameters)


def rule_changes(instrument: Instrument) -> list[int]:
    """Return when the venue changed the rule by which it liquidates.

    Parameters
    ----------
    instrument : Instrument
        Venue and contract kind.

    Returns
    -------
    list of int
        First moments of a new rule, UTC milliseconds, ascending.
    """
    venue = find_venue(instrument.venue, instrument.contract_kind)
    changes = {
        use.until_ms
        for use in venue.rules
        if use.contract_kind is instrument.contract_kind and use.until_ms is not None
    }
    return sorted(changes)


def stop_ladder(market: MarketKind, daily_range: float, parameters: Parameters) -> Ladder:
    """Return the ladder of a market without open interest: stop distances and stop pools.

    Parameters
    ----------
    market : MarketKind
        Crypto has fixed distances, forex and stocks have distances in daily ranges.
    daily_range : float
        Average true range of a day as a log distance (forex and stocks only).
    parameters : Parameters
        Shares and hazards.

    Returns
    -------
    Ladder
        Hats, then the pools that stand beyond highs and lows.
    """
    if market in (MarketKind.FOREX, MarketKind.STOCK):
        unit, (hat, ratio) = daily_range, _geometric(0.1, 20.0, N_HATS)
        median, spread, groups, bounds = 0.8, 1.1, RANGE_GROUPS, RANGE_BOUNDS
        group = np.digitize(hat, bounds) - 1
    else:
        unit, (hat, ratio) = 1.0, _geometric(0.002, 0.4, N_HATS)
        median, spread, groups, bounds = 0.03, 1.1, LEVERAGE_GROUPS, LEVERAGE_BOUNDS
        group = np.digitize(1 / -np.expm1(-hat), bounds) - 1
    n_pools = len(EXTREMES_HAZARDS)
    weight = _bell(hat, median, spread)
    weight *= (1 - parameters.extremes_share) / weight.sum()
    hazard = _hazard(np.tile(hat, (2, 1)), median, parameters)
    pool_hazard = np.tile(EXTREMES_HAZARDS, (2, 1)) if parameters.hazards == "tier" else 1.0
    return Ladder(
        weight=np.concatenate([weight, np.full(n_pools, parameters.extremes_share / n_pools)]),
        distance=np.pad(
            np.tile(hat * unit, (2, 1)), ((0, 0), (0, n_pools)), constant_values=np.inf
        ),
        ratio=np.concatenate([np.full(N_HATS, ratio), np.ones(n_pools)]),
        hazard=np.concatenate([hazard, pool_hazard * np.ones((2, n_pools))], axis=1),
        group=np.concatenate([group, np.full(n_pools, len(groups))]),
        groups=(*groups, EXTREMES_GROUP),
        n_entry=N_HATS,
    )


def _geometric(low: float, high: float, n: int) -> tuple[FloatArray, float]:
    values = np.geomspace(low, high, n)
    return values, float(values[1] / values[0])


def _bell(distance: FloatArray, median: float, spread: float) -> FloatArray:
    weight: FloatArray = np.exp(-0.5 * (np.log(distance / median) / spread) ** 2)
    return weight


def _hazard(distance: FloatArray, median: float, parameters: Parameters) -> FloatArray:
    if parameters.hazards != "tier":
        return np.ones_like(distance)
    hazard: FloatArray = np.clip(distance / median, 0.05, 5.0) ** -parameters.hazard_exponent
    return hazard


def _distances(instrument: Instrument, leverage: FloatArray, at_ms: int | None) -> FloatArray:
    distance = np.stack(
        [
            liquidation_distance(instrument, leverage, side, at_ms)
            for side in (Side.LONG, Side.SHORT)
        ]
    )
    return np.where(np.isnan(distance), np.inf, distance)


def _with_unlevered(ladder: Ladder, parameters: Parameters) -> Ladder:
    """Add the tier of positions that have no liquidation price."""
    share = parameters.unlevered_share
    if share == 0:
        return ladder
    slowest = ladder.hazard.min(axis=1, keepdims=True)
    return replace(
        ladder,
        weight=np.append(ladder.weight * (1 - share), share),
        distance=np.append(ladder.distance, np.full((2, 1), np.inf), axis=1),
        ratio=np.append(ladder.ratio, 1.0),
        hazard=np.append(ladder.hazard, slowest, axis=1),
        group=np.append(ladder.group, 0),
        n_entry=ladder.n_entry + 1,
    )

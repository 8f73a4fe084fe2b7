"""The model's settings; every element of the model is a switch with an off value.

Defaults are the priors of the model description in ``engine/README.md``.  Distances are log
distances (0.10 is about 10 %), shares are fractions.
"""

from dataclasses import dataclass
from typing import Literal

Hazards = Literal["tier", "flat", "off"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Settings of the estimate.

    Parameters
    ----------
    participation : float
        Share of the volume that opens or closes positions; the rest is market-maker churn.
    gross_flow : bool
        Count openings from volume and open interest; off: only rises of open interest open.
    taker_split : bool
        Let taker flow (or the candle's shape) tilt the sides; off: half and half.
    taker_weight : float
        How far taker flow tilts: ``(eta_T - eta_M) / (eta_T + eta_M)``, takers being more levered.
    candle_weight : float
        The same for the close's place in the candle, used where taker flow is missing.
    funding_weight : float
        Tilt towards the side that pays, at funding of 0.05 % or more; a bounded prior without
        evidence.  0 is off.
    three_point_entry : bool
        Spread entries over the bar's range from 15 minutes up; off: all at the average price.
    in_bar : bool
        From 15 minutes up, liquidate inside the bar what is opened and reached in it.
    sweep : bool
        Remove what the mark price has reached; off is for comparison only.
    mark_sweep : bool
        Sweep by mark price where it is known; off: by last price.
    wick_retention : float
        Share kept where only a wick of the last price reached (no effect with mark prices).
    realised : bool
        Take reported liquidations beyond the predicted ones out of the nearest zones.
    hazards : {"tier", "flat", "off"}
        Voluntary closing: faster for near tiers, equal for all, or none.
    hazard_exponent : float
        How fast closing slows with distance (``"tier"`` only): ``distance ** -exponent``.
    conserving : bool
        Tie both sides to open interest; off: the usual rule that drifts, for comparison.
    ladder_share : float
        Flow share of the smooth ladder; the rest goes to the nominal leverages (spikes).
    ladder_median, ladder_spread : float
        Centre (log distance) and log standard deviation of the ladder's weights.
    pools : bool
        Split every tier into a fast and a slow pool.
    unlevered_share : float
        Share of the flow that has no liquidation price on the grid.
    seed_volatility, seed_turnover : float
        Daily volatility and volume over open interest per day that place the seed.  Constants:
        a statistic of the loaded data would look ahead.
    half_life_days : float
        Half-life of positions at average volume where there is no open interest.
    extremes_share : float
        Where there is no open interest: share that stands beyond highs and lows.
    """

    participation: float = 0.3
    gross_flow: bool = True
    taker_split: bool = True
    taker_weight: float = 0.45
    candle_weight: float = 0.35
    funding_weight: float = 0.05
    three_point_entry: bool = True
    in_bar: bool = True
    sweep: bool = True
    mark_sweep: bool = True
    wick_retention: float = 0.0
    realised: bool = True
    hazards: Hazards = "tier"
    hazard_exponent: float = 0.8
    conserving: bool = True
    ladder_share: float = 0.6
    ladder_median: float = 0.10
    ladder_spread: float = 1.2
    pools: bool = False
    unlevered_share: float = 0.0
    seed_volatility: float = 0.02
    seed_turnover: float = 3.0
    half_life_days: float = 1.0
    extremes_share: float = 0.3

    def __post_init__(self) -> None:
        for name, low, high in _BOUNDS:
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} must be in [{low:g}, {high:g}], was {value}")
        if self.hazards not in ("tier", "flat", "off"):
            raise ValueError(f"hazards must be tier, flat or off, was {self.hazards!r}")


_BOUNDS = (
    ("participation", 1e-6, 1.0),
    ("taker_weight", 0.0, 0.96),
    ("candle_weight", 0.0, 1.0),
    ("funding_weight", 0.0, 0.4),
    ("wick_retention", 0.0, 1.0),
    ("hazard_exponent", 0.0, 3.0),
    ("ladder_share", 0.0, 1.0),
    ("ladder_median", 1e-3, 1.0),
    ("ladder_spread", 0.1, 10.0),
    ("unlevered_share", 0.0, 0.95),
    ("seed_volatility", 1e-4, 1.0),
    ("seed_turnover", 1e-3, 1e3),
    ("half_life_days", 1e-3, 1e3),
    ("extremes_share", 0.0, 1.0),
)

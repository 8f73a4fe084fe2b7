"""The model's settings; every element of the model is a switch with an off value.

Defaults are those of ``parameter_data/default.json``, which also says on what they were fitted
and what they scored (`liqbands.parameter_files`).  Distances are log distances (0.10 is about
10 %), shares are fractions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final, Literal

Hazards = Literal["tier", "flat", "off"]

PARAMETER_DATA: Final = resources.files("liqbands") / "parameter_data"
"""The folder of the parameter files that ship with the package."""

# Not checked here, because a checked file is made of `Parameters`; the tests read it in full.
_DEFAULT: Final[Mapping[str, Any]] = json.loads(
    (PARAMETER_DATA / "default.json").read_text(encoding="utf-8")
)["parameters"]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Settings of the estimate; ``Parameters()`` is the shipped file ``default.json``.

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

    participation: float = _DEFAULT["participation"]
    gross_flow: bool = _DEFAULT["gross_flow"]
    taker_split: bool = _DEFAULT["taker_split"]
    taker_weight: float = _DEFAULT["taker_weight"]
    candle_weight: float = _DEFAULT["candle_weight"]
    three_point_entry: bool = _DEFAULT["three_point_entry"]
    in_bar: bool = _DEFAULT["in_bar"]
    sweep: bool = _DEFAULT["sweep"]
    mark_sweep: bool = _DEFAULT["mark_sweep"]
    wick_retention: float = _DEFAULT["wick_retention"]
    realised: bool = _DEFAULT["realised"]
    hazards: Hazards = _DEFAULT["hazards"]
    hazard_exponent: float = _DEFAULT["hazard_exponent"]
    conserving: bool = _DEFAULT["conserving"]
    ladder_share: float = _DEFAULT["ladder_share"]
    ladder_median: float = _DEFAULT["ladder_median"]
    ladder_spread: float = _DEFAULT["ladder_spread"]
    unlevered_share: float = _DEFAULT["unlevered_share"]
    seed_volatility: float = _DEFAULT["seed_volatility"]
    seed_turnover: float = _DEFAULT["seed_turnover"]
    half_life_days: float = _DEFAULT["half_life_days"]
    extremes_share: float = _DEFAULT["extremes_share"]

    def __post_init__(self) -> None:
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} must be in [{low:g}, {high:g}], was {value}")
        if self.hazards not in ("tier", "flat", "off"):
            raise ValueError(f"hazards must be tier, flat or off, was {self.hazards!r}")


BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "participation": (1e-6, 1.0),
    "taker_weight": (0.0, 0.96),
    "candle_weight": (0.0, 1.0),
    "wick_retention": (0.0, 1.0),
    "hazard_exponent": (0.0, 3.0),
    "ladder_share": (0.0, 1.0),
    "ladder_median": (1e-3, 1.0),
    "ladder_spread": (0.1, 10.0),
    "unlevered_share": (0.0, 0.95),
    "seed_volatility": (1e-4, 1.0),
    "seed_turnover": (1e-3, 1e3),
    "half_life_days": (1e-3, 1e3),
    "extremes_share": (0.0, 1.0),
}
"""Lowest and highest value of every setting that is a number."""

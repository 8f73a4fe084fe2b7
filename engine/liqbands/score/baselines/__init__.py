"""What the map has to beat: simple maps drawn from the same bars, each behind the protocol.

Every class is its own factory: ``PineBands(instrument, timeframe_ms)``.  All work in whatever
unit their input has; only the shape of what they draw can be compared.
"""

from typing import Final

from liqbands.score.baselines.fresh_territory import FreshTerritory
from liqbands.score.baselines.half_life_ladder import HalfLifeLadder
from liqbands.score.baselines.open_interest_rises import OpenInterestRises
from liqbands.score.baselines.pine_bands import PineBands, SweptPineBands
from liqbands.score.baselines.uniform import Uniform
from liqbands.score.baselines.volume_profile import VolumeProfile
from liqbands.score.types import ModelFactory

__all__ = [
    "BASELINES",
    "FreshTerritory",
    "HalfLifeLadder",
    "OpenInterestRises",
    "PineBands",
    "SweptPineBands",
    "Uniform",
    "VolumeProfile",
]

BASELINES: Final[dict[str, ModelFactory]] = {
    model.name: model
    for model in (
        Uniform,
        VolumeProfile,
        FreshTerritory,
        PineBands,
        SweptPineBands,
        OpenInterestRises,
        HalfLifeLadder,
    )
}
"""All of them by name, from the plainest to the closest rival."""

"""The models that are scored on recorded data, by the names under which they are reported.

The engine stands here as it ships, and with the prior of the model description spelt out, so
that figures stay comparable when a default moves.
"""

from dataclasses import dataclass
from typing import Final

from liqbands.instrument import Instrument
from liqbands.parameters import Parameters
from liqbands.score.baselines import BASELINES, OpenInterestRises, SweptPineBands
from liqbands.score.models import EngineModel
from liqbands.score.types import ModelFactory

LADDER: Final = "ladder"
TIERS: Final = "25 tiers"
ENGINE: Final = "engine"


@dataclass(frozen=True, slots=True)
class Engine:
    """A factory of engines that also count what they swept.

    Parameters
    ----------
    parameters : Parameters
        The model's settings.

    Examples
    --------
    >>> Engine(Parameters())(Instrument("bybit", "BTC/USDT:USDT"), 60_000).swept_so_far
    array([0., 0.])
    """

    parameters: Parameters

    def __call__(self, instrument: Instrument, timeframe_ms: int) -> EngineModel:
        """Make an engine.

        Parameters
        ----------
        instrument : Instrument
            Venue, contract and market.
        timeframe_ms : int
            Length of the bars, milliseconds.

        Returns
        -------
        EngineModel
            Without any bar yet.
        """
        return EngineModel(instrument, timeframe_ms, self.parameters)


ENGINES: Final = {
    LADDER: Engine(Parameters(ladder_share=1.0, ladder_median=0.10, ladder_spread=1.2)),
    TIERS: Engine(Parameters(ladder_share=0.6, ladder_median=0.10, ladder_spread=1.2)),
    ENGINE: Engine(Parameters()),
}
"""Smooth tiers alone, with the nominal leverages (both as described), and as the engine ships."""

MODELS: Final[dict[str, ModelFactory]] = {**BASELINES, **ENGINES}
"""All maps, baselines first."""

RIVALS: Final = (SweptPineBands.name, OpenInterestRises.name)
"""Baselines that every other model is also compared with directly."""

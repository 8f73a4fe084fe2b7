"""The engine at the level that reported liquidations teach, as the scorecard sees it."""

from dataclasses import replace

from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.level import Feed, Level
from liqbands.parameters import Parameters
from liqbands.score.models import EngineModel
from liqbands.score.types import MapModel, ModelFactory


class LevelledEngine(EngineModel):
    """A book whose standing contracts are scaled by what liquidations say of the level.

    Parameters
    ----------
    instrument : Instrument
        Venue, contract and market.
    timeframe_ms : int
        Length of the bars, milliseconds.
    parameters : Parameters, optional
        The model's settings.  Reported liquidations teach the level here, so they are never
        taken out of the zones as well.
    feed : {"full", "throttled"}
        How complete the reports are.
    """

    name = "engine, levelled"

    def __init__(
        self,
        instrument: Instrument,
        timeframe_ms: int,
        parameters: Parameters | None = None,
        feed: Feed = "full",
    ) -> None:
        super().__init__(
            instrument, timeframe_ms, replace(parameters or Parameters(), realised=False)
        )
        self.level = Level(feed)

    def extend(self, candles: Candles) -> None:
        """Take in the next closed bars, and learn from them day by day.

        Parameters
        ----------
        candles : Candles
            Later than all before.
        """
        self.level.walk(self.book, candles)

    def standing(self, first_bin: int, n_bins: int) -> FloatArray:
        """Return the contracts that stand, at the learnt level.

        Parameters
        ----------
        first_bin, n_bins : int
            Bins of the price grid.

        Returns
        -------
        ndarray, shape (2, n_bins)
            Longs and shorts.
        """
        return super().standing(first_bin, n_bins) * self.level.factor


def levelled(parameters: Parameters | None = None, feed: Feed = "full") -> ModelFactory:
    """Return the factory of an engine that learns its level.

    Parameters
    ----------
    parameters : Parameters, optional
        The model's settings.
    feed : {"full", "throttled"}
        How complete the reports are.

    Returns
    -------
    ModelFactory
        Makes `LevelledEngine`.
    """

    def make(instrument: Instrument, timeframe_ms: int) -> MapModel:
        return LevelledEngine(instrument, timeframe_ms, parameters, feed)

    return make

"""The models that are scored on recorded data, by what the user asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from liqbands.instrument import Instrument
from liqbands.parameters import Parameters
from liqbands.rules import Basis
from liqbands.score.model_sets import ENGINE, find_silent_models
from liqbands.score.models import EngineModel
from liqbands.score.types import ModelFactory
from liqbands_server.scorecard.real_markets import COINS
from liqbands_server.scorecard.real_models import ENGINES, MODELS


@dataclass(frozen=True, slots=True)
class BasisEngine:
    """A factory of engines that follow open interest or volume.

    Parameters
    ----------
    parameters : Parameters
        The model's settings.
    basis : {"open_interest", "volume"}
        What the book follows.
    """

    parameters: Parameters
    basis: Basis

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
        return EngineModel(instrument, timeframe_ms, self.parameters, self.basis)


@dataclass(frozen=True, slots=True)
class Contestants:
    """The models that are scored on recorded data.

    Parameters
    ----------
    maps : mapping of str to ModelFactory
        By label.
    engines : mapping of str to BasisEngine
        Those that count what they swept, in the bar itself too.
    """

    maps: Mapping[str, ModelFactory]
    engines: Mapping[str, BasisEngine]

    @classmethod
    def described(cls, parameters: Parameters) -> Self:
        """Return the baselines and the engine, as it is set and as first described.

        Parameters
        ----------
        parameters : Parameters
            Settings of the engine.

        Returns
        -------
        Contestants
            The figures of the latter stay comparable when a default moves.
        """
        own = {name: made.parameters for name, made in ENGINES.items()} | {ENGINE: parameters}
        engines = _engines(own)
        return cls({**MODELS, **engines}, engines)

    @classmethod
    def of(cls, names: Sequence[str], parameters: Parameters) -> Self:
        """Return the models of some names.

        Parameters
        ----------
        names : sequence of str
            Keys of sets or models.
        parameters : Parameters
            Settings of the engine.

        Returns
        -------
        Contestants
            The engine among them.

        Raises
        ------
        ValueError
            If there is no such set or model, or one needs reported liquidations.
        """
        chosen = find_silent_models(names, parameters)
        own = {
            model.label: model.parameters
            for model in chosen
            if model.parameters is not None and model.has_level
        }
        return cls({model.label: model.factory for model in chosen}, _engines(own))

    def following(self, basis: Basis) -> Self:
        """Return the same models for data with or without open interest.

        Parameters
        ----------
        basis : {"open_interest", "volume"}
            What the engines follow.

        Returns
        -------
        Contestants
            Baselines choose for themselves.
        """
        engines = {name: replace(made, basis=basis) for name, made in self.engines.items()}
        return replace(self, maps={**self.maps, **engines}, engines=engines)

    @property
    def n_steps(self) -> int:
        """Return how many times progress is told."""
        return len(COINS) * (len(self.maps) + len(self.engines)) + len(self.maps)


def _engines(settings: Mapping[str, Parameters]) -> dict[str, BasisEngine]:
    return {name: BasisEngine(own, "open_interest") for name, own in settings.items()}

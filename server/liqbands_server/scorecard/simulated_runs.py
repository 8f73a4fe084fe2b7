"""Jobs on the simulated exchange: one world and one seed each."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from liqbands.parameters import Parameters
from liqbands.score.magnet import Trials
from liqbands.score.magnet_walk import magnet_trials
from liqbands.score.model_sets import find_models, find_silent_models
from liqbands.score.simulated import DEFAULT_PLAN, ScorePlan, score_recording, true_model
from liqbands.score.watched import Watch, watch
from liqbands.sim import find_world
from liqbands.timeframes import DAY_MS

_TRIAL_COLUMNS: Final = ("time_ms", "cluster", "won", "contrast", "with_trend")
_WHOLE: Final = frozenset({"time_ms", "cluster"})
_TRIAL_COUNTS: Final = ("n_ties", "n_untouched", "n_even")


@dataclass(frozen=True, slots=True)
class SimulatedRun:
    """Score models on one seed of one world.

    Parameters
    ----------
    world : str
        Name of the world.
    seed : int
        Of all its chance.
    days : float
        Length of the recording, warm-up included.
    models : tuple of str
        Keys of the models.
    parameters : Parameters
        Settings of the engine.
    plan : ScorePlan
        When to look.
    """

    world: str
    seed: int
    days: float
    models: tuple[str, ...]
    parameters: Parameters
    plan: ScorePlan = DEFAULT_PLAN

    @property
    def name(self) -> str:
        """Return world, seed and length."""
        return f"{self.world}-{self.seed}-{self.days:g}d"

    def identity(self) -> dict[str, Any]:
        """Return everything that the scores depend on."""
        return _identity(self) | {"kind": "score", "plan": asdict(self.plan)}

    def compute(self) -> dict[str, Any]:
        """Simulate the market and score the models on it."""
        watched = watch(find_world(self.world), self.seed, self.days, self.plan.watch)
        models = find_models(self.models, self.parameters)
        return score_recording(watched, models, self.plan).to_dict()


@dataclass(frozen=True, slots=True)
class SimulatedMagnet:
    """Collect the magnet test's trials on one seed of one world.

    Parameters
    ----------
    world : str
        Name of the world.
    seed : int
        Of all its chance; also the cluster of the trials.
    days : float
        Length of the recording, warm-up included.
    models : tuple of str
        Keys of the models; the true positions are one more.
    parameters : Parameters
        Settings of the engine.
    warm_up_ms : int
        No map is asked before, milliseconds from the start.
    """

    world: str
    seed: int
    days: float
    models: tuple[str, ...]
    parameters: Parameters
    warm_up_ms: int = DEFAULT_PLAN.warm_up_ms

    @property
    def name(self) -> str:
        """Return world, seed and length."""
        return f"magnet-{self.world}-{self.seed}-{self.days:g}d"

    def identity(self) -> dict[str, Any]:
        """Return everything that the trials depend on."""
        return _identity(self) | {"kind": "magnet", "warm_up_ms": self.warm_up_ms}

    def compute(self) -> dict[str, Any]:
        """Simulate the market and run the test on it."""
        daily = Watch(self.warm_up_ms, DAY_MS, DAY_MS)
        watched = watch(find_world(self.world), self.seed, self.days, daily)
        venue = watched.recording.venues[0]
        from_ms = int(venue.candles.open_time_ms[0]) + self.warm_up_ms
        models = find_silent_models(self.models, self.parameters)
        return {
            model.key: trials_to_dict(
                magnet_trials(model.factory, venue.instrument, venue.candles, from_ms, self.seed)
            )
            for model in (*models, true_model(watched.truths))
        }


def trials_to_dict(trials: Trials) -> dict[str, Any]:
    """Return trials as plain lists, ready for JSON.

    Parameters
    ----------
    trials : Trials
        The trials.

    Returns
    -------
    dict
        None for a trend that is not known.
    """
    columns = {
        name: [None if value != value else value for value in getattr(trials, name).tolist()]
        for name in _TRIAL_COLUMNS
    }
    return columns | {name: getattr(trials, name) for name in _TRIAL_COUNTS}


def trials_from_dict(content: dict[str, Any]) -> Trials:
    """Return what `trials_to_dict` was made of.

    Parameters
    ----------
    content : dict
        As `trials_to_dict` gives it.

    Returns
    -------
    Trials
        The same trials.
    """
    values: dict[str, Any] = {
        name: np.array(content[name], dtype=np.int64 if name in _WHOLE else np.float64)
        for name in _TRIAL_COLUMNS
    }
    values |= {name: int(content[name]) for name in _TRIAL_COUNTS}
    return Trials(**values)


def _identity(run: SimulatedRun | SimulatedMagnet) -> dict[str, Any]:
    return {
        "world": repr(find_world(run.world)),
        "seed": run.seed,
        "days": run.days,
        "models": list(run.models),
        "parameters": asdict(run.parameters),
    }

"""`liqbands score --sim`: scores and the magnet test on simulated markets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from liqbands_server.cli.score_choice import (
    check_bars,
    check_lengths,
    check_seeds,
    check_worlds,
    days_ms,
)
from liqbands_server.cli.selection import user_values
from liqbands_server.cli.stages import stages

if TYPE_CHECKING:
    from liqbands_server.scorecard.card import Card, Origin  # slow: numba; so is what else it needs
    from liqbands_server.scorecard.runs import Job

STANDARD: Final = ("standard",)


@dataclass(frozen=True, slots=True)
class SimulatedChoice:
    """Which simulated markets, and how they are looked at.

    Parameters
    ----------
    worlds : tuple of str
        Names of worlds; empty where none was named.
    seeds : tuple of int
        Each of them is run.
    days : float
        Length of a run.
    warm_up_ms, bar_ms : int
        Part in which nothing is scored, and length of a bar, milliseconds.
    models : tuple of str
        Keys of sets or models; empty where none was named.
    """

    worlds: tuple[str, ...]
    seeds: tuple[int, ...]
    days: float
    warm_up_ms: int
    bar_ms: int
    models: tuple[str, ...]

    @classmethod
    def of(
        cls,
        worlds: str,
        seeds: str,
        lengths: tuple[float, float],
        bars: str,
        models: tuple[str, ...],
    ) -> Self:
        """Check what was given on the command line.

        Parameters
        ----------
        worlds, seeds, bars : str
            As they were given.
        lengths : tuple of float
            Days of a run, and of its warm-up.
        models : tuple of str
            Checked already.

        Returns
        -------
        SimulatedChoice
            Ready to be run.

        Raises
        ------
        InputError
            If a value is not possible.
        """
        days, warm_up = lengths
        check_lengths(days, warm_up)
        chosen = check_worlds(worlds) if worlds else ()
        return cls(chosen, check_seeds(seeds), days, days_ms(warm_up), check_bars(bars), models)


@dataclass(frozen=True, slots=True)
class Work:
    """How runs are done.

    Parameters
    ----------
    folder : Path
        Where finished runs are kept.
    n_processes : int
        Runs at once.
    fresh : bool
        Do runs again that are done.
    """

    folder: Path
    n_processes: int
    fresh: bool

    def finish(self, runs: "Sequence[Job]") -> list[Path]:
        """Do all runs that are not done yet, with progress.

        Parameters
        ----------
        runs : sequence of Job
            The runs.

        Returns
        -------
        list of Path
            Files of the results, in the order of the runs.
        """
        from liqbands_server.scorecard.runs import finish

        n_processes = min(self.n_processes, len(runs))
        with stages(len(runs), counted=True) as progress:
            progress.next(f"Simulating {len(runs)} runs, {n_processes} at once")

            def done(name: str) -> None:
                progress.next(f"{name} is done")

            return finish(runs, self.folder, n_processes=n_processes, fresh=self.fresh, done=done)


def score_worlds(choice: SimulatedChoice, work: Work, origin: "Origin") -> "Card":
    """Score models on simulated markets.

    Parameters
    ----------
    choice : SimulatedChoice
        What to run.
    work : Work
        How.
    origin : Origin
        When and with which settings.

    Returns
    -------
    Card
        The scorecard.
    """
    from liqbands.score.simulated import ScorePlan
    from liqbands_server.scorecard.simulated_card import simulated_card
    from liqbands_server.scorecard.simulated_runs import SimulatedRun

    plan = ScorePlan(warm_up_ms=choice.warm_up_ms, bar_ms=choice.bar_ms)
    models = choice.models or STANDARD
    runs = [
        SimulatedRun(world, seed, choice.days, models, origin.parameters, plan)
        for world in choice.worlds
        for seed in choice.seeds
    ]
    with user_values():
        return simulated_card(runs, work.finish(runs), origin)


def magnet_of_worlds(choice: SimulatedChoice, work: Work, origin: "Origin") -> "Card":
    """Run the magnet test on simulated markets.

    Parameters
    ----------
    choice : SimulatedChoice
        What to run.
    work : Work
        How.
    origin : Origin
        When and with which settings.

    Returns
    -------
    Card
        The result.
    """
    from liqbands.score.model_sets import find_silent_models
    from liqbands_server.scorecard import magnet_card as magnet
    from liqbands_server.scorecard.simulated_runs import SimulatedMagnet

    worlds, models = choice.worlds or magnet.WORLDS, choice.models or magnet.MODELS
    runs = [
        SimulatedMagnet(world, seed, choice.days, models, origin.parameters, choice.warm_up_ms)
        for world in worlds
        for seed in choice.seeds
    ]
    with user_values():
        find_silent_models(models)
        rows = magnet.simulated_magnet(runs, work.finish(runs))
    seeds = ", ".join(str(seed) for seed in choice.seeds)
    facts = [("worlds", ", ".join(worlds)), ("seeds", seeds), ("length", f"{choice.days:g} days")]
    data = {
        "kind": "magnet", "worlds": list(worlds), "seeds": list(choice.seeds),
        "days": choice.days, "warm_up_ms": choice.warm_up_ms,
    }  # fmt: skip
    return magnet.magnet_card(rows, facts, data, origin)

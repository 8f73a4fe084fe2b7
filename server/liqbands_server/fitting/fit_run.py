"""A whole fit: training markets first, held-out ones only when the fit is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from liqbands.fit.comparison import Comparison, by_world, compare_scores
from liqbands.fit.fitting import Fit, FitPlan, Sensitivity, fit, sensitivities
from liqbands.fit.objective import MarketScore, market_objectives
from liqbands.fit.search import Found
from liqbands.fit.space import SEARCHABLE, Space
from liqbands.instrument import FloatArray
from liqbands.parameter_history import HeldOutScore, SimulatedMarkets
from liqbands.parameters import Parameters
from liqbands_server.fitting.market_pool import MarketKey, MarketPool
from liqbands_server.fitting.recorded import recorded_scores


class Phase(Protocol):
    """Shows the steps of one phase of the work."""

    def next(self, description: str) -> None:
        """Begin a step.

        Parameters
        ----------
        description : str
            What is being done.
        """


_RECORDED_STEPS: Final = 8
"""Two coins, two settings, with and without what dies inside the bar."""

Begin = Callable[[int], Phase]
"""Begins a phase of so many steps at most; the phase before is over."""


@dataclass(frozen=True, slots=True)
class Tested:
    """Settings before and after the fit, on some markets.

    Parameters
    ----------
    markets : SimulatedMarkets
        Which ones.
    overall : tuple of Comparison
        All worlds together.
    worlds : dict of str to tuple of Comparison
        World by world.
    n_snapshots : int
        True books behind it.
    """

    markets: SimulatedMarkets
    overall: tuple[Comparison, ...]
    worlds: dict[str, tuple[Comparison, ...]]
    n_snapshots: int


@dataclass(frozen=True, slots=True)
class FitReport:
    """Everything that a fit found.

    Parameters
    ----------
    plan : FitPlan
        What was asked for.
    fit : Fit
        The settings.
    matters : tuple of Sensitivity
        How much each setting matters on the training markets.
    training, held_out : Tested
        Before and after, where it was fitted and where not.
    recorded : tuple of HeldOutScore
        On recorded hours; empty unless they were given.
    """

    plan: FitPlan
    fit: Fit
    matters: tuple[Sensitivity, ...]
    training: Tested
    held_out: Tested
    recorded: tuple[HeldOutScore, ...]


@dataclass(frozen=True, slots=True)
class FitRun:
    """The means of a fit.

    Parameters
    ----------
    pool : MarketPool
        Where markets are simulated and judged.
    begin : callable
        Shows progress.
    in_time : callable
        False ends the search.
    recorded : Path, optional
        Folder of recorded markets to score on afterwards.
    """

    pool: MarketPool
    begin: Begin
    in_time: Callable[[], bool]
    recorded: Path | None = None

    def run(self, plan: FitPlan, start: Parameters) -> FitReport:
        """Fit, then score on what was held out.

        Parameters
        ----------
        plan : FitPlan
            What is fitted, on what, and on what it is scored.
        start : Parameters
            Where the fit begins.

        Returns
        -------
        FitReport
            Everything that was found.
        """
        keys = self._simulate("Simulating", plan.training)
        found, matters = self._fit(plan, Space.of(start, plan.free), keys)
        training = self._test(plan.training, keys, found)
        held_out_keys = self._simulate("Simulating held-out", plan.held_out)
        held_out = self._test(plan.held_out, held_out_keys, found)
        recorded: tuple[HeldOutScore, ...] = ()
        if self.recorded is not None:
            phase = self.begin(_RECORDED_STEPS)
            recorded = recorded_scores(self.recorded, start, found.parameters, phase.next)
        return FitReport(plan, found, matters, training, held_out, recorded)

    def _simulate(self, doing: str, markets: SimulatedMarkets) -> tuple[MarketKey, ...]:
        phase = self.begin(len(markets.runs))
        return self.pool.simulate(
            markets, lambda key: phase.next(f"{doing}: {key.world}, seed {key.seed}")
        )

    def _fit(
        self, plan: FitPlan, space: Space, keys: Sequence[MarketKey]
    ) -> tuple[Fit, tuple[Sensitivity, ...]]:
        phase = self.begin(plan.search.evaluations)

        def judge(parameters: Parameters) -> FloatArray:
            return market_objectives(self.pool.score(keys, parameters))

        def watch(found: Found) -> bool:
            phase.next(f"Searching, objective {found.value:.4f}")
            return self.in_time()

        found = fit(judge, space, plan.search, watch)
        weighing = self.begin(2 * len(SEARCHABLE) + 1)

        def weigh(parameters: Parameters) -> FloatArray:
            weighing.next("Moving each setting by itself")
            return judge(parameters)

        return found, sensitivities(weigh, found.parameters)

    def _test(self, markets: SimulatedMarkets, keys: Sequence[MarketKey], found: Fit) -> Tested:
        before, after = (
            self.pool.score(keys, settings) for settings in (found.start, found.parameters)
        )
        return compare_settings(markets, before, after)


def compare_settings(
    markets: SimulatedMarkets, before: Sequence[MarketScore], after: Sequence[MarketScore]
) -> Tested:
    """Compare settings before and after, together and world by world.

    Parameters
    ----------
    markets : SimulatedMarkets
        Which markets.
    before, after : sequence of MarketScore
        Their scores.

    Returns
    -------
    Tested
        Figures with bounds.
    """
    old, new = by_world(before), by_world(after)
    return Tested(
        markets,
        compare_scores(before, after),
        {world: compare_scores(old[world], new[world]) for world in old},
        sum(len(score.values) for score in before),
    )

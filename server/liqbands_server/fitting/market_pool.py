"""Simulated markets shared out over processes: each is simulated once and judged many times."""

import contextlib
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Final, Self

from liqbands.fit.markets import FitMarket, market_of
from liqbands.fit.objective import MarketScore, score_market
from liqbands.parameter_history import SimulatedMarkets
from liqbands.parameters import Parameters
from liqbands.sim import find_world, record
from liqbands.timeframes import DAY_MS
from liqbands_server.processes import prepare_worker
from liqbands_server.scorecard.runs import WorkerError


@dataclass(frozen=True, slots=True)
class MarketKey:
    """Which market: everything it depends on.

    Parameters
    ----------
    world : str
        Name of the simulated world.
    seed : int
        Of all its chance.
    days, warm_up_days : float
        Length, and what of it is not scored.
    """

    world: str
    seed: int
    days: float
    warm_up_days: float


def keys_of(markets: SimulatedMarkets) -> tuple[MarketKey, ...]:
    """Return the single markets.

    Parameters
    ----------
    markets : SimulatedMarkets
        Worlds and seeds.

    Returns
    -------
    tuple of MarketKey
        World by world.

    Examples
    --------
    >>> [key.seed for key in keys_of(SimulatedMarkets(("base",), (1, 2), 40, 15))]
    [1, 2]
    """
    return tuple(
        MarketKey(world, seed, markets.days, markets.warm_up_days) for world, seed in markets.runs
    )


class MarketPool:
    """Markets that are simulated once and judged under many settings.

    Parameters
    ----------
    n_processes : int
        With 1 everything happens in this process.

    Examples
    --------
    >>> with MarketPool(1) as pool:
    ...     pool.keys
    ()
    """

    def __init__(self, n_processes: int = 1) -> None:
        # Threads and compiled code do not survive a fork, so every process starts afresh.
        context = multiprocessing.get_context("spawn")
        n_workers = n_processes if n_processes > 1 else 0
        # One executor per process: a market stays where it was simulated.
        self._workers = [ProcessPoolExecutor(1, context, prepare_worker) for _ in range(n_workers)]
        self._held: dict[MarketKey, FitMarket] = {}
        self._keys: list[MarketKey] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.shutdown(wait=False, cancel_futures=True)
        if self._workers:
            for child in multiprocessing.active_children():
                child.terminate()

    @property
    def keys(self) -> tuple[MarketKey, ...]:
        """Return the markets that are there."""
        return tuple(self._keys)

    def simulate(
        self, markets: SimulatedMarkets, done: Callable[[MarketKey], None] = lambda _: None
    ) -> tuple[MarketKey, ...]:
        """Simulate markets and keep them.

        Parameters
        ----------
        markets : SimulatedMarkets
            Worlds and seeds.
        done : callable, optional
            Is told every market that is ready.

        Returns
        -------
        tuple of MarketKey
            For `score`, world by world.

        Raises
        ------
        WorkerError
            If a process was ended from outside.
        """
        keys = keys_of(markets)
        if not self._workers:
            for key in keys:
                self._held[key] = simulate(key)
                done(key)
        else:
            futures = {self._send(k, _hold, key): key for k, key in enumerate(keys)}
            with _answering_lost_workers():
                for future in as_completed(futures):
                    future.result()
                    done(futures[future])
        self._keys += keys
        return keys

    def score(self, keys: Sequence[MarketKey], parameters: Parameters) -> list[MarketScore]:
        """Judge settings on markets.

        Parameters
        ----------
        keys : sequence of MarketKey
            From `simulate`, in its order.
        parameters : Parameters
            The engine's settings.

        Returns
        -------
        list of MarketScore
            In the order of the markets.

        Raises
        ------
        WorkerError
            If a process was ended from outside.
        """
        if not self._workers:
            return [score_market(self._held[key], parameters) for key in keys]
        n_workers = len(self._workers)
        parts = [keys[w::n_workers] for w in range(n_workers)]
        futures = [self._send(w, _score_held, part, parameters) for w, part in enumerate(parts)]
        with _answering_lost_workers():
            answers = [future.result() for future in futures]
        return [answers[k % n_workers][k // n_workers] for k in range(len(keys))]

    def _send(self, k: int, task: Callable[..., Any], *arguments: object) -> "Future[Any]":
        return self._workers[k % len(self._workers)].submit(task, *arguments)


def simulate(key: MarketKey) -> FitMarket:
    """Simulate one market.

    Parameters
    ----------
    key : MarketKey
        Which one.

    Returns
    -------
    FitMarket
        Ready to be judged.
    """
    recording = record(find_world(key.world), key.seed, key.days)
    return market_of(recording, round(key.warm_up_days * DAY_MS))


_HELD: Final[dict[MarketKey, FitMarket]] = {}
"""The markets of a worker process; stays empty in the process of the command."""


def _hold(key: MarketKey) -> None:
    _HELD[key] = simulate(key)


def _score_held(keys: Sequence[MarketKey], parameters: Parameters) -> list[MarketScore]:
    return [score_market(_HELD[key], parameters) for key in keys]


@contextlib.contextmanager
def _answering_lost_workers() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkerError(
            "a process was ended from outside, perhaps for want of memory; use fewer jobs"
        ) from error

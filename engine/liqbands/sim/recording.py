"""Records a simulated market with its true book at regular moments."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from liqbands.candles import Candles
from liqbands.sim.exchange import START_MS, Exchange
from liqbands.sim.records import Recording, TrueBook, VenueRecord
from liqbands.sim.world import World
from liqbands.timeframes import DAY_MS, HOUR_MS

BURN_IN_DAYS: Final = 10
"""Days before a recording starts: the market has to fill with positions."""


def record(
    world: World,
    seed: int,
    days: float = 60,
    *,
    every_ms: int = 6 * HOUR_MS,
    progress: Callable[[float], None] | None = None,
) -> Recording:
    """Simulate a world and keep what is published and what is true.

    Parameters
    ----------
    world : World
        What to simulate; its scripted event counts from the start of the recording.
    seed : int
        Of all its chance.
    days : float
        Length of the recording, after a burn-in of `BURN_IN_DAYS`.
    every_ms : int
        Time between true books, milliseconds, whole minutes.
    progress : callable, optional
        Told the finished share now and then.

    Returns
    -------
    Recording
        One-minute bars, every closing and the true books of all venues.

    Raises
    ------
    ValueError
        If the length is not positive or the time between books is no whole minute.
    """
    if not days > 0:
        raise ValueError(f"days must be positive, was {days}")
    if every_ms <= 0 or every_ms % 60_000:
        raise ValueError(f"every_ms must be whole minutes, was {every_ms}")
    later = replace(world, event=replace(world.event, day=world.event.day + BURN_IN_DAYS))
    exchange = Exchange(later, seed, START_MS - BURN_IN_DAYS * DAY_MS)
    exchange.advance_to(START_MS)
    n_venues = len(world.venues)
    for v in range(n_venues):
        exchange.take_candles(v)
        exchange.take_closings(v)
    books: list[list[TrueBook]] = [[] for _ in range(n_venues)]
    n_books = int(days * DAY_MS // every_ms)
    for k in range(n_books):
        exchange.advance_to(START_MS + (k + 1) * every_ms)
        for v in range(n_venues):
            books[v].append(exchange.true_book(v))
        if progress is not None:
            progress((k + 1) / n_books)
    exchange.advance_to(START_MS + int(days * DAY_MS))
    venues = tuple(_venue(exchange, v, tuple(books[v])) for v in range(n_venues))
    return Recording(world, seed, venues)


def _venue(exchange: Exchange, v: int, books: tuple[TrueBook, ...]) -> VenueRecord:
    candles: Candles | None = exchange.take_candles(v)
    if candles is None:
        raise ValueError("a recording must last at least a minute")
    return VenueRecord(exchange.instrument(v), candles, exchange.take_closings(v), books)

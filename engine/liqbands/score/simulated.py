"""Scores models on a simulated market, where every position is known.

Every model walks forward over the bars once.  Every hour it says what stands where the mark price
is about to come; every six hours it is compared with the true book.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.market_data import Liquidations
from liqbands.score.book_sums import KnownBooks, score_books
from liqbands.score.event_sums import score_events
from liqbands.score.known_books import KeptMap, TrueMap, tapped
from liqbands.score.longer_bars import longer_bars
from liqbands.score.model_sets import NamedModel, Reports
from liqbands.score.panel import Panel
from liqbands.score.reach_panel import reach_panel
from liqbands.score.reached_rows import ReachedRows, ReachPlan, find_reached
from liqbands.score.run_score import ModelScore, RunScore
from liqbands.score.types import MapModel
from liqbands.score.watched import Truth, Watch, Watched
from liqbands.sim.feeds import throttled, with_liquidations
from liqbands.sim.records import Closings, Recording, TrueBook, VenueRecord
from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS

CEILING: Final = "ceiling"
"""Key of the true positions used as a map."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """When a simulated market is looked at.

    Parameters
    ----------
    warm_up_ms : int
        Nothing is scored before, milliseconds from the start.
    events_every_ms, horizon_ms : int
        Time between snapshots of the panel, and how far they look ahead.
    books_every_ms : int
        Time between comparisons with the true book, a multiple of `events_every_ms`.
    bar_ms : int
        Length of the bars that models are shown, whole minutes that divide an hour.

    Raises
    ------
    ValueError
        If a length is not possible.
    """

    warm_up_ms: int = 15 * DAY_MS
    events_every_ms: int = HOUR_MS
    horizon_ms: int = HOUR_MS
    books_every_ms: int = 6 * HOUR_MS
    bar_ms: int = MINUTE_MS

    def __post_init__(self) -> None:
        if self.warm_up_ms < 0:
            raise ValueError(f"warm_up_ms must not be negative, was {self.warm_up_ms}")
        if self.bar_ms <= 0 or self.bar_ms % MINUTE_MS or self.events_every_ms % self.bar_ms:
            raise ValueError(f"bars must be minutes that divide an hour, were {self.bar_ms} ms")
        if self.books_every_ms % self.events_every_ms:
            raise ValueError("the time between books must be a multiple of that between snapshots")

    def reach(self, start_ms: int) -> ReachPlan:
        """Return when the panel's snapshots are taken.

        Parameters
        ----------
        start_ms : int
            Start of the market, UTC milliseconds.

        Returns
        -------
        ReachPlan
            From the end of the warm-up.
        """
        return ReachPlan(self.events_every_ms, self.horizon_ms, from_ms=start_ms + self.warm_up_ms)

    @property
    def watch(self) -> Watch:
        """Return when the truth has to be known."""
        return Watch(self.warm_up_ms, self.events_every_ms, self.books_every_ms)


DEFAULT_PLAN: Final = ScorePlan()


def score_recording(
    market: Recording | Watched,
    models: Sequence[NamedModel],
    plan: ScorePlan = DEFAULT_PLAN,
    progress: Progress | None = None,
) -> RunScore:
    """Score models on the first venue of a simulated market.

    Parameters
    ----------
    market : Recording or Watched
        A recording with true books as often as snapshots are taken, or, quicker, what `watch`
        gives with `ScorePlan.watch`.
    models : sequence of NamedModel
        What to score; the true positions are scored as one more.
    plan : ScorePlan, optional
        When to look.
    progress : callable, optional
        Told the label of each model before it is scored.

    Returns
    -------
    RunScore
        Sums and curves of every model.

    Raises
    ------
    ValueError
        If nothing is left after the warm-up, or the truth of a moment is missing.

    Notes
    -----
    A liquidation is placed at the price that triggered it, which is where a map has it; the
    trade itself may be anywhere.  Models whose bars are too short to differ from the engine
    are left out.
    """
    watched = market if isinstance(market, Watched) else _known_well(market)
    prepared = _Market.of(watched, plan)
    wanted = [model for model in models if model.shortest_bar_ms <= plan.bar_ms]
    scores = []
    for model in (*wanted, true_model(watched.truths)):
        if progress is not None:
            progress(model.label)
        scores.append(prepared.score(model))
    reached = prepared.reached
    return RunScore(
        world=watched.recording.world.name,
        seed=watched.recording.seed,
        n_books=len(prepared.books),
        n_snapshots=len(reached.n_seen),
        n_rows=len(reached.row),
        n_liquidations=int((prepared.events.time_ms >= reached.plan.from_ms).sum()),
        missed=reached.missed,
        models=tuple(scores),
    )


def true_model(truths: Mapping[int, Truth]) -> NamedModel:
    """Return the true positions as a model.

    Parameters
    ----------
    truths : mapping of int to Truth
        What stands, by time.

    Returns
    -------
    NamedModel
        Under the key `CEILING`.
    """

    def make(instrument: object, timeframe_ms: int) -> MapModel:  # noqa: ARG001 - any market
        return TrueMap(truths)

    return NamedModel(CEILING, TrueMap.name, make, has_level=True)


def triggers(closings: Closings) -> Liquidations:
    """Return liquidations at the prices that triggered them.

    Parameters
    ----------
    closings : Closings
        Every position that ended.

    Returns
    -------
    Liquidations
        Only forced ones; priced where the position stood on a map, not at its trade.
    """
    forced = closings.liquidations()
    return replace(forced, price=closings.level[closings.kind == 0])


@dataclass(frozen=True, eq=False)
class _Market:
    """One venue, prepared to be scored on."""

    venue: VenueRecord
    plan: ScorePlan
    candles: Candles
    events: Liquidations
    reached: ReachedRows
    books: tuple[TrueBook, ...]

    @classmethod
    def of(cls, watched: Watched, plan: ScorePlan) -> "_Market":
        venue = watched.recording.venues[0]
        candles = longer_bars(venue.candles, plan.bar_ms)
        events = triggers(venue.closings)
        start = int(venue.candles.open_time_ms[0])
        reach = plan.reach(start)
        reached = find_reached(candles, events, venue.instrument, reach)
        # The panel stops at each of its snapshots; books are compared at some of these stops.
        stops = candles.open_time_ms[reached.n_seen - 1] + candles.timeframe_ms
        compared = {int(t) for t in stops if (t - start) % plan.books_every_ms == 0}
        books = tuple(book for book in venue.books if book.time_ms in compared)
        if not books:
            raise ValueError("nothing to score after the warm-up; days must be more")
        return cls(venue, plan, candles, events, reached, books)

    def score(self, model: NamedModel) -> ModelScore:
        kept: dict[int, KeptMap] = {}
        marks = {book.time_ms: book.mark for book in self.books}
        shown = _with_reports(self.candles, self.venue.closings, model.reports)
        panel: Panel = reach_panel(
            tapped(model.factory, marks, kept), self.venue.instrument, shown, self.reached
        )
        events = score_events(panel, self.reached.time_ms)
        known = KnownBooks(
            self.venue.instrument, self.books, kept, model.has_level, model.key != CEILING
        )
        books = score_books(known)
        curves: dict[str, FloatArray] = {
            "lift": events.lift,
            "predicted": events.predicted,
            "realised": events.realised,
            "pit": books.pit,
        }
        return ModelScore(
            model.key, books.sums.join(events.sums), books.level_day, books.level, curves
        )


def _with_reports(candles: Candles, closings: Closings, reports: Reports) -> Candles:
    if reports == "none":
        return candles
    events = closings.liquidations()
    return with_liquidations(candles, throttled(events) if reports == "throttled" else events)


def _known_well(recording: Recording) -> Watched:
    return Watched(recording, {book.time_ms: book for book in recording.venues[0].books})

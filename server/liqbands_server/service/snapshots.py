"""The book of a listing at one moment, and what it rests on."""

from dataclasses import dataclass, replace

import numpy as np

from liqbands.candles import Candles
from liqbands.results import Snapshot
from liqbands.snapshots_together import combine_snapshots
from liqbands_server.errors import QuestionError
from liqbands_server.service.books import Books
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.provenance import Provenance, provenance_of
from liqbands_server.store.instruments import StoredInstrument


@dataclass(frozen=True, eq=False)
class SnapshotAnswer:
    """A book at one moment.

    Parameters
    ----------
    snapshot : Snapshot
        What `liqbands.bands`, `liqbands.liquidation_map` and `liqbands.summary` read.
    provenance : Provenance
        As of when, how old, how much observed.
    shares : dict of str to float
        Share of each venue; one entry of 1 for a single venue.
    left_out : tuple of str
        Venues that could not be added, with the reason.
    """

    snapshot: Snapshot
    provenance: Provenance
    shares: dict[str, float]
    left_out: tuple[str, ...] = ()


def answer_snapshot(
    markets: Markets, books: Books, listing: Listing, as_of_ms: int, at_ms: int | None = None
) -> SnapshotAnswer:
    """Return the book of a listing.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    books : Books
        Where books are kept between questions.
    listing : Listing
        What is asked about, with the members that are wanted.
    as_of_ms : int
        What was learnt later does not count.
    at_ms : int, optional
        The book at the close of the last bar that closes at or before this time; None takes
        the newest.

    Returns
    -------
    SnapshotAnswer
        The same for the same question, for ever.

    Raises
    ------
    QuestionError
        If no bar had closed by then, or the venues cannot be added up.
    """
    used, late = _bars_used(markets, listing, as_of_ms, at_ms)
    provenance = provenance_of(
        replace(listing, members=tuple(used)), tuple(used.values()), books.parameters, as_of_ms
    )
    snapshots = [books.snapshot(member, bars) for member, bars in used.items()]
    if not listing.is_aggregate:
        venue = listing.instrument.venue
        return SnapshotAnswer(snapshots[0], provenance, {venue: 1.0})
    try:
        together = combine_snapshots(snapshots)
    except ValueError as error:
        raise QuestionError(f"{listing.ticker} cannot be added up: {error}", "symbol") from error
    return SnapshotAnswer(together, provenance, together.share, (*late, *together.left_out))


def _bars_used(
    markets: Markets, listing: Listing, as_of_ms: int, at_ms: int | None
) -> tuple[dict[StoredInstrument, Candles], list[str]]:
    """Return each member's bars, and which members had none by then."""
    used: dict[StoredInstrument, Candles] = {}
    late: list[str] = []
    for member in listing.members:
        try:
            bars = markets.series(member).known_at(as_of_ms)
            used[member] = bars if at_ms is None else _until(bars, at_ms)
        except QuestionError:
            if member is listing.reference:
                raise
            late.append(f"{member.instrument.venue}: no bars yet")
    return used, late


def _until(bars: Candles, at_ms: int) -> Candles:
    n_bars = int(np.searchsorted(bars.open_time_ms + bars.timeframe_ms, at_ms, side="right"))
    if n_bars == 0:
        raise QuestionError("to must lie after the first bar's close", "to")
    return bars[:n_bars]

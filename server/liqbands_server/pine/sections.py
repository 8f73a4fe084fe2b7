"""The books of the store as sections of LH1, all at one moment."""

from dataclasses import dataclass, replace
from typing import Final

from liqbands.timeframes import window_ms
from liqbands.zones import bands
from liqbands_pine.encode import USUAL_BANDS
from liqbands_pine.from_bands import section_from
from liqbands_pine.levels import MOST_CHARACTERS, Section
from liqbands_server.errors import QuestionError
from liqbands_server.service.books import Books
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.provenance import settled_as_of
from liqbands_server.service.snapshots import SnapshotAnswer, answer_snapshot

MOST_SYMBOLS: Final = 20
"""Of one payload: books are read one after the other while somebody waits."""


@dataclass(frozen=True, slots=True)
class LevelsQuestion:
    """Whose levels are wanted, and how many.

    Parameters
    ----------
    tickers : tuple of str
        E.g. ``"BINANCE:BTCUSDT.P"``; at least one.
    as_of_ms : int or None
        What was learnt later does not count; None is the newest data.
    max_bands : int
        Bound on the bands of a symbol.
    max_characters : int
        Bound on a payload.
    window : str or None
        Only bands that formed within it, e.g. ``"1d"``.
    """

    tickers: tuple[str, ...]
    as_of_ms: int | None = None
    max_bands: int = USUAL_BANDS
    max_characters: int = MOST_CHARACTERS
    window: str | None = None


def sections_of(
    markets: Markets, books: Books, question: LevelsQuestion, now_ms: int
) -> tuple[Section, ...]:
    """Return the sections that a question is about.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    books : Books
        Books kept between questions.
    question : LevelsQuestion
        Whose levels.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    tuple of Section
        In the order asked for, all for one moment; a symbol whose data are stale stands for the
        time of its own last bar, so that the chart can say how old it is.

    Raises
    ------
    UnknownSymbolError
        If a symbol is unknown.
    QuestionError
        If there are too many symbols, or one has no amounts in dollars.
    """
    if not 1 <= len(question.tickers) <= MOST_SYMBOLS:
        raise QuestionError(
            f"symbols must be 1 to {MOST_SYMBOLS} tickers apart by commas, "
            f"were {len(question.tickers)}",
            "symbols",
        )
    listings = [markets.find(ticker) for ticker in dict.fromkeys(question.tickers)]
    newest = max(
        markets.series(member).last_learnt_ms for one in listings for member in one.members
    )
    as_of_ms = settled_as_of(newest, question.as_of_ms, now_ms)
    found = [answer_snapshot(markets, books, listing, as_of_ms) for listing in listings]
    return tuple(
        _section(listing, answer, question.window)
        for listing, answer in zip(listings, found, strict=True)
    )


def _section(listing: Listing, answer: SnapshotAnswer, window: str | None) -> Section:
    snapshot, about = answer.snapshot, answer.provenance
    if snapshot.unit == "relative":
        raise QuestionError(
            f"{listing.ticker} has no open interest, so its levels have no amounts in dollars",
            "symbols",
        )
    zones = bands(snapshot)
    if window is not None:
        since_ms = snapshot.time_ms - window_ms(window)
        zones = [zone for zone in zones if zone.first_seen_ms >= since_ms]
    section = section_from(
        snapshot,
        zones,
        venues=[venue for venue, share in answer.shares.items() if share > 0],
        missing=[venue.venue for venue in about.venues if venue.stale],
        confidence=round(100 * about.observed_share * (1 - snapshot.seed_share)),
    )
    return section if about.stale else replace(section, time_s=about.as_of_ms // 1000)

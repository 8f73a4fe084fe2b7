"""Query parameters that routes share, and the questions that they ask: the one place for both."""

from dataclasses import dataclass
from typing import Any, Final

from liqbands.instrument import Side
from liqbands.timeframes import WINDOWS
from liqbands_server.api.blueprints import Parameters
from liqbands_server.api.fields import Choice, Moment, Price, Text, WholeNumber
from liqbands_server.api.windows import (
    DEFAULT_COLUMNS,
    DEFAULT_WINDOW,
    check_cells,
    columns_asked,
)
from liqbands_server.service.heatmaps import HeatmapQuestion
from liqbands_server.service.listings import Listing, only_venues
from liqbands_server.service.provenance import resolve_as_of
from liqbands_server.service.resolutions import RESOLUTIONS, timeframe_of
from liqbands_server.service.snapshots import SnapshotAnswer, answer_snapshot
from liqbands_server.web.context import Context

DEFAULT_ROWS: Final = 400

MOST_COLUMNS: Final = 20_000
MOST_ROWS: Final = 10_000
"""What no setting goes beyond; the settings' own limits are checked with the question."""

SIDES: Final = {"long": Side.LONG, "short": Side.SHORT, "both": None}
TIMEFRAMES: Final = tuple(timeframe_of(resolution) for resolution in RESOLUTIONS)


class SymbolParameters(Parameters):
    """Which listing, over which venues, as of when."""

    symbol = Text(
        r"[A-Za-z0-9._:/-]{1,64}",
        "BINANCE:BTCUSDT.P",
        required=True,
        metadata={"description": "Ticker of `/symbols`; the name alone where it is unique."},
    )
    venues = Text(
        r"[A-Za-z0-9_,-]{1,200}",
        "binance,bybit",
        metadata={"description": "Some venues of an aggregate (`ALL:…`), the others left out."},
    )
    as_of = Moment(
        metadata={
            "description": "What was learnt later does not count. Default: the newest data. "
            "With it, the same question has the same answer for ever.",
            "example": "2025-10-10T00:00:00Z",
        }
    )


class WindowParameters(SymbolParameters):
    """Which stretch of time."""

    from_ms = Moment(data_key="from", metadata={"description": "First column's open."})
    to_ms = Moment(
        data_key="to",
        metadata={"description": "Columns open before it. Default: the newest closed bar's end."},
    )
    window = Choice(
        *WINDOWS,
        metadata={
            "description": "Length of time up to `to`, instead of `from`. Default: "
            f"{DEFAULT_WINDOW}, or as many columns as are asked for."
        },
    )


class HeatmapParameters(WindowParameters):
    """Which columns and rows."""

    timeframe = Choice(
        *TIMEFRAMES,
        metadata={"description": "Length of a column. Default: the shortest that fits `columns`."},
    )
    columns = WholeNumber(
        1,
        MOST_COLUMNS,
        metadata={"description": f"At most so many columns. Default: {DEFAULT_COLUMNS}."},
    )
    bins = WholeNumber(
        2,
        MOST_ROWS,
        load_default=DEFAULT_ROWS,
        metadata={"description": "At most so many price rows."},
    )
    low = Price(metadata={"description": "Lowest price shown. Default: follows the window."})
    high = Price(metadata={"description": "Highest price shown. Default: follows the window."})
    mode = Choice(
        "raw",
        "smoothed",
        load_default="raw",
        metadata={"description": "`smoothed` spreads each row over its neighbours."},
    )
    side = Choice(
        *SIDES, load_default="both", metadata={"description": "Positions of one side only."}
    )
    leverage = Text(
        r"[A-Za-z0-9 .+x-]{1,20}",
        "50-100x",
        metadata={"description": "One leverage layer only, as `/map` names them."},
    )
    max_age = Choice(*WINDOWS, metadata={"description": "Only what was opened within that time."})


class MomentParameters(SymbolParameters):
    """The book at which moment."""

    to_ms = Moment(
        data_key="to",
        metadata={
            "description": "The book at the close of the last bar that closes by then. "
            "Default: of the newest closed bar."
        },
    )


@dataclass(frozen=True, slots=True)
class MomentQuestion:
    """The book of which listing at which moment.

    Parameters
    ----------
    listing : Listing
        What is asked about, with the members that are wanted.
    as_of_ms : int
        What was learnt later does not count.
    at_ms : int or None
        Moment; None is the newest closed bar's end.
    """

    listing: Listing
    as_of_ms: int
    at_ms: int | None


def moment_question(values: dict[str, Any], context: Context) -> MomentQuestion:
    """Return the question that a query for one moment asks.

    Parameters
    ----------
    values : dict
        Loaded by `MomentParameters`.
    context : Context
        The process's markets and clock.

    Returns
    -------
    MomentQuestion
        With its `as_of`.

    Raises
    ------
    UnknownSymbolError
        If there is no such symbol.
    QuestionError
        If it has no such venue, or `as_of` lies in the future.
    """
    listing = find_listing(values, context)
    as_of_ms = as_of(values, listing, context)
    return MomentQuestion(listing, as_of_ms, values.get("to_ms"))


def book_at(question: MomentQuestion, context: Context) -> SnapshotAnswer:
    """Return the book that a question is about.

    Parameters
    ----------
    question : MomentQuestion
        Which listing, when.
    context : Context
        The process's markets and books.

    Returns
    -------
    SnapshotAnswer
        The book and what it rests on.

    Raises
    ------
    QuestionError
        If no bar had closed by then.
    """
    return answer_snapshot(
        context.markets, context.books, question.listing, question.as_of_ms, question.at_ms
    )


def find_listing(values: dict[str, Any], context: Context) -> Listing:
    """Return the listing that a query names, with the venues it wants.

    Parameters
    ----------
    values : dict
        Loaded by `SymbolParameters`.
    context : Context
        The process's markets.

    Returns
    -------
    Listing
        As in `/symbols`, or a part of an aggregate.

    Raises
    ------
    UnknownSymbolError
        If there is no such symbol.
    QuestionError
        If it has no such venue.
    """
    listing = context.markets.find(values["symbol"])
    if "venues" not in values:
        return listing
    return only_venues(listing, values["venues"].lower().split(","))


def as_of(values: dict[str, Any], listing: Listing, context: Context) -> int:
    """Return the moment that the answer speaks of.

    Parameters
    ----------
    values : dict
        Loaded by `SymbolParameters`.
    listing : Listing
        What is asked about.
    context : Context
        The process's markets and clock.

    Returns
    -------
    int
        UTC milliseconds.

    Raises
    ------
    QuestionError
        If it lies in the future.
    """
    return resolve_as_of(context.markets, listing, values.get("as_of"), context.now_ms())


def heatmap_question(values: dict[str, Any], context: Context) -> HeatmapQuestion:
    """Return the question that a query for a heatmap asks.

    Parameters
    ----------
    values : dict
        Loaded by `HeatmapParameters`.
    context : Context
        The process's markets, settings and clock.

    Returns
    -------
    HeatmapQuestion
        Within the limits of the settings.

    Raises
    ------
    UnknownSymbolError
        If there is no such symbol.
    QuestionError
        If a choice does not exist, or a limit is exceeded.
    """
    listing = find_listing(values, context)
    as_of_ms = as_of(values, listing, context)
    resolution, from_ms, to_ms = columns_asked(values, listing, as_of_ms, context)
    check_cells(values, resolution, to_ms - from_ms, context)
    return HeatmapQuestion(
        listing=listing,
        resolution=resolution,
        from_ms=from_ms,
        to_ms=to_ms,
        as_of_ms=as_of_ms,
        max_rows=values["bins"],
        low=values.get("low"),
        high=values.get("high"),
        side=SIDES[values["side"]],
        leverage=values.get("leverage"),
        max_age=values.get("max_age"),
        mode=values["mode"],
        parameters=context.books.parameters,
    )

"""Heatmaps of listings: columns are bars of a resolution, each the book at its bar's close.

The book always starts at the series' anchor, so a column is the same whatever is asked around it.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.heatmaps import basis_of, heatmap
from liqbands.instrument import Side
from liqbands.parameters import Parameters
from liqbands.results import Heatmap
from liqbands.venues_together import coarser, combine
from liqbands.view import Mode
from liqbands_server.errors import QuestionError
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.provenance import Provenance, provenance_of
from liqbands_server.service.resolutions import Resolution
from liqbands_server.store.instruments import StoredInstrument

ALL_ROWS: Final = 1_000_000
"""Enough that rows are single bins, which adding venues needs."""

_MARK_APART: Final = 1.05
"""Room for the mark price of a venue beside its last price."""

_CHOICES: Final = frozenset(("low", "high", "side", "leverage", "max_age", "mode"))
"""Parameters that only the engine can check; its messages begin with them."""

FARTHEST: Final = 5.0
"""Rows may reach to this multiple of the window's highest price, and this part of its lowest."""


@dataclass(frozen=True, slots=True)
class HeatmapQuestion:
    """Which columns and rows of which listing.

    Parameters
    ----------
    listing : Listing
        What is asked about, with the members that are wanted.
    resolution : Resolution
        Length of a column.
    from_ms, to_ms : int
        Columns whose open lies in ``[from, to)``, UTC milliseconds.
    as_of_ms : int
        What was learnt later does not count.
    max_rows : int
        Bound on the rows.
    low, high : float or None
        Prices to show; None follows the window.
    side : Side or None
        One side only.
    leverage, max_age : str or None
        One layer, or what is no older, as in `liqbands.view.View`.
    mode : {"raw", "smoothed"}
        As in `liqbands.view.View`.
    """

    listing: Listing
    resolution: Resolution
    from_ms: int
    to_ms: int
    as_of_ms: int
    max_rows: int = 400
    low: float | None = None
    high: float | None = None
    side: Side | None = None
    leverage: str | None = None
    max_age: str | None = None
    mode: Mode = "raw"
    parameters: Parameters = field(default_factory=Parameters)


@dataclass(frozen=True, eq=False)
class HeatmapAnswer:
    """A heatmap and what it rests on.

    Parameters
    ----------
    heatmap : Heatmap
        One column per bar of the resolution that has any data.
    provenance : Provenance
        As of when, how old, how much observed.
    shares : dict of str to float
        Share of each venue in the last column; one entry of 1 for a single venue.
    left_out : tuple of str
        Venues that could not be added, with the reason.
    """

    heatmap: Heatmap
    provenance: Provenance
    shares: dict[str, float]
    left_out: tuple[str, ...] = ()


def answer_heatmap(markets: Markets, question: HeatmapQuestion) -> HeatmapAnswer:
    """Return a heatmap.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    question : HeatmapQuestion
        What to show.

    Returns
    -------
    HeatmapAnswer
        The same for the same question, for ever.

    Raises
    ------
    QuestionError
        If there is no column in the window, or a choice does not exist.
    """
    used, late = _bars_used(markets, question)
    listing = replace(question.listing, members=tuple(used))
    bars = tuple(used.values())
    provenance = provenance_of(listing, bars, question.parameters, question.as_of_ms)
    if not question.listing.is_aggregate:
        result = _draw(listing.reference, bars[0], question, question.max_rows)
        return HeatmapAnswer(result, provenance, {listing.reference.instrument.venue: 1.0})
    return _together(question, used, late, provenance)


def _bars_used(
    markets: Markets, question: HeatmapQuestion
) -> tuple[dict[StoredInstrument, Candles], list[str]]:
    """Return the bars that columns rest on by member, and which members have none yet."""
    used: dict[StoredInstrument, Candles] = {}
    late: list[str] = []
    for member in question.listing.members:
        try:
            bars = markets.series(member).known_at(question.as_of_ms)
            used[member] = _until(bars, question)
        except QuestionError:
            if member is question.listing.reference:
                raise
            late.append(f"{member.instrument.venue}: no bars yet")
    return used, late


def _together(
    question: HeatmapQuestion,
    used: dict[StoredInstrument, Candles],
    late: list[str],
    provenance: Provenance,
) -> HeatmapAnswer:
    parts: list[Heatmap] = []
    left_out = list(late)
    for member, bars in used.items():
        if basis_of(bars) == "volume":
            left_out.append(f"{member.instrument.venue}: no open interest")
        elif parts and not _has_columns(bars, question):
            left_out.append(f"{member.instrument.venue}: no bars in the window")
        else:
            shown = on_rows_of(parts[0], bars, question) if parts else question
            parts.append(_draw(member, bars, shown, ALL_ROWS))
    if not parts:
        raise QuestionError(
            f"{question.listing.ticker} cannot be added up ({'; '.join(left_out)}); "
            "ask for one venue",
            "symbol",
        )
    combined = combine(parts)
    n_columns = combined.is_present.sum(axis=1)
    left_out += [
        f"{venue}: in {n} of {combined.heatmap.n_bars} columns"
        for venue, n in zip(combined.venues, n_columns, strict=True)
        if n < combined.heatmap.n_bars
    ]
    return HeatmapAnswer(
        coarser(combined.heatmap, question.max_rows),
        provenance,
        combined.last_share,
        tuple(left_out),
    )


def on_rows_of(reference: Heatmap, bars: Candles, question: HeatmapQuestion) -> HeatmapQuestion:
    """Return the question for a further venue: all that will be moved onto the reference's rows.

    Parameters
    ----------
    reference : Heatmap
        Of the first venue.
    bars : Candles
        Of the further one.
    question : HeatmapQuestion
        What is shown.

    Returns
    -------
    HeatmapQuestion
        With prices far enough apart for every column's shift.
    """
    ends = reference.open_time_ms + reference.timeframe_ms
    last = np.maximum(np.searchsorted(bars.open_time_ms, ends) - 1, 0)
    present = bars.open_time_ms[last] >= reference.open_time_ms
    ratio = np.append((bars.close[last] / reference.mark)[present], 1.0)
    low, high = (float(edge) for edge in reference.edges[[0, -1]])
    return replace(
        question,
        low=low * float(ratio.min()) / _MARK_APART,
        high=high * float(ratio.max()) * _MARK_APART,
    )


def _draw(
    member: StoredInstrument, bars: Candles, question: HeatmapQuestion, max_rows: int
) -> Heatmap:
    edges = column_edges(bars, question)
    _check_prices(bars, question, edges[0])
    try:
        result = heatmap(
            bars,
            member.instrument,
            question.parameters,
            column_edges_ms=edges,
            max_rows=max_rows,
            low=question.low,
            high=question.high,
            side=question.side,
            leverage=question.leverage,
            max_age=question.max_age,
            mode=question.mode,
        )
    except ValueError as error:
        name = str(error).partition(" ")[0]
        raise QuestionError(str(error), name if name in _CHOICES else "") from error
    return replace(result, timeframe_ms=question.resolution.length_ms)


def _check_prices(bars: Candles, question: HeatmapQuestion, first_ms: int) -> None:
    """Refuse prices so far away that the rows between would be many and empty."""
    shown = bars.open_time_ms >= first_ms
    lowest = float(np.min(bars.low[shown])) / FARTHEST
    highest = float(np.max(bars.high[shown])) * FARTHEST
    for name, price in (("low", question.low), ("high", question.high)):
        if price is not None and not lowest <= price <= highest:
            raise QuestionError(
                f"{name} must lie between {lowest:.6g} and {highest:.6g}, was {price:g}", name
            )


def column_edges(bars: Candles, question: HeatmapQuestion) -> tuple[int, ...]:
    """Return where the columns of a question begin and where the last one ends.

    Parameters
    ----------
    bars : Candles
        The base bars that may be used.
    question : HeatmapQuestion
        Its window and resolution.

    Returns
    -------
    tuple of int
        UTC milliseconds, increasing; bars' opens and one end.

    Raises
    ------
    QuestionError
        If no bar of the window has data.
    """
    resolution = question.resolution
    owner = resolution.opens(bars.open_time_ms, question.listing.instrument)
    opens = owner[np.diff(owner, prepend=owner[0] - 1) > 0]
    shown = opens[(opens >= question.from_ms) & (opens < question.to_ms)]
    if not len(shown):
        raise QuestionError(
            f"there is no bar of {question.listing.ticker} between from and to", "from"
        )
    end = resolution.close_ms(int(shown[-1]))
    later = opens[opens > shown[-1]]
    return (*shown.tolist(), min(end, int(later[0])) if len(later) else end)


def _until(bars: Candles, question: HeatmapQuestion) -> Candles:
    """Return the bars that the window's columns need: those before the end of its last column."""
    opens = question.resolution.opens(bars.open_time_ms, question.listing.instrument)
    n_bars = int(np.searchsorted(opens, question.to_ms))
    if n_bars == 0:
        raise QuestionError("to must lie after the first bar", "to")
    return bars[:n_bars]


def _has_columns(bars: Candles, question: HeatmapQuestion) -> bool:
    opens = question.resolution.opens(bars.open_time_ms, question.listing.instrument)
    return bool(((opens >= question.from_ms) & (opens < question.to_ms)).any())

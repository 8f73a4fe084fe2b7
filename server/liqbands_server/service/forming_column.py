"""The column that is forming: each member's book and its unfinished bar, as far as it goes.

Answers rest on closed bars only and never change; this is what a stream shows in between.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.continued import continued_heatmap
from liqbands.instrument import FloatArray
from liqbands.results import Heatmap
from liqbands.venues_together import coarser, combine
from liqbands_server.errors import QuestionError
from liqbands_server.service.books import Books
from liqbands_server.service.heatmaps import (
    ALL_ROWS,
    HeatmapAnswer,
    HeatmapQuestion,
    on_rows_of,
)
from liqbands_server.service.markets import Markets
from liqbands_server.store.instruments import StoredInstrument

CARRIED_BARS: Final = 3
"""A venue whose last closed bar is older than so many bars is left out of the column."""


def forming_column(
    markets: Markets, books: Books, question: HeatmapQuestion, answer: HeatmapAnswer
) -> HeatmapAnswer | None:
    """Return the column in which the reference's forming bar lies, on the rows of an answer.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    books : Books
        Where books are kept between questions.
    question : HeatmapQuestion
        What the answer was asked for.
    answer : HeatmapAnswer
        Of closed bars.

    Returns
    -------
    HeatmapAnswer or None
        One column; None when no bar is forming after the last closed one, or ages are asked for.
    """
    used = [member for member in question.listing.members if member.instrument.venue in _in(answer)]
    reference = question.listing.reference
    known = {member: markets.series(member).known_at(question.as_of_ms) for member in used}
    forming = {member: _forming(markets, member, bars) for member, bars in known.items()}
    newest = forming.get(reference)
    if newest is None or question.max_age is not None:
        return None
    rows = _rows_of(question, answer.heatmap)
    parts: list[Heatmap] = []
    for member, bars in known.items():
        bar = forming[member] or _standing(bars, newest)
        if bar is None:
            continue
        shown = on_rows_of(parts[0], bar, rows) if parts else rows
        parts.append(_column(books, member, bars, bar, shown))
    return replace(answer, heatmap=_placed(parts, question, answer.heatmap, newest))


def _in(answer: HeatmapAnswer) -> set[str]:
    return set(answer.shares)


def _forming(markets: Markets, member: StoredInstrument, bars: Candles) -> Candles | None:
    """Return an instrument's forming bar if it follows its last closed one."""
    forming = markets.forming(member)
    if forming is None or forming.timeframe_ms != bars.timeframe_ms:
        return None
    if forming.bar.open_time_ms <= bars.open_time_ms[-1]:
        return None
    return forming.candles


def _standing(bars: Candles, newest: Candles) -> Candles | None:
    """Return a bar in which nothing happens, for a venue that has not traded since its last one."""
    age = int(newest.open_time_ms[0] - bars.open_time_ms[-1])
    if age > CARRIED_BARS * newest.timeframe_ms:
        return None
    price = bars.close[-1:]
    return Candles.from_arrays(
        bars.open_time_ms[-1:] + bars.timeframe_ms,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=np.zeros(1),
        mark_close=bars.mark_close[-1:],
        timeframe_ms=bars.timeframe_ms,
        last_is_forming=True,
    )


def _rows_of(question: HeatmapQuestion, heatmap: Heatmap) -> HeatmapQuestion:
    """Return the question for exactly the rows of a heatmap: its outermost bins, as prices."""
    edges: FloatArray = heatmap.edges
    half_bin = np.exp(heatmap.grid.step / 2)
    return replace(
        question,
        low=float(edges[0] * half_bin),
        high=float(edges[-1] / half_bin),
        max_rows=heatmap.n_bands,
    )


def _column(
    books: Books,
    member: StoredInstrument,
    bars: Candles,
    bar: Candles,
    question: HeatmapQuestion,
) -> Heatmap:
    opened = int(bar.open_time_ms[0])
    alone = not question.listing.is_aggregate
    return continued_heatmap(
        books.book(member, bars),
        bar,
        column_edges_ms=(opened, opened + bar.timeframe_ms),
        low=question.low,
        high=question.high,
        max_rows=question.max_rows if alone else ALL_ROWS,
        side=question.side,
        leverage=question.leverage,
        mode=question.mode,
    )


def _placed(
    parts: list[Heatmap], question: HeatmapQuestion, whole: Heatmap, newest: Candles
) -> Heatmap:
    """Return the sum as a column of the whole."""
    opens = question.resolution.opens(newest.open_time_ms, question.listing.instrument)
    opened = [replace(part, open_time_ms=opens, timeframe_ms=whole.timeframe_ms) for part in parts]
    alone = not question.listing.is_aggregate
    column = opened[0] if alone else coarser(combine(opened).heatmap, whole.n_bands)
    if (column.first_bin, column.n_bands) != (whole.first_bin, whole.n_bands):
        raise QuestionError(
            f"rows must begin at bin {whole.first_bin}, began at {column.first_bin}", "rows"
        )
    return replace(column, is_forming=np.ones(1, dtype=np.bool_))

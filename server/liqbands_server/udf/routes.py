"""The nine endpoints: read the question, ask the desk, encode."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
from flask import Response, current_app, request

from liqbands_server.errors import QuestionError
from liqbands_server.service.band_sweeps import sweeps
from liqbands_server.service.charts import ChartBars
from liqbands_server.service.liquidations import bars_of_liquidations, listed_liquidations
from liqbands_server.service.resolutions import RESOLUTIONS, Resolution
from liqbands_server.udf.band_lines import LATEST_MS
from liqbands_server.udf.desk import Desk
from liqbands_server.udf.guard import encode
from liqbands_server.udf.history import history_body
from liqbands_server.udf.marks import (
    bar_marks,
    liquidation_events,
    recent_part,
    sweep_events,
    time_marks,
)
from liqbands_server.udf.parameters import (
    HistoryQuestion,
    checked_symbol,
    read_history,
    read_marks,
    read_symbol,
)
from liqbands_server.udf.quotes import day_resolution, quote_values, read_quotes
from liqbands_server.udf.searching import read_search, search
from liqbands_server.udf.sending import JSON, send
from liqbands_server.udf.symbol_infos import Named, symbol_info, symbol_table
from liqbands_server.udf.symbols import (
    ChartSymbol,
    chart_listings,
    find_symbol,
    lines_of,
    visible_names,
)
from liqbands_server.web.caching import Answer
from liqbands_server.web.context import this_context
from liqbands_server.web.replay import replay_while

DESK: Final = "liqbands.udf"
_NEWEST: Final = HistoryQuestion("", "", LATEST_MS, LATEST_MS, 2)


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a question about bars means.

    Parameters
    ----------
    question : HistoryQuestion
        As read.
    symbol : ChartSymbol
        What is drawn.
    resolution : Resolution
        How.
    """

    question: HistoryQuestion
    symbol: ChartSymbol
    resolution: Resolution


def config(group: bool) -> Response:
    """Answer `/config`.

    Parameters
    ----------
    group : bool
        Whether symbols are announced by group instead of search.

    Returns
    -------
    Response
        Made of what is in memory, so that it cannot fail.
    """
    listings = chart_listings(_desk().markets)
    venues = dict.fromkeys(listing.venue for listing in listings)
    kinds = dict.fromkeys(listing.kind for listing in listings)
    anything = {"value": "", "name": "All", "desc": ""}
    return _live(
        {
            "supports_search": not group,
            "supports_group_request": group,
            "supports_marks": True,
            "supports_timescale_marks": True,
            "supports_time": True,
            "supported_resolutions": [resolution.name for resolution in RESOLUTIONS],
            "exchanges": [anything]
            + [{"value": venue, "name": venue, "desc": venue} for venue in venues],
            "symbols_types": [{"name": "All", "value": ""}]
            + [{"name": kind.capitalize(), "value": kind} for kind in kinds],
        }
    )


def symbols() -> Response:
    """Answer `/symbols`."""
    return _live(symbol_info(_desk().charts, _named(read_symbol(request.args))))


def symbol_group(group: bool) -> Response:
    """Answer `/symbol_info`: a venue's symbols for its name, all for any other name.

    Parameters
    ----------
    group : bool
        Whether band symbols are listed too, because clients cannot resolve them otherwise.

    Returns
    -------
    Response
        A table.
    """
    desk = _desk()
    names = visible_names(desk.markets)
    listings = chart_listings(desk.markets)
    wanted = request.args.get("group", "").upper()
    chosen = [listing for listing in listings if listing.venue == wanted] or listings
    drawn = [ChartSymbol(listing) for listing in chosen]
    if group:  # prices first: clients show the first that fit
        drawn += [ChartSymbol(one, line) for one in chosen for line in lines_of(one)]
    found = [
        symbol_info(desk.charts, Named(symbol, names[symbol.listing.ticker])) for symbol in drawn
    ]
    return _live(symbol_table(found))


def find() -> Response:
    """Answer `/search`."""
    return _live(search(_desk().markets, read_search(request.args)))


def history() -> Response:
    """Answer `/history`."""
    return _about_bars(read_history, _bars)


def marks() -> Response:
    """Answer `/marks`."""
    return _about_bars(read_marks, _bar_marks)


def timescale_marks() -> Response:
    """Answer `/timescale_marks`."""
    return _about_bars(read_marks, _time_marks)


def time() -> Response:
    """Answer `/time`: a bare number."""
    return _live(this_context().now_ms() // 1_000)


def quotes() -> Response:
    """Answer `/quotes`."""
    texts = read_quotes(request.args.get("symbols", ""))
    return _live({"s": "ok", "d": [_quote(text) for text in texts]})


def _about_bars(
    read: Callable[[Any], HistoryQuestion],
    body: Callable[[Drawn, ChartBars], Any],
) -> Response:
    """Return the answer to a question about bars, to be sent again while it holds."""
    desk = _desk()
    question = read(request.args)
    symbol = find_symbol(desk.markets, question.symbol)
    drawn = Drawn(question, symbol, symbol.resolution(question.resolution))
    stamp = desk.charts.stamp(symbol.listing)
    bars = desk.bars(symbol, drawn.resolution, question)
    answer = Answer(encode(body(drawn, bars)), JSON)
    is_closed = question.to_ms <= bars.closed_until_ms
    replay_while(desk.holds(symbol.listing, stamp, is_closed=is_closed))
    return send(answer, is_closed=is_closed)


def _bars(drawn: Drawn, bars: ChartBars) -> dict[str, Any]:
    return history_body(bars, drawn.question, this_context().settings.next_time_unit)


def _bar_marks(drawn: Drawn, bars: ChartBars) -> list[dict[str, Any]]:
    markets, listing, resolution = _desk().markets, drawn.symbol.listing, drawn.resolution
    part = recent_part(drawn.question, this_context().now_ms())
    end_ms = part.to_ms + resolution.length_ms
    found = listed_liquidations(markets, listing, part.from_ms, end_ms, LATEST_MS)
    opens = resolution.opens(found.time_ms, listing.instrument)
    events = liquidation_events(found, opens)
    if not listing.is_aggregate:
        swept = sweeps(markets, listing, resolution, LATEST_MS, part.from_ms, part.to_ms - 1)
        has_amounts = markets.series(listing.reference).known_at(LATEST_MS).has_open_interest
        events += sweep_events(swept, "quote" if has_amounts else "relative")
    return bar_marks(events, _times(bars, drawn.question), listing.instrument)


def _time_marks(drawn: Drawn, bars: ChartBars) -> list[dict[str, Any]]:
    listing = drawn.symbol.listing
    part = recent_part(drawn.question, this_context().now_ms())
    found = listed_liquidations(
        _desk().markets, listing, part.from_ms, part.to_ms + drawn.resolution.length_ms, LATEST_MS
    )
    totals = bars_of_liquidations(found, listing, drawn.resolution)
    return time_marks(totals, _times(bars, drawn.question), listing.instrument)


def _times(bars: ChartBars, question: HistoryQuestion) -> frozenset[int]:
    start, end = np.searchsorted(bars.open_time_ms, (question.from_ms, question.to_ms))
    return frozenset(bars.open_time_ms[start:end].tolist())


def _quote(text: str) -> dict[str, Any]:
    try:
        named = _named(checked_symbol(text))
        days = _desk().bars(named.symbol, named.symbol.resolution(day_resolution(named)), _NEWEST)
        return {"s": "ok", "n": text, "v": quote_values(named, days)}
    except (QuestionError, LookupError):
        return {"s": "error", "n": text, "v": {}}


def _named(text: str) -> Named:
    markets = _desk().markets
    symbol = find_symbol(markets, text)
    return Named(symbol, visible_names(markets)[symbol.listing.ticker])


def _desk() -> Desk:
    return cast(Desk, current_app.extensions[DESK])


def _live(body: Any) -> Response:
    return send(Answer(encode(body), JSON), is_closed=False)

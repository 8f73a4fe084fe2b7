"""`/candles`: bars of any length as they were known at a time."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from flask import Response
from marshmallow import Schema, fields

from liqbands.candles import Candles
from liqbands_server.api.blueprints import ApiBlueprint
from liqbands_server.api.documents import json_answer
from liqbands_server.api.fields import Choice, WholeNumber
from liqbands_server.api.provenance import ProvenanceSchema, provenance_document
from liqbands_server.api.questions import (
    MOST_COLUMNS,
    TIMEFRAMES,
    WindowParameters,
    as_of,
    find_listing,
)
from liqbands_server.api.windows import DEFAULT_COLUMNS, columns_asked, last_close_ms
from liqbands_server.band_objects import known
from liqbands_server.errors import QuestionError
from liqbands_server.service.bars import bars_of
from liqbands_server.service.listings import Listing
from liqbands_server.service.open_interest import known_bars, summed_open_interest
from liqbands_server.service.provenance import provenance_of
from liqbands_server.service.resolutions import Resolution, timeframe_of
from liqbands_server.web.caching import Answer, answered
from liqbands_server.web.context import Context, this_context

MOST_BARS: Final = MOST_COLUMNS
_VALUES: Final = (
    "open",
    "high",
    "low",
    "close",
    "volume",
    "taker_buy_volume",
    "open_interest",
    "funding_rate",
)

blueprint = ApiBlueprint("Candles", "Bars of any length.")


class CandlesParameters(WindowParameters):
    """Which bars."""

    timeframe = Choice(
        *TIMEFRAMES,
        metadata={"description": "Length of a bar. Default: the shortest that fits `columns`."},
    )
    columns = WholeNumber(
        1,
        MOST_BARS,
        metadata={"description": f"At most so many bars. Default: {DEFAULT_COLUMNS}."},
    )
    countback = WholeNumber(
        1,
        MOST_BARS,
        metadata={
            "description": "At least so many bars up to `to`, however many gaps there are; with "
            "`from` or `window`, earlier ones only until there are so many. Needs `timeframe`."
        },
    )


class CandleSchema(Schema):
    """One bar; what is not known is null, never 0."""

    t = fields.Integer(required=True, metadata={"description": "Open, UTC milliseconds"})
    open = fields.Float(required=True)
    high = fields.Float(required=True)
    low = fields.Float(required=True)
    close = fields.Float(required=True)
    volume = fields.Float(required=True, allow_none=True, metadata={"description": "Contracts"})
    taker_buy_volume = fields.Float(
        required=True, allow_none=True, metadata={"description": "Contracts bought by takers"}
    )
    open_interest = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "At its close, in `open_interest_unit`"},
    )
    funding_rate = fields.Float(
        required=True, allow_none=True, metadata={"description": "Last settled one, a fraction"}
    )
    closed = fields.Boolean(
        required=True, metadata={"description": "False for the last bar while it goes on"}
    )


class CandlesSchema(Schema):
    """Bars of one listing; an aggregate shows the prices and volumes of its first venue."""

    symbol = fields.String(required=True)
    timeframe = fields.String(required=True)
    from_ms = fields.Integer(required=True, data_key="from")
    to_ms = fields.Integer(required=True, data_key="to")
    quote = fields.String(required=True, metadata={"description": "Currency of prices"})
    open_interest_unit = fields.String(
        required=True,
        metadata={
            "enum": ["contracts", "quote"],
            "description": "`quote` for aggregates: the sum over their venues",
        },
    )
    bars = fields.List(fields.Nested(CandleSchema), required=True)
    provenance = fields.Nested(ProvenanceSchema, required=True)


@dataclass(frozen=True, slots=True)
class CandlesQuestion:
    """Which bars of which listing.

    Parameters
    ----------
    listing : Listing
        What is asked about.
    resolution : Resolution
        Length of a bar.
    from_ms, to_ms, as_of_ms : int
        Bars that open in ``[from, to)``, as known at `as_of`; UTC milliseconds.
    countback : int
        Earlier bars, too, until there are so many.
    """

    listing: Listing
    resolution: Resolution
    from_ms: int
    to_ms: int
    as_of_ms: int
    countback: int


@blueprint.question("/candles", CandlesParameters, CandlesSchema)
def get_candles(values: dict[str, Any]) -> Response:
    """Bars of closed base bars; a longer one that still goes on comes last and is not closed."""
    context = this_context()
    question = candles_question(values, context)
    return answered(
        ("candles", question),
        question.listing,
        question.as_of_ms,
        lambda: _make(question, context),
    )


def candles_question(values: dict[str, Any], context: Context) -> CandlesQuestion:
    """Return the question that a query for candles asks.

    Parameters
    ----------
    values : dict
        Loaded by `CandlesParameters`.
    context : Context
        The process's markets, settings and clock.

    Returns
    -------
    CandlesQuestion
        For at most `MOST_BARS` bars.

    Raises
    ------
    UnknownSymbolError
        If there is no such symbol.
    QuestionError
        If a choice does not exist, or there would be too many bars.
    """
    listing = find_listing(values, context)
    as_of_ms = as_of(values, listing, context)
    countback = values.get("countback", 0)
    if countback and "timeframe" not in values:
        raise QuestionError("countback needs a timeframe such as 1h, there was none", "timeframe")
    asked = dict(values)
    if countback and not {"from_ms", "window"} & values.keys():
        asked["to_ms"] = values.get("to_ms", last_close_ms(listing, as_of_ms, context))
        asked["from_ms"] = asked["to_ms"] - 1
    resolution, from_ms, to_ms = columns_asked(asked, listing, as_of_ms, context, MOST_BARS)
    return CandlesQuestion(listing, resolution, from_ms, to_ms, as_of_ms, countback)


def _make(question: CandlesQuestion, context: Context) -> Answer:
    listing = question.listing
    base = known_bars(context.markets, listing, question.as_of_ms)
    used = Listing(listing.ticker, listing.description, tuple(base))
    rests_on = provenance_of(
        used, tuple(base.values()), context.books.parameters, question.as_of_ms
    )
    bars = bars_of(context.markets, listing, question.resolution, question.as_of_ms)
    columns = {name: getattr(bars, name) for name in _VALUES}
    if listing.is_aggregate:
        columns["open_interest"] = summed_open_interest(base, bars, question.resolution)
    objects = _objects(bars, columns, _shown(bars, question))
    return json_answer(
        {
            "symbol": listing.ticker,
            "timeframe": timeframe_of(question.resolution),
            "from": min([question.from_ms, *(one["t"] for one in objects[:1])]),
            "to": question.to_ms,
            "quote": listing.instrument.quote,
            "open_interest_unit": "quote" if listing.is_aggregate else "contracts",
            "bars": objects,
            "provenance": provenance_document(rests_on, "quote", "realised", 0.0),
        }
    )


def _shown(bars: Candles, question: CandlesQuestion) -> slice:
    start, end = np.searchsorted(bars.open_time_ms, [question.from_ms, question.to_ms]).tolist()
    return slice(max(min(start, end - question.countback), 0), end)


def _objects(bars: Candles, columns: dict[str, Any], shown: slice) -> list[dict[str, Any]]:
    times = bars.open_time_ms[shown].tolist()
    rows = zip(*(columns[name][shown].tolist() for name in _VALUES), strict=True)
    objects = [
        {"t": time_ms, **dict(zip(_VALUES, map(known, row), strict=True)), "closed": True}
        for time_ms, row in zip(times, rows, strict=True)
    ]
    if objects and shown.stop == len(bars):
        objects[-1]["closed"] = not bars.last_is_forming
    return objects

"""`/liquidations`: realised liquidations, one by one or counted into bars."""

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response
from marshmallow import Schema, fields

from liqbands_server.api.blueprints import PREFIX, ApiBlueprint
from liqbands_server.api.documents import json_answer
from liqbands_server.api.fields import Choice, WholeNumber
from liqbands_server.api.provenance import ProvenanceSchema, provenance_document
from liqbands_server.api.questions import (
    TIMEFRAMES,
    WindowParameters,
    as_of,
    find_listing,
)
from liqbands_server.api.windows import columns_asked, window_asked
from liqbands_server.service.liquidations import (
    ListedLiquidations,
    bars_of_liquidations,
    listed_liquidations,
)
from liqbands_server.service.listings import Listing
from liqbands_server.service.provenance import provenance_of
from liqbands_server.service.resolutions import Resolution, timeframe_of
from liqbands_server.web.caching import Answer, answered
from liqbands_server.web.context import Context, this_context

MOST_EVENTS: Final = 5_000
DEFAULT_EVENTS: Final = 500
LAST_OFFSET: Final = 100_000_000

blueprint = ApiBlueprint("Liquidations", "What was really liquidated.")


class LiquidationsParameters(WindowParameters):
    """Which events, and whether they are counted into bars."""

    timeframe = Choice(
        *TIMEFRAMES, metadata={"description": "Count into bars of this length, instead of events."}
    )
    limit = WholeNumber(
        1,
        MOST_EVENTS,
        load_default=DEFAULT_EVENTS,
        metadata={"description": "At most so many events; `next` leads to the others."},
    )
    offset = WholeNumber(
        0, LAST_OFFSET, load_default=0, metadata={"description": "Events to skip, as `next` says."}
    )


class EventSchema(Schema):
    """One liquidation."""

    time = fields.Integer(required=True, metadata={"description": "UTC milliseconds"})
    symbol = fields.String(required=True)
    side = fields.String(
        required=True, metadata={"enum": ["long", "short"], "description": "Of the position"}
    )
    price = fields.Float(required=True, metadata={"description": "As the venue reports it"})
    contracts = fields.Float(required=True)
    notional = fields.Float(required=True, metadata={"description": "Quote"})


class BarSchema(Schema):
    """The liquidations of one bar."""

    open_time = fields.Integer(required=True, metadata={"description": "UTC milliseconds"})
    long_notional = fields.Float(required=True)
    short_notional = fields.Float(required=True)
    long_count = fields.Integer(required=True)
    short_count = fields.Integer(required=True)


class LiquidationsSchema(Schema):
    """Events, or bars with any event; a bar without is left out, because a feed may be silent."""

    symbol = fields.String(required=True)
    from_ms = fields.Integer(required=True, data_key="from")
    to_ms = fields.Integer(required=True, data_key="to")
    timeframe = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True, metadata={"description": "Events in the window"})
    events = fields.List(fields.Nested(EventSchema), required=True)
    bars = fields.List(fields.Nested(BarSchema), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "Path of the events that follow"}
    )
    provenance = fields.Nested(ProvenanceSchema, required=True)


@dataclass(frozen=True, slots=True)
class LiquidationsQuestion:
    """Which events of which listing.

    Parameters
    ----------
    listing : Listing
        What is asked about.
    from_ms, to_ms, as_of_ms : int
        Events in ``[from, to)``, learnt by `as_of`; UTC milliseconds.
    resolution : Resolution or None
        Length of bars; None gives single events.
    limit, offset : int
        Which single events.
    """

    listing: Listing
    from_ms: int
    to_ms: int
    as_of_ms: int
    resolution: Resolution | None
    limit: int
    offset: int


@blueprint.question("/liquidations", LiquidationsParameters, LiquidationsSchema)
def get_liquidations(values: dict[str, Any]) -> Response:
    """Realised liquidations: single events, or with `timeframe` counted into bars.

    Most venues report only some of their liquidations, at most one a second.
    """
    context = this_context()
    question = liquidations_question(values, context)

    def make() -> Answer:
        return json_answer(liquidations_document(question, context))

    return answered(("liquidations", question), question.listing, question.as_of_ms, make)


def liquidations_question(values: dict[str, Any], context: Context) -> LiquidationsQuestion:
    """Return the question that a query for liquidations asks.

    Parameters
    ----------
    values : dict
        Loaded by `LiquidationsParameters`.
    context : Context
        The process's markets, settings and clock.

    Returns
    -------
    LiquidationsQuestion
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
    resolution = None
    if "timeframe" in values:
        resolution, from_ms, to_ms = columns_asked(values, listing, as_of_ms, context)
    else:
        from_ms, to_ms = window_asked(values, listing, as_of_ms, context)
    return LiquidationsQuestion(
        listing, from_ms, to_ms, as_of_ms, resolution, values["limit"], values["offset"]
    )


def liquidations_document(question: LiquidationsQuestion, context: Context) -> dict[str, Any]:
    """Return the document of `/liquidations`.

    Parameters
    ----------
    question : LiquidationsQuestion
        Which events.
    context : Context
        The process's markets.

    Returns
    -------
    dict
        As `LiquidationsSchema` says.
    """
    listing, resolution = question.listing, question.resolution
    found = listed_liquidations(
        context.markets, listing, question.from_ms, question.to_ms, question.as_of_ms
    )
    shown = slice(question.offset, question.offset + question.limit)
    return {
        "symbol": listing.ticker,
        "from": question.from_ms,
        "to": question.to_ms,
        "timeframe": None if resolution is None else timeframe_of(resolution),
        "total": len(found),
        "events": _events(found, listing, shown) if resolution is None else [],
        "bars": [] if resolution is None else _bars(found, listing, resolution),
        "next": _next(question, len(found)),
        "provenance": _meta(question, found, context),
    }


def _events(found: ListedLiquidations, listing: Listing, shown: slice) -> list[dict[str, Any]]:
    columns = (
        found.member,
        found.time_ms,
        found.side,
        found.price,
        found.contracts,
        found.notional,
    )
    rows = zip(*(column[shown].tolist() for column in columns), strict=True)
    return [
        {
            "time": time_ms,
            "symbol": listing.members[member].ticker,
            "side": "long" if side > 0 else "short",
            "price": price,
            "contracts": contracts,
            "notional": notional,
        }
        for member, time_ms, side, price, contracts, notional in rows
    ]


def _bars(
    found: ListedLiquidations, listing: Listing, resolution: Resolution
) -> list[dict[str, Any]]:
    bars = bars_of_liquidations(found, listing, resolution)
    rows = zip(
        bars.open_time_ms.tolist(),
        bars.long_notional.tolist(),
        bars.short_notional.tolist(),
        bars.long_count.tolist(),
        bars.short_count.tolist(),
        strict=True,
    )
    return [dict(zip(BarSchema().fields, row, strict=True)) for row in rows]


def _next(question: LiquidationsQuestion, total: int) -> str | None:
    following = question.offset + question.limit
    if question.resolution is not None or following >= total:
        return None
    query: dict[str, str | int] = {
        "symbol": question.listing.ticker,
        "from": question.from_ms,
        "to": question.to_ms,
        "as_of": question.as_of_ms,
        "limit": question.limit,
        "offset": following,
    }
    if question.listing.is_aggregate:
        venues = [member.instrument.venue for member in question.listing.members]
        query["venues"] = ",".join(dict.fromkeys(venues))
    return f"{PREFIX}/liquidations?{urlencode(query)}"


def _meta(
    question: LiquidationsQuestion, found: ListedLiquidations, context: Context
) -> dict[str, Any]:
    known = tuple(
        context.markets.series(member).known_at(question.as_of_ms)
        for member in question.listing.members
    )
    of_bars = provenance_of(question.listing, known, context.books.parameters, question.as_of_ms)
    of_events = replace(of_bars, observed_share=1.0, input_hash=found.digest())
    return provenance_document(of_events, "quote", "realised", 0.0)

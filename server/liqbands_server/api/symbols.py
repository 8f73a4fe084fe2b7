"""`/symbols` and `/venues`: what there is to ask for, and how fresh it is."""

from typing import Any, Final

from flask import Response
from marshmallow import Schema, fields

from liqbands_server.api.blueprints import ApiBlueprint, Parameters
from liqbands_server.api.documents import json_answer
from liqbands_server.api.fields import Moment
from liqbands_server.api.provenance import VenueSchema, venue_object
from liqbands_server.service.catalogue import Catalogue, Entry, feeds_of, read_catalogue
from liqbands_server.service.provenance import VenueAge
from liqbands_server.service.resolutions import timeframe_of
from liqbands_server.store.health import FeedHealth
from liqbands_server.web.caching import ASK_AGAIN, respond
from liqbands_server.web.context import this_context

_AS_OF: Final = {"description": "As of when, UTC milliseconds"}

blueprint = ApiBlueprint("Symbols", "What there is to ask for.")


class CatalogueParameters(Parameters):
    """As of when."""

    as_of = Moment(
        metadata={"description": "What was learnt later does not count. Default: the newest data."}
    )


class SymbolSchema(Schema):
    """One thing to ask for."""

    symbol = fields.String(required=True, metadata={"description": "Its ticker"})
    description = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "E.g. perpetual"})
    quote = fields.String(required=True, metadata={"description": "Currency of prices"})
    aggregate = fields.Boolean(required=True, metadata={"description": "Whether of several venues"})
    simulated = fields.Boolean(required=True)
    timeframes = fields.List(fields.String(), required=True)
    first_open = fields.Integer(
        required=True, metadata={"description": "Open of its first bar, UTC milliseconds"}
    )
    stale = fields.Boolean(required=True)
    venues = fields.List(fields.Nested(VenueSchema), required=True)


class SymbolsSchema(Schema):
    """Everything that can be asked for."""

    as_of = fields.Integer(required=True, metadata=_AS_OF)
    symbols = fields.List(fields.Nested(SymbolSchema), required=True)


class FeedSchema(Schema):
    """How a source of data is doing, as it says itself."""

    symbol = fields.String(required=True)
    feed = fields.String(required=True)
    state = fields.String(required=True)
    message = fields.String(required=True)
    last_event = fields.Integer(required=True, allow_none=True)
    last_success = fields.Integer(required=True, allow_none=True)
    seen = fields.Integer(required=True)
    gaps = fields.Integer(
        required=True, metadata={"description": "Stretches missed and not made good"}
    )
    throttled = fields.Boolean(
        required=True, metadata={"description": "Whether the venue has asked it to wait"}
    )


class VenueEntrySchema(Schema):
    """One venue."""

    venue = fields.String(required=True)
    simulated = fields.Boolean(required=True)
    stale = fields.Boolean(required=True)
    symbols = fields.List(fields.Nested(VenueSchema), required=True)
    feeds = fields.List(
        fields.Nested(FeedSchema),
        required=True,
        allow_none=True,
        metadata={"description": "At present; null with `as_of`, because it is not recorded"},
    )


class VenuesSchema(Schema):
    """Venues and how fresh their data are."""

    as_of = fields.Integer(required=True, metadata=_AS_OF)
    venues = fields.List(fields.Nested(VenueEntrySchema), required=True)


@blueprint.question("/symbols", CatalogueParameters, SymbolsSchema)
def get_symbols(values: dict[str, Any]) -> Response:
    """Everything that can be asked for, and how fresh it is."""
    context = this_context()
    found = read_catalogue(context.markets, values.get("as_of"), context.now_ms())
    symbols = [_symbol_object(entry) for entry in found.entries]
    return respond(json_answer({"as_of": found.as_of_ms, "symbols": symbols}), ASK_AGAIN)


@blueprint.question("/venues", CatalogueParameters, VenuesSchema)
def get_venues(values: dict[str, Any]) -> Response:
    """Venues: how fresh their data are, and how their feeds are doing."""
    context = this_context()
    found = read_catalogue(context.markets, values.get("as_of"), context.now_ms())
    feeds = None if "as_of" in values else feeds_of(context.markets)
    return respond(json_answer(venues_document(found, feeds)), ASK_AGAIN)


def venues_document(
    catalogue: Catalogue, feeds: dict[str, list[FeedHealth]] | None
) -> dict[str, Any]:
    """Return the document of `/venues`.

    Parameters
    ----------
    catalogue : Catalogue
        What there is.
    feeds : dict of str to list of FeedHealth, or None
        By ticker; None when they are not known for that time.

    Returns
    -------
    dict
        As `VenuesSchema` says.
    """
    single = [entry for entry in catalogue.entries if not entry.listing.is_aggregate]
    venues = dict.fromkeys(entry.listing.instrument.venue for entry in single)
    entries = {
        venue: [entry for entry in single if entry.listing.instrument.venue == venue]
        for venue in venues
    }
    return {
        "as_of": catalogue.as_of_ms,
        "venues": [
            {
                "venue": venue,
                "simulated": any(entry.listing.simulated for entry in own),
                "stale": any(age.stale for age in _ages(own)),
                "symbols": [venue_object(age) for age in _ages(own)],
                "feeds": None if feeds is None else _feed_objects(own, feeds),
            }
            for venue, own in entries.items()
        ],
    }


def _ages(entries: list[Entry]) -> list[VenueAge]:
    return [age for entry in entries for age in entry.ages]


def _feed_objects(entries: list[Entry], feeds: dict[str, list[FeedHealth]]) -> list[dict[str, Any]]:
    tickers = [entry.listing.ticker for entry in entries]
    return [
        {
            "symbol": ticker,
            "feed": health.feed,
            "state": health.state,
            "message": health.message,
            "last_event": health.last_event_ms,
            "last_success": health.last_success_ms,
            "seen": health.seen_ms,
            "gaps": health.n_gaps,
            "throttled": health.throttled,
        }
        for ticker in tickers
        for health in feeds.get(ticker, [])
    ]


def _symbol_object(entry: Entry) -> dict[str, Any]:
    listing = entry.listing
    return {
        "symbol": listing.ticker,
        "description": listing.description,
        "kind": listing.instrument.market.value,
        "quote": listing.instrument.quote,
        "aggregate": listing.is_aggregate,
        "simulated": listing.simulated,
        "timeframes": [timeframe_of(resolution) for resolution in listing.resolutions],
        "first_open": entry.first_ms,
        "stale": any(age.stale for age in entry.ages),
        "venues": [venue_object(age) for age in entry.ages],
    }

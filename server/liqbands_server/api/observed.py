"""`/observed`: open positions of accounts that are observed, apart from all that is modelled."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from liqbands.instrument import Side
from liqbands_server.api.blueprints import ApiBlueprint
from liqbands_server.api.documents import json_answer
from liqbands_server.api.questions import SymbolParameters, as_of, find_listing
from liqbands_server.band_objects import known
from liqbands_server.service.listings import Listing
from liqbands_server.service.observed import (
    STALE_MS,
    ObservedBook,
    ObservedLevel,
    observed_book,
    shortened,
)
from liqbands_server.web.caching import ASK_AGAIN, respond
from liqbands_server.web.context import this_context

blueprint = ApiBlueprint("Observed", "What some accounts are known to hold.")


class ObservedParameters(SymbolParameters):
    """Which listing; only what was seen last is known."""

    class Meta(SymbolParameters.Meta):
        """Options of the schema."""

        exclude = ("as_of",)


class LevelSchema(Schema):
    """One position."""

    symbol = fields.String(required=True, metadata={"description": "Ticker of its venue"})
    account = fields.String(required=True, metadata={"description": "Address, shortened"})
    side = fields.String(required=True, metadata={"enum": ["long", "short"]})
    price = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "Where the venue says that it is liquidated; null where its margin "
            "covers every price"
        },
    )
    notional = fields.Float(
        required=True, allow_none=True, metadata={"description": "Quote value at that price"}
    )
    contracts = fields.Float(required=True)
    entry_price = fields.Float(required=True)
    seen = fields.Integer(
        required=True, metadata={"description": "When it was asked for, UTC milliseconds"}
    )


class ObservedSchema(Schema):
    """Observed positions beside the open interest; values at the mark price, quote currency."""

    symbol = fields.String(required=True)
    time = fields.Integer(
        required=True, metadata={"description": "Close of the newest bar, UTC milliseconds"}
    )
    mark = fields.Float(required=True, metadata={"description": "Mark price at that close"})
    quote = fields.String(required=True, metadata={"description": "Currency of prices"})
    levels = fields.List(
        fields.Nested(LevelSchema),
        required=True,
        metadata={"description": "Rising prices; those without one last"},
    )
    long_notional = fields.Float(required=True, metadata={"description": "Of all observed longs"})
    short_notional = fields.Float(required=True)
    open_interest_notional = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "Of all that is open, one side; null where nobody reports it"},
    )
    long_share = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "Part of the open interest whose longs are observed; null where "
            "nothing is, or open interest is not known"
        },
    )
    short_share = fields.Float(required=True, allow_none=True)
    accounts = fields.Integer(
        required=True, metadata={"description": "Accounts that hold anything"}
    )
    seen = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "When the one that was not seen for longest was"},
    )
    stale = fields.Boolean(
        required=True, metadata={"description": f"Whether that is {STALE_MS // 60_000} min ago"}
    )


@blueprint.question("/observed", ObservedParameters, ObservedSchema)
def get_observed(values: dict[str, Any]) -> Response:
    """Open positions of observed accounts: where they are liquidated, and their share.

    Beside what is modelled and no part of it; only what was seen last is kept.
    """
    context = this_context()
    listing = find_listing(values, context)
    found = observed_book(context.markets, listing, as_of(values, listing, context))
    return respond(json_answer(observed_document(listing, found, context.now_ms())), ASK_AGAIN)


def observed_document(listing: Listing, found: ObservedBook, now_ms: int) -> dict[str, Any]:
    """Return the document of `/observed`.

    Parameters
    ----------
    listing : Listing
        What was asked about.
    found : ObservedBook
        What is observed.
    now_ms : int
        Now, UTC milliseconds.

    Returns
    -------
    dict
        As `ObservedSchema` says.
    """
    seen = found.seen_ms
    return {
        "symbol": listing.ticker,
        "time": found.time_ms,
        "mark": found.mark,
        "quote": listing.instrument.quote,
        "levels": [_level_object(level) for level in found.levels],
        "long_notional": found.value(Side.LONG),
        "short_notional": found.value(Side.SHORT),
        "open_interest_notional": known(found.open_interest),
        "long_share": known(found.share(Side.LONG)),
        "short_share": known(found.share(Side.SHORT)),
        "accounts": len({level.position.account for level in found.levels}),
        "seen": seen,
        "stale": seen is not None and now_ms - seen > STALE_MS,
    }


def _level_object(level: ObservedLevel) -> dict[str, Any]:
    position = level.position
    return {
        "symbol": level.member.ticker,
        "account": shortened(position.account),
        "side": Side(position.side).label,
        "price": known(position.liquidation_price),
        "notional": known(level.notional),
        "contracts": position.contracts,
        "entry_price": position.entry_price,
        "seen": position.seen_ms,
    }

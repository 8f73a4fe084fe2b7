"""Documents as JSON: fixed order, no spaces, the shortest digits that read back, never NaN."""

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from liqbands_server.api.blueprints import JSON
from liqbands_server.api.provenance import ProvenanceSchema, provenance_document
from liqbands_server.service.snapshots import SnapshotAnswer
from liqbands_server.web.caching import Answer


class BandSchema(Schema):
    """One zone of dense liquidations."""

    side = fields.String(required=True, metadata={"enum": ["long", "short"]})
    low = fields.Float(required=True, metadata={"description": "Lower edge, included"})
    high = fields.Float(required=True, metadata={"description": "Upper edge, not included"})
    peak_price = fields.Float(required=True, metadata={"description": "Middle of its densest bin"})
    notional = fields.Float(required=True)
    notional_low = fields.Float(
        required=True, metadata={"description": "Lower bound of the 80 % interval"}
    )
    notional_high = fields.Float(required=True, metadata={"description": "Its upper bound"})
    leverage_notional = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "`notional` by leverage layer; adds up to it"},
    )
    mean_age_ms = fields.Float(required=True, allow_none=True)
    distance = fields.Float(
        required=True, metadata={"description": "`peak_price / mark - 1`, negative for longs"}
    )
    distance_atr = fields.Float(
        required=True, allow_none=True, metadata={"description": "In average true ranges"}
    )
    reach_probability = fields.Float(
        required=True,
        metadata={
            "description": "Share of it that a price without drift reaches within a week; "
            "no forecast of where price will go"
        },
    )
    strength = fields.Float(
        required=True,
        metadata={"description": "Rank in the book by notional within reach, 0 to 1"},
    )
    state = fields.String(required=True, metadata={"enum": ["building", "steady", "fading"]})
    first_seen_ms = fields.Integer(
        required=True, metadata={"description": "Since when its peak has been dense and unswept"}
    )


class MomentSchema(Schema):
    """What every document about one moment says first."""

    symbol = fields.String(required=True)
    time = fields.Integer(
        required=True, metadata={"description": "Close of the last bar used, UTC milliseconds"}
    )
    mark = fields.Float(
        required=True, metadata={"description": "Mark price at that close, quote per base"}
    )
    quote = fields.String(required=True, metadata={"description": "Currency of prices"})
    venue_shares = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "Share of each venue"},
    )
    left_out = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Venues that could not be added, with the reason"},
    )
    provenance = fields.Nested(ProvenanceSchema, required=True)


def moment_document(symbol: str, found: SnapshotAnswer, **content: Any) -> dict[str, Any]:
    """Return a document about one moment.

    Parameters
    ----------
    symbol : str
        The listing's ticker.
    found : SnapshotAnswer
        The book.
    **content
        What the document is about.

    Returns
    -------
    dict
        As `MomentSchema` says, with the content before the provenance.
    """
    book = found.snapshot
    return {
        "symbol": symbol,
        "time": book.time_ms,
        "mark": book.mark,
        "quote": book.instrument.quote,
        **content,
        "venue_shares": found.shares,
        "left_out": list(found.left_out),
        "provenance": provenance_document(
            found.provenance, book.unit, book.quantity, book.seed_share
        ),
    }


def json_answer(document: Mapping[str, Any]) -> Answer:
    """Return a document as a finished answer.

    Parameters
    ----------
    document : mapping
        Plain data; its order is kept.

    Returns
    -------
    Answer
        In JSON.
    """
    text = json.dumps(document, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return Answer(text.encode(), JSON)

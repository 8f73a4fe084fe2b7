"""`POST /candles`: bars of a market of one's own, sent by a program."""

from typing import Any, Final

from flask import Response
from marshmallow import Schema, ValidationError, fields

from liqbands.errors import MarketDataError
from liqbands.timeframes import TIMEFRAMES, timeframe_name
from liqbands_server.api.blueprints import JSON, ApiBlueprint, Body
from liqbands_server.api.documents import json_answer
from liqbands_server.api.fields import Choice, Text
from liqbands_server.errors import QuestionError
from liqbands_server.importing.own_markets import own_instrument
from liqbands_server.importing.pushed_rows import read_pushed
from liqbands_server.importing.reports import ImportReport, RefusedRow
from liqbands_server.store.candles import Written
from liqbands_server.store.instruments import chart_ticker
from liqbands_server.web.context import Context, this_context
from liqbands_server.web.pushing import take_in

MOST_ROWS: Final = 10_000

blueprint = ApiBlueprint("Own candles", "Bars of a market of one's own.")


class PushedBarSchema(Schema):
    """One closed bar; what is not known is left out or null."""

    t = fields.Integer(required=True, metadata={"description": "Open, UTC milliseconds"})
    open = fields.Float(required=True)
    high = fields.Float(required=True)
    low = fields.Float(required=True)
    close = fields.Float(required=True)
    volume = fields.Float(allow_none=True, metadata={"description": "Contracts"})
    quote_volume = fields.Float(allow_none=True, metadata={"description": "Quote currency"})
    taker_buy_volume = fields.Float(allow_none=True, metadata={"description": "Contracts"})
    open_interest = fields.Float(
        allow_none=True, metadata={"description": "Contracts open at its close"}
    )
    funding_rate = fields.Float(allow_none=True, metadata={"description": "A fraction"})


class Rows(fields.List[Any]):
    """Objects that are looked at one by one later, so that a bad one is answered alone."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[Any]:
        if isinstance(value, list) and 0 < len(value) <= MOST_ROWS:
            return value
        was = f"{len(value)} of them" if isinstance(value, list) else type(value).__name__
        raise ValidationError(f"bars must be a list of 1 to {MOST_ROWS} objects, was {was}")


class CandlesBody(Body):
    """Closed bars of one market."""

    symbol = Text(
        r"[A-Za-z0-9._:/-]{1,64}",
        "MYBROKER:EURUSD",
        required=True,
        metadata={"description": "Of a venue of your own; without one it is `MT5`."},
    )
    timeframe = Choice(*TIMEFRAMES, required=True, metadata={"description": "Length of a bar."})
    market = Choice(
        "perpetual",
        "spot",
        "forex",
        "stock",
        metadata={"description": "What is traded. Default: guessed from the symbol."},
    )
    known_at = Choice(
        "close",
        "now",
        metadata={
            "description": "Since when new bars count as known, for `as_of`. Default: their "
            "close in the first push of a series, then now."
        },
    )
    bars = Rows(fields.Nested(PushedBarSchema), required=True)


class RefusedSchema(Schema):
    """A row that was left out."""

    row = fields.Integer(required=True, metadata={"description": "Counted from 1"})
    reason = fields.String(required=True)


class PushedSchema(Schema):
    """What became of every row."""

    symbol = fields.String(required=True, metadata={"description": "Ticker to ask for"})
    timeframe = fields.String(required=True)
    new = fields.Integer(required=True)
    same = fields.Integer(required=True, metadata={"description": "Were there already"})
    corrected = fields.Integer(required=True)
    before_first_load = fields.Integer(
        required=True,
        metadata={"description": "Older than the first push: kept, but no book reaches back"},
    )
    refused = fields.List(fields.Nested(RefusedSchema), required=True)


@blueprint.delivery("/candles", CandlesBody, PushedSchema)
def post_candles(values: dict[str, Any]) -> Response:
    """Store bars; sent twice, the second time they are there already.

    All good rows are stored at once, each bad one is answered by itself.
    """
    answer = json_answer(push(values, this_context()))
    return Response(answer.body, headers={"Cache-Control": "no-store"}, content_type=JSON)


def push(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """Store what a body holds.

    Parameters
    ----------
    values : dict
        Loaded by `CandlesBody`.
    context : Context
        The process's store and clock.

    Returns
    -------
    dict
        As `PushedSchema` says.

    Raises
    ------
    QuestionError
        If the symbol is not one to be written to, or the bars are no bars of that length.
    """
    instrument = own_instrument(values["symbol"], values.get("market"))
    length_ms = TIMEFRAMES[values["timeframe"]]
    try:
        candles, refused = read_pushed(values["bars"], length_ms, context.now_ms())
    except MarketDataError as error:
        raise QuestionError(str(error), "timeframe") from error
    if candles is None:
        report = ImportReport("push", chart_ticker(instrument), length_ms, Written(), refused)
    else:
        report = take_in(context, instrument, candles, refused, values.get("known_at"))
    return {
        "symbol": report.ticker,
        "timeframe": timeframe_name(report.timeframe_ms),
        "new": report.written.new,
        "same": report.written.same,
        "corrected": report.written.corrected,
        "before_first_load": report.n_before_anchor,
        "refused": [_object(row) for row in report.refused],
    }


def _object(refused: RefusedRow) -> dict[str, Any]:
    return {"row": refused.row, "reason": refused.reason}

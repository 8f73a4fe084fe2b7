"""`/summary`: totals of both sides, and their nearest and strongest clusters."""

from typing import Any

from flask import Response
from marshmallow import fields

from liqbands.levels import Band
from liqbands.maps import summary
from liqbands_server.api.blueprints import ApiBlueprint
from liqbands_server.api.documents import BandSchema, MomentSchema, json_answer, moment_document
from liqbands_server.api.questions import MomentParameters, book_at, moment_question
from liqbands_server.band_objects import band_object, known
from liqbands_server.service.snapshots import SnapshotAnswer
from liqbands_server.web.caching import Answer, answered
from liqbands_server.web.context import this_context

blueprint = ApiBlueprint("Summary", "The numbers above a map.")


class SummarySchema(MomentSchema):
    """Totals count everything on the price grid, not only bands."""

    long_notional = fields.Float(required=True)
    short_notional = fields.Float(required=True)
    long_short_ratio = fields.Float(
        required=True, allow_none=True, metadata={"description": "Null when nothing is short"}
    )
    bias = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "(long - short) / (long + short), -1 to 1"},
    )
    nearest_long = fields.Nested(BandSchema, required=True, allow_none=True)
    nearest_short = fields.Nested(BandSchema, required=True, allow_none=True)
    strongest_long = fields.Nested(BandSchema, required=True, allow_none=True)
    strongest_short = fields.Nested(BandSchema, required=True, allow_none=True)


@blueprint.question("/summary", MomentParameters, SummarySchema)
def get_summary(values: dict[str, Any]) -> Response:
    """Totals, their ratio, and the nearest and the strongest cluster of each side.

    A cluster is where much would be liquidated if price came there; whether it comes is not said.
    """
    context = this_context()
    question = moment_question(values, context)

    def make() -> Answer:
        return json_answer(summary_document(question.listing.ticker, book_at(question, context)))

    return answered(("summary", question), question.listing, question.as_of_ms, make)


def summary_document(symbol: str, found: SnapshotAnswer) -> dict[str, Any]:
    """Return the document of `/summary`.

    Parameters
    ----------
    symbol : str
        The listing's ticker.
    found : SnapshotAnswer
        The book.

    Returns
    -------
    dict
        As `SummarySchema` says.
    """
    totals = summary(found.snapshot)
    both = totals.long_notional + totals.short_notional
    bias = (totals.long_notional - totals.short_notional) / both if both > 0 else None
    return moment_document(
        symbol,
        found,
        long_notional=totals.long_notional,
        short_notional=totals.short_notional,
        long_short_ratio=known(totals.long_short_ratio),
        bias=bias,
        nearest_long=_cluster(totals.nearest_long),
        nearest_short=_cluster(totals.nearest_short),
        strongest_long=_cluster(totals.strongest_long),
        strongest_short=_cluster(totals.strongest_short),
    )


def _cluster(band: Band | None) -> dict[str, Any] | None:
    return None if band is None else band_object(band)

"""`/bands`: the dense zones of a book, strongest first, or by slot through time."""

from typing import Any, Final

from flask import Response
from marshmallow import fields

from liqbands.zones import bands
from liqbands_server.api.band_slots import (
    BandSlotsQuestion,
    BandSlotsSchema,
    band_slots_document,
    band_slots_question,
)
from liqbands_server.api.blueprints import ApiBlueprint
from liqbands_server.api.documents import BandSchema, MomentSchema, json_answer, moment_document
from liqbands_server.api.fields import Choice, WholeNumber
from liqbands_server.api.questions import (
    MOST_COLUMNS,
    SIDES,
    TIMEFRAMES,
    WindowParameters,
    book_at,
    moment_question,
)
from liqbands_server.band_objects import band_object, known
from liqbands_server.errors import QuestionError
from liqbands_server.service.band_walk import N_SLOTS
from liqbands_server.service.snapshots import SnapshotAnswer
from liqbands_server.web.caching import Answer, answered
from liqbands_server.web.context import Context, this_context

DEFAULT_BANDS: Final = 20
MOST_BANDS: Final = 500

_OF_MOMENT: Final = {"side": "side", "limit": "limit"}
_OF_TIME: Final = {
    "from_ms": "from",
    "window": "window",
    "timeframe": "timeframe",
    "columns": "columns",
}

blueprint = ApiBlueprint("Bands", "Zones of dense liquidations.")


class BandsParameters(WindowParameters):
    """Which bands, of one moment or through time."""

    side = Choice(*SIDES, metadata={"description": "One side only. Default: both."})
    limit = WholeNumber(
        1, MOST_BANDS, metadata={"description": f"At most so many. Default: {DEFAULT_BANDS}."}
    )
    k = Choice(
        *map(str, N_SLOTS),
        metadata={"description": "Bands through time instead of one moment, in so many slots."},
    )
    timeframe = Choice(*TIMEFRAMES, metadata={"description": "With `k`: length of a bar."})
    columns = WholeNumber(
        1, MOST_COLUMNS, metadata={"description": "With `k`: at most so many bars."}
    )


class BandsSchema(MomentSchema):
    """Bands, strongest first."""

    average_true_range = fields.Float(required=True, allow_none=True)
    bands = fields.List(fields.Nested(BandSchema), required=True)


@blueprint.question("/bands", BandsParameters, {"oneOf": [BandsSchema, BandSlotsSchema]})
def get_bands(values: dict[str, Any]) -> Response:
    """Bands of one book, strongest first; or with `k` through time, each in a slot of its own.

    A band is a run of prices that is dense for its side. Its notional carries an 80 % interval.
    A strong band is a cluster; nothing here says that price is drawn to it. Without `k`, `to` is
    the moment: the close of the last bar that closes by then. With `k` the answer has one list
    per slot and property, as long as `t`, and a band keeps its slot while it lives.
    """
    context = this_context()
    _check_form(values)
    if "k" in values:
        return _through_time(band_slots_question(values, context), context)
    question = moment_question(values, context)
    side, limit = values.get("side", "both"), values.get("limit", DEFAULT_BANDS)

    def make() -> Answer:
        found = book_at(question, context)
        return json_answer(bands_document(question.listing.ticker, found, side, limit))

    key = ("bands", question, side, limit)
    return answered(key, question.listing, question.as_of_ms, make)


def _through_time(question: BandSlotsQuestion, context: Context) -> Response:
    def make() -> Answer:
        return json_answer(band_slots_document(question, context))

    return answered(
        ("bands", question), question.listing, question.as_of_ms, make, may_settle=False
    )


def _check_form(values: dict[str, Any]) -> None:
    """Refuse what belongs to the other form of the answer."""
    if "k" in values:
        other, remedy = _OF_MOMENT, "is not for bands through time; leave it out, or k"
    else:
        other, remedy = _OF_TIME, "is for bands through time only; leave it out, or add k=32"
    for key, name in other.items():
        if key in values:
            raise QuestionError(f"{name} {remedy}, was {values[key]}", name)


def bands_document(symbol: str, found: SnapshotAnswer, side: str, limit: int) -> dict[str, Any]:
    """Return the document of `/bands`.

    Parameters
    ----------
    symbol : str
        The listing's ticker.
    found : SnapshotAnswer
        The book.
    side : {"long", "short", "both"}
        Which bands.
    limit : int
        At most so many.

    Returns
    -------
    dict
        As `BandsSchema` says.
    """
    book = found.snapshot
    return moment_document(
        symbol,
        found,
        average_true_range=known(book.average_true_range),
        bands=[band_object(band) for band in bands(book, side=SIDES[side], limit=limit)],
    )

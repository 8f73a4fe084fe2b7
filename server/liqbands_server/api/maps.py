"""`/map`: notional per price at one moment, in layers by leverage."""

from typing import Any, Final

from flask import Response
from marshmallow import fields

from liqbands.maps import liquidation_map
from liqbands_server.api.blueprints import ApiBlueprint
from liqbands_server.api.documents import MomentSchema, json_answer, moment_document
from liqbands_server.api.fields import Price, WholeNumber
from liqbands_server.api.questions import MOST_ROWS, MomentParameters, book_at, moment_question
from liqbands_server.errors import QuestionError
from liqbands_server.service.snapshots import SnapshotAnswer
from liqbands_server.web.caching import Answer, answered
from liqbands_server.web.context import Context, this_context

DEFAULT_ROWS: Final = 240

blueprint = ApiBlueprint("Map", "Liquidations by price at one moment.")


class MapParameters(MomentParameters):
    """Which prices."""

    low = Price(metadata={"description": "Lowest price. Default: holds most of the longs."})
    high = Price(metadata={"description": "Highest price. Default: holds most of the shorts."})
    bins = WholeNumber(
        2, MOST_ROWS, load_default=DEFAULT_ROWS, metadata={"description": "At most so many rows."}
    )


class MapSchema(MomentSchema):
    """Notional per price; row r spans `edges[r]` to `edges[r + 1]`."""

    edges = fields.List(fields.Float(), required=True, metadata={"description": "Ascending prices"})
    leverage_groups = fields.List(
        fields.String(), required=True, metadata={"description": "Layers, low leverage first"}
    )
    long_layers = fields.List(
        fields.List(fields.Float()), required=True, metadata={"description": "By layer, then row"}
    )
    short_layers = fields.List(
        fields.List(fields.Float()), required=True, metadata={"description": "By layer, then row"}
    )
    long_cumulative = fields.List(
        fields.Float(), required=True, metadata={"description": "From the mark down to each row"}
    )
    short_cumulative = fields.List(
        fields.Float(), required=True, metadata={"description": "From the mark up to each row"}
    )


@blueprint.question("/map", MapParameters, MapSchema)
def get_map(values: dict[str, Any]) -> Response:
    """Notional per price at one moment, in layers by leverage.

    With cumulative curves outwards from the mark: what would be liquidated on the way there.
    """
    context = this_context()
    question = moment_question(values, context)
    view = (values.get("low"), values.get("high"), _rows(values, context))

    def make() -> Answer:
        found = book_at(question, context)
        return json_answer(map_document(question.listing.ticker, found, *view))

    return answered(("map", question, view), question.listing, question.as_of_ms, make)


def map_document(
    symbol: str, found: SnapshotAnswer, low: float | None, high: float | None, max_rows: int
) -> dict[str, Any]:
    """Return the document of `/map`.

    Parameters
    ----------
    symbol : str
        The listing's ticker.
    found : SnapshotAnswer
        The book.
    low, high : float or None
        Prices to show.
    max_rows : int
        Bound on the rows.

    Returns
    -------
    dict
        As `MapSchema` says.

    Raises
    ------
    QuestionError
        If low is not below high.
    """
    try:
        drawn = liquidation_map(found.snapshot, low, high, max_rows)
    except ValueError as error:
        raise QuestionError(str(error), "low") from error
    return moment_document(
        symbol,
        found,
        edges=drawn.edges.tolist(),
        leverage_groups=list(drawn.leverage_groups),
        long_layers=drawn.long_layers.tolist(),
        short_layers=drawn.short_layers.tolist(),
        long_cumulative=drawn.long_cumulative.tolist(),
        short_cumulative=drawn.short_cumulative.tolist(),
    )


def _rows(values: dict[str, Any], context: Context) -> int:
    rows: int = values["bins"]
    if rows > context.settings.max_rows:
        most = context.settings.max_rows
        raise QuestionError(f"bins must be at most {most}, was {rows}", "bins")
    return rows

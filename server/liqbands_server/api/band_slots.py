"""The slot-stable form of `/bands`: each band keeps its slot while it lives, bar by bar."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from marshmallow import Schema, fields
from numpy.typing import NDArray

from liqbands_server.api.provenance import ProvenanceSchema, provenance_document
from liqbands_server.api.questions import MomentQuestion, as_of, book_at, find_listing
from liqbands_server.api.windows import columns_asked
from liqbands_server.service.band_slots import BandSlots, band_slots
from liqbands_server.service.listings import Listing
from liqbands_server.service.resolutions import Resolution, timeframe_of
from liqbands_server.web.context import Context

LEVELS: Final = 16
"""Steps of a palette, from the weakest band of a bar to its strongest."""


class SlotSchema(Schema):
    """One slot; every list is as long as `t`, null where the slot is empty."""

    low = fields.List(fields.Float(allow_none=True), required=True)
    high = fields.List(fields.Float(allow_none=True), required=True)
    peak_price = fields.List(fields.Float(allow_none=True), required=True)
    notional = fields.List(fields.Float(allow_none=True), required=True)
    side = fields.List(
        fields.Integer(allow_none=True), required=True, metadata={"description": "1 long, -1 short"}
    )
    level = fields.List(
        fields.Integer(allow_none=True),
        required=True,
        metadata={"description": f"Strength as one of {LEVELS} steps of a palette, from 0"},
    )


class BandSlotsSchema(Schema):
    """Bands by slot. A bar has the same slots whatever window is asked for."""

    symbol = fields.String(required=True)
    timeframe = fields.String(required=True)
    k = fields.Integer(required=True, metadata={"description": "Number of slots"})
    levels = fields.Integer(required=True)
    t = fields.List(
        fields.Integer(), required=True, metadata={"description": "Opens of bars, UTC seconds"}
    )
    slots = fields.List(fields.Nested(SlotSchema), required=True)
    provenance = fields.Nested(ProvenanceSchema, required=True)


@dataclass(frozen=True, slots=True)
class BandSlotsQuestion:
    """Which bars of which listing.

    Parameters
    ----------
    listing : Listing
        Of one venue.
    resolution : Resolution
        Length of a bar.
    from_ms, to_ms, as_of_ms : int
        Bars that open in ``[from, to)``, as of when; UTC milliseconds.
    n_slots : int
        Number of slots.
    """

    listing: Listing
    resolution: Resolution
    from_ms: int
    to_ms: int
    as_of_ms: int
    n_slots: int


def band_slots_question(values: dict[str, Any], context: Context) -> BandSlotsQuestion:
    """Return the question that a query with `k` asks.

    Parameters
    ----------
    values : dict
        Loaded by the parameters of `/bands`.
    context : Context
        The process's markets, settings and clock.

    Returns
    -------
    BandSlotsQuestion
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
    resolution, from_ms, to_ms = columns_asked(values, listing, as_of_ms, context)
    return BandSlotsQuestion(listing, resolution, from_ms, to_ms, as_of_ms, int(values["k"]))


def band_slots_document(question: BandSlotsQuestion, context: Context) -> dict[str, Any]:
    """Return the document of `/bands` with `k`.

    Parameters
    ----------
    question : BandSlotsQuestion
        Which bars.
    context : Context
        The process's markets and books.

    Returns
    -------
    dict
        As `BandSlotsSchema` says.

    Raises
    ------
    QuestionError
        If the bands are not kept for so many slots, or for several venues as one.
    """
    listing, resolution = question.listing, question.resolution
    found = band_slots(
        context.markets,
        listing,
        resolution,
        question.n_slots,
        question.as_of_ms,
        question.from_ms,
        question.to_ms - 1,
    )
    newest = book_at(MomentQuestion(listing, question.as_of_ms, None), context)
    book = newest.snapshot
    return {
        "symbol": listing.ticker,
        "timeframe": timeframe_of(resolution),
        "k": question.n_slots,
        "levels": LEVELS,
        "t": (found.open_time_ms // 1000).tolist(),
        "slots": [_slot(found, slot) for slot in range(found.n_slots)],
        "provenance": provenance_document(
            newest.provenance, book.unit, book.quantity, book.seed_share
        ),
    }


def _slot(found: BandSlots, slot: int) -> dict[str, list[float | None]]:
    empty = found.side[:, slot] == 0
    level = np.minimum(LEVELS * np.nan_to_num(found.strength[:, slot]), LEVELS - 1)
    return {
        "low": _column(found.low[:, slot], empty),
        "high": _column(found.high[:, slot], empty),
        "peak_price": _column(found.peak_price[:, slot], empty),
        "notional": _column(found.notional[:, slot], empty),
        "side": _column(found.side[:, slot], empty),
        "level": _column(level.astype(np.int64), empty),
    }


def _column(values: NDArray[Any], empty: NDArray[np.bool_]) -> list[float | None]:
    column = values.astype(object)
    column[empty] = None
    return list(column)

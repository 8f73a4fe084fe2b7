"""What every answer says about itself: as of when, how old, in which unit, from which input."""

from typing import Any, Final

from marshmallow import Schema, fields

from liqbands.results import Unit
from liqbands_server.service.provenance import Provenance, VenueAge

UNITS: Final = ("quote", "relative")
QUANTITIES: Final = ("standing", "expected", "realised")


class VenueSchema(Schema):
    """How old a venue's data are."""

    venue = fields.String(required=True)
    symbol = fields.String(required=True, metadata={"description": "Its ticker there"})
    last_close = fields.Integer(
        required=True, metadata={"description": "Close of its newest bar used, UTC milliseconds"}
    )
    age_ms = fields.Integer(required=True, metadata={"description": "From then to `as_of`"})
    stale = fields.Boolean(
        required=True, metadata={"description": "Whether that is more than three bars"}
    )


class ProvenanceSchema(Schema):
    """What an answer rests on."""

    as_of = fields.Integer(
        required=True,
        metadata={"description": "What was learnt later was not used, UTC milliseconds"},
    )
    venues = fields.List(fields.Nested(VenueSchema), required=True)
    stale = fields.Boolean(required=True, metadata={"description": "Whether any venue is stale"})
    simulated = fields.Boolean(
        required=True, metadata={"description": "Whether no real market stands behind it"}
    )
    unit = fields.String(
        required=True,
        metadata={
            "enum": list(UNITS),
            "description": "Of every notional: the quote currency, or shares of all that stands",
        },
    )
    quantity = fields.String(
        required=True,
        metadata={
            "enum": list(QUANTITIES),
            "description": "Whether notional counts what is open, would really be closed, or was",
        },
    )
    observed_share = fields.Float(
        required=True, metadata={"description": "Share of bars with reported open interest"}
    )
    seed_share = fields.Float(
        required=True,
        metadata={
            "description": "Largest share that may still come from the book's beginning; "
            "warm below 0.05"
        },
    )
    parameters = fields.String(
        required=True, metadata={"description": "Name, version and digest of the settings"}
    )
    input_hash = fields.String(
        required=True, metadata={"description": "Digest of all bars used and of the settings"}
    )


def provenance_document(
    provenance: Provenance, unit: Unit, quantity: str, seed_share: float
) -> dict[str, Any]:
    """Return what an answer rests on, as every route writes it.

    Parameters
    ----------
    provenance : Provenance
        As of when, how old, how much observed.
    unit : {"quote", "relative"}
        Of every notional.
    quantity : {"standing", "expected", "realised"}
        What notional counts.
    seed_share : float
        Largest share that may still come from the seed, in the newest column.

    Returns
    -------
    dict
        As `ProvenanceSchema` says.
    """
    return {
        "as_of": provenance.as_of_ms,
        "venues": [venue_object(age) for age in provenance.venues],
        "stale": provenance.stale,
        "simulated": provenance.simulated,
        "unit": unit,
        "quantity": quantity,
        "observed_share": provenance.observed_share,
        "seed_share": float(seed_share),
        "parameters": provenance.parameters,
        "input_hash": provenance.input_hash,
    }


def venue_object(age: VenueAge) -> dict[str, Any]:
    """Return how old a venue's data are, as every route writes it.

    Parameters
    ----------
    age : VenueAge
        Whose, and how old.

    Returns
    -------
    dict
        As `VenueSchema` says.
    """
    return {
        "venue": age.venue,
        "symbol": age.ticker,
        "last_close": age.last_close_ms,
        "age_ms": age.age_ms,
        "stale": age.stale,
    }

"""Margin tiers as a document in the form of the engine's ``tier_data``."""

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import FeedMarket

SCHEMA: Final = "liqbands-tier-tables-1"
COLUMNS: Final = (
    "tier",
    "min",
    "max",
    "maintenance_margin_rate",
    "maintenance_margin_slope",
    "initial_margin_rate",
    "initial_margin_slope",
    "max_leverage",
    "deduction",
)


class Tier(NamedTuple):
    """One tier of one market.

    Parameters
    ----------
    upper : float
        Largest size, in the unit of the table, infinite where there is no end; the tier begins
        where the one below it ends.
    maintenance_margin_rate, initial_margin_rate : float
        Fractions of the value.
    max_leverage : float
        Highest leverage.
    deduction : float
        Subtracted from value times rate, quote (linear) or coin (inverse); NaN where the venue
        does not say, then it is what makes the margin continuous.
    """

    upper: float
    maintenance_margin_rate: float
    initial_margin_rate: float
    max_leverage: float
    deduction: float


def tier_document(
    market: FeedMarket,
    tiers: Sequence[Tier],
    bound_unit: Literal["quote", "base", "contracts"],
    as_of_ms: int,
) -> str:
    """Return the tiers of one market as JSON.

    Parameters
    ----------
    market : FeedMarket
        Whose.
    tiers : sequence of Tier
        Lowest first; in contracts the whole position takes the rate of its tier.
    bound_unit : {"quote", "base", "contracts"}
        Of the bounds.
    as_of_ms : int
        When the venue said so.

    Returns
    -------
    str
        A document like the engine's files, with this market alone.

    Raises
    ------
    WireError
        If there is no tier, or bounds and rates do not grow.
    """
    _refuse_impossible(tiers)
    as_of = datetime.fromtimestamp(as_of_ms / 1000, UTC).date().isoformat()
    by_size = bound_unit == "contracts"
    entry = {
        "venue_symbol": market.wire_id,
        "contract": market.instrument.contract_kind.value,
        "bound_unit": bound_unit,
        "contract_size": market.unit,
        "scheme": "whole_position" if by_size else "progressive",
        "deduction_source": "none" if by_size else "published",
        "quality": "full",
        "as_of": as_of,
        "rows": _rows(tiers, by_size=by_size),
    }
    document = {
        "schema": SCHEMA,
        "venue": market.feed,
        "quality": "full",
        "as_of": as_of,
        "columns": list(COLUMNS),
        "symbols": {market.symbol: entry},
    }
    return json.dumps(document)


def _refuse_impossible(tiers: Sequence[Tier]) -> None:
    if not tiers:
        raise WireError("there must be at least one tier, was none")
    for tier in tiers:
        if not (tier.upper > 0 and 0 < tier.maintenance_margin_rate <= 1):
            raise WireError(f"a tier must have a width and a rate of at most 1, was {tier}")
    for below, above in pairwise(tiers):
        rate_falls = above.maintenance_margin_rate < below.maintenance_margin_rate
        if above.upper <= below.upper or rate_falls:
            raise WireError(f"a tier must exceed the one below it, was {below} and {above}")


def _rows(tiers: Sequence[Tier], *, by_size: bool) -> list[list[Any]]:
    rows: list[list[Any]] = []
    lower, deduction, rate_below = 0.0, 0.0, tiers[0].maintenance_margin_rate
    for number, tier in enumerate(tiers, start=1):
        continuous = deduction + lower * (tier.maintenance_margin_rate - rate_below)
        deduction = continuous if math.isnan(tier.deduction) else tier.deduction
        rates = [tier.maintenance_margin_rate, 0, tier.initial_margin_rate, 0]
        given = 0.0 if by_size else deduction
        upper = None if math.isinf(tier.upper) else tier.upper
        rows.append([number, lower, upper, *rates, tier.max_leverage, given])
        lower, rate_below = tier.upper, tier.maintenance_margin_rate
    return rows

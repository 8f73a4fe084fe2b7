"""Margin rules of the venues: where positions are liquidated, and by which tier."""

from liqbands.margin.bankruptcy import inverse_bankruptcy_price, linear_bankruptcy_price
from liqbands.margin.formulas import (
    bybit_inverse_price,
    deribit_inverse_price,
    hedged_cross_price,
    inverse_price,
    linear_price,
)
from liqbands.margin.positions import Positions
from liqbands.margin.price import LiquidationPrices, liquidation_price
from liqbands.margin.requirements import initial_margin, maintenance_margin
from liqbands.margin.rules import GENERIC, RULES, Rule, find_rule
from liqbands.margin.terms import Terms
from liqbands.margin.tier_files import (
    GENERIC_MAINTENANCE_MARGIN_RATE,
    GENERIC_MAX_LEVERAGE,
    find_table,
    load_tables,
    read_table,
    tier_table,
)
from liqbands.margin.tiers import TierTable
from liqbands.margin.unknown import liquidation_distance, max_leverage
from liqbands.margin.venues import VENUES, MarginMode, Venue, find_venue

__all__ = [
    "GENERIC",
    "GENERIC_MAINTENANCE_MARGIN_RATE",
    "GENERIC_MAX_LEVERAGE",
    "RULES",
    "VENUES",
    "LiquidationPrices",
    "MarginMode",
    "Positions",
    "Rule",
    "Terms",
    "TierTable",
    "Venue",
    "bybit_inverse_price",
    "deribit_inverse_price",
    "find_rule",
    "find_table",
    "find_venue",
    "hedged_cross_price",
    "initial_margin",
    "inverse_bankruptcy_price",
    "inverse_price",
    "linear_bankruptcy_price",
    "linear_price",
    "liquidation_distance",
    "liquidation_price",
    "load_tables",
    "maintenance_margin",
    "max_leverage",
    "read_table",
    "tier_table",
]

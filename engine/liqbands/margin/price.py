"""Liquidation prices of known positions: venue, rule, tier and formula put together.

Prices are quote per base; margins and deductions quote (linear) or coin (inverse).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from liqbands.errors import MarginInputError
from liqbands.instrument import ContractKind, FloatArray, Instrument
from liqbands.margin.bankruptcy import inverse_bankruptcy_price, linear_bankruptcy_price
from liqbands.margin.notes import describe
from liqbands.margin.positions import Positions
from liqbands.margin.rules import GENERIC, Rule, find_rule
from liqbands.margin.selection import choose_tiers
from liqbands.margin.terms import Terms
from liqbands.margin.tier_files import find_table, generic_table
from liqbands.margin.tiers import Rows
from liqbands.margin.venues import MarginMode, Venue, find_venue, rule_in_force


@dataclass(frozen=True, eq=False)
class LiquidationPrices:
    """Liquidation prices with the rule and the tier behind each.

    Parameters
    ----------
    price : ndarray, shape (n,)
        Mark (dYdX: oracle) price at which each position is liquidated, quote per base; NaN where
        there is none or where the size is beyond the known tiers.
    bankruptcy_price : ndarray, shape (n,)
        Price at which the margin is used up, quote per base; NaN where it never is.
    beyond_tiers : ndarray of bool, shape (n,)
        True where the price is unknown because the known tiers end below the size.
    tier : ndarray of int64, shape (n,)
        Number of the tier; 0 where a rate was given that is in no tier, or is generic.
    maintenance_margin_rate, maintenance_margin_slope, maintenance_deduction : ndarray, shape (n,)
        What was used; NaN beyond the tiers.
    venue, rule : str
        Keys of the venue and the rule; ``"generic"`` where unknown.
    symbol : str
        Unified symbol of the tier table, empty without one.
    quality, as_of : str or None
        Quality and date of the tiers used; None where all rates were given.
    is_generic : bool
        Whether the rule, or a maintenance margin rate, is the generic default.
    notes : tuple of str
        What a reader should know, one sentence each.
    """

    price: FloatArray
    bankruptcy_price: FloatArray
    beyond_tiers: NDArray[np.bool_]
    tier: Rows
    maintenance_margin_rate: FloatArray
    maintenance_margin_slope: FloatArray
    maintenance_deduction: FloatArray
    venue: str
    rule: str
    symbol: str
    quality: str | None
    as_of: str | None
    is_generic: bool
    notes: tuple[str, ...]


def liquidation_price(
    instrument: Instrument,
    positions: Positions,
    *,
    margin_mode: MarginMode = MarginMode.ISOLATED,
    at_ms: int | None = None,
    formula: str | None = None,
) -> LiquidationPrices:
    """Return the price at which each position is liquidated.

    Parameters
    ----------
    instrument : Instrument
        Venue, symbol and contract kind; what is unknown is margined by the generic rule.
    positions : Positions
        Positions, arrays of shape (n,).
    margin_mode : MarginMode
        Isolated, or cross: then `margin` is the wallet balance and other positions count.
    at_ms : int or None
        Time of the data, UTC milliseconds, for venues that changed their rule; None for today.
    formula : str or None
        Rule to use whatever the venue's is.

    Returns
    -------
    LiquidationPrices
        Prices of shape (n,), with rule, tiers and notes.

    Raises
    ------
    MarginInputError
        If the margin of an isolated position is negative, or the formula does not exist.

    Notes
    -----
    Without a rate of its own a position takes the tier that holds its value at the liquidation
    price (at entry under Bybit's old rule): every tier is tried, exactly one gives a price
    inside its own bounds.

    References
    ----------
    Binance FAQ b3c689c1f50a44cabb3a84e663b81d93 (bracket at the liquidation price); the sources
    of each rule stand with its formula in `liqbands.margin.formulas`.

    Examples
    --------
    Bybit, long 1 BTC at 20,000 and 50x: (400 - 20000) / (0.005 - 1) = 19698.49.

    >>> position = Positions.from_arrays(side=1, entry_price=20_000, quantity=1, leverage=50)
    >>> result = liquidation_price(Instrument("bybit", "BTC/USDT:USDT"), position)
    >>> result.price.round(2), result.rule, result.tier
    (array([19698.49]), 'bybit_linear', array([1]))
    """
    kind = instrument.contract_kind
    venue = find_venue(instrument.venue, kind)
    if formula is None:
        rule, notes = rule_in_force(venue, kind, margin_mode, at_ms)
    else:
        rule = find_rule(formula, kind)
        notes = (rule.note,) if rule.note else ()
    table = find_table(venue.tiers, instrument.symbol, kind) or generic_table(kind)
    choice = choose_tiers(positions, _terms(positions, rule, venue, margin_mode), rule, table)
    price = np.where(choice.beyond, np.nan, rule.price(choice.terms))
    quality = None if choice.is_given.all() else table.quality
    return LiquidationPrices(
        price=price,
        bankruptcy_price=_bankruptcy_price(choice.terms, rule),
        beyond_tiers=choice.beyond,
        tier=choice.tier,
        maintenance_margin_rate=choice.terms.maintenance_margin_rate,
        maintenance_margin_slope=choice.terms.maintenance_margin_slope,
        maintenance_deduction=choice.terms.deduction,
        venue=venue.key,
        rule=rule.key,
        symbol=table.symbol,
        quality=quality,
        as_of=table.as_of if quality else None,
        is_generic=GENERIC in (rule.key, quality),
        notes=notes + describe(instrument, venue, table, choice, price),
    )


def _terms(positions: Positions, rule: Rule, venue: Venue, mode: MarginMode) -> Terms:
    """Fill in what was not given: size 1, margin from leverage, leverage from margin, the fee."""
    quantity = np.where(np.isnan(positions.quantity), 1.0, positions.quantity)
    entry = positions.entry_price
    value = quantity * entry if rule.contract_kind is ContractKind.LINEAR else quantity / entry
    own = np.where(np.isnan(positions.margin), value / positions.leverage, positions.margin)
    if mode is MarginMode.ISOLATED and np.any(own < 0):
        raise MarginInputError(
            f"margin must not be negative in isolated mode, was {own.min():g}; "
            "give the margin of the position, or the wallet balance in cross mode"
        )
    others = positions.other_unrealized_pnl - positions.other_maintenance_margin
    with np.errstate(divide="ignore"):
        leverage = np.where(np.isnan(positions.margin), positions.leverage, value / own)
    return Terms.of(
        side=positions.side,
        quantity=quantity,
        entry_price=entry,
        margin=own + others if mode is MarginMode.CROSS else own,
        extra_margin=positions.extra_margin,
        taker_fee_rate=_taker_fee_rate(positions, rule, venue),
        leverage=leverage,
        funding_rate=positions.funding_rate,
    )


def _taker_fee_rate(positions: Positions, rule: Rule, venue: Venue) -> FloatArray:
    is_missing = np.isnan(positions.taker_fee_rate)
    if not rule.takes_fee:
        return np.zeros(len(positions))
    if venue.key == GENERIC and is_missing.any():
        raise MarginInputError(
            f"taker_fee_rate is missing: formula {rule.key!r} needs it, "
            "and the venue is not known for a default"
        )
    return np.where(is_missing, venue.taker_fee_rate, positions.taker_fee_rate)


def _bankruptcy_price(terms: Terms, rule: Rule) -> FloatArray:
    if rule.contract_kind is ContractKind.LINEAR:
        return linear_bankruptcy_price(terms)
    fee = terms.taker_fee_rate if rule.fee_in_bankruptcy else 0 * terms.taker_fee_rate
    return inverse_bankruptcy_price(replace(terms, taker_fee_rate=fee))

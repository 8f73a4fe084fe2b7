"""Which tier margins each position: given by the caller, at entry, or at the liquidation price."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray
from liqbands.margin.positions import Positions
from liqbands.margin.rules import Rule
from liqbands.margin.terms import Terms
from liqbands.margin.tiers import NO_ROW, Rows, TierTable


@dataclass(frozen=True, eq=False, slots=True)
class TierChoice:
    """The tier of each position and the terms with its rates.

    Parameters
    ----------
    terms : Terms
        Positions with rate, slope and deduction filled in; NaN beyond the tiers.
    tier : ndarray of int64, shape (n,)
        Number of the row, 0 for none.
    is_given : ndarray of bool, shape (n,)
        True where the caller gave the rate.
    beyond : ndarray of bool, shape (n,)
        True where the size is larger than the tiers that are known.
    unsized : ndarray of bool, shape (n,)
        True where the caller gave no quantity.
    """

    terms: Terms
    tier: Rows
    is_given: NDArray[np.bool_]
    beyond: NDArray[np.bool_]
    unsized: NDArray[np.bool_]


def choose_tiers(positions: Positions, terms: Terms, rule: Rule, table: TierTable) -> TierChoice:
    """Return the tier that margins each position.

    Parameters
    ----------
    positions : Positions
        Positions of shape (n,); where a rate is given, it wins.
    terms : Terms
        The same positions as terms; their rates are not used.
    rule : Rule
        Formula, and whether the tier is taken at entry.
    table : TierTable
        Tiers of the instrument.

    Returns
    -------
    TierChoice
        Rates of shape (n,).  Without a size it is the first tier that allows the leverage, with
        neither slope nor deduction.

    Examples
    --------
    >>> from liqbands.margin import find_rule, tier_table
    >>> from liqbands.instrument import ContractKind
    >>> position = Positions.from_arrays(side=-1, entry_price=50_000.0, quantity=0.9, margin=9e3)
    >>> terms = Terms.of(side=[-1], entry_price=[50e3], quantity=[0.9], margin=[9e3])
    >>> rule = find_rule("fee_linear", ContractKind.LINEAR)
    >>> choose_tiers(position, terms, rule, tier_table("bitget", "BTC/USDT:USDT")).tier
    array([2])
    """
    is_given = ~np.isnan(positions.maintenance_margin_rate)
    has_size = ~np.isnan(positions.quantity)
    rows, beyond = _rows_by_size(terms, rule, table)
    rows = np.where(has_size, rows, np.maximum(table.rows_allowing(terms.leverage), 0))
    beyond &= has_size & ~is_given
    own = table.rows_with(positions.maintenance_margin_rate, positions.maintenance_deduction)
    shown = np.where(is_given, own, np.where(beyond, NO_ROW, rows))
    known = np.where(beyond, np.nan, 1.0)
    sized = np.where(has_size, known, 0.0)
    filled = replace(
        terms,
        maintenance_margin_rate=np.where(
            is_given,
            positions.maintenance_margin_rate,
            known * table.maintenance_margin_rate[rows],
        ),
        maintenance_margin_slope=np.where(
            is_given,
            positions.maintenance_margin_slope,
            sized * table.maintenance_margin_slope[rows],
        ),
        deduction=np.where(
            is_given, positions.maintenance_deduction, sized * table.deduction[rows]
        ),
    )
    tier = np.where(shown == NO_ROW, 0, table.number[shown])
    return TierChoice(filled, tier, is_given, beyond, ~has_size)


def _rows_by_size(terms: Terms, rule: Rule, table: TierTable) -> tuple[Rows, NDArray[np.bool_]]:
    at_entry = table.rows_at(table.size_at(terms.quantity, terms.entry_price))
    beyond = at_entry == NO_ROW
    if rule.tier_at_entry:
        return np.maximum(at_entry, 0), beyond
    prices = _price_by_row(terms, rule, table)
    rows = table.consistent_rows(terms.quantity, prices)
    rows = np.where(rows == NO_ROW, np.maximum(at_entry, 0), rows)
    price = np.take_along_axis(prices, rows[:, np.newaxis], axis=1)[:, 0]
    return rows, beyond | table.is_beyond(table.size_at(terms.quantity, price))


def _price_by_row(terms: Terms, rule: Rule, table: TierTable) -> FloatArray:
    columns = replace(
        terms.as_columns(),
        maintenance_margin_rate=table.maintenance_margin_rate,
        maintenance_margin_slope=table.maintenance_margin_slope,
        deduction=table.deduction,
    )
    return rule.price(columns)

"""Margin tiers: tables as arrays, and which row holds.

Bounds are in the unit of the table: quote value, coin, or contracts; lower bounds are exclusive
except 0, upper bounds inclusive.  Rates are fractions, deductions quote (linear) or coin (inverse).
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import ContractKind, FloatArray

Rows = NDArray[np.int64]
Quality = Literal["full", "dated", "partial", "generic"]
BoundUnit = Literal["quote", "base", "contracts"]
Scheme = Literal["progressive", "whole_position", "size_slope", "flat"]

NO_ROW: Final = -1
_SLACK = 1e-9  # relative: a value on a bound is in both tiers but for rounding
_ROUNDED = 1e-6  # tables print thirds as 33.333333


@dataclass(frozen=True, eq=False, slots=True)
class TierTable:
    """The tiers of one instrument, lowest first.

    Parameters
    ----------
    symbol, venue_symbol : str
        Unified symbol and the venue's own.
    contract_kind : ContractKind
        Linear or inverse.
    scheme : {"progressive", "whole_position", "size_slope", "flat"}
        How a row is applied; a scheme without deduction has 0 in every row.
    bound_unit : {"quote", "base", "contracts"}
        Unit of `lower` and `upper`.
    contract_size : float
        Base units (linear) or quote units (inverse) per contract; 1 where the venue has none.
    quality : {"full", "dated", "partial", "generic"}
        ``"dated"`` is complete but old; ``"partial"`` says nothing above its last bound.
    as_of : str or None
        Date of the numbers, None if unknown.
    number : ndarray of int64, shape (n_tiers,)
        The row's number, from 1; 0 for the generic row.
    lower, upper : ndarray, shape (n_tiers,)
        Bounds; the last upper bound may be infinite.
    maintenance_margin_rate, maintenance_margin_slope : ndarray, shape (n_tiers,)
        Fraction of the value, and its growth per coin of size.
    initial_margin_rate, initial_margin_slope : ndarray, shape (n_tiers,)
        The same for the initial margin.
    max_leverage : ndarray, shape (n_tiers,)
        Highest leverage of the row.
    deduction : ndarray, shape (n_tiers,)
        Subtracted from value times rate.
    """

    symbol: str
    venue_symbol: str
    contract_kind: ContractKind
    scheme: Scheme
    bound_unit: BoundUnit
    contract_size: float
    quality: Quality
    as_of: str | None
    number: Rows
    lower: FloatArray
    upper: FloatArray
    maintenance_margin_rate: FloatArray
    maintenance_margin_slope: FloatArray
    initial_margin_rate: FloatArray
    initial_margin_slope: FloatArray
    max_leverage: FloatArray
    deduction: FloatArray

    def size_at(self, quantity: FloatArray, price: FloatArray) -> FloatArray:
        """Return the size of positions in the unit of the bounds.

        Parameters
        ----------
        quantity : ndarray, shape (n,)
            Base units (linear) or face value in quote (inverse).
        price : ndarray, shape (n,)
            Price at which the position is valued, quote per base.

        Returns
        -------
        ndarray, shape (n,)
            Quote value, coin or contracts.

        Examples
        --------
        >>> from liqbands.margin.tier_files import tier_table
        >>> tier_table("binance_usdm", "BTC/USDT:USDT").size_at(np.array([2.0]), np.array([50e3]))
        array([100000.])
        """
        if self.bound_unit == "contracts":
            return quantity / self.contract_size + 0 * price
        is_linear = self.contract_kind is ContractKind.LINEAR
        natural = "base" if is_linear else "quote"
        if self.bound_unit == natural:
            return quantity + 0 * price
        return quantity * price if is_linear else quantity / price

    def rows_at(self, size: FloatArray) -> Rows:
        """Return the row whose bounds hold each size, `NO_ROW` above the last.

        Parameters
        ----------
        size : ndarray, shape (n,)
            Sizes in the unit of the bounds.

        Returns
        -------
        ndarray of int64, shape (n,)
            Row indices from 0.

        Examples
        --------
        >>> from liqbands.margin.tier_files import tier_table
        >>> tier_table("bitget", "BTC/USDT:USDT").rows_at(np.array([0.0, 5e4, 50_001.0, 3e5]))
        array([ 0,  0,  1, -1])
        """
        rows = np.searchsorted(self.upper * (1 + _SLACK), size, side="left").astype(np.int64)
        return np.where(rows < len(self.upper), rows, NO_ROW)

    def consistent_rows(self, quantity: FloatArray, price: FloatArray) -> Rows:
        """Return the row that holds the position at the price the row itself gives.

        Parameters
        ----------
        quantity : ndarray, shape (n,)
            Base units (linear) or face value in quote (inverse).
        price : ndarray, shape (n, n_tiers)
            Liquidation price by the rate and deduction of each row, NaN where there is none.

        Returns
        -------
        ndarray of int64, shape (n,)
            Row indices; `NO_ROW` where no row gives such a price.

        Notes
        -----
        Deductions make the maintenance margin continuous in the value, so exactly one row of a
        progressive table fits; on a bound two fit with the same price and the lower is taken.
        The last row also holds what lies above it; `is_beyond` tells whether that is known.

        References
        ----------
        Binance FAQ b3c689c1f50a44cabb3a84e663b81d93: the bracket is the one at liquidation.

        Examples
        --------
        Row 1 would end at 60,000 (too large for it), row 2 at 59,000: row 2 fits.

        >>> from liqbands.margin.tier_files import tier_table
        >>> table = tier_table("bitget", "BTC/USDT:USDT")
        >>> table.consistent_rows(np.array([1.0]), np.array([[60_000.0, 59_000.0]]))
        array([1])
        """
        size = self.size_at(quantity[:, np.newaxis], price)
        upper = np.append(self.upper[:-1], np.inf)
        fits = (size > self.lower * (1 - _SLACK)) & (size <= upper * (1 + _SLACK))
        return np.where(fits.any(axis=1), fits.argmax(axis=1), NO_ROW)

    def is_beyond(self, size: FloatArray) -> NDArray[np.bool_]:
        """Return whether nothing is known about a size: it lies above the rows of a partial table.

        Parameters
        ----------
        size : ndarray, shape (n,)
            Sizes in the unit of the bounds.

        Returns
        -------
        ndarray of bool, shape (n,)
            Never true for a complete table: its last rate holds for what grows beyond it.

        Examples
        --------
        >>> from liqbands.margin.tier_files import tier_table
        >>> tier_table("okx", "BTC/USDT:USDT").is_beyond(np.array([1000.0, 1001.0]))
        array([False,  True])
        """
        is_above: NDArray[np.bool_] = size > self.upper[-1] * (1 + _SLACK)
        return is_above & (self.quality == "partial")

    def rows_with(self, rate: FloatArray, deduction: FloatArray) -> Rows:
        """Return the row that has a rate and a deduction, `NO_ROW` where none has.

        Parameters
        ----------
        rate : ndarray, shape (n,)
            Maintenance margin rates.
        deduction : ndarray, shape (n,)
            Deductions, quote (linear) or coin (inverse).

        Returns
        -------
        ndarray of int64, shape (n,)
            Row indices from 0.

        Examples
        --------
        >>> from liqbands.margin.tier_files import tier_table
        >>> table = tier_table("bitget", "BTC/USDT:USDT")
        >>> table.rows_with(np.array([0.005, 0.005]), np.array([50.0, 0.0]))
        array([ 1, -1])
        """
        has = np.isclose(rate[:, np.newaxis], self.maintenance_margin_rate, _ROUNDED, 0.0)
        has &= np.isclose(deduction[:, np.newaxis], self.deduction, _ROUNDED, _ROUNDED)
        return np.where(has.any(axis=1), has.argmax(axis=1), NO_ROW)

    def rows_allowing(self, leverage: FloatArray) -> Rows:
        """Return the first row that allows each leverage, `NO_ROW` where none does.

        Parameters
        ----------
        leverage : ndarray, shape (n,)
            Entry value over margin.

        Returns
        -------
        ndarray of int64, shape (n,)
            Row indices from 0.

        Examples
        --------
        >>> from liqbands.margin.tier_files import tier_table
        >>> tier_table("bitget", "BTC/USDT:USDT").rows_allowing(np.array([125.0, 126.0]))
        array([ 0, -1])
        """
        allows = leverage[:, np.newaxis] <= self.max_leverage * (1 + _ROUNDED)
        return np.where(allows.any(axis=1), allows.argmax(axis=1), NO_ROW)

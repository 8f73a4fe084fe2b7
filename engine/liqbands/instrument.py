"""What is traded: side, contract kind, kind of market, and the instrument itself.

Prices are in quote per base.  A linear contract is worth ``contract_size`` base units, an
inverse contract is worth ``contract_size`` units of the quote currency.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Side(IntEnum):
    """Direction of a position; the formulas use the sign."""

    LONG = 1
    SHORT = -1

    @property
    def label(self) -> str:
        """Return the side in lower case, as it stands in every payload."""
        return self.name.lower()


class ContractKind(StrEnum):
    """How profit is paid: in the quote currency (linear) or in the base coin (inverse)."""

    LINEAR = "linear"
    INVERSE = "inverse"


class MarketKind(StrEnum):
    """What kind of market the candles come from; it chooses grid step and stop distances."""

    PERPETUAL = "perpetual"
    SPOT = "spot"
    FOREX = "forex"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One tradable instrument of one venue.

    Parameters
    ----------
    venue : str
        Key of the venue, e.g. ``"bybit"``; an unknown one is margined by the generic rule.
    symbol : str
        Unified symbol, e.g. ``"BTC/USDT:USDT"``, or plain ``"EURUSD"``.
    contract_kind : ContractKind
        Linear or inverse.
    contract_size : float
        Base units per contract (linear) or quote units per contract (inverse), positive.
    tick_size : float or None
        Smallest price step, quote per base; None when unknown.
    market : MarketKind
        Perpetual, spot, forex or stock.
    session : str
        Trading hours as TradingView writes them, e.g. ``"24x7"`` or ``"0930-1600"``.
    time_zone : str
        IANA name of the zone in which `session` is written.
    """

    venue: str
    symbol: str
    contract_kind: ContractKind = ContractKind.LINEAR
    contract_size: float = 1.0
    tick_size: float | None = None
    market: MarketKind = MarketKind.PERPETUAL
    session: str = "24x7"
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        if not (np.isfinite(self.contract_size) and self.contract_size > 0):
            raise ValueError(f"contract_size must be positive, was {self.contract_size}")
        if self.tick_size is not None and not self.tick_size > 0:
            raise ValueError(f"tick_size must be positive or None, was {self.tick_size}")

    @property
    def ticker(self) -> str:
        """Return the one-word name ``VENUE:BASEQUOTE``, as charts write it.

        Examples
        --------
        >>> Instrument("bybit", "BTC/USDT:USDT").ticker
        'BYBIT:BTCUSDT'
        """
        pair = self.symbol.split(":", maxsplit=1)[0].replace("/", "")
        return f"{self.venue.upper()}:{pair}"

    @property
    def quote(self) -> str:
        """Return the currency in which prices are quoted, or an empty string when unknown.

        Examples
        --------
        >>> Instrument("bybit", "BTC/USDT:USDT").quote
        'USDT'
        >>> Instrument("otc", "EURUSD", market=MarketKind.FOREX).quote
        'USD'
        """
        pair = self.symbol.split(":", maxsplit=1)[0]
        if "/" in pair:
            return pair.split("/", maxsplit=1)[1]
        if self.market is MarketKind.FOREX:
            return pair[-3:]
        return "USD" if self.market is MarketKind.STOCK else ""

    def notional_per_contract(self, price: FloatArray) -> FloatArray:
        """Return the quote value of one contract at each price.

        Parameters
        ----------
        price : ndarray, shape (n,)
            Prices, quote per base.

        Returns
        -------
        ndarray, shape (n,)
            ``contract_size * price`` for linear, the face value for inverse contracts.

        Examples
        --------
        >>> Instrument("okx", "BTC/USDT:USDT", contract_size=0.01).notional_per_contract(
        ...     np.array([50_000.0]))
        array([500.])
        """
        if self.contract_kind is ContractKind.INVERSE:
            return np.full_like(price, self.contract_size)
        return price * self.contract_size

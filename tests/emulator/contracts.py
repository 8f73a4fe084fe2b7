"""What the emulated venues list; prices are whole numbers of ticks, sizes of lots."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Coin:
    """How a coin trades: first price, base units a minute, base units open, tick and lot."""

    name: str
    price: float
    volume: float
    open_interest: float
    tick: str
    lot: str
    okx_contract: str
    okx_lot: str = "0.01"


COINS: Final = {
    "BTC": Coin("BTC", 60_000.0, 120.0, 80_000.0, "0.1", "0.001", "0.01"),
    "ETH": Coin("ETH", 3_000.0, 1_500.0, 1_500_000.0, "0.01", "0.001", "0.1"),
    "SOL": Coin("SOL", 150.0, 20_000.0, 8_000_000.0, "0.01", "0.01", "1"),
    "XRP": Coin("XRP", 2.0, 900_000.0, 300_000_000.0, "0.0001", "0.1", "100"),
}


def find_coin(name: str) -> Coin:
    """Return a coin; an unknown one trades at 10."""
    return COINS.get(name, Coin(name, 10.0, 50_000.0, 20_000_000.0, "0.001", "0.1", "10"))


@dataclass(frozen=True, slots=True)
class Contract:
    """A linear perpetual of a venue; `wire_lot` is a lot in the unit that the wire counts in."""

    coin: str
    wire_id: str
    tick: Decimal
    lot: Decimal
    wire_lot: Decimal

    def price(self, ticks: int) -> str:
        """Return a price as the wire has it."""
        return str(int(ticks) * self.tick)

    def size(self, lots: int) -> str:
        """Return a size in the wire's unit."""
        return str(int(lots) * self.wire_lot)

    def base(self, lots: int) -> str:
        """Return a size in base units."""
        return str(int(lots) * self.lot)

    def quote(self, lots: int, ticks: float) -> str:
        """Return what lots cost at a price."""
        return f"{int(lots) * float(self.lot) * ticks * float(self.tick):.4f}"


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """What differs between the venues' markets: their share of the volume and their basis."""

    name: str
    hosts: tuple[str, ...]
    share: float
    basis: float

    def contract(self, coin: Coin, renamed: str | None = None) -> Contract:
        """Return the perpetual of a coin, perhaps under another name."""
        name = renamed or coin.name
        tick = Decimal(coin.tick)
        if self.name == "okx":
            lot = Decimal(coin.okx_contract) * Decimal(coin.okx_lot)
            return Contract(coin.name, f"{name}-USDT-SWAP", tick, lot, Decimal(coin.okx_lot))
        lot = Decimal(coin.lot)
        return Contract(coin.name, f"{name}USDT", tick, lot, lot)


BINANCE: Final = VenueFacts("binance", ("fapi.binance.com", "fstream.binance.com"), 0.5, 0.0)
BYBIT: Final = VenueFacts("bybit", ("api.bybit.com", "stream.bybit.com"), 0.3, -1e-4)
OKX: Final = VenueFacts("okx", ("www.okx.com", "ws.okx.com"), 0.2, 2e-4)
VENUES: Final[Sequence[VenueFacts]] = (BINANCE, BYBIT, OKX)

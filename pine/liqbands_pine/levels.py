"""What LH1 carries: bands of one symbol with their header, checked once at birth.

Prices are exact decimals in the quote currency, times unix seconds, notional thousands of US
dollars.  The format is described in ``pine/README.md``.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from liqbands.errors import LiqbandsError
from liqbands.instrument import Side

MOST_BANDS: Final = 480
"""Bands of a symbol: a script may hold 500 boxes, less a reserve."""

MOST_CHARACTERS: Final = 40_000
"""Characters of a payload: a Pine string holds 40,960."""

MOST_HEADER_CHARACTERS: Final = 200
USUAL_VALID_MINUTES: Final = 240

SweepRule = Literal["near", "middle", "far"]
SWEEP_RULES: Final[tuple[SweepRule, ...]] = ("near", "middle", "far")

_SAME_PRICE: Final = 1e-10
"""TradingView takes floats within it for equal; the script compares ratios of prices."""

_START: Final = "LH1"
_SYMBOL = re.compile(r"[A-Z0-9]{1,32}")
_WORD = re.compile(r"[A-Za-z0-9.:_-]{1,32}")


class LevelsError(LiqbandsError, ValueError):
    """Levels cannot be written or read; the message says what is wrong and what would do."""


@dataclass(frozen=True, slots=True)
class Level:
    """One band of the payload.

    Parameters
    ----------
    side : Side
        Whose positions are closed: longs below the price, shorts above.
    low, high : Decimal
        Edges, quote per base, ``[low, high)``, positive.
    notional : int
        Thousand US dollars, at least 1.
    strength : int
        0 to 100.
    leverage : int
        The dominant one; 0 is unknown.
    age_minutes : int
        Since the band formed, counted at the section's time.
    uncertainty_percent : int
        Half of the interval around the notional, per cent of it, to 999; 0 is unknown.

    Raises
    ------
    LevelsError
        If a value is outside of its bounds.
    """

    side: Side
    low: Decimal
    high: Decimal
    notional: int
    strength: int
    leverage: int = 0
    age_minutes: int = 0
    uncertainty_percent: int = 0

    def __post_init__(self) -> None:
        if not (self.low.is_finite() and self.high.is_finite() and 0 < self.low < self.high):
            raise LevelsError(f"low must be positive and below high, was {self.low} to {self.high}")
        if float(self.high) / float(self.low) - 1 <= _SAME_PRICE:
            raise LevelsError(f"low and high must differ by more, were {self.low} to {self.high}")
        _within("notional", self.notional, 1, 10**12)
        _within("strength", self.strength, 0, 100)
        _within("leverage", self.leverage, 0, 1000)
        _within("age_minutes", self.age_minutes, 0, 10**8)
        _within("uncertainty_percent", self.uncertainty_percent, 0, 999)


@dataclass(frozen=True, slots=True)
class Section:
    """The bands of one symbol.

    Parameters
    ----------
    symbol : str
        As `normal_symbol` writes it.
    time_s : int
        What time the levels stand for, unix seconds.
    reference : Decimal
        Price then, quote per base, positive.
    levels : tuple of Level
        In any order.
    valid_minutes : int
        For how long after `time_s` the levels count as fresh.
    venues, missing : tuple of str
        Venues in the sum, and those missing or late.
    confidence : int or None
        Stated confidence, 0 to 100.
    aliases : tuple of str
        Other symbols with the same price scale.
    coins_per_unit : int
        Coins per price unit, e.g. 1000 for 1000PEPEUSDT.
    sweep_rule : {"near", "middle", "far"} or None
        Which edge the price must reach to sweep a band.
    model : str
        Name of the model, may be empty.

    Raises
    ------
    LevelsError
        If a value is outside of its bounds or holds characters that the format does not.
    """

    symbol: str
    time_s: int
    reference: Decimal
    levels: tuple[Level, ...]
    valid_minutes: int = USUAL_VALID_MINUTES
    venues: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    confidence: int | None = None
    aliases: tuple[str, ...] = ()
    coins_per_unit: int = 1
    sweep_rule: SweepRule | None = None
    model: str = ""

    def __post_init__(self) -> None:
        for symbol in (self.symbol, *self.aliases):
            if not is_symbol(symbol):
                raise LevelsError(f"symbol must be 1 to 32 of A-Z and 0-9, was {symbol!r}")
        for word in (*self.venues, *self.missing, *([self.model] if self.model else [])):
            if not is_word(word):
                raise LevelsError(
                    f"a venue or model must be letters, digits and . : _ -, was {word!r}"
                )
        if not (self.reference.is_finite() and self.reference > 0):
            raise LevelsError(f"reference must be a positive price, was {self.reference}")
        _within("time_s", self.time_s, 1, 10**11)
        _within("valid_minutes", self.valid_minutes, 1, 10**7)
        _within("coins_per_unit", self.coins_per_unit, 1, 10**9)
        _within("confidence", self.confidence or 0, 0, 100)

    @property
    def notional(self) -> int:
        """Return the sum over the levels, thousand US dollars."""
        return sum(level.notional for level in self.levels)


def is_symbol(text: str) -> bool:
    """Return whether a text is a symbol as `normal_symbol` writes it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True for 1 to 32 capitals and digits that no reader takes for the start of a payload.

    Examples
    --------
    >>> is_symbol("BTCUSDT"), is_symbol("btc/usdt"), is_symbol("LH1")
    (True, False, False)
    """
    return _SYMBOL.fullmatch(text) is not None and not text.endswith(_START)


def is_word(text: str) -> bool:
    """Return whether a text can be the name of a venue or a model.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True for 1 to 32 letters, digits and ``. : _ -`` that no reader takes for a start.

    Examples
    --------
    >>> is_word("binance"), is_word("a+b"), is_word("")
    (True, False, False)
    """
    return _WORD.fullmatch(text) is not None and not text.endswith(_START)


def normal_symbol(name: str) -> str:
    """Return a symbol as both the text and the chart write it.

    Parameters
    ----------
    name : str
        E.g. ``"BINANCE:BTCUSDT.P"`` or ``"BTC/USDT"``.

    Returns
    -------
    str
        Capitals and digits; without venue and the ``.P`` of perpetuals.

    Examples
    --------
    >>> normal_symbol("BINANCE:BTCUSDT.P"), normal_symbol("btc/usdt"), normal_symbol("CME:BTC1!")
    ('BTCUSDT', 'BTCUSDT', 'BTC1')
    """
    plain = name.upper().rsplit(":", maxsplit=1)[-1].removesuffix(".P")
    return re.sub(r"[^A-Z0-9]", "", plain)


def plain_decimal(price: Decimal) -> str:
    """Return a price as digits and at most one point: no exponent, no trailing zeros.

    Parameters
    ----------
    price : Decimal
        Finite and positive.

    Returns
    -------
    str
        The same number.

    Examples
    --------
    >>> plain_decimal(Decimal("1E-5")), plain_decimal(Decimal("63250.50"))
    ('0.00001', '63250.5')
    """
    text = format(price, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise LevelsError(f"{name} must be {low} to {high}, was {value}")

"""What a user types: feeds to fetch, and broker's symbols to send."""

from dataclasses import dataclass
from typing import Final

from liqbands.errors import LiqbandsError
from liqbands_mt5.symbols import FRAME_TIMEFRAMES, normalize_symbol
from liqbands_mt5.wishes import Wish

USUAL_TIMEFRAME: Final = "5m"


class ChoiceError(LiqbandsError, ValueError):
    """A list that a user typed cannot be read; the message shows how it is written."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A broker's symbol and what it is called on the server.

    Parameters
    ----------
    broker : str
        As the terminal writes it.
    feed : str
        The server's name.
    """

    broker: str
    feed: str


def read_wished(text: str) -> tuple[Wish, ...]:
    """Return the frames that a list names.

    Parameters
    ----------
    text : str
        Feeds, separated by commas, each with a timeframe behind a colon or without.

    Returns
    -------
    tuple of Wish
        In the list's order.

    Raises
    ------
    ChoiceError
        If a feed is missing, or no program could ask for it.

    Examples
    --------
    >>> read_wished("BTCUSD:1h, BYBIT:ETHUSDT.P")
    (Wish(feed='BTCUSD', timeframe='1h'), Wish(feed='BYBIT:ETHUSDT.P', timeframe='5m'))
    """
    return tuple(_wish(item) for item in _items(text))


def read_pairs(text: str) -> tuple[Pair, ...]:
    """Return the symbols that a list names.

    Parameters
    ----------
    text : str
        Broker's symbols, separated by commas, each with ``=`` and the server's name or without.

    Returns
    -------
    tuple of Pair
        In the list's order.

    Raises
    ------
    ChoiceError
        If a name is missing.

    Examples
    --------
    >>> read_pairs("EURUSD.r,GOLD=XAUUSD")
    (Pair(broker='EURUSD.r', feed='EURUSD'), Pair(broker='GOLD', feed='XAUUSD'))
    """
    return tuple(_pair(item) for item in _items(text))


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _wish(item: str) -> Wish:
    feed, _, timeframe = item.rpartition(":")
    found = Wish(feed, timeframe) if timeframe in FRAME_TIMEFRAMES else Wish(item, USUAL_TIMEFRAME)
    if not found.feed or " " in found.feed or found.feed.endswith(":"):
        known = ", ".join(FRAME_TIMEFRAMES)
        raise ChoiceError(
            f"symbols must be written as BTCUSD:5m,ETHUSD:1h with one of {known}, was {item!r}"
        )
    return found


def _pair(item: str) -> Pair:
    broker, sign, feed = (part.strip() for part in item.partition("="))
    found = Pair(broker, feed if sign else normalize_symbol(broker))
    if not found.broker or not found.feed or " " in found.broker + found.feed:
        raise ChoiceError(f"push must be written as EURUSD,GOLD=XAUUSD, was {item!r}")
    return found

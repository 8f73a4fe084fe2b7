"""Names: what brokers call a symbol, the feed that belongs to it, the file that carries it.

The MQL5 sources follow the same rules; a test compares them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

FOLDER: Final = "Liqbands"
"""Inside of the folder that all terminals of a user share, ``Common/Files``."""

INDEX: Final = "index.csv"
FRAME_TIMEFRAMES: Final = (
    *("1m", "3m", "5m", "15m", "30m"),
    *("1h", "2h", "4h", "6h", "8h", "12h", "1d"),
)
"""Those that a chart may ask for, fine to coarse."""

_SHORTEST_BEFORE_SUFFIX = 6
_KEPT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def normalize_symbol(broker_symbol: str) -> str:
    """Return a broker's symbol without its prefix and suffix.

    Parameters
    ----------
    broker_symbol : str
        As the terminal writes it.

    Returns
    -------
    str
        Upper case; empty when there is no letter or digit.  Leading signs are skipped; it ends
        at the first sign after, and at a lower-case letter once six characters are in.

    Examples
    --------
    >>> [normalize_symbol(name) for name in ("BTCUSD.r", "XAUUSDm", "#BTCUSD", "US500.cash")]
    ['BTCUSD', 'XAUUSD', 'BTCUSD', 'US500']
    """
    kept = ""
    for letter in broker_symbol:
        is_name = letter.isascii() and letter.isalnum()
        if not is_name and kept == "":
            continue
        if not is_name or (letter.islower() and len(kept) >= _SHORTEST_BEFORE_SUFFIX):
            break
        kept += letter
    return kept.upper()


def frame_file(feed: str, timeframe: str) -> str:
    """Return the name of a frame's file.

    Parameters
    ----------
    feed : str
        The frame's symbol.
    timeframe : str
        Length of its columns.

    Returns
    -------
    str
        Upper case but for the timeframe; what is not ``A-Z 0-9 . _ -`` becomes ``_``.

    Examples
    --------
    >>> frame_file("BYBIT:BTCUSDT.P", "5m")
    'BYBIT_BTCUSDT.P_5m.lhm'
    """
    upper = "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in feed)
    safe = "".join(c if c in _KEPT else "_" for c in upper)
    return f"{safe}_{timeframe}.lhm"


@dataclass(frozen=True, slots=True)
class Alias:
    """A line of the table of names.

    Parameters
    ----------
    name : str
        What a normalised broker symbol may be, or what a user types.
    feed : str
        The symbol to ask the server for.
    title : str
        For people; may be empty.
    """

    name: str
    feed: str
    title: str = ""


def index_text(aliases: Iterable[Alias]) -> str:
    """Return the table of names as ``index.csv``.

    Parameters
    ----------
    aliases : iterable of Alias
        The first of several with one name wins.

    Returns
    -------
    str
        ASCII lines ``ALIAS,FEED,TITLE``; commas and foreign letters of titles are replaced.

    Examples
    --------
    >>> print(index_text([Alias("gold", "XAUUSD", "Gold, spot")]), end="")
    # alias,feed,title
    GOLD,XAUUSD,Gold  spot
    """
    lines = ["# alias,feed,title"]
    lines += [f"{_cell(a.name).upper()},{_cell(a.feed)},{_cell(a.title)}" for a in aliases]
    return "\n".join(lines) + "\n"


def read_index(text: str) -> tuple[Alias, ...]:
    """Return the lines of a table of names.

    Parameters
    ----------
    text : str
        As `index_text` writes it; ``#`` begins a comment, other lines without a feed are left out.

    Returns
    -------
    tuple of Alias
        In the table's order.
    """
    cells = (line.rstrip().split(",") for line in text.split("\n") if not line.startswith("#"))
    return tuple(
        Alias(row[0], row[1], row[2] if len(row) > 2 else "")  # three cells
        for row in cells
        if len(row) > 1 and row[1]
    )


def find_feed(aliases: Iterable[Alias], broker_symbol: str) -> str:
    """Return the feed for a broker's symbol.

    Parameters
    ----------
    aliases : iterable of Alias
        The table of names.
    broker_symbol : str
        As the terminal writes it.

    Returns
    -------
    str
        The table's feed for the symbol as it is, else for the normalised one, else the latter.

    Examples
    --------
    >>> find_feed([Alias("GOLD", "XAUUSD")], "GOLD.x"), find_feed([], "EURUSDm")
    ('XAUUSD', 'EURUSD')
    """
    feeds: dict[str, str] = {}
    for alias in aliases:
        feeds.setdefault(alias.name.upper(), alias.feed)
    name = normalize_symbol(broker_symbol)
    return feeds.get(broker_symbol.upper(), feeds.get(name, name))


def _cell(text: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() and c != "," else " " for c in text)

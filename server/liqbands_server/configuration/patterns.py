"""What words in settings look like."""

import re
from typing import Final

VENUES: Final = (
    "binance",
    "binancecoinm",
    "bybit",
    "okx",
    "bitget",
    "gate",
    "dydx",
    "hyperliquid",
)
"""Venues whose live data can be collected; what each says is read in `feeds.venues`."""

ORIGIN: Final = re.compile(r"\*|https?://[^\s,]+")
VENUE: Final = re.compile("|".join(VENUES))
COIN: Final = re.compile(r"[A-Za-z0-9]{1,20}")
WALLET: Final = re.compile(r"0x[0-9a-fA-F]{40}")
GATEWAY: Final = re.compile(r"(https?://[^\s/]+(/\S*)?)?\Z")
ONE_WORD: Final = re.compile(r"\S*\Z")

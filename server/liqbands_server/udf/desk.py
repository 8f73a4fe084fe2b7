"""What the UDF endpoints of one process share: bars, and answers ready to be sent again."""

import threading
from dataclasses import dataclass
from typing import Final

from liqbands_server.service.charts import ChartBars, Charts, Stamp
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution
from liqbands_server.udf.band_lines import line_bars
from liqbands_server.udf.parameters import HistoryQuestion
from liqbands_server.udf.symbols import PRICES, ChartSymbol
from liqbands_server.web.caching import Answer

KEPT_ANSWERS: Final = 4_096
KEPT_BYTES: Final = 64_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Kept:
    """An answer and how long it holds.

    Parameters
    ----------
    answer : Answer
        What to send.
    listing : Listing
        What it is about.
    stamp : Stamp
        Of the listing's bars when it was made.
    is_closed : bool
        Whether everything it tells had closed; it then holds however the forming bar moves.
    """

    answer: Answer
    listing: Listing
    stamp: Stamp
    is_closed: bool


class Desk:
    """Bars and answers of one process.

    Parameters
    ----------
    markets : Markets
        The store as this process sees it.
    """

    def __init__(self, markets: Markets) -> None:
        self.markets = markets
        self.charts = Charts(markets)
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, bytes], Kept] = {}
        self._bytes = 0

    def bars(
        self, symbol: ChartSymbol, resolution: Resolution, question: HistoryQuestion
    ) -> ChartBars:
        """Return the bars of a symbol.

        Parameters
        ----------
        symbol : ChartSymbol
            Prices, or a line of bands.
        resolution : Resolution
            One of its listing's.
        question : HistoryQuestion
            Bars that it does not want may be missing.

        Returns
        -------
        ChartBars
            Up to the newest.
        """
        prices = self.charts.bars(symbol.listing, resolution)
        if symbol.line == PRICES:
            return prices
        return line_bars(self.markets, symbol, resolution, question, prices)

    def known(self, key: tuple[str, bytes]) -> Kept | None:
        """Return the answer to a query seen before, if it still holds.

        Parameters
        ----------
        key : tuple of str and bytes
            Endpoint and query.

        Returns
        -------
        Kept or None
            None where the question has to be read.
        """
        kept = self._answers.get(key)
        if kept is None:
            return None
        if kept.is_closed:
            holds = kept.stamp[0] == self.markets.version(kept.listing)
        else:
            holds = kept.stamp == self.charts.stamp(kept.listing)
        return kept if holds else None

    def keep(self, key: tuple[str, bytes], kept: Kept) -> Kept:
        """Remember an answer.

        Parameters
        ----------
        key : tuple of str and bytes
            Endpoint and query.
        kept : Kept
            The answer.

        Returns
        -------
        Kept
            The same.
        """
        with self._lock:
            self._bytes += kept.answer.size
            if len(self._answers) >= KEPT_ANSWERS or self._bytes > KEPT_BYTES:
                self._answers = {}
                self._bytes = kept.answer.size
            self._answers[key] = kept
        return kept

"""What the UDF endpoints of one process share: bars, and how long an answer about them holds."""

from collections.abc import Callable

from liqbands_server.service.charts import ChartBars, Charts, Stamp
from liqbands_server.service.listings import Listing
from liqbands_server.service.markets import Markets
from liqbands_server.service.resolutions import Resolution
from liqbands_server.udf.band_lines import line_bars
from liqbands_server.udf.parameters import HistoryQuestion
from liqbands_server.udf.symbols import PRICES, ChartSymbol


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

    def holds(self, listing: Listing, stamp: Stamp, *, is_closed: bool) -> Callable[[], bool]:
        """Return the question whether an answer is still right.

        Parameters
        ----------
        listing : Listing
            What it is about.
        stamp : Stamp
            Of the listing's bars before it was made.
        is_closed : bool
            Whether all it tells had closed; it then holds however the forming bar moves.

        Returns
        -------
        callable
            Quick to ask.
        """
        if is_closed:
            return lambda: stamp[0] == self.markets.version(listing)
        return lambda: stamp == self.charts.stamp(listing)

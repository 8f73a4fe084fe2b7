"""What an import did, row by row of the file."""

from dataclasses import dataclass

from liqbands_server.store.candles import Written


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of a file that was left out.

    Parameters
    ----------
    row : int
        Its number, the first row of values being 1.
    reason : str
        What is wrong with it.
    """

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of the rows of one file.

    Parameters
    ----------
    name : str
        The file's.
    ticker : str
        Where the rows went, e.g. ``"BINANCE:BTCUSDT.P"``.
    timeframe_ms : int
        Length of the bars; 0 for liquidations.
    written : Written
        Rows that were new, were there already, and are corrections now.
    refused : tuple of RefusedRow
        The others, in order.
    n_before_anchor : int
        Bars older than the series' first load: kept, but no book reaches back to them.
    """

    name: str
    ticker: str
    timeframe_ms: int
    written: Written
    refused: tuple[RefusedRow, ...] = ()
    n_before_anchor: int = 0

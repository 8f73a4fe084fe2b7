"""Market data from files into the store, and out of it into files."""

from liqbands_server.importing.candle_import import import_candles as import_candles
from liqbands_server.importing.reports import ImportReport as ImportReport
from liqbands_server.importing.reports import RefusedRow as RefusedRow

__all__ = ["ImportReport", "RefusedRow", "import_candles"]

"""Market data from files: CSV and Parquet in, checked candles and a named instrument out."""

from liqbands_server.files.candle_files import read_candles as read_candles
from liqbands_server.files.instrument_names import guess_instrument as guess_instrument
from liqbands_server.files.instrument_names import guess_venue as guess_venue
from liqbands_server.files.liquidation_files import read_liquidations as read_liquidations
from liqbands_server.files.liquidation_totals import (
    read_liquidation_totals as read_liquidation_totals,
)

__all__ = [
    "guess_instrument",
    "guess_venue",
    "read_candles",
    "read_liquidation_totals",
    "read_liquidations",
]

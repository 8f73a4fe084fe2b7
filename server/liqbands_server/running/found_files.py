"""A few recorded markets beside the simulated one, imported once where files are at hand."""

import logging
import os
from dataclasses import replace
from pathlib import Path
from typing import Final

from liqbands.errors import LiqbandsError
from liqbands_server.importing.candle_import import How, write_rows
from liqbands_server.importing.file_rows import Unsaid, read_rows
from liqbands_server.importing.reports import ImportReport
from liqbands_server.running.logs import set_up_logging
from liqbands_server.settings import Settings, data_folder
from liqbands_server.store.instruments import StoredInstrument, read_instruments
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

PREFERRED: Final = (
    "bybit_1h/BTCUSDT.parquet",
    "binance_1h_2024_liquidations/BTCUSDT.parquet",
    "bybit_1h/ETHUSDT.parquet",
    "forex_stock/eurusd_1h.parquet",
)
MOST_FILES: Final = 4
MOST_BARS: Final = 1_500
"""The last ones of each file: bands through time cost some milliseconds a bar."""

_BEHIND: Final = 10

_ENDINGS: Final = (".csv", ".parquet")
_log = logging.getLogger(__name__)


def import_found(settings: Settings) -> None:
    """Import some of the recorded markets, unless the store has real ones.

    Parameters
    ----------
    settings : Settings
        The effective configuration.
    """
    set_up_logging(settings, "import")
    os.nice(_BEHIND)
    folder = data_folder(settings)
    if folder is None:
        return
    store = open_store(settings.store)
    with store.reading() as connection:
        known = read_instruments(connection)
    if not any(_is_complete(stored) for stored in known):
        for path in found_files(folder):
            try:
                report = _import_end(store, path)
            except LiqbandsError as error:
                _log.warning("%s is left out: %s", path, error)
                continue
            said = {"ticker": report.ticker, "new": report.written.new}
            _log.info("imported %s", path, extra=said)
    store.close()


def found_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are worth showing.

    Parameters
    ----------
    folder : Path
        Of recorded markets.

    Returns
    -------
    list of Path
        Those of `PREFERRED`, else the first few CSV and Parquet files that lie in it.
    """
    preferred = [folder / name for name in PREFERRED if (folder / name).is_file()]
    others = sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS)
    return preferred or others[:MOST_FILES]


def _import_end(store: Store, path: Path) -> ImportReport:
    how = How()
    rows = read_rows(path, Unsaid(), how.now_ms)
    rows = replace(rows, candles=rows.candles[-MOST_BARS:])
    return write_rows(store, [rows], how)[0]


def _is_complete(stored: StoredInstrument) -> bool:
    """Return whether a real market was imported to its end."""
    return not stored.simulated and all(series.first_load_done for series in stored.series)

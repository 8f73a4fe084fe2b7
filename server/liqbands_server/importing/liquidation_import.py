"""Realised liquidations from a file into the store."""

from pathlib import Path
from typing import Final

from liqbands.candles import Candles
from liqbands_server.files.instrument_names import guess_instrument
from liqbands_server.files.liquidation_files import LOOKBACK_MS, read_liquidations
from liqbands_server.importing.candle_import import How, enter_instrument
from liqbands_server.importing.file_rows import Unsaid
from liqbands_server.importing.reports import ImportReport
from liqbands_server.importing.stored_bars import bars_known
from liqbands_server.store.candles import Written
from liqbands_server.store.instruments import StoredInstrument
from liqbands_server.store.liquidations import has_liquidations, write_liquidations
from liqbands_server.store.store import Store

_EVER: Final = (-(2**62), 2**62)


def import_liquidations(store: Store, path: Path, unsaid: Unsaid, how: How) -> ImportReport:
    """Import a file of liquidation events, whole or not at all.

    Parameters
    ----------
    store : Store
        Where to; its bars of a quarter of an hour or shorter tell sides where the file does not.
    path : Path
        CSV or Parquet; see `liqbands_server.files.read_liquidations`.
    unsaid : Unsaid
        Venue and symbol, where the file's name does not say them.
    how : How
        As of when; events count as known since they happened if the store has none yet.

    Returns
    -------
    ImportReport
        How many were new.

    Raises
    ------
    MarketDataError
        If the file cannot be used.
    StoreError
        If the store does not answer, or knows the instrument otherwise.
    """
    stored = enter_instrument(store, guess_instrument(path, unsaid.venue, unsaid.symbol))
    events = read_liquidations(
        path, symbol=unsaid.symbol, venue=unsaid.venue, prices=_prices(store, stored)
    )
    how.on_batch(f"{stored.ticker}: {len(events.time_ms):,} liquidations")
    with store.writing() as connection:
        first_load = not has_liquidations(connection, stored.id)
        at_once = how.known_at == "close" or (how.known_at is None and first_load)
        n_new = write_liquidations(connection, stored.id, events, how.now_ms, known_at_once=at_once)
    written = Written(n_new, len(events.time_ms) - n_new)
    return ImportReport(path.name, stored.ticker, 0, written)


def _prices(store: Store, stored: StoredInstrument) -> Candles | None:
    if not stored.series or stored.base.timeframe_ms > LOOKBACK_MS:
        return None
    with store.reading() as connection:
        return bars_known(connection, stored, stored.base.timeframe_ms, _EVER, _EVER[1])

"""Candles into the store: in batches, each committed, so that an import can be repeated."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands_server.importing.file_rows import FileRows, Unsaid, read_rows
from liqbands_server.importing.reports import ImportReport
from liqbands_server.store.candles import KnownAt, Written, write_candles
from liqbands_server.store.instruments import (
    StoredInstrument,
    add_instrument,
    find_listed,
    finish_first_load,
)
from liqbands_server.store.store import Store

BATCH: Final = 20_000
"""Bars per commit: half a second in which no other writer can work."""

OnBatch = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class How:
    """How candles are imported.

    Parameters
    ----------
    known_at : {"close", "now"} or None
        See `liqbands_server.store.candles.write_candles`.
    now_ms : int
        When they are learnt, UTC milliseconds.
    bands : bool
        Whether the bands through time are brought up to the newest bar afterwards; a chart
        shows none where they are not.
    on_batch : callable
        Called with a description before each batch.
    """

    known_at: KnownAt | None = None
    now_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    bands: bool = True
    on_batch: OnBatch = lambda _: None


def import_candles(
    store: Store,
    source: str | Path | Candles,
    instrument: Instrument | None = None,
    *,
    unsaid: Unsaid | None = None,
    how: How | None = None,
) -> ImportReport:
    """Import a file, or candles; done twice, the second time finds everything there.

    Parameters
    ----------
    store : Store
        Where to.
    source : str, Path or Candles
        A CSV or Parquet file, or the bars themselves.
    instrument : Instrument, optional
        What is traded; needed for bars, and taken from the file's name and content otherwise.
    unsaid : Unsaid, optional
        What the file does not say.
    how : How, optional
        As of when, and who is told; None takes the present and nobody.

    Returns
    -------
    ImportReport
        What became of every row.

    Raises
    ------
    MarketDataError
        If the file cannot be used.
    StoreError
        If the store does not answer, or knows the instrument otherwise.
    ValueError
        If bars come without an instrument, or a timeframe or time zone is unknown.
    """
    how = how or How()
    if isinstance(source, Candles):
        if instrument is None:
            raise ValueError("instrument must be given with bars, was None")
        rows = FileRows("candles", instrument, source)
    else:
        rows = read_rows(Path(source), unsaid or Unsaid(), how.now_ms)
    return write_rows(store, [rows], how, instrument)[0]


def write_rows(
    store: Store, files: Sequence[FileRows], how: How, instrument: Instrument | None = None
) -> list[ImportReport]:
    """Store what files hold; together they are the first load of a series that is not there.

    Parameters
    ----------
    store : Store
        Where to.
    files : sequence of FileRows
        In any order.
    how : How
        As of when, and who is told.
    instrument : Instrument, optional
        What is traded, if the files are not to say.

    Returns
    -------
    list of ImportReport
        In the order of the files.

    Raises
    ------
    StoreError
        If the store does not answer, or knows an instrument otherwise.
    """
    reports: dict[int, ImportReport] = {}
    targets: dict[tuple[int, int], StoredInstrument] = {}
    for i in sorted(range(len(files)), key=lambda i: int(files[i].candles.open_time_ms[0])):
        stored = enter_instrument(store, files[i].instrument, instrument)
        reports[i] = _write(store, stored, files[i], how)
        targets[stored.id, files[i].candles.timeframe_ms] = stored
    with store.writing() as connection:
        for instrument_id, timeframe_ms in targets:
            finish_first_load(connection, instrument_id, timeframe_ms)
    if how.bands:
        for stored in {each.id: each for each in targets.values()}.values():
            how.on_batch(f"{stored.ticker}: bands through time")
            _keep_bands(store, stored.id)
    return [reports[i] for i in range(len(files))]


def n_batches(files: Sequence[FileRows]) -> int:
    """Return how many batches files take.

    Parameters
    ----------
    files : sequence of FileRows
        What is going to be written.

    Returns
    -------
    int
        Calls of `How.on_batch`.
    """
    n_markets = len({(rows.instrument.venue, rows.instrument.symbol) for rows in files})
    return n_markets + sum(-(-len(rows.candles) // BATCH) for rows in files)


def enter_instrument(
    store: Store, guessed: Instrument, given: Instrument | None = None
) -> StoredInstrument:
    """Return the instrument of the store, entering it first where it is not there.

    Parameters
    ----------
    store : Store
        Where to.
    guessed : Instrument
        What a file's name says; what the store knows of the same symbol is worth more.
    given : Instrument, optional
        What is traded for certain.

    Returns
    -------
    StoredInstrument
        As it is in the store.

    Raises
    ------
    StoreError
        If the store knows it otherwise, or as a simulated one.
    """
    with store.writing() as connection:
        if given is None:
            known = find_listed(connection, guessed.venue, guessed.symbol)
            if known is not None and not known.simulated:
                return known
        return add_instrument(connection, given or guessed)


def _write(store: Store, stored: StoredInstrument, rows: FileRows, how: How) -> ImportReport:
    written, candles = Written(), rows.candles
    for first in range(0, len(candles), BATCH):
        how.on_batch(f"{stored.ticker}: bar {first:,} of {len(candles):,}")
        batch = candles[first : min(first + BATCH, len(candles))]
        with store.writing() as connection:
            written += write_candles(connection, stored, batch, how.now_ms, known_at=how.known_at)
    anchors = {each.timeframe_ms: each.anchor_ms for each in stored.series}
    anchor_ms = anchors.get(candles.timeframe_ms, int(candles.open_time_ms[0]))
    return ImportReport(
        rows.name,
        stored.ticker,
        candles.timeframe_ms,
        written,
        rows.refused,
        int(np.searchsorted(candles.open_time_ms, anchor_ms)),
    )


def _keep_bands(store: Store, instrument_id: int) -> None:
    """Bring the bands through time up to the newest bar."""
    from liqbands_server.service.band_keeper import keep_bands  # slow: the compiled engine

    keep_bands(store, instrument_id)

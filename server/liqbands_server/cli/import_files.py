"""`liqbands import`: files of candles and liquidations into the store."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from liqbands.errors import LiqbandsError
from liqbands.timeframes import timeframe_name
from liqbands_server.cli import options
from liqbands_server.cli.selection import FileChoice, InputError, user_values
from liqbands_server.cli.server_options import StoreOption, as_variables
from liqbands_server.cli.stages import stages

if TYPE_CHECKING:
    from liqbands_server.importing.candle_import import How
    from liqbands_server.importing.file_rows import FileRows, Unsaid
    from liqbands_server.importing.reports import ImportReport
    from liqbands_server.store.candles import KnownAt
    from liqbands_server.store.store import Store

Files = Annotated[
    list[Path] | None, typer.Argument(metavar="FILE…", help="Candles, CSV or Parquet.")
]
LiquidationFiles = Annotated[
    list[Path] | None,
    typer.Option("--liquidations", metavar="FILE", help="Liquidation events; may be repeated."),
]
KnownAtOption = Annotated[
    str,
    typer.Option(
        "--known-at",
        metavar="close|now",
        help="Since when new bars count as known; default: their close in a first load, then now.",
    ),
]
Bands = Annotated[
    bool,
    typer.Option("--bands/--no-bands", help="Whether to compute the bands through time, too."),
]
MOST_REASONS: Final = 10
"""So many refused rows of a file are told one by one."""


def import_files(  # noqa: PLR0913 - one parameter per option
    files: Files = None,
    *,
    liquidations: LiquidationFiles = None,
    venue: options.Venue = "",
    symbol: options.Symbol = "",
    timeframe: options.Timeframe = "",
    store: StoreOption = None,
    known_at: KnownAtOption = "",
    bands: Bands = True,
    time_zone: options.TimeZone = "",
    open_interest_at: options.OpenInterestAt = "",
) -> None:
    """Import files into the store; what is there already stays, so it may be repeated.

    \f

    Parameters
    ----------
    files : list of Path
        Candles, CSV or Parquet.
    liquidations : list of Path
        Liquidation events, CSV or Parquet.
    venue, symbol, timeframe, time_zone, open_interest_at : str
        What the files leave unsaid; see `FileChoice`.
    store : str, optional
        In place of the setting `store`.
    known_at : str
        ``"close"``, ``"now"``, or empty.
    bands : bool
        Whether the bands through time are brought up to the newest bar.

    Raises
    ------
    InputError
        If a value is not possible or a file cannot be used; the other files are imported.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_server.importing.candle_import import How
    from liqbands_server.importing.file_rows import Unsaid
    from liqbands_server.settings import load_settings
    from liqbands_server.store.opening import open_store

    if not (files or liquidations):
        raise InputError("import needs at least one FILE, or --liquidations FILE")
    stamp = FileChoice(Path(), open_interest_at=open_interest_at).stamp
    unsaid = Unsaid(venue or None, symbol or None, timeframe or None, time_zone or None, stamp)
    how = How(_known_at(known_at), bands=bands)
    opened = open_store(load_settings(as_variables(store=store)).store)
    try:
        failures = _import_candles(opened, files or [], unsaid, how)
        failures += _import_liquidations(opened, liquidations or [], unsaid, how)
    finally:
        opened.close()
    if failures:
        raise InputError("; ".join(failures))


def _import_candles(
    store: "Store", files: Sequence[Path], unsaid: "Unsaid", how: "How"
) -> list[str]:
    """Import what can be read; return what is wrong with the others."""
    from liqbands_server.importing.candle_import import n_batches, write_rows

    rows, failures = _read(files, unsaid, how.now_ms)
    with stages(n_batches(rows), counted=True) as progress:
        reports = write_rows(store, rows, replace(how, on_batch=progress.next))
    for report in reports:
        _print_report(report)
    return failures


def _read(
    files: Sequence[Path], unsaid: "Unsaid", now_ms: int
) -> tuple[list["FileRows"], list[str]]:
    from liqbands_server.importing.file_rows import read_rows

    found: list[FileRows] = []
    failures: list[str] = []
    with stages(len(files), counted=True) as progress:
        for path in files:
            progress.next(f"Reading {path.name}")
            try:
                with user_values():
                    found.append(read_rows(path, unsaid, now_ms))
            except LiqbandsError as error:
                failures.append(str(error))
    return found, failures


def _import_liquidations(
    store: "Store", files: Sequence[Path], unsaid: "Unsaid", how: "How"
) -> list[str]:
    from liqbands_server.importing.liquidation_import import import_liquidations

    failures: list[str] = []
    for path in files:
        with stages(1) as progress:
            progress.next(f"Reading {path.name}")
            try:
                report = import_liquidations(store, path, unsaid, how)
            except LiqbandsError as error:
                failures.append(str(error))
                continue
        _print_report(report)
    return failures


def _print_report(report: "ImportReport") -> None:
    what = timeframe_name(report.timeframe_ms) if report.timeframe_ms else "liquidations"
    counts = [
        f"{report.written.new:,} new",
        f"{report.written.same:,} same",
        f"{report.written.corrected:,} corrected",
        f"{len(report.refused):,} refused",
    ]
    typer.echo(f"{report.name}: {report.ticker} {what}: {', '.join(counts)}")
    for refused in report.refused[:MOST_REASONS]:
        typer.echo(f"  row {refused.row} refused: {refused.reason}")
    if len(report.refused) > MOST_REASONS:
        typer.echo(f"  and {len(report.refused) - MOST_REASONS:,} more rows")
    if report.n_before_anchor:
        typer.echo(
            f"  {report.n_before_anchor:,} bars lie before the first load; the book does not "
            "reach back to them"
        )


def _known_at(text: str) -> "KnownAt | None":
    if text == "close":
        return "close"
    if text == "now":
        return "now"
    if text:
        raise InputError(f"known-at must be close or now, was {text!r}")
    return None

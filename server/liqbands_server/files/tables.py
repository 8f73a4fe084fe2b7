"""Tables from files: what a file is, is read from its first bytes, not from its name."""

import gzip
import re
import warnings
import zlib
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from liqbands.errors import MarketDataError

PARQUET: Final = b"PAR1"
GZIP: Final = b"\x1f\x8b"

_PACKED: Final = (b"PK\x03\x04", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"\xfd7zX", b"BZh")
_ENCODINGS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS: Final = "\t;,|"
_VALUE: Final = re.compile(r"[-\d.:/ TZ+]+")
_NAMES_WITHOUT_HEADER: Final = {
    # History Center of MetaTrader 4, and the kline archive of Binance before it had a header.
    7: ("<DATE>", "<TIME>", "open", "high", "low", "close", "tick_volume"),
    12: (
        *("open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume"),
        *("trades", "taker_buy_volume", "taker_buy_quote_volume", "ignore"),
    ),
}


def read_table(path: Path) -> pd.DataFrame:
    """Return the rows of a CSV or Parquet file.

    Parameters
    ----------
    path : Path
        A Parquet file, or text with columns separated by comma, semicolon, tab or bar, plain or
        packed with gzip.  The first line of a text names the columns; the files of MetaTrader 4
        and Binance that lack it are known by their number of columns.

    Returns
    -------
    pandas.DataFrame
        At least one row.

    Raises
    ------
    MarketDataError
        If the file is missing, empty, a folder, damaged or no such table; one sentence with
        what would do.
    """
    start = _first_bytes(path)
    try:
        table = pd.read_parquet(path) if start == PARQUET else _read_text(path, start)
    except (OSError, EOFError, zlib.error, pa.ArrowException) as error:
        kind = "Parquet" if start == PARQUET else "gzip"
        raise MarketDataError(f"{path.name}: the {kind} file is damaged ({error})") from error
    except (UnicodeError, pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise MarketDataError(f"{path.name}: is no CSV table ({error})") from error
    if table.empty:
        raise MarketDataError(f"{path.name}: the table has no rows")
    return table


def _first_bytes(path: Path) -> bytes:
    """Return the four bytes that tell what the file is."""
    _refuse_no_file(path)
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise MarketDataError(f"{path}: cannot be read ({error.strerror})") from error
    if not start.strip():
        raise MarketDataError(f"{path.name}: the file is empty")
    if start.startswith(_PACKED):
        raise MarketDataError(f"{path.name}: unpack it first; gzip is read as it is")
    if path.suffix == ".parquet" and start != PARQUET:
        raise MarketDataError(f"{path.name}: is no Parquet file, whatever its name says")
    return start


def _refuse_no_file(path: Path) -> None:
    if path.is_dir():
        inside = sorted(each.name for each in path.iterdir() if each.is_file())
        named = f"; name one of its files: {', '.join(inside[:5])}" if inside else ""
        raise MarketDataError(f"{path}: is a folder{named}")
    if path.exists():
        return
    near: list[str] = []
    if path.parent.is_dir():
        near = get_close_matches(path.name, [each.name for each in path.parent.iterdir()], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise MarketDataError(f"{path}: there is no such file{hint}")


def _read_text(path: Path, start: bytes) -> pd.DataFrame:
    packed = start.startswith(GZIP)
    encoding = _ENCODINGS.get(start[:2], "utf-8-sig")
    with (
        gzip.open(path, "rt", encoding=encoding) if packed else path.open(encoding=encoding) as file
    ):
        first_line = file.readline().strip("\r\n")
    separator = max(_SEPARATORS, key=first_line.count)
    fields = first_line.split(separator)
    if len(fields) == 1:
        raise MarketDataError(
            f"{path.name}: one column only, {first_line[:60]!r}; "
            "separate the columns by comma, semicolon or tab"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # rows longer than the header
        return pd.read_csv(
            path,
            sep=separator,
            names=_names_without_header(path, fields),
            index_col=False,
            compression="gzip" if packed else None,
            encoding=encoding,
            low_memory=False,
        )


def _names_without_header(path: Path, fields: list[str]) -> tuple[str, ...] | None:
    """Return the names of the columns if the first line has none, but values."""
    if not all(_VALUE.fullmatch(field.strip()) for field in fields):
        return None
    if len(fields) not in _NAMES_WITHOUT_HEADER:
        raise MarketDataError(f"{path.name}: the first line must name the columns, was {fields}")
    return _NAMES_WITHOUT_HEADER[len(fields)]

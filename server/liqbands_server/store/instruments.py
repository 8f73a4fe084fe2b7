"""Instruments and their series: what the store holds, under the tickers that charts use."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from liqbands.errors import UnknownSymbolError
from liqbands.instrument import ContractKind, Instrument, MarketKind
from liqbands_server.errors import StoreError
from liqbands_server.store import tables as t


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """Candles of one length.

    Parameters
    ----------
    timeframe_ms : int
        Length of a bar.
    anchor_ms : int
        Open time of the first bar of the first load, where the book starts.
    first_load_done : bool
        Whether bars that come now are known since they were stored, not since their close.
    """

    timeframe_ms: int
    anchor_ms: int
    first_load_done: bool


@dataclass(frozen=True, slots=True)
class StoredInstrument:
    """An instrument of the store.

    Parameters
    ----------
    id : int
        Its key.
    ticker : str
        E.g. ``"BINANCE:BTCUSDT.P"``.
    instrument : Instrument
        What is traded.
    simulated : bool
        Whether no real market stands behind it.
    series : tuple of StoredSeries
        What candles there are, shortest first.
    """

    id: int
    ticker: str
    instrument: Instrument
    simulated: bool
    series: tuple[StoredSeries, ...]

    @property
    def base(self) -> StoredSeries:
        """Return the series that everything else is built from, the one of the shortest bars.

        Raises
        ------
        UnknownSymbolError
            If there are no candles yet.
        """
        if not self.series:
            raise UnknownSymbolError(f"{self.ticker} has no candles yet")
        return self.series[0]


def chart_ticker(instrument: Instrument) -> str:
    """Return an instrument's name on charts.

    Parameters
    ----------
    instrument : Instrument
        What is traded.

    Returns
    -------
    str
        ``VENUE:BASEQUOTE``, with ``.P`` for a perpetual.

    Examples
    --------
    >>> chart_ticker(Instrument("binance", "BTC/USDT:USDT"))
    'BINANCE:BTCUSDT.P'
    """
    suffix = ".P" if instrument.market is MarketKind.PERPETUAL else ""
    return instrument.ticker.replace(" ", "").upper() + suffix


def add_instrument(
    connection: Connection, instrument: Instrument, *, simulated: bool = False
) -> StoredInstrument:
    """Enter an instrument unless it is there, and return it.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument : Instrument
        What is traded.
    simulated : bool
        Whether no real market stands behind it.

    Returns
    -------
    StoredInstrument
        The one in the store.

    Raises
    ------
    StoreError
        If one of the same name is there with other properties, or a name is too long.
    """
    wanted = _row_of(instrument, simulated)
    _refuse_long(wanted)
    row = _row_at(connection, instrument.venue, instrument.symbol)
    if row is None:
        new_id = _enter(connection, wanted)
        return StoredInstrument(new_id, chart_ticker(instrument), instrument, simulated, ())
    _refuse_other(row, wanted)
    if row.tick_size is None and instrument.tick_size is not None:
        mine = t.instrument.c.id == row.id
        tick_size = instrument.tick_size
        connection.execute(t.instrument.update().where(mine).values(tick_size=tick_size))
        return replace(_stored(row, _series_of(connection, row.id)), instrument=instrument)
    return _stored(row, _series_of(connection, row.id))


def read_instruments(connection: Connection) -> list[StoredInstrument]:
    """Return every instrument of the store.

    Parameters
    ----------
    connection : Connection
        Of any transaction.

    Returns
    -------
    list of StoredInstrument
        In the order in which they came.
    """
    rows = connection.execute(select(t.instrument).order_by(t.instrument.c.id)).all()
    series = _all_series(connection)
    return [_stored(row, tuple(series[row.id])) for row in rows]


def find_instrument(connection: Connection, ticker: str) -> StoredInstrument:
    """Return an instrument by its ticker.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    ticker : str
        E.g. ``"BINANCE:BTCUSDT.P"``; case does not matter.

    Returns
    -------
    StoredInstrument
        The one in the store.

    Raises
    ------
    UnknownSymbolError
        If there is none.
    """
    found = select(t.instrument).where(t.instrument.c.ticker == ticker.upper())
    row = connection.execute(found).one_or_none()
    if row is None:
        raise UnknownSymbolError(f"no instrument {ticker!r} in the store")
    return _stored(row, _series_of(connection, row.id))


def find_listed(connection: Connection, venue: str, symbol: str) -> StoredInstrument | None:
    """Return an instrument by what its venue calls it.

    Parameters
    ----------
    connection : Connection
        Of any transaction.
    venue, symbol : str
        As in `liqbands.Instrument`.

    Returns
    -------
    StoredInstrument or None
        None if the store does not know it.
    """
    row = _row_at(connection, venue, symbol)
    return None if row is None else _stored(row, _series_of(connection, row.id))


def finish_first_load(connection: Connection, instrument_id: int, timeframe_ms: int) -> None:
    """Note that what comes from now on is known since it is stored.

    Parameters
    ----------
    connection : Connection
        Of a writing transaction.
    instrument_id, timeframe_ms : int
        Which series.
    """
    s = t.series
    connection.execute(
        s.update()
        .where((s.c.instrument_id == instrument_id) & (s.c.timeframe_ms == timeframe_ms))
        .values(first_load_done=True)
    )


def _enter(connection: Connection, wanted: Mapping[str, object]) -> int:
    try:
        with connection.begin_nested():
            new = t.instrument.insert().values(**wanted).returning(t.instrument.c.id)
            return int(connection.execute(new).scalar_one())
    except IntegrityError as error:
        raise StoreError(
            f"ticker {wanted['ticker']} is taken by another symbol than {wanted['symbol']}"
        ) from error


def _row_at(connection: Connection, venue: str, symbol: str) -> Row[tuple[object, ...]] | None:
    c = t.instrument.c
    found = select(t.instrument).where((c.venue == venue) & (c.symbol == symbol))
    return connection.execute(found).one_or_none()


def _series_of(connection: Connection, instrument_id: int) -> tuple[StoredSeries, ...]:
    return tuple(_all_series(connection)[instrument_id])


def _all_series(connection: Connection) -> defaultdict[int, list[StoredSeries]]:
    """Return the series of each instrument, shortest bars first."""
    s = t.series.c
    columns = (s.instrument_id, s.timeframe_ms, s.anchor_ms, s.first_load_done)
    found: defaultdict[int, list[StoredSeries]] = defaultdict(list)
    for instrument_id, *rest in connection.execute(select(*columns).order_by(s.timeframe_ms)):
        found[instrument_id].append(StoredSeries(*rest))
    return found


def _refuse_long(wanted: Mapping[str, object]) -> None:
    for name, value in wanted.items():
        longest = getattr(t.instrument.c[name].type, "length", None)
        if longest is not None and len(str(value)) > longest:
            raise StoreError(f"{name} must have at most {longest} characters, was {value!r}")


def _refuse_other(row: Row[tuple[object, ...]], wanted: Mapping[str, object]) -> None:
    for name, value in wanted.items():
        unsaid = name == "tick_size" and (value is None or row.tick_size is None)
        if not unsaid and getattr(row, name) != value:
            raise StoreError(
                f"{row.ticker} is stored with {name} {getattr(row, name)!r}, was {value!r}; "
                "use another symbol or another store"
            )


def _row_of(instrument: Instrument, simulated: bool) -> dict[str, object]:
    return {
        "ticker": chart_ticker(instrument),
        "venue": instrument.venue,
        "symbol": instrument.symbol,
        "contract_kind": instrument.contract_kind.value,
        "contract_size": instrument.contract_size,
        "tick_size": instrument.tick_size,
        "market": instrument.market.value,
        "session": instrument.session,
        "time_zone": instrument.time_zone,
        "simulated": simulated,
    }


def _stored(row: Row[tuple[object, ...]], series: tuple[StoredSeries, ...]) -> StoredInstrument:
    instrument = Instrument(
        venue=row.venue,
        symbol=row.symbol,
        contract_kind=ContractKind(row.contract_kind),
        contract_size=row.contract_size,
        tick_size=row.tick_size,
        market=MarketKind(row.market),
        session=row.session,
        time_zone=row.time_zone,
    )
    return StoredInstrument(row.id, row.ticker, instrument, row.simulated, series)
